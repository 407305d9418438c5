//! Stretches of whole days, whatever they are called.

use std::fmt;

use jiff::civil::Date;

use super::Period;

/// A stretch of whole days, both ends included: a period of any calendar, or one of a schedule of its own such as from
/// the 16th to the 15th. Written as `2026-01-16/2026-02-15`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Days {
    first: Date,
    last: Date,
}

impl Days {
    /// Nothing, where the last day lies before the first.
    #[must_use]
    pub fn new(first: Date, last: Date) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    #[must_use]
    pub const fn first(self) -> Date {
        self.first
    }

    #[must_use]
    pub const fn last(self) -> Date {
        self.last
    }

    /// How many days there are; at least one.
    #[must_use]
    pub fn count(self) -> u32 {
        let span = self.last.since((jiff::Unit::Day, self.first)).map_or(0, |span| span.get_days());
        u32::try_from(span).unwrap_or(0) + 1
    }

    #[must_use]
    pub fn contains_date(self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether every day of the other stretch belongs to this one.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// The days that both have. Nothing, where there are none.
    #[must_use]
    pub fn overlap(self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last))
    }
}

impl From<Period> for Days {
    fn from(period: Period) -> Self {
        Self { first: period.start(), last: period.end() }
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.last)
    }
}
