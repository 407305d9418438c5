//! The system calendar (`keyCalendar`): period texts carry its numbers.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use mlatho_model::{Period, PeriodType};

/// The calendars that the double knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    Iso8601,
    Ethiopian,
    Nepali,
}

/// Years that the double's Nepali table covers; a year off the table fails `[C]`, where it ends is `[U]`.
const NEPALI_YEARS: std::ops::RangeInclusive<i16> = 1970..=2100;
/// First days of the Nepali months, in days since the new year. Right to within two days.
const NEPALI_MONTHS: [i64; 12] = [0, 31, 62, 94, 125, 156, 187, 217, 246, 276, 305, 335];

impl Calendar {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Iso8601 => "iso8601",
            Self::Ethiopian => "ethiopian",
            Self::Nepali => "nepali",
        }
    }

    /// Reads a period. None: the server answers with an error, as for a 13th month `[C]`.
    ///
    /// In the other calendars the double knows months and what is made of them, neither days nor weeks.
    pub(super) fn read(self, text: &str) -> Option<Period> {
        let period: Period = text.parse().ok()?;
        match self {
            Self::Iso8601 => Some(period),
            _ if is_of_days(period.period_type()) => None,
            Self::Nepali if !NEPALI_YEARS.contains(&period.start().year()) => None,
            Self::Ethiopian | Self::Nepali => Some(period),
        }
    }

    /// The ISO date of the period's first day.
    pub(super) fn start(self, period: Period) -> Date {
        self.iso(period.start())
    }

    /// The ISO date of the period's last day.
    pub(super) fn end(self, period: Period) -> Date {
        match self {
            Self::Iso8601 => period.end(),
            _ => self.iso(period.end().tomorrow().unwrap_or(Date::MAX)).yesterday().unwrap_or(Date::MAX),
        }
    }

    /// The period of that type that holds the ISO day: the one whose month starts last before it.
    pub(super) fn containing(self, kind: PeriodType, day: Date) -> Option<Period> {
        let guess = match self {
            Self::Iso8601 => return Period::containing(kind, day),
            Self::Ethiopian => day.checked_sub(7.years()).ok()?,
            Self::Nepali => day.checked_add(57.years()).ok()?,
        };
        let mut month = Period::month(guess.year(), 12)?;
        while self.iso(month.start()) > day {
            month = month.previous()?;
        }
        Period::containing(kind, month.start())
    }

    /// Reads the date's year, month and day as numbers of this calendar.
    fn iso(self, numbers: Date) -> Date {
        let (year, month) = (i64::from(numbers.year()), i64::from(numbers.month()));
        let day = i64::from(numbers.day()).min(30);
        let (epoch, days) = match self {
            Self::Iso8601 => return numbers,
            // 1 Meskerem 1 is 27 August 8 in the proleptic Gregorian calendar; every fourth year has 366 days.
            Self::Ethiopian => (date(8, 8, 27), 365 * (year - 1) + year / 4 + 30 * (month - 1) + day - 1),
            // 1 Baisakh 2000 was 14 April 1943; years have 365.2588 days on average.
            Self::Nepali => {
                let before = usize::try_from(month - 1).ok().and_then(|at| NEPALI_MONTHS.get(at)).copied().unwrap_or(0);
                (date(1943, 4, 14), (year - 2000) * 3_652_588 / 10_000 + before + day - 1)
            }
        };
        epoch.checked_add(days.days()).unwrap_or(Date::MAX)
    }
}

const fn is_of_days(kind: PeriodType) -> bool {
    use PeriodType as P;
    matches!(
        kind,
        P::Daily
            | P::Weekly
            | P::WeeklyWednesday
            | P::WeeklyThursday
            | P::WeeklyFriday
            | P::WeeklySaturday
            | P::WeeklySunday
            | P::BiWeekly
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ethiopian_dates_by_hand() {
        let start = |text: &str| Calendar::Ethiopian.start(Calendar::Ethiopian.read(text).unwrap());
        assert_eq!(start("201801"), date(2025, 9, 11)); // 1 Meskerem 2018
        assert_eq!(start("201601"), date(2023, 9, 12)); // the year after a leap year starts a day later
        assert!(Calendar::Ethiopian.read("201813").is_none());
        let today = Calendar::Ethiopian.containing(PeriodType::Monthly, date(2026, 8, 1)).unwrap();
        assert_eq!(today.to_string(), "201811"); // Hamle 2018: 8 July to 6 August 2026
    }

    #[test]
    fn nepali_dates_by_hand() {
        let start = Calendar::Nepali.start(Calendar::Nepali.read("208201").unwrap());
        assert!((date(2025, 4, 13)..=date(2025, 4, 15)).contains(&start), "{start}"); // 14 April 2025
        assert!(Calendar::Nepali.read("210101").is_none());
    }
}
