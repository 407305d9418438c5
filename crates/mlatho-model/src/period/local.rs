//! Periods of a DHIS2 server that counts in a calendar of its own.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::kind::Division;
use super::name::PeriodName;
use super::{BadPeriod, Days, PeriodProblem, PeriodType};
use crate::{Calendar, CalendarDate};

/// Where the numbers of Pagumen go, the five or six days between the twelfth month and the new year, which DHIS2 does not
/// know as a month (`dhis2.md` section 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pagumen {
    /// They belong to Nehase, month 12 of the same year.
    #[default]
    WithNehase,
    /// They belong to Meskerem, month 1 of the next year.
    WithMeskerem,
    /// They are a month of their own, as a source may report them; no period of DHIS2 is.
    Alone,
}

/// A period with the numbers of a calendar: `201801` in the Ethiopian one is Meskerem 2018, from 11 September 2025.
///
/// Weeks are those of seven days, numbered from the one that holds the fourth day of the calendar's year. Months have the
/// calendar's own days, so that Ethiopia's month 12 ends on its 30th; longer periods end on the day before the next one,
/// so that years hold Pagumen. What a period's number covers is [`CalendarPeriod::covered`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CalendarPeriod {
    calendar: Calendar,
    name: PeriodName,
    days: Days,
}

impl CalendarPeriod {
    /// Reads a period by the numbers of a calendar, in the forms that [`super::Period`] has.
    ///
    /// # Errors
    /// The text has another form, the year has no such period or is outside the calendar's table, or it is Pagumen.
    pub fn parse(calendar: Calendar, text: &str) -> Result<Self, BadPeriod> {
        let read = PeriodName::read(text).and_then(|name| Self::named(calendar, name));
        read.map_err(|problem| BadPeriod { found: text.into(), problem })
    }

    fn named(calendar: Calendar, name: PeriodName) -> Result<Self, PeriodProblem> {
        let PeriodName { kind, year, number } = name;
        let years = calendar.years();
        let out_of_range = PeriodProblem::Year { first: *years.start(), last: *years.end() };
        if !years.contains(&year) {
            return Err(out_of_range);
        }
        let count = match kind.division() {
            Division::Days => {
                let [month, day] = [number / 100, number % 100].map(|part| i8::try_from(part).unwrap_or(0));
                let date = calendar.day(CalendarDate { year, month, day }).ok_or(PeriodProblem::Day)?;
                let days = Days::new(date, date).ok_or(PeriodProblem::Day)?;
                return if month > 12 { Err(PeriodProblem::Pagumen) } else { Ok(Self { calendar, name, days }) };
            }
            Division::Weeks { start, weeks } => (weeks_in(calendar, year, start).ok_or(out_of_range)? - 1) / weeks + 1,
            Division::Months { months, .. } => i64::from(12 / months),
        };
        if calendar == Calendar::Ethiopian && kind == PeriodType::Monthly && number == 13 {
            return Err(PeriodProblem::Pagumen);
        }
        if !(1..=count).contains(&i64::from(number)) {
            let of_year = |number| PeriodName { kind, year, number };
            let last = of_year(i16::try_from(count).unwrap_or(i16::MAX));
            return Err(PeriodProblem::Number { first: of_year(1), last });
        }
        let days = days_of(calendar, name).ok_or(out_of_range)?;
        Ok(Self { calendar, name, days })
    }

    /// The period of that type in which the day lies. Nothing, outside the calendar's years, and for months and days
    /// within Pagumen.
    #[must_use]
    pub fn containing(calendar: Calendar, kind: PeriodType, day: Date) -> Option<Self> {
        let date = calendar.date_of(day)?;
        let (year, number) = match kind.division() {
            Division::Days => (date.year, i16::from(date.month) * 100 + i16::from(date.day)),
            Division::Weeks { start, weeks } => {
                let first = day.checked_sub(i64::from(day.weekday().since(start)).days()).ok()?;
                let year = calendar.date_of(first.checked_add(3.days()).ok()?)?.year;
                let apart = first.since((jiff::Unit::Day, week_one(calendar, year, start)?)).ok()?.get_days();
                (year, i16::try_from(i64::from(apart / 7) / weeks).ok()? + 1)
            }
            Division::Months { first, months, previous } => {
                let month = match (kind, date.month) {
                    (PeriodType::Monthly, 13) => return None,
                    (_, month) => month.min(12),
                };
                let first_year = if month < first { date.year - 1 } else { date.year };
                let number = (month - first).rem_euclid(12) / months + 1;
                (if previous { first_year + 1 } else { first_year }, number.into())
            }
        };
        Self::named(calendar, PeriodName { kind, year, number }).ok()
    }

    #[must_use]
    pub const fn calendar(self) -> Calendar {
        self.calendar
    }

    #[must_use]
    pub const fn period_type(self) -> PeriodType {
        self.name.kind
    }

    /// The first day, in the ISO calendar.
    #[must_use]
    pub const fn start(self) -> Date {
        self.days.first()
    }

    /// The last day, in the ISO calendar.
    #[must_use]
    pub const fn end(self) -> Date {
        self.days.last()
    }

    /// The days that the period's numbers cover, Pagumen folded by the rule: flows of Pagumen are added, the balance at its
    /// end is that of the period that holds it, and so is the balance at its beginning where Pagumen comes first.
    #[must_use]
    pub fn covered(self, pagumen: Pagumen) -> Days {
        let Division::Months { .. } = self.name.kind.division() else { return self.days };
        let moved = |day: Date, by: i64| day.checked_add(by.days()).unwrap_or(day);
        let length = |year| self.calendar.days_in_month(year, 13).map_or(0, i64::from);
        let [first, last] = [self.start(), self.end()].map(|day| self.calendar.date_of(day));
        let starts = first.filter(|date| date.month == 1 && pagumen == Pagumen::WithMeskerem);
        let start = starts.map_or(self.start(), |date| moved(self.start(), -length(date.year - 1)));
        let end = match (pagumen, last) {
            (Pagumen::WithNehase, Some(date)) if date.month == 12 && date.day == 30 => {
                moved(self.end(), length(date.year))
            }
            (Pagumen::WithMeskerem, Some(date)) if date.month == 13 => moved(self.end(), -length(date.year)),
            _ => self.end(),
        };
        Days::new(start, end).unwrap_or(self.days)
    }
}

impl Calendar {
    /// The days that the numbers of a period of that type cover, of all those periods the one with this day in it. Nothing,
    /// outside the calendar's years.
    ///
    /// These stretches leave no day out, by whatever rule Pagumen is folded.
    #[must_use]
    pub fn stretch(self, kind: PeriodType, day: Date, pagumen: Pagumen) -> Option<Days> {
        let date = self.date_of(day)?;
        let in_months = matches!(kind.division(), Division::Months { .. });
        if date.month <= 12 || !(in_months || kind == PeriodType::Daily) {
            return Some(CalendarPeriod::containing(self, kind, day)?.covered(pagumen));
        }
        let alone = self.pagumen(date.year)?;
        match (kind, pagumen) {
            (PeriodType::Daily, _) => Days::new(day, day),
            (PeriodType::Monthly, Pagumen::Alone) => Some(alone),
            (_, Pagumen::WithMeskerem) => self.stretch(kind, alone.last().tomorrow().ok()?, pagumen),
            (_, Pagumen::WithNehase | Pagumen::Alone) => self.stretch(kind, alone.first().yesterday().ok()?, pagumen),
        }
    }

    /// The days of Pagumen in a year; nothing in calendars without it.
    fn pagumen(self, year: i16) -> Option<Days> {
        let day = |day| self.day(CalendarDate { year, month: 13, day });
        Days::new(day(1)?, day(self.days_in_month(year, 13)?)?)
    }
}

/// The first day of week 1: the week with the fourth day of the year.
fn week_one(calendar: Calendar, year: i16, start: Weekday) -> Option<Date> {
    let fourth = calendar.new_year(year)?.checked_add(3.days()).ok()?;
    fourth.checked_sub(i64::from(fourth.weekday().since(start)).days()).ok()
}

fn weeks_in(calendar: Calendar, year: i16, start: Weekday) -> Option<i64> {
    let [this, next] = [year, year + 1].map(|year| week_one(calendar, year, start));
    Some(i64::from(next?.since((jiff::Unit::Day, this?)).ok()?.get_days()) / 7)
}

/// The days of a period of weeks or months whose number is right for its year.
fn days_of(calendar: Calendar, name: PeriodName) -> Option<Days> {
    let (start, next) = match name.kind.division() {
        Division::Days => return None,
        Division::Weeks { start, weeks } => {
            let first = week_one(calendar, name.year, start)?;
            let before = (i64::from(name.number) - 1) * weeks;
            let until = (before + weeks).min(weeks_in(calendar, name.year, start)?);
            (first.checked_add((7 * before).days()).ok()?, first.checked_add((7 * until).days()).ok()?)
        }
        Division::Months { first, months, previous } => {
            let year = if previous { name.year - 1 } else { name.year };
            let before = first - 1 + (i8::try_from(name.number).ok()? - 1) * months;
            let month = |before: i8| {
                let (year, month) = (year + i16::from(before / 12), before % 12 + 1);
                if month == 1 { calendar.new_year(year) } else { calendar.day(CalendarDate { year, month, day: 1 }) }
            };
            let start = month(before)?;
            let date = calendar.date_of(start)?;
            let length = calendar.days_in_month(date.year, date.month)?;
            let next = match name.kind {
                PeriodType::Monthly => start.checked_add(i64::from(length).days()).ok()?,
                _ => month(before + months)?,
            };
            (start, next)
        }
    };
    Days::new(start, next.yesterday().ok()?)
}

impl fmt::Display for CalendarPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}
