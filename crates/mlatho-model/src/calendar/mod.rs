//! Calendars other than ISO's in which a DHIS2 server may count its periods (`dhis2.md` section 5).

mod ethiopian;
mod nepali;

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;

/// How days are counted in years and months.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Calendar {
    #[default]
    Iso8601,
    /// Twelve months of thirty days and Pagumen, of five or six.
    Ethiopian,
    /// Bikram Sambat, by table: 2000 to 2086.
    Nepali,
}

/// A day as a calendar names it. Months and days count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CalendarDate {
    pub year: i16,
    pub month: i8,
    pub day: i8,
}

/// A text that names no calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a calendar (iso8601, ethiopian, nepali)")]
pub struct BadCalendar {
    pub found: String,
}

impl Calendar {
    pub const ALL: [Self; 3] = [Self::Iso8601, Self::Ethiopian, Self::Nepali];

    /// The name that DHIS2 gives the calendar.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Iso8601 => "iso8601",
            Self::Ethiopian => "ethiopian",
            Self::Nepali => "nepali",
        }
    }

    /// The years in which periods are known.
    #[must_use]
    pub fn years(self) -> RangeInclusive<i16> {
        match self {
            Self::Iso8601 => crate::period::YEARS,
            Self::Ethiopian => ethiopian::YEARS,
            Self::Nepali => nepali::years(),
        }
    }

    /// The day of that name. Nothing, where the calendar has none.
    #[must_use]
    pub fn day(self, CalendarDate { year, month, day }: CalendarDate) -> Option<Date> {
        if self == Self::Iso8601 {
            return Date::new(year, month, day).ok();
        }
        let within = day >= 1 && day <= self.days_in_month(year, month)?;
        let before: i64 = (1..month).filter_map(|month| self.days_in_month(year, month)).map(i64::from).sum();
        let start = self.new_year(year).filter(|_| within)?;
        start.checked_add((before + i64::from(day) - 1).days()).ok()
    }

    /// What the calendar calls a day. Nothing, outside the years that it knows.
    #[must_use]
    pub fn date_of(self, day: Date) -> Option<CalendarDate> {
        if self == Self::Iso8601 {
            return Some(CalendarDate { year: day.year(), month: day.month(), day: day.day() });
        }
        // Years have about as many days everywhere, so the year is the one guessed from a known new year, or one beside.
        let (years, apart) = (self.years(), self.new_year(2018)?.year() - 2018);
        let guess = day.year().checked_sub(apart)?;
        let year = (guess - 1..=guess + 1).rev().find(|year| self.new_year(*year).is_some_and(|start| start <= day))?;
        let mut left = day.since((jiff::Unit::Day, self.new_year(year)?)).ok()?.get_days();
        for month in (1..=13).take_while(|_| years.contains(&year)) {
            let days = self.days_in_month(year, month)?;
            if left < i32::from(days) {
                return Some(CalendarDate { year, month, day: i8::try_from(left).ok()? + 1 });
            }
            left -= i32::from(days);
        }
        None
    }

    /// The first day of a year, also of the one after the last that is known.
    pub(crate) fn new_year(self, year: i16) -> Option<Date> {
        match self {
            Self::Iso8601 => Date::new(year, 1, 1).ok(),
            Self::Ethiopian => ethiopian::new_year(year),
            Self::Nepali => nepali::new_year(year),
        }
    }

    /// How many days a month has. Nothing, where there is no such month.
    #[must_use]
    pub fn days_in_month(self, year: i16, month: i8) -> Option<i8> {
        match self {
            Self::Iso8601 => Date::new(year, month, 1).ok().map(Date::days_in_month),
            Self::Ethiopian => ethiopian::days_in_month(year, month),
            Self::Nepali => nepali::days_in_month(year, month),
        }
    }
}

impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Calendar {
    type Err = BadCalendar;

    /// Reads a name as DHIS2 writes it. `gregorian` counts as ISO does.
    fn from_str(text: &str) -> Result<Self, BadCalendar> {
        if text == "gregorian" {
            return Ok(Self::Iso8601);
        }
        Self::ALL.into_iter().find(|known| known.name() == text).ok_or_else(|| BadCalendar { found: text.into() })
    }
}
