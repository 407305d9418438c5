//! The checks of stock ledgers.

mod dates;
mod series;
mod stock;

use jiff::civil::Date;

use crate::finding::Subject;
use crate::{LedgerLine, QualityFinding};

pub(crate) use dates::{DEADLINE, future_period};

/// What the checks have to know beside the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The day of the check.
    pub today: Date,
    pub days_in_month: DaysInMonth,
}

/// How the source counts the days of a month, and so the most stockout days there can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DaysInMonth {
    #[default]
    Calendar,
    /// Every month has 30 days (`indicators.md` S3); periods of whole months only, others by the calendar.
    Thirty,
}

/// Checks one line by itself; findings are added to `found`. Nothing is allocated where nothing is found.
pub fn check_line(line: &LedgerLine, context: Context, found: &mut Vec<QualityFinding>) {
    stock::signs(line, found);
    stock::balance(line, found);
    stock::consumption_without_stock(line, found);
    stock::through_stock_out(line, context, found);
    dates::impossible_dates(line, context, found);
}

/// Checks what says little about a single line, and much about a reporter: reports after the deadline.
pub(crate) fn check_timeliness(line: &LedgerLine, found: &mut Vec<QualityFinding>) {
    dates::late(line, found);
}

/// Checks a line against the one before it among the reports of the same org unit and item, ordered by period. Run
/// [`check_line`] on it first, into the same `found`.
pub fn check_series(previous: &LedgerLine, line: &LedgerLine, found: &mut Vec<QualityFinding>) {
    if series::duplicate(previous, line, found) {
        return;
    }
    if previous.period.next() == Some(line.period) {
        series::continuity(previous, line, found);
        series::blank_after_zero(previous, line, found);
    } else {
        series::gap(previous, line, found);
    }
}

const fn subject(line: &LedgerLine) -> Subject<'_> {
    (&line.org_unit, &line.item, line.period)
}
