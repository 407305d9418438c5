//! Need by month, and how it came about.

use mlatho_model::Decimal;

/// One step of a calculation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Stable name.
    pub name: &'static str,
    /// What the step adds to the need of all months, in base units; negative where it takes away.
    pub units: Decimal,
}

/// What is needed in each month, in base units. The parts add up to the sum of the months.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Need {
    pub monthly: Vec<Decimal>,
    pub parts: Vec<Part>,
}

impl Need {
    /// Where a calculation begins.
    #[must_use]
    pub fn of(name: &'static str, monthly: Vec<Decimal>) -> Option<Self> {
        let units = sum(&monthly)?;
        Some(Self { monthly, parts: vec![Part { name, units }] })
    }

    #[must_use]
    pub fn total(&self) -> Decimal {
        sum(&self.monthly).unwrap_or(Decimal::MAX)
    }

    /// The next step: every month times a factor. A factor of 1 is no step.
    #[must_use]
    pub fn times(self, name: &'static str, factor: Decimal) -> Option<Self> {
        if factor == Decimal::ONE {
            return Some(self);
        }
        let monthly = self.monthly.iter().map(|month| month.checked_mul(factor)).collect::<Option<_>>()?;
        self.becomes(name, monthly)
    }

    /// The next step: every month times its own factor.
    #[must_use]
    pub fn times_each(self, name: &'static str, factors: &[Decimal]) -> Option<Self> {
        if factors.iter().all(|factor| *factor == Decimal::ONE) {
            return Some(self);
        }
        let pairs = self.monthly.iter().zip(factors);
        let monthly = pairs.map(|(month, factor)| month.checked_mul(*factor)).collect::<Option<_>>()?;
        self.becomes(name, monthly)
    }

    /// The next step: so much more in each month.
    #[must_use]
    pub fn plus(self, name: &'static str, more: &[Decimal]) -> Option<Self> {
        let pairs = self.monthly.iter().zip(more);
        let monthly = pairs.map(|(month, more)| month.checked_add(*more)).collect::<Option<_>>()?;
        self.becomes(name, monthly)
    }

    fn becomes(mut self, name: &'static str, monthly: Vec<Decimal>) -> Option<Self> {
        let units = sum(&monthly)?.checked_sub(sum(&self.monthly)?)?;
        self.monthly = monthly;
        self.parts.push(Part { name, units });
        Some(self)
    }
}

fn sum(months: &[Decimal]) -> Option<Decimal> {
    months.iter().try_fold(Decimal::ZERO, |sum, month| sum.checked_add(*month))
}

/// A product of many factors.
pub(super) fn product(factors: &[Decimal]) -> Option<Decimal> {
    factors.iter().try_fold(Decimal::ONE, |product, factor| product.checked_mul(*factor))
}

/// `(1 + yearly)^(month / 12)` for each month from the first on, with six decimals; 1 in month 0.
pub(super) fn growth(yearly: Decimal, months: usize) -> Vec<Decimal> {
    use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
    let factor = 1.0 + yearly.to_f64().unwrap_or_default();
    let at = |month: u32| Decimal::from_f64(factor.powf(f64::from(month) / 12.0)).unwrap_or_default().round_dp(6);
    (0..).map(at).take(months).collect()
}
