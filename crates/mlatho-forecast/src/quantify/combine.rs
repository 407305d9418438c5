//! Several methods, one number, and whether a person must look.

use mlatho_model::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::Need;

/// What a method said of a month, or any other time, and what came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    pub predicted: Decimal,
    pub actual: Decimal,
}

/// A method with its backtest for this product and lead time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    pub need: Need,
    /// In units a month; without any, the method counts like the worst of the others.
    pub past: Vec<Past>,
}

/// Two methods that differ by more than their errors explain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disagreement {
    /// Places of the two methods.
    pub low: usize,
    pub high: usize,
    /// Units a month between them.
    pub apart: Decimal,
    /// Units a month that their joint 80 % interval allows.
    pub allowed: Decimal,
}

/// What the methods say together.
#[derive(Clone, Debug, PartialEq)]
pub struct Combination {
    pub monthly: Vec<Decimal>,
    /// One for each method; they add up to 1.
    pub weights: Vec<f64>,
    /// Root mean squared error of each method, in units a month; nothing without a backtest.
    pub errors: Vec<Option<f64>>,
    /// That of the combination, taking the methods as independent; nothing where no method has a backtest.
    pub error: Option<f64>,
    /// Lowest and highest month in the mean of a method.
    pub range: (Decimal, Decimal),
    /// The pair that differs most beyond its joint interval: ask a person.
    pub ask: Option<Disagreement>,
}

/// Half the width of the 80 % interval of a normal variable, in standard deviations.
const EIGHTY: f64 = 1.281_551_565_545;

/// Weighs methods by `1 / MSE` of their backtests, shrunk halfway to equal weights; of `n` methods with one error each
/// gets `1 / n`. Nothing of no method, or of a number that is too large.
#[must_use]
pub fn combine(voices: &[Voice]) -> Option<Combination> {
    let errors: Vec<Option<f64>> = voices.iter().map(|voice| root_mean_squared(&voice.past)).collect();
    let weights = weights(&errors);
    let months = voices.iter().map(|voice| voice.need.monthly.len()).min()?;
    let exact: Vec<Decimal> = weights.iter().map(|weight| Decimal::from_f64(*weight)).collect::<Option<_>>()?;
    let monthly = (0..months).map(|month| {
        let mut parts = voices.iter().zip(&exact);
        parts.try_fold(Decimal::ZERO, |sum, (voice, weight)| {
            sum.checked_add(voice.need.monthly[month].checked_mul(*weight)?)
        })
    });
    let monthly = monthly.map(|month| month.map(|units| units.round_dp(6))).collect::<Option<Vec<_>>>()?;
    let means: Vec<Decimal> = voices.iter().map(|voice| mean(&voice.need.monthly)).collect();
    let variance: Option<f64> = {
        let known = errors.iter().flatten().fold(0.0_f64, |worst, error| worst.max(*error));
        let each = weights.iter().zip(&errors).map(|(weight, error)| (weight * error.unwrap_or(known)).powi(2));
        errors.iter().any(Option::is_some).then(|| each.sum())
    };
    let range = (means.iter().copied().min()?, means.iter().copied().max()?);
    let ask = widest(&means, &errors);
    Some(Combination { monthly, weights, errors, error: variance.map(f64::sqrt), range, ask })
}

fn root_mean_squared(past: &[Past]) -> Option<f64> {
    let squares = past.iter().filter_map(|one| one.predicted.checked_sub(one.actual)?.to_f64()).map(|it| it * it);
    let (sum, count) = squares.fold((0.0, 0.0), |(sum, count), square| (sum + square, count + 1.0));
    (count > 0.0).then(|| (sum / count).sqrt())
}

fn weights(errors: &[Option<f64>]) -> Vec<f64> {
    let all = f64::from(u32::try_from(errors.len()).unwrap_or(u32::MAX));
    let worst = errors.iter().flatten().fold(0.0_f64, |worst, error| worst.max(*error));
    // An error of nothing would silence all others: none is taken as smaller than a hundredth of the worst.
    let precision = |error: &Option<f64>| 1.0 / error.unwrap_or(worst).max(worst / 100.0).max(1e-9).powi(2);
    let sum: f64 = errors.iter().map(precision).sum();
    errors.iter().map(|error| f64::midpoint(precision(error) / sum, 1.0 / all)).collect()
}

/// The pair furthest beyond `1.28 × √(error₁² + error₂²)`; methods without an error are not judged.
fn widest(means: &[Decimal], errors: &[Option<f64>]) -> Option<Disagreement> {
    let mut widest: Option<(f64, Disagreement)> = None;
    for (one, (first, error)) in means.iter().zip(errors).enumerate() {
        for (other, (second, other_error)) in means.iter().zip(errors).enumerate().skip(one + 1) {
            let (Some(error), Some(other_error)) = (error, other_error) else { continue };
            let apart = (*first - *second).abs();
            let allowed = EIGHTY * error.hypot(*other_error);
            let beyond = apart.to_f64().unwrap_or_default() / allowed.max(1e-9);
            if beyond > 1.0 && widest.as_ref().is_none_or(|(most, _)| beyond > *most) {
                let (low, high) = if first < second { (one, other) } else { (other, one) };
                let allowed = Decimal::from_f64(allowed).unwrap_or(Decimal::MAX).round_dp(6);
                widest = Some((beyond, Disagreement { low, high, apart, allowed }));
            }
        }
    }
    widest.map(|(_, disagreement)| disagreement)
}

pub(super) fn mean(monthly: &[Decimal]) -> Decimal {
    let sum: Decimal = monthly.iter().sum();
    sum.checked_div(Decimal::from(monthly.len())).unwrap_or_default()
}
