//! The panel: many series on one grid of periods, with what is known of their stock.

mod covariates;
mod groups;
mod read;

use mlatho_model::{Period, PeriodType};

pub use covariates::{Covariates, read_covariates};
pub(crate) use groups::{GROUPS, Groups};
pub use read::read_panel;

/// What is known of the stock of a series, period by period. Not a number where it is not known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stock {
    /// Stock on hand at the end.
    pub(crate) closing: Vec<f32>,
    pub(crate) received: Vec<f32>,
    pub(crate) adjustments: Vec<f32>,
    pub(crate) beginning: Vec<f32>,
    pub(crate) stockout_days: Vec<f32>,
}

/// One series: a product at a site, a disease in a district.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    pub(crate) id: Box<str>,
    /// Place on the grid of the first period with a number.
    pub(crate) start: usize,
    /// Where its numbers begin in the columns of the panel.
    pub(crate) offset: usize,
    /// Periods from the first to the last with a number.
    pub(crate) len: usize,
    /// Site, product and levels 1 to 3; [`NO_GROUP`] where the panel does not say.
    pub(crate) groups: [u32; 5],
}

/// A series belongs to no such group.
pub(crate) const NO_GROUP: u32 = u32::MAX;

/// Series of one period type. A period without a number is missing, which is not zero.
#[derive(Clone, Debug)]
pub struct Panel {
    pub(crate) grid: Vec<Period>,
    pub(crate) series: Vec<Series>,
    /// All series one after the other. Not a number where it is missing.
    pub(crate) values: Vec<f64>,
    pub(crate) stock: Stock,
    /// Names of the groups of each kind.
    pub(crate) group_names: [Vec<Box<str>>; 5],
}

impl Panel {
    /// The last period with a number; none where there is no number.
    #[must_use]
    pub fn last_period(&self) -> Option<Period> {
        self.grid.last().copied()
    }

    /// Series with at least one number.
    #[must_use]
    pub fn series_count(&self) -> usize {
        self.series.len()
    }

    /// The periods from the first to the last that has a number.
    #[must_use]
    pub fn periods(&self) -> &[Period] {
        &self.grid
    }

    /// Periods after which a season comes again: 12 for months. 1 where there is none.
    pub(crate) fn season(&self) -> usize {
        match self.grid.first().map(|period| period.period_type()) {
            Some(PeriodType::Daily) => 7,
            Some(PeriodType::BiWeekly) => 26,
            Some(PeriodType::Monthly) => 12,
            Some(PeriodType::BiMonthly) => 6,
            Some(PeriodType::Quarterly | PeriodType::QuarterlyNov) => 4,
            Some(PeriodType::SixMonthly | PeriodType::SixMonthlyApril | PeriodType::SixMonthlyNov) => 2,
            Some(
                PeriodType::Weekly
                | PeriodType::WeeklyWednesday
                | PeriodType::WeeklyThursday
                | PeriodType::WeeklyFriday
                | PeriodType::WeeklySaturday
                | PeriodType::WeeklySunday,
            ) => 52,
            _ => 1,
        }
    }

    /// The history of a series up to and with period `origin` of the grid: periods from its first number on.
    pub(crate) fn history(&self, series: &Series, origin: usize) -> &[f64] {
        let known = (origin + 1).saturating_sub(series.start).min(series.len);
        self.values.get(series.offset..series.offset + known).unwrap_or_default()
    }

    /// The number of a series in a period of the grid.
    pub(crate) fn value(&self, series: &Series, at: usize) -> Option<f64> {
        let place = at.checked_sub(series.start).filter(|place| *place < series.len)?;
        self.values.get(series.offset + place).copied().filter(|value| !value.is_nan())
    }

    /// Whether a period ended with stock. Nothing where no stock is recorded.
    pub(crate) fn in_stock(&self, series: &Series, at: usize) -> Option<bool> {
        let place = series.offset + at.checked_sub(series.start).filter(|place| *place < series.len)?;
        let cell = |column: &[f32]| column.get(place).copied().filter(|value| !value.is_nan());
        match (cell(&self.stock.closing), cell(&self.stock.stockout_days)) {
            (Some(closing), _) => Some(closing > 0.0),
            (None, Some(days)) => Some(days <= 0.0),
            (None, None) => None,
        }
    }

    /// The names under which a covariate may speak of a series, the narrowest first.
    pub(crate) fn keys<'a>(&'a self, series: &'a Series) -> impl Iterator<Item = &'a str> {
        // Site, then the levels from the finest up, then the product.
        let names = [0, 4, 3, 2, 1]
            .into_iter()
            .filter_map(|kind| self.group_names[kind].get(series.groups[kind] as usize).map(|name| &**name));
        std::iter::once(&*series.id).chain(names)
    }

    /// Whether anything is known of the stock.
    pub(crate) fn has_stock(&self) -> bool {
        !self.stock.closing.is_empty() || !self.stock.stockout_days.is_empty()
    }
}
