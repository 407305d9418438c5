//! The calendar of Ethiopia: twelve months of thirty days, and Pagumen of five, or of six in the year before a leap year.

use jiff::ToSpan;
use jiff::civil::Date;

/// Years whose days all lie within those of ISO periods.
pub(super) const YEARS: std::ops::RangeInclusive<i16> = 1000..=9990;

pub(super) const fn days_in_month(year: i16, month: i8) -> Option<i8> {
    match month {
        1..=12 => Some(30),
        13 if year.rem_euclid(4) == 3 => Some(6),
        13 => Some(5),
        _ => None,
    }
}

/// 1 Meskerem of a year: each has 365 days, and every fourth one more.
pub(super) fn new_year(year: i16) -> Option<Date> {
    let days = |year: i16| 365 * i64::from(year) + i64::from(year.div_euclid(4));
    let known = Date::new(2025, 9, 11).ok()?; // 1 Meskerem 2018
    known.checked_add((days(year) - days(2018)).days()).ok()
}
