//! Totals among the columns of a wide table, such as zones beside their facilities: found by their numbers, left out so
//! that nothing is counted twice.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use mlatho_model::{Finding, OverOrgUnits, RawRecord, RecordSink};
use rust_decimal::prelude::ToPrimitive;

/// Columns beyond this many are not looked at.
const MOST_UNITS: usize = 50_000;
/// At most so many of the largest columns can be totals.
const MOST_TOTALS: usize = 60;
/// Fewer rows with numbers tell nothing.
const FEWEST_ROWS: usize = 3;
/// How far a row of totals may be from the sum of its parts, and how many of the rows may be farther: reports that come
/// late are in one and not yet in the other.
const TOLERANCE: f64 = 0.005;
const ROWS_THAT_AGREE: f64 = 0.9;

/// Reads a table of org units in columns three times: to add up its columns, to see whether the largest of them are the
/// sum of all others in nearly every row, and to give the records without those.
pub(crate) fn leaving_out(
    file: &str,
    header_row: u64,
    read: &mut dyn FnMut(&mut dyn RecordSink),
    sink: &mut dyn RecordSink,
) {
    let mut sums = Sums::default();
    read(&mut sums);
    let largest = sums.largest();
    let mut rows = Rows::new(&largest);
    read(&mut rows);
    let totals: HashSet<&str> = largest.iter().take(rows.totals(sums.0.len())).map(String::as_str).collect();
    for name in largest.iter().filter(|name| totals.contains(name.as_str())) {
        let finding = Finding::warning("total-among-parts").in_file(file).at(header_row, name);
        sink.finding(finding.with("name", name.as_str()));
    }
    read(&mut Parts { totals: &totals, sink });
}

/// What a record adds to its org unit.
fn volume(record: &RawRecord<'_>) -> f64 {
    let adds = record.values.iter().filter(|raw| raw.measure.over_org_units() == OverOrgUnits::Sum);
    adds.filter_map(|raw| raw.value.reported()?.to_f64()).map(f64::abs).sum()
}

/// The volume of each org unit.
#[derive(Default)]
struct Sums(HashMap<String, f64>);

impl Sums {
    /// The org units with the largest volumes, in that order; none, where there are too many to look at.
    fn largest(&self) -> Vec<String> {
        if self.0.len() > MOST_UNITS {
            return vec![];
        }
        let mut units: Vec<(&String, f64)> = self.0.iter().map(|(unit, sum)| (unit, *sum)).collect();
        units.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        units.truncate(MOST_TOTALS.min(self.0.len() / 3));
        units.into_iter().map(|(unit, _)| unit.clone()).collect()
    }
}

impl RecordSink for Sums {
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        if let Some(sum) = self.0.get_mut(record.org_unit) {
            *sum += volume(record);
        } else if self.0.len() <= MOST_UNITS {
            self.0.insert(record.org_unit.into(), volume(record));
        }
        ControlFlow::Continue(())
    }

    fn finding(&mut self, _: Finding) {}
}

/// Compares the largest columns with the others, row by row.
struct Rows<'u> {
    ranks: HashMap<&'u str, usize>,
    row: u64,
    whole: f64,
    largest: Vec<f64>,
    seen: usize,
    /// In how many rows the first so many columns are the sum of the others.
    agree: Vec<usize>,
}

impl<'u> Rows<'u> {
    fn new(largest: &'u [String]) -> Self {
        let ranks = largest.iter().enumerate().map(|(rank, unit)| (unit.as_str(), rank)).collect();
        let (zeros, none) = (vec![0.0; largest.len()], vec![0; largest.len()]);
        Self { ranks, row: 0, whole: 0.0, largest: zeros, seen: 0, agree: none }
    }

    fn end_row(&mut self) {
        if self.whole > 0.0 {
            self.seen += 1;
            let mut sum = 0.0;
            for (value, agree) in self.largest.iter().zip(&mut self.agree) {
                sum += value;
                *agree += usize::from((2.0 * sum - self.whole).abs() <= TOLERANCE * self.whole / 2.0);
            }
        }
        self.whole = 0.0;
        self.largest.fill(0.0);
    }

    /// How many of the largest columns are totals.
    fn totals(mut self, units: usize) -> usize {
        self.end_row();
        #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
        let enough = |agree: usize| self.seen >= FEWEST_ROWS && agree as f64 >= self.seen as f64 * ROWS_THAT_AGREE;
        let found = self.agree.iter().position(|agree| enough(*agree)).map_or(0, |rank| rank + 1);
        if found * 3 <= units { found } else { 0 }
    }
}

impl RecordSink for Rows<'_> {
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        if self.ranks.is_empty() {
            return ControlFlow::Break(());
        }
        if record.position != self.row {
            self.end_row();
            self.row = record.position;
        }
        let volume = volume(record);
        self.whole += volume;
        if let Some(rank) = self.ranks.get(record.org_unit) {
            self.largest[*rank] += volume;
        }
        ControlFlow::Continue(())
    }

    fn finding(&mut self, _: Finding) {}
}

/// Passes everything on but the records of totals.
struct Parts<'a> {
    totals: &'a HashSet<&'a str>,
    sink: &'a mut dyn RecordSink,
}

impl RecordSink for Parts<'_> {
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        if self.totals.contains(record.org_unit) { ControlFlow::Continue(()) } else { self.sink.record(record) }
    }

    fn finding(&mut self, finding: Finding) {
        self.sink.finding(finding);
    }
}
