//! The period types of DHIS2.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Weekday;

/// A period type of DHIS2 that has a literal form (`dhis2.md` section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum PeriodType {
    Daily,
    Weekly,
    WeeklyWednesday,
    WeeklyThursday,
    WeeklyFriday,
    WeeklySaturday,
    WeeklySunday,
    /// Weeks 1 and 2, 3 and 4, …; week 53 stands alone, so that fortnights neither overlap nor leave a gap.
    BiWeekly,
    Monthly,
    BiMonthly,
    Quarterly,
    QuarterlyNov,
    SixMonthly,
    SixMonthlyApril,
    SixMonthlyNov,
    Yearly,
    FinancialFeb,
    FinancialApril,
    FinancialJuly,
    FinancialAug,
    FinancialSep,
    FinancialOct,
    FinancialNov,
}

/// How the periods of a type divide time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Division {
    Days,
    /// Weeks that start on a weekday, this many together.
    Weeks {
        start: Weekday,
        weeks: i64,
    },
    /// Years that start with a month, cut into parts of equal months. `previous` says that year Y starts in Y − 1.
    Months {
        first: i8,
        months: i8,
        previous: bool,
    },
}

impl PeriodType {
    /// Every type, shortest first.
    pub const ALL: [Self; 23] = [
        Self::Daily,
        Self::Weekly,
        Self::WeeklyWednesday,
        Self::WeeklyThursday,
        Self::WeeklyFriday,
        Self::WeeklySaturday,
        Self::WeeklySunday,
        Self::BiWeekly,
        Self::Monthly,
        Self::BiMonthly,
        Self::Quarterly,
        Self::QuarterlyNov,
        Self::SixMonthly,
        Self::SixMonthlyApril,
        Self::SixMonthlyNov,
        Self::Yearly,
        Self::FinancialFeb,
        Self::FinancialApril,
        Self::FinancialJuly,
        Self::FinancialAug,
        Self::FinancialSep,
        Self::FinancialOct,
        Self::FinancialNov,
    ];

    /// The name that DHIS2 gives the type.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Daily => "Daily",
            Self::Weekly => "Weekly",
            Self::WeeklyWednesday => "WeeklyWednesday",
            Self::WeeklyThursday => "WeeklyThursday",
            Self::WeeklyFriday => "WeeklyFriday",
            Self::WeeklySaturday => "WeeklySaturday",
            Self::WeeklySunday => "WeeklySunday",
            Self::BiWeekly => "BiWeekly",
            Self::Monthly => "Monthly",
            Self::BiMonthly => "BiMonthly",
            Self::Quarterly => "Quarterly",
            Self::QuarterlyNov => "QuarterlyNov",
            Self::SixMonthly => "SixMonthly",
            Self::SixMonthlyApril => "SixMonthlyApril",
            Self::SixMonthlyNov => "SixMonthlyNov",
            Self::Yearly => "Yearly",
            Self::FinancialFeb => "FinancialFeb",
            Self::FinancialApril => "FinancialApril",
            Self::FinancialJuly => "FinancialJuly",
            Self::FinancialAug => "FinancialAug",
            Self::FinancialSep => "FinancialSep",
            Self::FinancialOct => "FinancialOct",
            Self::FinancialNov => "FinancialNov",
        }
    }

    /// What stands between the year and the number of the period within it.
    pub(super) const fn marker(self) -> &'static str {
        match self {
            Self::Daily | Self::Monthly | Self::BiMonthly | Self::Yearly => "",
            Self::Weekly => "W",
            Self::WeeklyWednesday => "WedW",
            Self::WeeklyThursday => "ThuW",
            Self::WeeklyFriday => "FriW",
            Self::WeeklySaturday => "SatW",
            Self::WeeklySunday => "SunW",
            Self::BiWeekly => "BiW",
            Self::Quarterly => "Q",
            Self::QuarterlyNov => "NovQ",
            Self::SixMonthly => "S",
            Self::SixMonthlyApril => "AprilS",
            Self::SixMonthlyNov => "NovS",
            Self::FinancialFeb => "Feb",
            Self::FinancialApril => "April",
            Self::FinancialJuly => "July",
            Self::FinancialAug => "Aug",
            Self::FinancialSep => "Sep",
            Self::FinancialOct => "Oct",
            Self::FinancialNov => "Nov",
        }
    }

    /// All types with November in them are named by the year they end in, all others by the year they start in.
    pub(super) const fn division(self) -> Division {
        match self {
            Self::Daily => Division::Days,
            Self::Weekly => weeks_from(Weekday::Monday),
            Self::WeeklyWednesday => weeks_from(Weekday::Wednesday),
            Self::WeeklyThursday => weeks_from(Weekday::Thursday),
            Self::WeeklyFriday => weeks_from(Weekday::Friday),
            Self::WeeklySaturday => weeks_from(Weekday::Saturday),
            Self::WeeklySunday => weeks_from(Weekday::Sunday),
            Self::BiWeekly => Division::Weeks { start: Weekday::Monday, weeks: 2 },
            Self::Monthly => months_from(1, 1),
            Self::BiMonthly => months_from(1, 2),
            Self::Quarterly => months_from(1, 3),
            Self::QuarterlyNov => months_from(11, 3),
            Self::SixMonthly => months_from(1, 6),
            Self::SixMonthlyApril => months_from(4, 6),
            Self::SixMonthlyNov => months_from(11, 6),
            Self::Yearly => months_from(1, 12),
            Self::FinancialFeb => months_from(2, 12),
            Self::FinancialApril => months_from(4, 12),
            Self::FinancialJuly => months_from(7, 12),
            Self::FinancialAug => months_from(8, 12),
            Self::FinancialSep => months_from(9, 12),
            Self::FinancialOct => months_from(10, 12),
            Self::FinancialNov => months_from(11, 12),
        }
    }
}

const fn weeks_from(start: Weekday) -> Division {
    Division::Weeks { start, weeks: 1 }
}

const fn months_from(first: i8, months: i8) -> Division {
    Division::Months { first, months, previous: first == 11 }
}

impl fmt::Display for PeriodType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text that names no period type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a period type (Monthly, Quarterly, WeeklySunday, FinancialJuly, …)")]
pub struct BadPeriodType {
    pub found: String,
}

impl FromStr for PeriodType {
    type Err = BadPeriodType;

    /// Reads a name whatever its capitals, so that a layout may say `monthly`.
    fn from_str(text: &str) -> Result<Self, BadPeriodType> {
        let known = Self::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(text));
        known.ok_or_else(|| BadPeriodType { found: text.into() })
    }
}
