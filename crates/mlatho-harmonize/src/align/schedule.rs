//! How systems cut time into reporting periods.

use jiff::ToSpan;
use jiff::civil::Date;
use mlatho_model::{Calendar, Days, Pagumen, Period, PeriodType};

/// The reporting periods of a system, one after the other without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Periods of the ISO calendar.
    Plain(PeriodType),
    /// Months that do not begin on the first.
    FromDay(FromDay),
    /// Periods of another calendar, Pagumen folded by the rule.
    Local { calendar: Calendar, kind: PeriodType, pagumen: Pagumen },
}

/// Months, or several together, that begin on a later day of the month: from the 16th to the 15th of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FromDay {
    kind: PeriodType,
    day: i8,
    named: Named,
}

/// Which of the two months that such a period touches gives it its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// The one it begins in: January is 16 January to 15 February.
    ByStart,
    /// The one it ends in: January is 16 December to 15 January.
    ByEnd,
}

impl FromDay {
    /// Nothing, for days and weeks, and for a day that not every month has (1 to 28).
    #[must_use]
    pub fn new(kind: PeriodType, day: i8, named: Named) -> Option<Self> {
        (kind >= PeriodType::Monthly && (1..=28).contains(&day)).then_some(Self { kind, day, named })
    }

    /// The days of a period of full months, moved to begin and end on the day.
    fn moved(self, period: Period) -> Option<Days> {
        let moved = |date: Date| date.checked_add((i64::from(self.day) - 1).days()).ok();
        Days::new(moved(period.start())?, moved(period.end())?)
    }
}

impl Schedule {
    /// The period with this day in it. Nothing, outside the years that the schedule knows.
    #[must_use]
    pub fn period_of(self, day: Date) -> Option<Days> {
        match self {
            Self::Plain(kind) => Period::containing(kind, day).map(Days::from),
            Self::FromDay(schedule) => {
                let within = day.checked_sub((i64::from(schedule.day) - 1).days()).ok()?;
                schedule.moved(Period::containing(schedule.kind, within)?)
            }
            Self::Local { calendar, kind, pagumen } => calendar.stretch(kind, day, pagumen),
        }
    }

    /// The days for which a source that follows the schedule writes this period, such as `202601` for 16 December to
    /// 15 January. Nothing, where the period is of another type, and for calendars with numbers of their own: there
    /// [`mlatho_model::CalendarPeriod`] reads the text.
    #[must_use]
    pub fn days_named(self, name: Period) -> Option<Days> {
        match self {
            Self::Plain(kind) if name.period_type() == kind => Some(name.into()),
            Self::FromDay(schedule) if name.period_type() == schedule.kind => schedule.moved(match schedule.named {
                Named::ByStart => name,
                Named::ByEnd => name.previous()?,
            }),
            _ => None,
        }
    }

    /// All periods that touch these days, in order. Empty, where the schedule does not know them all.
    #[must_use]
    pub fn periods_in(self, days: Days) -> Vec<Days> {
        let mut found = Vec::new();
        let mut next = Some(days.first());
        while let Some(day) = next.filter(|day| *day <= days.last()) {
            let Some(period) = self.period_of(day) else { return Vec::new() };
            found.push(period);
            next = period.last().tomorrow().ok();
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_the_16th_to_the_15th() {
        let named = |named| Schedule::FromDay(FromDay::new(PeriodType::Monthly, 16, named).unwrap());
        let days =
            |schedule: Schedule, text: &str| schedule.days_named(text.parse().unwrap()).map(|days| days.to_string());
        assert_eq!(days(named(Named::ByEnd), "202601").unwrap(), "2025-12-16/2026-01-15");
        assert_eq!(days(named(Named::ByStart), "202601").unwrap(), "2026-01-16/2026-02-15");
        assert_eq!(days(named(Named::ByStart), "2026Q1"), None);
        let around = |day: &str| named(Named::ByEnd).period_of(day.parse().unwrap()).unwrap().to_string();
        assert_eq!(around("2026-02-15"), "2026-01-16/2026-02-15");
        assert_eq!(around("2026-02-16"), "2026-02-16/2026-03-15");
        assert_eq!(around("2024-03-01"), "2024-02-16/2024-03-15");
    }

    #[test]
    fn only_months_begin_on_a_day_that_all_have() {
        assert_eq!(FromDay::new(PeriodType::Monthly, 29, Named::ByEnd), None);
        assert_eq!(FromDay::new(PeriodType::Monthly, 0, Named::ByEnd), None);
        assert_eq!(FromDay::new(PeriodType::Weekly, 16, Named::ByEnd), None);
        assert!(FromDay::new(PeriodType::Quarterly, 26, Named::ByStart).is_some());
    }
}
