//! The text forms of periods.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;

use super::kind::Division;
use super::{Period, PeriodType, YEARS};

/// A text that is no DHIS2 period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a DHIS2 period; write it like 202603, 2026Q1, 2026W5, 2026 or 20260315")]
pub struct BadPeriod {
    pub found: String,
}

/// Year and number of the week that starts on this day. A week belongs to the year of its fourth day.
pub(super) fn week_number(first: Date) -> Option<(i16, i64)> {
    let fourth = first.checked_add(3.days()).ok()?;
    Some((fourth.year(), i64::from((fourth.day_of_year() - 1) / 7) + 1))
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.start.year(), self.start.month());
        let marker = self.kind.marker();
        match self.kind.division() {
            Division::Days => write!(f, "{year:04}{month:02}{:02}", self.start.day()),
            Division::Weeks { weeks, .. } => {
                let (year, week) = week_number(self.start).ok_or(fmt::Error)?;
                write!(f, "{year:04}{marker}{}", (week - 1) / weeks + 1)
            }
            Division::Months { first, months, previous } => {
                let into_year = (month - first).rem_euclid(12);
                let first_year = if month < first { year - 1 } else { year };
                let year = if previous { first_year + 1 } else { first_year };
                let number = into_year / months + 1;
                match self.kind {
                    PeriodType::Monthly => write!(f, "{year:04}{number:02}"),
                    PeriodType::BiMonthly => write!(f, "{year:04}{number:02}B"),
                    _ if months == 12 => write!(f, "{year:04}{marker}"),
                    _ => write!(f, "{year:04}{marker}{number}"),
                }
            }
        }
    }
}

impl FromStr for Period {
    type Err = BadPeriod;

    /// Reads the canonical forms, and also `yyyy-MM-dd`, `yyyy-MM` and weeks with a leading zero.
    fn from_str(text: &str) -> Result<Self, BadPeriod> {
        parse(text).ok_or_else(|| BadPeriod { found: text.into() })
    }
}

fn parse(text: &str) -> Option<Period> {
    let (year, rest) = text.split_at_checked(4)?;
    let year = digits(year)?;
    if !YEARS.contains(&year) {
        return None;
    }
    let all_digits = rest.bytes().all(|b| b.is_ascii_digit());
    match (rest.len(), all_digits) {
        (0, _) => within(PeriodType::Yearly, year, 1),
        (2, true) => Period::month(year, digits(rest)?),
        (4, true) => day(year, &rest[..2], &rest[2..]),
        _ => marked(year, rest),
    }
}

fn marked(year: i16, rest: &str) -> Option<Period> {
    if let Some(rest) = rest.strip_prefix('-') {
        return match rest.split_once('-') {
            None if rest.len() == 2 => Period::month(year, digits(rest)?),
            Some((month, number)) if month.len() == 2 && number.len() == 2 => day(year, month, number),
            _ => None,
        };
    }
    if let Some(number) = rest.strip_suffix('B').filter(|number| number.len() == 2) {
        return within(PeriodType::BiMonthly, year, digits(number)?);
    }
    let (marker, number) = rest.split_at(rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len()));
    let kind = PeriodType::ALL.into_iter().find(|kind| !marker.is_empty() && kind.marker() == marker)?;
    match kind.division() {
        Division::Months { months: 12, .. } if number.is_empty() => within(kind, year, 1),
        Division::Months { months: 12, .. } => None,
        Division::Weeks { .. } if number.len() <= 2 => within(kind, year, digits(number)?),
        Division::Months { .. } if number.len() == 1 => within(kind, year, digits(number)?),
        _ => None,
    }
}

fn day(year: i16, month: &str, day: &str) -> Option<Period> {
    Period::containing(PeriodType::Daily, Date::new(year, digits(month)?, digits(day)?).ok()?)
}

/// The period of that number, from 1, in the year of that name.
fn within(kind: PeriodType, year: i16, number: i16) -> Option<Period> {
    let number = i64::from(number) - 1;
    if number < 0 {
        return None;
    }
    let start = match kind.division() {
        Division::Days => return None,
        Division::Weeks { start, weeks } => {
            // The fourth of January lies in week 1, whatever day weeks start on.
            let fourth = Date::new(year, 1, 4).ok()?;
            let first = fourth.checked_sub(i64::from(fourth.weekday().since(start)).days()).ok()?;
            let start = first.checked_add((number * weeks * 7).days()).ok()?;
            (week_number(start)?.0 == year).then_some(start)?
        }
        Division::Months { first, months, previous } => {
            let month = number * i64::from(months);
            let year = if previous { year - 1 } else { year };
            let start = Date::new(year, first, 1).ok()?;
            (month < 12).then(|| start.checked_add(month.months()).ok())??
        }
    };
    Period::containing(kind, start)
}

/// A number of ASCII digits only: no sign, no space.
fn digits<T: FromStr>(text: &str) -> Option<T> {
    let only_digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    only_digits.then(|| text.parse().ok())?
}
