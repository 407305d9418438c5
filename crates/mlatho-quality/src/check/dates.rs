//! Checks of time.

use jiff::SignedDuration;
use jiff::civil::Date;
use mlatho_model::{Decimal, Period};

use super::{Context, DaysInMonth, subject};
use crate::finding::Subject;
use crate::{LedgerLine, QualityFinding};

/// A period that has not begun, a report from before its period, more stockout days than the period has days.
pub(super) fn impossible_dates(line: &LedgerLine, context: Context, found: &mut Vec<QualityFinding>) {
    future_period(subject(line), context.today, found);
    if let Some(reported) = line.reported_at.filter(|reported| *reported < line.period.start()) {
        let finding = QualityFinding::error("impossible-date", subject(line));
        found.push(finding.with("fault", "reported-before-period").with("date", reported.to_string()));
    }
    let Some(stockout_days) = line.stockout_days.reported() else { return };
    let days = days(line.period, context.days_in_month);
    if stockout_days > Decimal::from(days) {
        let finding = QualityFinding::error("impossible-date", subject(line)).value(Some(stockout_days));
        found.push(finding.with("fault", "too-many-stockout-days").with("date", days.to_string()));
    }
}

/// Days after the end of a period within which a report is in time, the last one included (`indicators.md` D4).
pub(crate) const DEADLINE: SignedDuration = SignedDuration::from_hours(10 * 24);

/// A report from after the deadline.
pub(super) fn late(line: &LedgerLine, found: &mut Vec<QualityFinding>) {
    let Some(reported) = line.reported_at else { return };
    let Ok(last) = line.period.end().checked_add(DEADLINE) else { return };
    if reported > last {
        let finding = QualityFinding::info("late-report", subject(line));
        found.push(finding.with("date", reported.to_string()).with("deadline", last.to_string()));
    }
}

/// A report about a period that has not begun.
pub(crate) fn future_period(about: Subject<'_>, today: Date, found: &mut Vec<QualityFinding>) {
    let (_, _, period) = about;
    if period.start() > today {
        let finding = QualityFinding::error("impossible-date", about);
        found.push(finding.with("fault", "future-period").with("date", today.to_string()));
    }
}

pub(super) fn days(period: Period, rule: DaysInMonth) -> u32 {
    let (start, end) = (period.start(), period.end());
    let whole_months = start.day() == 1 && end.day() == end.days_in_month();
    match rule {
        DaysInMonth::Thirty if whole_months => {
            let years = i32::from(end.year()) - i32::from(start.year());
            let months = years * 12 + i32::from(end.month()) - i32::from(start.month()) + 1;
            u32::try_from(months * 30).unwrap_or(0)
        }
        DaysInMonth::Thirty | DaysInMonth::Calendar => period.days(),
    }
}
