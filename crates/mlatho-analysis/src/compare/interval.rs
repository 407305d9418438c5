//! How far chance alone moves a ratio.

use mlatho_model::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::Rule;
use super::explain::{Key, Known};
use super::figures::Figures;
use crate::{Rational, Rounding};

/// Nine of ten cases of a normal distribution lie within so many standard deviations.
const NINE_OF_TEN: f64 = 1.645;

fn number(exact: Rational) -> Option<f64> {
    exact.rounded(6, Rounding::HalfEven)?.to_f64()
}

/// Standard deviation of the logarithm of the ratio of two independent counts.
fn of_counts(consumption: f64, expected: f64) -> f64 {
    (1.0 / consumption.max(0.5) + 1.0 / expected.max(0.5)).sqrt()
}

/// Whether the ratio of two counts is outside the band in nine of ten cases like it.
pub(super) fn is_beyond_chance(rule: &Rule, figures: &Figures) -> bool {
    let sides = figures.consumption.and_then(number).zip(figures.expected.and_then(number));
    let Some((consumption, expected)) = sides.filter(|(_, expected)| *expected > 0.0) else { return false };
    let step = (NINE_OF_TEN * of_counts(consumption, expected)).exp();
    let band = [rule.band.low, rule.band.high].map(|end| end.to_f64().unwrap_or(0.0));
    consumption / expected * step < band[0] || consumption / expected / step > band[1]
}

impl Known<'_> {
    /// `ratio × e^(±1.645 s)`. `s` is the noise of ln ratio at this org unit where five periods are known (that of its
    /// steps from period to period), else that of two independent counts, `√(1/C + 1/E)`.
    pub(super) fn interval(&self, key: &Key, figures: &Figures) -> Option<(Decimal, Decimal)> {
        let (consumption, expected) = (number(figures.consumption?)?, number(figures.expected?)?);
        let noise = self.noise(key).unwrap_or(of_counts(consumption, expected));
        let end = |sign: f64| {
            let end = consumption / expected * (sign * NINE_OF_TEN * noise).exp();
            Some(Decimal::from_f64(end)?.round_dp(6).normalize())
        };
        Some((end(-1.0)?, end(1.0)?))
    }
}
