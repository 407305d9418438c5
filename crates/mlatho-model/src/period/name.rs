//! How a period is written, whatever calendar counts its years.

use std::fmt;

use super::PeriodType;
use super::kind::Division;
use super::text::PeriodProblem;

/// The parts of a period's canonical text: its type, the year in it, and its number within that year.
///
/// Of a day the number is month and day, as 315 for 15 March.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PeriodName {
    pub(super) kind: PeriodType,
    pub(super) year: i16,
    pub(super) number: i16,
}

impl fmt::Display for PeriodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, year, number } = *self;
        let marker = kind.marker();
        match kind {
            PeriodType::Daily => write!(f, "{year:04}{number:04}"),
            PeriodType::Monthly => write!(f, "{year:04}{number:02}"),
            PeriodType::BiMonthly => write!(f, "{year:04}{number:02}B"),
            _ if matches!(kind.division(), Division::Months { months: 12, .. }) => write!(f, "{year:04}{marker}"),
            _ => write!(f, "{year:04}{marker}{number}"),
        }
    }
}

impl PeriodName {
    /// Reads the canonical forms, and also `yyyy-MM-dd`, `yyyy-MM` and weeks with a leading zero. Whether the year has
    /// such a period is left to its calendar.
    pub(super) fn read(text: &str) -> Result<Self, PeriodProblem> {
        if !text.is_ascii() || text.len() < 4 {
            return Err(PeriodProblem::Form);
        }
        let (year, rest) = text.split_at(4);
        let year = digits(year)?;
        let named = |kind, number| Self { kind, year, number };
        let day = |month: &str, day: &str| Ok(named(PeriodType::Daily, digits(month)? * 100 + digits(day)?));
        match rest.as_bytes() {
            [b'0'..=b'9', b'0'..=b'9'] => Ok(named(PeriodType::Monthly, digits(rest)?)),
            [b'-', _, _] => Ok(named(PeriodType::Monthly, digits(&rest[1..])?)),
            [] => Ok(named(PeriodType::Yearly, 1)),
            [b'-', _, _, b'-', _, _] => day(&rest[1..3], &rest[4..]),
            [b'0'..=b'9', _, _, _] => day(&rest[..2], &rest[2..]),
            [_, _, b'B'] => Ok(named(PeriodType::BiMonthly, digits(&rest[..2])?)),
            _ => marked(rest).map(|(kind, number)| named(kind, number)),
        }
    }
}

/// What follows the year where a marker such as `SunW` names the type.
fn marked(rest: &str) -> Result<(PeriodType, i16), PeriodProblem> {
    let (marker, number) = rest.split_at(rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len()));
    let kind = PeriodType::ALL.into_iter().find(|kind| !marker.is_empty() && kind.marker() == marker);
    let kind = kind.ok_or(PeriodProblem::Form)?;
    match kind.division() {
        Division::Months { months: 12, .. } if number.is_empty() => Ok((kind, 1)),
        Division::Weeks { .. } if number.len() <= 2 => Ok((kind, digits(number)?)),
        Division::Months { months: 2..=6, .. } if number.len() == 1 => Ok((kind, digits(number)?)),
        _ => Err(PeriodProblem::Form),
    }
}

/// A number of ASCII digits only: no sign, no space.
fn digits(text: &str) -> Result<i16, PeriodProblem> {
    let only_digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| only_digits).ok_or(PeriodProblem::Form)
}
