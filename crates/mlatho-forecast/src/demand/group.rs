//! What the series of a group share: how much demand a shortage hides, the spread of a month, and the movement from
//! month to month.

use super::level::{self, Level, Seen};
use super::month::{DaysRecord, evidence};
use super::negative_binomial::NegativeBinomial;
use super::{Recovered, Series};

/// Shape before anything is known, and the spread of its logarithm.
const USUAL_SHAPE: f64 = 2.0;
const ROUNDS: usize = 3;
/// The shape is found from so many months at most.
const MONTHS_FOR_SHAPE: usize = 600;
/// A group has a movement of its own from so many series on; of fewer it would be their noise.
const SERIES_FOR_MOVEMENT: usize = 8;

pub(super) fn recover(group: &[Series<'_>]) -> Vec<Recovered> {
    let records: Vec<DaysRecord> = group.iter().map(|series| DaysRecord::of(series.months)).collect();
    let whole = records.iter().copied().fold(DaysRecord::default(), DaysRecord::plus);
    let origin = group.iter().map(|series| i64::from(series.first)).min().unwrap_or_default();
    let mut length = 0;
    let mut levels: Vec<Option<Level>> = Vec::with_capacity(group.len());
    for (series, record) in group.iter().zip(&records) {
        let start = usize::try_from(i64::from(series.first) - origin).unwrap_or_default();
        length = length.max(start + series.months.len());
        levels.push(Level::new(evidence(series.months, record.credible(whole)).collect(), start));
    }
    let mut shape = USUAL_SHAPE;
    let mut movement = vec![1.0; length];
    let mut uplift = 0.0;
    let mut usual = level::FIRST_ACTIVITY;
    for round in 0..=ROUNDS {
        for level in levels.iter_mut().flatten() {
            level.settle(
                level.mean_issued() * (1.0 + uplift * level.short()),
                usual,
                shape,
                &movement,
                if round < ROUNDS { 0.01 } else { 0.001 },
            );
        }
        if round < ROUNDS {
            uplift = hidden(&levels);
            usual = usual_activity(&levels);
            shape = found_shape(&levels, &movement);
            movement = moved(&levels, shape, length);
        }
    }
    let finished = group.iter().zip(&levels).map(|(series, level)| match level {
        None => Recovered { months: vec![None; series.months.len()], level: None },
        Some(level) => {
            let months = level.demand(shape, &movement).into_iter().map(Some);
            Recovered {
                months: std::iter::repeat_n(None, level.unborn).chain(months).collect(),
                level: level.next(shape),
            }
        }
    });
    finished.collect()
}

/// How much a shortage hides in the group: `u` in `demand = issues × (1 + u × share of months that were short)`.
fn hidden(levels: &[Option<Level>]) -> f64 {
    let (mut lost, mut weight) = (0.0, 0.0);
    for level in levels.iter().flatten() {
        let short = level.short();
        // A series that was always short says nothing.
        lost += (1.0 - short) * short * (level.mean_expected() - level.mean_issued());
        weight += (1.0 - short) * short * short * level.mean_issued();
    }
    if weight > 0.0 { (lost / weight).max(0.0) } else { 0.0 }
}

/// Share of months with stock in which there was demand.
fn usual_activity(levels: &[Option<Level>]) -> f64 {
    let all = levels.iter().flatten().map(Level::activity);
    let (months, active) = all.fold((0.0, 0.0), |(months, active), it| (months + it.0, active + it.1));
    if months > 0.0 { active / months } else { level::FIRST_ACTIVITY }
}

/// The shape under which the months are most likely, each held against the level of the others:
/// `1 / spread = 1 / shape + (1 / mean + 1 / shape) / months behind the level`. A prior, log-normal around the usual
/// shape, counts like one more month.
fn found_shape(levels: &[Option<Level>], movement: &[f64]) -> f64 {
    let months: Vec<Seen> = levels.iter().flatten().flat_map(|level| level.seen(movement)).collect();
    let stride = months.len().div_ceil(MONTHS_FOR_SHAPE).max(1);
    let worth = |ln_shape: f64| {
        let shape = ln_shape.exp();
        let fits = months.iter().step_by(stride).map(|month| {
            let spread = 1.0 / (1.0 / shape + (1.0 / month.mean + 1.0 / shape) / month.behind);
            let demand = NegativeBinomial { mean: month.mean, shape: spread };
            let fit = if month.is_bound {
                demand.at_least(month.issued).max(1e-300).ln()
            } else {
                demand.ln_probability(month.issued)
            };
            month.presence * fit
        });
        fits.sum::<f64>() - (ln_shape - USUAL_SHAPE.ln()).powi(2) / 2.0
    };
    highest(worth, 0.05_f64.ln(), 200.0_f64.ln()).exp()
}

/// Where a function with one top is highest (golden section).
fn highest(worth: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut left, mut right) = (high - golden * (high - low), low + golden * (high - low));
    let (mut at_left, mut at_right) = (worth(left), worth(right));
    while high - low > 0.1 {
        if at_left > at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - golden * (high - low);
            at_left = worth(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + golden * (high - low);
            at_right = worth(right);
        }
    }
    f64::midpoint(low, high)
}

/// Demand of the group over its level for each month, drawn towards 1 by how much of it is noise.
fn moved(levels: &[Option<Level>], shape: f64, length: usize) -> Vec<f64> {
    if levels.iter().flatten().count() < SERIES_FOR_MOVEMENT {
        return vec![1.0; length];
    }
    let mut sums = vec![(0.0, 0.0, 0.0); length];
    for (at, expected, usual) in levels.iter().flatten().flat_map(|level| level.reports(shape)) {
        let sum = &mut sums[at];
        sum.0 += expected;
        sum.1 += usual.mean;
        sum.2 += usual.variance();
    }
    let ratio = |&(demand, level, _): &(f64, f64, f64)| if level > 0.0 { demand / level } else { 1.0 };
    let noise = |&(_, level, variance): &(f64, f64, f64)| if level > 0.0 { variance / (level * level) } else { 1e9 };
    // Method of moments, months weighted by how well they are known.
    let (mut excess, mut weights) = (0.0, 0.0);
    for sum in &sums {
        let weight = 1.0 / (0.01 + noise(sum));
        excess += weight * ((ratio(sum) - 1.0).powi(2) - noise(sum));
        weights += weight;
    }
    let spread = if weights > 0.0 { (excess / weights).max(0.0) } else { 0.0 };
    sums.iter().map(|sum| 1.0 + (ratio(sum) - 1.0) * spread / (spread + noise(sum)).max(f64::MIN_POSITIVE)).collect()
}
