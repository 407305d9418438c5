//! Months as the warehouse numbers them, and periods as it stores them.

use std::collections::HashMap;

use jiff::SignedDuration;
use jiff::civil::{Date, date};
use mlatho_model::{Period, PeriodType};

use crate::error::{Result, StoreError};

pub(crate) const EPOCH: Date = date(1970, 1, 1);

/// `202603` for the month in which a period starts.
pub(crate) fn month_number(period: Period) -> i32 {
    let start = period.start();
    i32::from(start.year()) * 100 + i32::from(start.month())
}

/// The monthly period behind `202603`.
pub(crate) fn month_period(number: i32) -> Result<Period> {
    let parts = i16::try_from(number / 100).ok().zip(i8::try_from(number % 100).ok());
    let month = parts.and_then(|(year, month)| Period::month(year, month));
    month.ok_or_else(|| StoreError::damaged(format!("{number} is no month")))
}

/// Days since 1970.
pub(crate) fn days(day: Date) -> i32 {
    i32::try_from(day.duration_since(EPOCH).as_hours() / 24).unwrap_or(0) // under four million
}

pub(crate) fn day(days: i32) -> Option<Date> {
    EPOCH.checked_add(SignedDuration::from_hours(24 * i64::from(days))).ok()
}

/// Periods there and back, each computed once: rows have few different ones.
#[derive(Debug, Default)]
pub(crate) struct PeriodCache {
    starts: HashMap<Period, i32>,
    periods: HashMap<(i8, i32), Period>,
    last_start: Option<(Period, i32)>,
    last_period: Option<((i8, i32), Period)>,
}

impl PeriodCache {
    /// Days from 1970 to the start of the period.
    pub(crate) fn start(&mut self, period: Period) -> i32 {
        if let Some((known, start)) = self.last_start
            && known == period
        {
            return start;
        }
        let start = *self.starts.entry(period).or_insert_with(|| days(period.start()));
        self.last_start = Some((period, start));
        start
    }

    /// The period of a stored type and start.
    pub(crate) fn period(&mut self, kind: i8, start: i32) -> Result<Period> {
        if let Some((known, period)) = self.last_period
            && known == (kind, start)
        {
            return Ok(period);
        }
        let period = match self.periods.get(&(kind, start)) {
            Some(period) => *period,
            None => self.compute(kind, start)?,
        };
        self.last_period = Some(((kind, start), period));
        Ok(period)
    }

    fn compute(&mut self, kind: i8, start: i32) -> Result<Period> {
        let found = usize::try_from(kind).ok().and_then(|kind| PeriodType::ALL.get(kind)).zip(day(start));
        let period = found.and_then(|(kind, day)| Period::containing(*kind, day));
        let period = period.ok_or_else(|| StoreError::damaged(format!("a period of type {kind} at day {start}")))?;
        self.periods.insert((kind, start), period);
        Ok(period)
    }
}
