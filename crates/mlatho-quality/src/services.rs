//! Checks of service data: counts by data element.

use std::collections::HashMap;

use mlatho_model::{Arg, Decimal, ItemId, OrgUnitId, Period, Value};
use rust_decimal::prelude::ToPrimitive;

use crate::QualityFinding;
use crate::check::{Context, future_period};
use crate::explain::{Circumstances, doubts, notes_of, probability, reports};
use crate::finding::Subject;
use crate::rank::rank;
use crate::series::{Cell, Panel, fit};

/// One service count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceLine {
    pub org_unit: OrgUnitId,
    /// The data element.
    pub item: ItemId,
    pub period: Period,
    pub value: Value,
    /// Where it stands in its source.
    pub position: u64,
}

/// Orders the counts by org unit, element, period and position, looks for counts below zero, counts given twice, periods
/// that have not begun, and for counts that their own series, or the other counts of the report, make doubtful; and ranks
/// what is found by how much depends on it.
pub fn check_services(lines: &mut [ServiceLine], context: Context) -> Vec<QualityFinding> {
    lines.sort_unstable_by(|a, b| subject(a).cmp(&subject(b)).then(a.position.cmp(&b.position)));
    let lines = &*lines;
    let (mut doubted, mut found) = doubts_of(lines);
    let mut first: Option<&ServiceLine> = None;
    for (at, line) in lines.iter().enumerate() {
        if let Some(number) = line.value.reported().filter(|number| *number < Decimal::ZERO) {
            let finding = QualityFinding::error("sign", subject(line)).value(Some(number)).expected(Some(number.abs()));
            found.push(finding.with("measure", "value"));
        }
        future_period(subject(line), context.today, &mut found);
        if let Some(first) = first.filter(|first| subject(first) == subject(line)) {
            let numbers = if first.value == line.value { "same" } else { "different" };
            let finding = QualityFinding::error("duplicate-report", subject(line)).value(line.value.reported());
            let finding = finding.expected(first.value.reported());
            found.push(finding.with("first_position", first.position).with("numbers", numbers));
        } else {
            first = Some(line);
        }
        found.extend(doubted[at].take());
    }
    let mut volumes = HashMap::new();
    for line in lines {
        let volume = line.value.reported().and_then(|number| number.abs().to_f64()).unwrap_or(0.0);
        *volumes.entry(&line.item).or_insert(0.0) += volume;
    }
    rank(&mut found, &volumes);
    found
}

/// Doubts about the first count of each period, by line, and notes.
fn doubts_of(lines: &[ServiceLine]) -> (Vec<Option<QualityFinding>>, Vec<QualityFinding>) {
    let mut panel = Panel::default();
    let mut of_cell: Vec<usize> = Vec::with_capacity(lines.len());
    let (mut units, mut items) = (HashMap::new(), HashMap::new());
    let mut names = Vec::new();
    let mut last: Option<&ServiceLine> = None;
    for (at, line) in lines.iter().enumerate() {
        let same = |last: &&ServiceLine| last.org_unit == line.org_unit && last.item == line.item;
        if last.filter(same).is_some_and(|last| last.period == line.period) {
            continue;
        }
        if last.filter(same).is_none_or(|last| last.period.period_type() != line.period.period_type()) {
            let unit = *units.entry(&line.org_unit).or_insert_with(|| {
                names.push(line.org_unit.as_str());
                names.len() - 1
            });
            let next = items.len();
            panel.begin(unit, *items.entry(&line.item).or_insert(next), line.period.period_type());
        }
        panel.push(Cell::new(line.period, line.value.reported().and_then(|number| number.to_f64())));
        of_cell.push(at);
        last = Some(line);
    }
    let fits = fit(&panel);
    let reports = reports(&panel);
    let circumstances = vec![Circumstances::default(); panel.cells.len()];
    let negative = |cell: usize| panel.cells[cell].count < 0.0;
    let mut found = vec![None; lines.len()];
    for (doubt, at) in doubts(&panel, &fits, &circumstances, &reports, &negative).into_iter().zip(&of_cell) {
        let Some(doubt) = doubt else { continue };
        let line = &lines[*at];
        let mut finding = QualityFinding::warning(doubt.code, subject(line)).value(line.value.reported());
        finding = finding.expected(doubt.expected).with("measure", "value");
        finding.probability = probability(doubt.probability);
        finding.evidence.extend(doubt.evidence(&names, line.period));
        if doubt.code == "unit-factor" {
            let number = |number: Option<Decimal>| number.map_or_else(|| Arg::from("–"), Arg::from);
            finding = finding.with("reported", number(line.value.reported())).with("corrected", number(doubt.expected));
        }
        found[*at] = Some(finding.with("rule", "series"));
    }
    let about = |cell: usize| (subject(&lines[of_cell[cell]]), lines[of_cell[cell]].value.reported());
    (found, notes_of(&panel, &fits, &reports, &about))
}

const fn subject(line: &ServiceLine) -> Subject<'_> {
    (&line.org_unit, &line.item, line.period)
}
