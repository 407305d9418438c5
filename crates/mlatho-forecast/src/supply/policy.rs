//! How much stock is wanted.

use mlatho_model::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use crate::demand::NegativeBinomial;

/// Unconstrained demand that is expected, in base units for each month of the plan. Months after the last are like it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    pub monthly: Vec<Decimal>,
    /// Standard deviation of one month over its mean, beyond the chance of counting; months are independent in it.
    pub spread: f64,
    /// Standard deviation of the level over its mean: what all months share if the forecast is wrong.
    pub doubt: f64,
}

impl Outlook {
    /// Demand of a month of the plan; nothing is expected where the outlook has no month.
    #[must_use]
    pub fn month(&self, month: usize) -> Decimal {
        self.monthly.get(month).or(self.monthly.last()).copied().unwrap_or_default()
    }

    /// Demand of so many months from one on.
    #[must_use]
    pub fn sum(&self, from: usize, months: u32) -> Decimal {
        (0..months as usize).map(|ahead| self.month(from.saturating_add(ahead))).sum()
    }
}

/// What is held against surprises.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Buffer {
    /// The chance that stock lasts from one delivery to the next, above 0 and below 1.
    ServiceLevel(f64),
    /// So many months of demand.
    Months(Decimal),
}

/// How stock is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// From placing an order to stock on the shelf: plan, approve, ship, clear, distribute.
    pub lead_months: u32,
    /// Standard deviation of the lead time, in months.
    pub lead_spread: f64,
    /// Months between two looks at the stock, at least 1.
    pub review_months: u32,
    pub buffer: Buffer,
    /// Guardrails on both bounds, in months of stock.
    pub least_months: Option<Decimal>,
    pub most_months: Option<Decimal>,
}

/// Between which stock is kept, in base units; `min <= max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub min: Decimal,
    pub max: Decimal,
}

impl Policy {
    /// `Min = demand of the lead time + buffer`, `Max = Min + demand of the review period`; the buffer is
    /// `quantile(service level) - mean` of demand over both, the variance of the lead time included.
    /// With flat demand `A` this is `A × L + B` and `Min + A × R`.
    #[must_use]
    pub fn bounds(&self, outlook: &Outlook, month: usize) -> Bounds {
        let window = self.lead_months + self.review_months;
        let lead = outlook.sum(month, self.lead_months);
        let whole = outlook.sum(month, window);
        let average = if window == 0 { Decimal::ZERO } else { whole / Decimal::from(window) };
        let buffer = match self.buffer {
            Buffer::Months(months) => average.checked_mul(months).unwrap_or_default(),
            Buffer::ServiceLevel(level) => self.safety(outlook, month, level),
        };
        let in_months = |months: Option<Decimal>| months.and_then(|months| average.checked_mul(months));
        let (least, most) = (in_months(self.least_months), in_months(self.most_months));
        let kept = |bound: Decimal| {
            let bound = least.map_or(bound, |least| bound.max(least));
            most.map_or(bound, |most| bound.min(most))
        };
        let min = kept(lead + buffer);
        Bounds { min, max: kept(whole + buffer).max(min) }
    }

    fn safety(&self, outlook: &Outlook, month: usize, level: f64) -> Decimal {
        let window = self.lead_months + self.review_months;
        let months = (0..window as usize).map(|ahead| number(outlook.month(month.saturating_add(ahead))));
        let (mut mean, mut variance) = (0.0, 0.0);
        for month in months {
            mean += month;
            variance += month + (month * outlook.spread).powi(2);
        }
        let average = mean / f64::from(window.max(1));
        variance += (mean * outlook.doubt).powi(2) + (average * self.lead_spread).powi(2);
        if mean <= 0.0 {
            return Decimal::ZERO;
        }
        let beyond_counting = (variance - mean).max(mean * 1e-6);
        let demand = NegativeBinomial { mean, shape: mean * mean / beyond_counting };
        let buffer = (demand.quantile(level) - mean).max(0.0);
        Decimal::from_f64(buffer).unwrap_or_default().round_dp(0)
    }
}

fn number(quantity: Decimal) -> f64 {
    quantity.to_f64().unwrap_or_default()
}
