//! Counts that their own series does not lead one to expect: what would explain them best.

use mlatho_model::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::slip::{FACTORS, Slip, swapped};
use crate::series::{Fit, Panel};

/// How often a count is wrong in each way, before it is looked at.
const UNIT: f64 = 0.004;
const ZERO: f64 = 0.02;
const DIGITS: f64 = 0.002;
const OTHER: f64 = 0.004;
/// Any count between a hundredth and a hundredfold of what is expected is as likely a gross error as any other.
const WIDTH: f64 = 9.2;
/// What soundness of the balances leaves of these: a wrong count that everything else was made to agree with.
const SOUND: f64 = 0.03;
/// Probability from which on a doubt is told.
const TOLD: f64 = 0.3;
/// The same of a zero where there were none: the doubt whether a report was made at all weighs more.
const TOLD_ZERO: f64 = 0.1;
/// Neighbours without a zero among them that make a zero surprising.
const STEADY: usize = 5;
/// Shares of zeros in a series: rare ones, and so many that one of them is no surprise.
const RARE: f64 = 0.1;
const SOME: f64 = 0.3;

/// What is probably wrong with a count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surprise {
    /// Nothing where it is merely far from what is expected.
    pub(crate) slip: Option<Slip>,
    /// The right count where the slip gives it, otherwise the expected one, rounded.
    pub(crate) expected: Decimal,
    pub(crate) probability: f64,
}

/// What is known about a count beside its series.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Circumstances {
    /// Everything else that was reported agrees with it.
    pub(crate) sound: bool,
    /// There was nothing to give out: a zero is no surprise.
    pub(crate) without_stock: bool,
}

/// How often each factor is met, and how often counts of the item are multiples of it anyway.
#[derive(Clone, Debug)]
pub(crate) struct Factors {
    weights: [f64; FACTORS.len()],
    multiples: Vec<[f64; FACTORS.len()]>,
}

impl Factors {
    /// From counts of a panel: what share are multiples. All factors are equally likely, small ones less.
    pub(crate) fn of(panel: &Panel) -> Self {
        let items = panel.series.iter().map(|series| series.item + 1).max().unwrap_or(0);
        let mut seen = vec![[(2.0, 0.4); FACTORS.len()]; items];
        for series in &panel.series {
            let seen = &mut seen[series.item];
            for count in panel.cells[series.cells.clone()].iter().filter_map(|cell| whole(cell.count)) {
                for (at, factor) in
                    FACTORS.into_iter().enumerate().take_while(|(_, factor)| u64::from(*factor) <= count)
                {
                    seen[at].0 += 1.0;
                    seen[at].1 += f64::from(u8::from(count.is_multiple_of(u64::from(factor))));
                }
            }
        }
        let multiples = seen.into_iter().map(|seen| seen.map(|(all, multiples)| multiples / all)).collect();
        let weights = FACTORS.map(|factor| if factor < 6 { 0.002 } else { 0.03 });
        Self { weights, multiples }
    }

    /// Takes note of how often each factor was met, so that the country's own pack sizes count for more.
    pub(crate) fn learn(&mut self, met: &[f64; FACTORS.len()]) {
        const TRUST: f64 = 20.0;
        let all: f64 = met.iter().sum();
        for (weight, met) in self.weights.iter_mut().zip(met) {
            *weight = (*weight * TRUST + met) / (all + TRUST);
        }
    }
}

/// Hardly any zeros in the series, and none, or one at most where they are rarest, nearby.
fn is_steady(fit: &Fit) -> bool {
    let nearby = usize::from(fit.zero_share <= RARE);
    fit.neighbours >= STEADY && fit.zeros <= nearby && fit.zero_share <= SOME
}

/// The whole number that a count is, if it is one above zero.
fn whole(count: f64) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be a whole number")]
    (count >= 1.0 && count.fract() == 0.0 && count < 1e15).then_some(count as u64)
}

/// What explains a count best, and how probable it is that something is wrong with it; nothing where that is improbable.
/// `met` counts the factors that were met, by probability.
pub(crate) fn surprise(
    fit: &Fit,
    count: f64,
    item: usize,
    about: Circumstances,
    factors: &Factors,
    met: &mut [f64; FACTORS.len()],
) -> Option<Surprise> {
    let rarer = if about.sound { SOUND } else { 1.0 };
    if count == 0.0 {
        if about.without_stock || !is_steady(fit) {
            return None;
        }
        let probability = ZERO * rarer / (ZERO * rarer + fit.zero);
        let slip = Some(Slip::Zero);
        return (probability >= TOLD_ZERO).then_some(Surprise {
            slip,
            expected: rounded(fit.expected())?,
            probability,
        });
    }
    if count.is_nan() || count < 0.0 {
        return None;
    }
    if fit.residual(count).abs() < 1.5 {
        return None; // nothing explains better what is no surprise
    }
    let clean = fit.log_density(count).exp();
    let mut wrong = OTHER * rarer / WIDTH;
    let mut best = (wrong, None, fit.expected());
    let mut weigh = |weight: f64, slip: Slip, right: f64| {
        wrong += weight;
        if weight > best.0 {
            best = (weight, Some(slip), right);
        }
    };
    let number = whole(count);
    let mut posterior = [0.0; FACTORS.len()];
    for (at, factor) in FACTORS.into_iter().enumerate() {
        let by = f64::from(factor);
        let prior = UNIT * rarer * factors.weights[at] / 2.0;
        let multiple = number.is_none_or(|number| number.is_multiple_of(u64::from(factor)));
        if multiple {
            let chance = factors.multiples.get(item).map_or(1.0, |multiples| multiples[at]);
            let weight = prior * fit.log_density(count / by).exp() / chance.max(1.0 / by);
            posterior[at] += weight;
            weigh(weight, Slip::Times(factor), count / by);
        }
        let weight = prior * fit.log_density(count * by).exp();
        posterior[at] += weight;
        weigh(weight, Slip::Over(factor), count * by);
    }
    if let Some(number) = number.and_then(Decimal::from_u64) {
        for (right, pairs) in swapped(number) {
            let right = right.to_f64().unwrap_or(0.0);
            if right > 0.0 {
                weigh(DIGITS * rarer / f64::from(pairs) * fit.log_density(right).exp(), Slip::Digits, right);
            }
        }
    }
    let all = clean + wrong;
    for (met, weight) in met.iter_mut().zip(posterior) {
        *met += weight / all;
    }
    let probability = wrong / all;
    (probability >= TOLD).then_some(())?;
    Some(Surprise { slip: best.1, expected: rounded(best.2)?, probability })
}

/// A count as it can be reported.
fn rounded(count: f64) -> Option<Decimal> {
    Decimal::from_f64(count).map(|count| count.round_dp(if count < Decimal::ONE { 2 } else { 0 }).normalize())
}
