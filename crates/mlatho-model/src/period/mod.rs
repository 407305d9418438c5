//! Periods as DHIS2 writes them: parse, format, order, and step through time.

mod days;
mod kind;
mod local;
mod name;
mod text;

use std::cmp::Ordering;
use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use days::Days;
use kind::Division;
pub use kind::{BadPeriodType, PeriodType};
pub use local::{CalendarPeriod, Pagumen};
pub use name::PeriodName;
pub use text::{BadPeriod, PeriodProblem};

/// Years in which a period may start.
pub(crate) const YEARS: std::ops::RangeInclusive<i16> = 1000..=9998;

/// A stretch of whole days of one of DHIS2's period types, in the ISO calendar.
///
/// Its text form is the canonical one of DHIS2: `202603`, `2026Q1`, `2026W5` (weeks without a leading zero).
/// Periods are ordered by their first day, shorter before longer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    kind: PeriodType,
    start: Date,
}

impl Period {
    /// The period of that type in which the day lies. Nothing, outside the years 1000 to 9998.
    #[must_use]
    pub fn containing(kind: PeriodType, day: Date) -> Option<Self> {
        let start = match kind.division() {
            Division::Days => day,
            Division::Weeks { start, weeks } => {
                let into_week = i64::from(day.weekday().since(start));
                let first = day.checked_sub(into_week.days()).ok()?;
                let (_, number) = text::week_number(first)?;
                first.checked_sub(((number - 1) % weeks * 7).days()).ok()?
            }
            Division::Months { first, months, .. } => {
                let into_year = (day.month() - first).rem_euclid(12);
                first_of_month(day, -(into_year % months))?
            }
        };
        YEARS.contains(&start.year()).then_some(Self { kind, start })
    }

    /// A calendar month. Nothing, where the month is not 1 to 12 or the year is out of range.
    #[must_use]
    pub fn month(year: i16, month: i8) -> Option<Self> {
        let start = Date::new(year, month, 1).ok()?;
        YEARS.contains(&year).then_some(Self { kind: PeriodType::Monthly, start })
    }

    #[must_use]
    pub const fn period_type(self) -> PeriodType {
        self.kind
    }

    /// The first day.
    #[must_use]
    pub const fn start(self) -> Date {
        self.start
    }

    /// The last day.
    #[must_use]
    pub fn end(self) -> Date {
        self.day_after().yesterday().unwrap_or(Date::MAX)
    }

    /// The first day that no longer belongs to the period.
    fn day_after(self) -> Date {
        let after = match self.kind.division() {
            Division::Days => self.start.tomorrow().ok(),
            Division::Weeks { weeks, .. } => self.start.checked_add((7 * self.weeks(weeks)).days()).ok(),
            Division::Months { months, .. } => first_of_month(self.start, months),
        };
        after.unwrap_or(Date::MAX) // no period starts after 9998, so none ends beyond the last date there is
    }

    /// How many weeks this period has: the last of a 53-week year stands alone among fortnights.
    fn weeks(self, usual: i64) -> i64 {
        match text::week_number(self.start) {
            Some((_, 53)) => 1,
            _ => usual,
        }
    }

    /// How many days, both ends included.
    #[must_use]
    pub fn days(self) -> u32 {
        let span = self.day_after().since((jiff::Unit::Day, self.start)).map_or(0, |span| span.get_days());
        u32::try_from(span).unwrap_or(0)
    }

    /// The period of the same type right after. Nothing, at the end of time.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        let start = self.day_after();
        YEARS.contains(&start.year()).then_some(Self { kind: self.kind, start })
    }

    /// The period of the same type right before. Nothing, at the beginning of time.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        Self::containing(self.kind, self.start.yesterday().ok()?)
    }

    #[must_use]
    pub fn contains_date(self, day: Date) -> bool {
        self.start <= day && day < self.day_after()
    }

    /// Whether every day of the other period belongs to this one.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.day_after() <= self.day_after()
    }

    /// Whether the two have a day in common.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.day_after() && other.start < self.day_after()
    }
}

/// The first day of the month so many months after the one of this day, or before it.
fn first_of_month(day: Date, months: i8) -> Option<Date> {
    let month = i32::from(day.year()) * 12 + i32::from(day.month()) - 1 + i32::from(months);
    let year = i16::try_from(month.div_euclid(12)).ok()?;
    Date::new(year, i8::try_from(month.rem_euclid(12)).ok()? + 1, 1).ok()
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> Ordering {
        self.start.cmp(&other.start).then(self.kind.cmp(&other.kind))
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Period({self})")
    }
}

impl TryFrom<String> for Period {
    type Error = BadPeriod;

    fn try_from(text: String) -> Result<Self, BadPeriod> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}
