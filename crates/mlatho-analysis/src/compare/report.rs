//! What is known of a stock report besides its numbers.

use std::collections::HashMap;

use mlatho_model::{Decimal, ItemId, OrgUnitId, Period};

/// The report of one item by one org unit for one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub org_unit: OrgUnitId,
    pub item: ItemId,
    pub period: Period,
    /// Days from the end of the period to the day on which it was reported, where that is known.
    pub days_after_end: Option<i32>,
    /// Units consumed as reported, where a check holds the number back.
    pub held: Option<Decimal>,
    /// Codes of what checks found about it.
    pub findings: Vec<Box<str>>,
}

/// Days after the end of a period within which a report is in time (`indicators.md` D4).
const DUE_DAYS: i32 = 10;
const MONTH: i32 = 30;

/// Reports by what they are of.
pub(super) struct Reports<'a> {
    by_key: HashMap<(&'a OrgUnitId, &'a ItemId, Period), &'a Report>,
    /// Reports that come later than this are late.
    deadline: i32,
}

impl<'a> Reports<'a> {
    /// A report is late after [`DUE_DAYS`], and after twice as many days as the reports take that lie in the middle: where
    /// everybody takes long, or dates of entry are known only, nobody is called for it.
    pub(super) fn new(reports: &'a [Report]) -> Self {
        let mut days: Vec<i32> = reports.iter().filter_map(|report| report.days_after_end).collect();
        days.sort_unstable();
        let middle = days.get(days.len() / 2).copied().unwrap_or(0);
        let by_key = reports.iter().map(|report| ((&report.org_unit, &report.item, report.period), report)).collect();
        Self { by_key, deadline: DUE_DAYS.max(middle.saturating_mul(2)) }
    }

    pub(super) fn of(&self, org_unit: &OrgUnitId, item: &ItemId, period: Period) -> Option<&'a Report> {
        self.by_key.get(&(org_unit, item, period)).copied()
    }

    /// Days after the end of its period that a report took, where it was late: after the deadline, and either more than
    /// a month or as the report before or after it. One report that came a little late, or was corrected, is no habit.
    pub(super) fn late(&self, report: &Report) -> Option<i32> {
        let after_deadline = |report: &Report| report.days_after_end.filter(|days| *days > self.deadline);
        let days = after_deadline(report)?;
        let neighbours = [report.period.previous(), report.period.next()];
        let habit = neighbours
            .into_iter()
            .flatten()
            .any(|period| self.of(&report.org_unit, &report.item, period).and_then(after_deadline).is_some());
        (habit || days > MONTH).then_some(days)
    }
}
