//! The text forms of periods.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;

use super::kind::Division;
use super::name::PeriodName;
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
    #[error("{} periods of that year run from {first} to {last}", first.kind)]
    Number { first: PeriodName, last: PeriodName },
    #[error("years run from {first} to {last}, as in 2026")]
    Year { first: i16, last: i16 },
    #[error("Pagumen, the thirteenth month, is no period of DHIS2; its numbers belong to month 12 of the same year")]
    Pagumen,
}

impl PeriodProblem {
    pub(super) const YEAR: Self = Self::Year { first: *YEARS.start(), last: *YEARS.end() };
}

/// Year and number of the week that starts on this day. A week belongs to the year of its fourth day.
pub(super) fn week_number(first: Date) -> Option<(i16, i64)> {
    let fourth = first.checked_add(3.days()).ok()?;
    Some((fourth.year(), i64::from((fourth.day_of_year() - 1) / 7) + 1))
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.start.year(), self.start.month());
        let (year, number) = match self.kind.division() {
            Division::Days => (year, i16::from(month) * 100 + i16::from(self.start.day())),
            Division::Weeks { weeks, .. } => {
                let (year, week) = week_number(self.start).ok_or(fmt::Error)?;
                (year, i16::try_from((week - 1) / weeks + 1).map_err(|_| fmt::Error)?)
            }
            Division::Months { first, months, previous } => {
                let first_year = if month < first { year - 1 } else { year };
                let number = (month - first).rem_euclid(12) / months + 1;
                (if previous { first_year + 1 } else { first_year }, number.into())
            }
        };
        PeriodName { kind: self.kind, year, number }.fmt(f)
    }
}

impl FromStr for Period {
    type Err = BadPeriod;

    /// Reads the canonical forms, and also `yyyy-MM-dd`, `yyyy-MM` and weeks with a leading zero.
    fn from_str(text: &str) -> Result<Self, BadPeriod> {
        PeriodName::read(text).and_then(named).map_err(|problem| BadPeriod { found: text.into(), problem })
    }
}

fn named(name: PeriodName) -> Result<Period, PeriodProblem> {
    let part = |number: i16| i8::try_from(number).unwrap_or(0);
    match name.kind {
        // By far the most frequent type goes the short way.
        PeriodType::Monthly => Period::month(name.year, part(name.number)).map_or_else(|| numbered(name), Ok),
        PeriodType::Daily => {
            let date = Date::new(name.year, part(name.number / 100), part(name.number % 100));
            let date = date.map_err(|_| PeriodProblem::Day)?;
            Period::containing(PeriodType::Daily, date).ok_or(PeriodProblem::YEAR)
        }
        _ => numbered(name),
    }
}

/// The period of that number, from 1, in the year of that name.
fn numbered(name: PeriodName) -> Result<Period, PeriodProblem> {
    let PeriodName { kind, year, number } = name;
    let first_day = match kind.division() {
        Division::Days => return Err(PeriodProblem::Form),
        // The fourth of January lies in week 1, whatever day weeks start on.
        Division::Weeks { start, .. } => {
            Date::new(year, 1, 4).and_then(|fourth| fourth.checked_sub(i64::from(fourth.weekday().since(start)).days()))
        }
        Division::Months { first, previous, .. } => Date::new(if previous { year - 1 } else { year }, first, 1),
    };
    let first_day = first_day.map_err(|_| PeriodProblem::YEAR)?;
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
        start.ok().and_then(|start| Period::containing(kind, start)).ok_or(PeriodProblem::YEAR)
    };
    if (1..=count).contains(&i64::from(number)) {
        return nth(number.into());
    }
    nth(1)?; // the year itself may be out of range
    let of_year = |number| PeriodName { kind, year, number };
    Err(PeriodProblem::Number { first: of_year(1), last: of_year(i16::try_from(count).unwrap_or(i16::MAX)) })
}
