//! Checks of service data: counts by data element.

use mlatho_model::{Decimal, ItemId, OrgUnitId, Period, Value};

use crate::QualityFinding;
use crate::check::{Context, future_period};
use crate::finding::Subject;

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

/// Orders the counts by org unit, element, period and position, and looks for counts below zero, counts given twice
/// and periods that have not begun.
pub fn check_services(lines: &mut [ServiceLine], context: Context) -> Vec<QualityFinding> {
    lines.sort_unstable_by(|a, b| subject(a).cmp(&subject(b)).then(a.position.cmp(&b.position)));
    let mut found = Vec::new();
    let mut previous: Option<&ServiceLine> = None;
    for line in &*lines {
        if let Some(number) = line.value.reported().filter(|number| *number < Decimal::ZERO) {
            found.push(QualityFinding::error("sign", subject(line)).value(Some(number)).with("measure", "value"));
        }
        future_period(subject(line), context.today, &mut found);
        if let Some(first) = previous.filter(|first| subject(first) == subject(line)) {
            let numbers = if first.value == line.value { "same" } else { "different" };
            let finding = QualityFinding::error("duplicate-report", subject(line)).value(line.value.reported());
            found.push(finding.with("first_position", first.position).with("numbers", numbers));
        }
        previous = Some(line);
    }
    found
}

const fn subject(line: &ServiceLine) -> Subject<'_> {
    (&line.org_unit, &line.item, line.period)
}
