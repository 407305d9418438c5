//! When a data set is open for a period.

use jiff::civil::DateTime;
use mlatho_model::Period;

use crate::dhis2::Calendar;
use crate::dhis2::config::Engine;
use crate::dhis2::structure::DataSet;

/// Whether the period's end, the expiry days added, lies behind. The end is the start of the last day with engine A and
/// its end with engine B `[C]`.
pub(super) fn is_expired(set: &DataSet, engine: Engine, calendar: Calendar, period: Period, now: DateTime) -> bool {
    let Some(expiry) = set.expiry else { return false };
    let last_day = calendar.end(period);
    let end = match engine {
        Engine::A => last_day,
        Engine::B => last_day.tomorrow().unwrap_or(last_day),
    };
    end.at(0, 0, 0, 0).checked_add(expiry).is_ok_and(|last| last < now)
}

/// Who has this may write to expired periods `[C]`.
pub(super) const EDIT_EXPIRED: &str = "F_EDIT_EXPIRED";

/// Whether the period comes after the last one that is open: with 0 open future periods the one before the present,
/// with 1 the present one `[C]`.
pub(super) fn is_future(open_future_periods: i64, calendar: Calendar, period: Period, now: DateTime) -> bool {
    let Some(present) = calendar.containing(period.period_type(), now.date()) else { return true };
    let mut last = if open_future_periods == 0 { present.previous() } else { Some(present) };
    for _ in 1..open_future_periods {
        last = last.and_then(Period::next);
    }
    last.is_none_or(|last| period > last)
}

/// Whether the period is within an input period that is open now, or there are no input periods.
pub(super) fn is_input_open(set: &DataSet, period: Period, now: DateTime) -> bool {
    set.input_periods.is_empty() || set.input_periods.iter().any(|input| input.period == period && input.is_open(now))
}
