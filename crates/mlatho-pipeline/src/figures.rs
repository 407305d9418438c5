//! The current truth as one number for each org unit, item, measure, split and period.

use jiff::civil::Date;
use mlatho_harmonize::Merge;
use mlatho_model::{Period, Status, Value};
use mlatho_store::{Rows, Terms};

use crate::names::Names;

/// The rule by which a number that waits for a decision is withheld.
pub(crate) const HELD: &str = "held";

/// What all records together say. Texts stand as the terms of the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Figure {
    pub(crate) org_unit: i32,
    pub(crate) item: i32,
    pub(crate) measure: i32,
    pub(crate) disaggregation: i32,
    pub(crate) period: Period,
    pub(crate) value: Value,
}

/// A row within its figure: its series (source, org unit and item there), its day and its position.
type Member = (i32, i32, i32, Date, i64, usize);

/// Gives the figures of a month (rows in the order of the warehouse). Unmapped and rejected rows take no part.
///
/// Records of one series are merged in the order of their days, then those of several series that are one in the
/// project. Where of a series and day all records are held, the figure is withheld as a whole: what is left of it would
/// be another number. A held record beside an accepted one of the same series and day is its duplicate and left out.
pub(crate) fn figures(rows: &Rows, terms: &Terms, names: &mut Names, mut take: impl FnMut(Figure)) {
    let head = |row: usize| {
        (rows.item[row], rows.org_unit[row], rows.measure[row], rows.disaggregation[row], rows.period[row])
    };
    let mut members: Vec<Member> = Vec::new();
    let mut from = 0;
    while from < rows.len() {
        let to = (from + 1..rows.len()).find(|row| head(*row) != head(from)).unwrap_or(rows.len());
        members.clear();
        let counting = |row: &usize| matches!(rows.status[*row], Status::Accepted | Status::Held);
        let value = if from + 1 == to {
            // As a rule there is nothing to merge.
            counting(&from).then(|| rows.value(from, terms).filter(|_| rows.status[from] == Status::Accepted))
        } else {
            members.extend((from..to).filter(counting).map(|row| {
                let (unit, item) = (rows.source_org_unit[row], rows.source_item[row]);
                (rows.source[row], unit, item, rows.day(row), rows.position[row], row)
            }));
            members.sort_unstable();
            let measure = names.measure(rows.measure[from], terms);
            (!members.is_empty()).then(|| merged(rows, terms, &members, measure))
        };
        if let Some(value) = value {
            let value = value.unwrap_or_else(|| Value::Suppressed(HELD.into()));
            let (item, org_unit, measure, disaggregation, period) = head(from);
            take(Figure { org_unit, item, measure, disaggregation, period, value });
        }
        from = to;
    }
}

/// Nothing, where a part is held.
fn merged(rows: &Rows, terms: &Terms, members: &[Member], measure: &mlatho_model::Measure) -> Option<Value> {
    let mut whole = Merge::over_items(measure);
    for series in members.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2)) {
        let mut part = Merge::of(measure);
        for day in series.chunk_by(|a, b| a.3 == b.3) {
            let accepted = day.iter().filter(|member| rows.status[member.5] == Status::Accepted);
            let mut any = false;
            for member in accepted {
                any = true;
                part.push(&rows.value(member.5, terms)?);
            }
            if !any {
                return None;
            }
        }
        whole.push(&part.value());
    }
    Some(whole.value())
}
