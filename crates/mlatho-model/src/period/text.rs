//! The text forms of periods.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;

use super::kind::Division;
use super::{Period, PeriodType, YEARS};

/// A text that is no DHIS2 period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a DHIS2 period: {problem}")]
pub struct BadPeriod {
    pub found: String,
    pub problem: PeriodProblem,
}

/// What keeps a text from being a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodProblem {
    #[error("write it like 202603, 2026Q1, 2026W5, 2026 or 20260315")]
    Form,
    #[error("there is no such day; write it like 20260315")]
    Day,
    #[error("{kind} periods of that year run from {first} to {last}")]
    Number { kind: PeriodType, first: Period, last: Period },
    #[error("years run from {} to {}, as in 2026", YEARS.start(), YEARS.end())]
    Year,
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
        parse(text).map_err(|problem| BadPeriod { found: text.into(), problem })
    }
}

fn parse(text: &str) -> Result<Period, PeriodProblem> {
    if !text.is_ascii() || text.len() < 4 {
        return Err(PeriodProblem::Form);
    }
    let (year, rest) = text.split_at(4);
    let year = digits(year)?;
    match rest.as_bytes() {
        [b'0'..=b'9', b'0'..=b'9'] => month(year, rest),
        [b'-', _, _] => month(year, &rest[1..]),
        [] => numbered(PeriodType::Yearly, year, 1),
        [b'-', _, _, b'-', _, _] => day(year, &rest[1..3], &rest[4..]),
        [b'0'..=b'9', _, _, _] => day(year, &rest[..2], &rest[2..]),
        [_, _, b'B'] => numbered(PeriodType::BiMonthly, year, digits(&rest[..2])?),
        _ => marked(year, rest),
    }
}

/// By far the most frequent type goes the short way.
fn month(year: i16, month: &str) -> Result<Period, PeriodProblem> {
    let month = digits(month)?;
    Period::month(year, i8::try_from(month).unwrap_or(0)).map_or_else(|| numbered(PeriodType::Monthly, year, month), Ok)
}

/// What follows the year where a marker such as `SunW` names the type.
fn marked(year: i16, rest: &str) -> Result<Period, PeriodProblem> {
    let (marker, number) = rest.split_at(rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len()));
    let kind = PeriodType::ALL.into_iter().find(|kind| !marker.is_empty() && kind.marker() == marker);
    let kind = kind.ok_or(PeriodProblem::Form)?;
    match kind.division() {
        Division::Months { months: 12, .. } if number.is_empty() => numbered(kind, year, 1),
        Division::Weeks { .. } if number.len() <= 2 => numbered(kind, year, digits(number)?),
        Division::Months { months: 2..=6, .. } if number.len() == 1 => numbered(kind, year, digits(number)?),
        _ => Err(PeriodProblem::Form),
    }
}

fn day(year: i16, month: &str, day: &str) -> Result<Period, PeriodProblem> {
    let part = |text| digits(text).map(|number| i8::try_from(number).unwrap_or(0));
    let date = Date::new(year, part(month)?, part(day)?).map_err(|_| PeriodProblem::Day)?;
    Period::containing(PeriodType::Daily, date).ok_or(PeriodProblem::Year)
}

/// The period of that number, from 1, in the year of that name.
fn numbered(kind: PeriodType, year: i16, number: i16) -> Result<Period, PeriodProblem> {
    let first_day = match kind.division() {
        Division::Days => return Err(PeriodProblem::Form),
        // The fourth of January lies in week 1, whatever day weeks start on.
        Division::Weeks { start, .. } => {
            Date::new(year, 1, 4).and_then(|fourth| fourth.checked_sub(i64::from(fourth.weekday().since(start)).days()))
        }
        Division::Months { first, previous, .. } => Date::new(if previous { year - 1 } else { year }, first, 1),
    };
    let first_day = first_day.map_err(|_| PeriodProblem::Year)?;
    let (count, step) = match kind.division() {
        Division::Weeks { weeks, .. } => {
            let week_53 = first_day.checked_add((52 * 7).days()).ok().and_then(week_number);
            let in_year = if week_53 == Some((year, 53)) { 53 } else { 52 };
            ((in_year + weeks - 1) / weeks, (7 * weeks).days())
        }
        Division::Months { months, .. } => (i64::from(12 / months), i64::from(months).months()),
        Division::Days => return Err(PeriodProblem::Form),
    };
    let nth = |number: i64| {
        let start = step.checked_mul(number - 1).and_then(|span| first_day.checked_add(span));
        start.ok().and_then(|start| Period::containing(kind, start)).ok_or(PeriodProblem::Year)
    };
    if (1..=count).contains(&i64::from(number)) {
        return nth(number.into());
    }
    Err(PeriodProblem::Number { kind, first: nth(1)?, last: nth(count)? })
}

/// A number of ASCII digits only: no sign, no space.
fn digits(text: &str) -> Result<i16, PeriodProblem> {
    let only_digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| only_digits).ok_or(PeriodProblem::Form)
}
