//! How far what came lay from what was forecast, and the intervals that follow.
//!
//! Split-conformal: errors at earlier origins, in scales of the series and alike for forecasts alike (same class, near
//! in height, same lead time), are the distribution around a forecast. Which tails to cut is read from how
//! often intervals of that distribution held what came, product by product: the level is a quantile of the tails at which
//! each known outcome just falls inside (Chernozhukov, Wüthrich, Zhu 2021). Cutting tails, not adding widths, keeps
//! quantiles in order.

use super::features::CLASSES;
use super::points::Point;
use crate::models::{count, median};

/// Errors that one distribution is made of.
const IN_BIN: usize = 250;
/// With fewer errors there is no distribution.
const LEAST: usize = 40;
/// Outcomes of a product that weigh as much as those of all.
const LEAN: f64 = 60.0;
/// The quantiles of a distribution that are kept.
const KEPT: usize = 101;

/// Errors of forecasts of about one height.
#[derive(Clone, Debug)]
struct Bin {
    /// The largest forecast, in scales, that belongs here.
    until: f64,
    /// Quantiles 0, 0.01, … 1 of the error in scales.
    quantiles: Vec<f64>,
}

#[derive(Clone, Debug)]
pub(super) struct Spread {
    bins: [Vec<Bin>; CLASSES],
    /// How much wider errors are at each lead time than on the whole.
    by_ahead: Vec<f64>,
    /// Tails cut for intervals of 50, 80 and 95 %, of all and by product.
    tails: [f64; 3],
    by_product: Vec<[f64; 3]>,
}

/// What an interval should hold, and the tail that it would cut by name.
const INTERVALS: [f64; 3] = [0.5, 0.8, 0.95];

/// A combined forecast, with its outcome where that is known.
pub(super) struct Outcome<'a> {
    pub(super) point: &'a Point,
    pub(super) forecast: f64,
    pub(super) product: usize,
    /// What it cannot be less than: zero, and for what is asked for what will be given out.
    pub(super) least: f64,
}

impl Spread {
    /// Learns from outcomes; nothing where there are too few.
    pub(super) fn learn(outcomes: &[Outcome<'_>], horizon: usize, products: usize) -> Option<Self> {
        let moving: Vec<&Outcome<'_>> = outcomes.iter().filter(|outcome| outcome.point.state.moves).collect();
        if moving.len() < LEAST {
            return None;
        }
        let error = |outcome: &Outcome<'_>| {
            (outcome.point.actual.unwrap_or(0.0) - outcome.forecast) / outcome.point.state.scale
        };
        let sizes = |of: &mut dyn Iterator<Item = &&Outcome<'_>>| {
            let sizes: Vec<f64> = of.map(|outcome| error(outcome).abs().min(20.0)).collect();
            (sizes.iter().sum::<f64>(), count(sizes.len()))
        };
        let (sum, n) = sizes(&mut moving.iter());
        let usual = sum / n;
        let by_ahead: Vec<f64> = (1..=horizon)
            .map(|ahead| {
                let (sum, n) = sizes(&mut moving.iter().filter(|outcome| outcome.point.ahead == ahead));
                if usual > 0.0 { (sum / usual + 100.0) / (n + 100.0) } else { 1.0 }
            })
            .collect();
        let mut errors: [Vec<(f64, f64)>; CLASSES] = Default::default();
        for outcome in &moving {
            let state = &outcome.point.state;
            let height = outcome.forecast / state.scale;
            errors[state.class()].push((height, error(outcome) / by_ahead[outcome.point.ahead - 1]));
        }
        let mut all: Vec<(f64, f64)> = errors.iter().flatten().copied().collect();
        let whole = bins(&mut all);
        let bins = errors.map(|mut errors| if errors.len() < LEAST { whole.clone() } else { bins(&mut errors) });
        let mut spread =
            Self { bins, by_ahead, tails: INTERVALS.map(|held| (1.0 - held) / 2.0), by_product: Vec::new() };
        spread.calibrate(&moving, products);
        Some(spread)
    }

    fn calibrate(&mut self, outcomes: &[&Outcome<'_>], products: usize) {
        let mut all = Vec::with_capacity(outcomes.len());
        let mut by_product = vec![Vec::new(); products];
        for outcome in outcomes {
            let tail = self.tail(outcome);
            all.push(tail);
            if let Some(product) = by_product.get_mut(outcome.product) {
                product.push(tail);
            }
        }
        let level = |tails: &mut Vec<f64>| {
            tails.sort_unstable_by(f64::total_cmp);
            INTERVALS.map(|held| lower(tails, 1.0 - held))
        };
        self.tails = level(&mut all);
        self.by_product = by_product
            .iter_mut()
            .map(|tails| {
                let trust = count(tails.len()) / (count(tails.len()) + LEAN);
                let own = if tails.is_empty() { self.tails } else { level(tails) };
                std::array::from_fn(|at| trust * own[at] + (1.0 - trust) * self.tails[at])
            })
            .collect();
    }

    /// The largest tail that may be cut on both sides so that the interval still holds the outcome; −1 where none does.
    fn tail(&self, outcome: &Outcome<'_>) -> f64 {
        let actual = outcome.point.actual.unwrap_or(0.0);
        let around = self.around(outcome.point, outcome.forecast);
        let holds = |tail: f64| {
            let at = |level| shown(around.at(level), outcome.point.state.whole, level);
            (at(tail)..=at(1.0 - tail)).contains(&actual)
        };
        let (mut inside, mut outside) = (0, 51);
        if !holds(0.0) {
            return -1.0;
        }
        while outside - inside > 1 {
            let middle = usize::midpoint(inside, outside);
            if holds(count(middle) / 100.0) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        count(inside) / 100.0
    }

    /// The distribution around a forecast.
    pub(super) fn around(&self, point: &Point, forecast: f64) -> Around<'_> {
        let state = &point.state;
        let bins = &self.bins[state.class()];
        let height = forecast / state.scale;
        let at = bins.partition_point(|bin| bin.until < height).min(bins.len().saturating_sub(1));
        let quantiles = bins.get(at).map_or(&[] as &[f64], |bin| &bin.quantiles);
        let ahead = self.by_ahead.get(point.ahead - 1).or(self.by_ahead.last()).copied().unwrap_or(1.0);
        Around { forecast, width: state.scale * ahead, quantiles }
    }

    /// The levels of the seven quantiles that are given out, those of the intervals calibrated.
    pub(super) fn levels(&self, product: usize) -> [f64; 7] {
        let tails = self.by_product.get(product).unwrap_or(&self.tails);
        let half = tails[0].clamp(0.0, 0.5);
        let wide = tails[1].clamp(0.0, half);
        let widest = tails[2].clamp(0.0, wide);
        [widest, wide, half, 0.5, 1.0 - half, 1.0 - wide, 1.0 - widest]
    }
}

/// The distribution around a forecast.
pub(super) struct Around<'a> {
    forecast: f64,
    width: f64,
    quantiles: &'a [f64],
}

impl Around<'_> {
    /// A quantile; not below zero.
    pub(super) fn at(&self, level: f64) -> f64 {
        (self.forecast + self.width * between(self.quantiles, level)).max(0.0)
    }
}

/// As it is given out: whole where the history is whole.
pub(super) fn shown(quantile: f64, whole: bool, level: f64) -> f64 {
    match whole {
        false => quantile,
        // Rounded outwards, so that an interval holds what it held.
        true if level < 0.5 => quantile.floor(),
        true if level > 0.5 => quantile.ceil(),
        true => quantile.round(),
    }
}

fn bins(errors: &mut [(f64, f64)]) -> Vec<Bin> {
    errors.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let many = (errors.len() / IN_BIN).max(1);
    (0..many)
        .map(|bin| {
            let part = &errors[bin * errors.len() / many..(bin + 1) * errors.len() / many];
            let mut sorted: Vec<f64> = part.iter().map(|(_, error)| *error).collect();
            sorted.sort_unstable_by(f64::total_cmp);
            let quantiles = (0..KEPT).map(|at| between(&sorted, count(at) / count(KEPT - 1))).collect();
            Bin { until: part.last().map_or(0.0, |(height, _)| *height), quantiles }
        })
        .collect()
}

/// A quantile of sorted values, between two of them in proportion.
fn between(sorted: &[f64], level: f64) -> f64 {
    if sorted.is_empty() {
        return 0.0;
    }
    let place = level.clamp(0.0, 1.0) * count(sorted.len() - 1);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place among the values")]
    let below = place as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * (place - count(below))
}

/// The value that this share of sorted values stays below, at most.
fn lower(sorted: &[f64], share: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place among the values")]
    let place = (share * count(sorted.len() + 1)) as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or(0.0)
}

/// Quantiles where nothing can be learnt: those of a normal distribution as wide as the history, and no narrower than
/// chance makes of counts (Poisson).
pub(super) fn from_history(forecast: f64, history: &[f64], ahead: usize) -> [f64; 7] {
    const NORMAL: [f64; 7] = [-1.960, -1.282, -0.674, 0.0, 0.674, 1.282, 1.960];
    let known: Vec<f64> = history.iter().copied().filter(|value| !value.is_nan()).collect();
    let middle = median(&mut known.clone());
    let spread =
        known.iter().map(|value| (value - middle) * (value - middle)).sum::<f64>() / count(known.len().max(2) - 1);
    let width = spread.max(forecast).sqrt() * (1.0 + 0.05 * count(ahead - 1));
    NORMAL.map(|normal| (forecast + normal * width).max(0.0))
}
