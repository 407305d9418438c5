//! The fit of a panel of series.

use std::collections::HashMap;
use std::ops::Range;

use super::panel::{Panel, Series};
use super::robust::{deviation, median, quantile};
use super::student::Student;

/// Neighbours on each side from which the local level is taken.
const REACH: usize = 4;
/// Neighbours on each side among which zeros are counted.
const ZERO_REACH: usize = 6;
/// Counts above zero that a series needs to be judged.
pub(crate) const FEWEST: usize = 6;
/// Added to each count, as a share of the median of the series, so that single units among small counts weigh little.
const FLOOR: f64 = 0.1;
/// Series with the same period that an effect of the period needs.
const FEWEST_SERIES: usize = 8;
/// How many residuals of its own a series needs to count as much as its item.
const PRIOR_WEIGHT: f64 = 6.0;

/// Scale of counts of which nothing is known yet, and how many counts of an item say as much about it.
const USUAL: f64 = 0.4;
const SEEN: f64 = 10.0;

/// What is expected of one count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fit {
    /// Expected logarithm of the count above zero, floor included.
    location: f64,
    /// Below and above what is expected.
    scales: [f64; 2],
    floor: f64,
    /// Probability of a zero.
    pub(crate) zero: f64,
    /// Neighbours among which zeros were counted, and how many of them there were.
    pub(crate) neighbours: usize,
    pub(crate) zeros: usize,
    /// Share of zeros in the whole series.
    pub(crate) zero_share: f64,
    densities: [Student; 2],
}

impl Fit {
    /// The expected count.
    pub(crate) fn expected(&self) -> f64 {
        (self.location.exp() - self.floor).max(0.0)
    }

    /// How far counts lie from what is expected, in logarithms.
    pub(crate) const fn scale(&self) -> f64 {
        f64::midpoint(self.scales[0], self.scales[1])
    }

    /// How many scales a count above zero lies from what is expected.
    pub(crate) fn residual(&self, count: f64) -> f64 {
        let apart = (count + self.floor).ln() - self.location;
        apart / self.scales[side(apart)]
    }

    /// Logarithm of the density of a count above zero, per unit of its logarithm.
    pub(crate) fn log_density(&self, count: f64) -> f64 {
        let residual = self.residual(count);
        self.densities[side(residual)].log_density(residual) - self.scale().ln()
    }
}

/// 0 below what is expected, 1 from there on.
fn side(residual: f64) -> usize {
    usize::from(residual >= 0.0)
}

/// Fits by place of the cell; nothing for series that are too short.
#[derive(Debug)]
pub(crate) struct Fits(pub(crate) Vec<Option<Fit>>);

/// Counts of one item, taken apart.
struct Item<'a> {
    panel: &'a Panel,
    series: Vec<&'a Series>,
}

/// Fits every series with at least [`FEWEST`] counts above zero.
pub(crate) fn fit(panel: &Panel) -> Fits {
    let mut by_item: HashMap<usize, Vec<&Series>> = HashMap::new();
    for series in &panel.series {
        by_item.entry(series.item).or_default().push(series);
    }
    let mut fits = vec![None; panel.cells.len()];
    for series in by_item.into_values() {
        Item { panel, series }.fit(&mut fits);
    }
    Fits(fits)
}

impl Item<'_> {
    fn fit(&self, fits: &mut [Option<Fit>]) {
        let mut residuals: Vec<(usize, f64)> = Vec::new(); // by cell
        let mut spans = Vec::new();
        for series in &self.series {
            let from = residuals.len();
            if let Some(floor) = self.levels(series, fits) {
                residuals.extend(series.cells.clone().filter_map(|at| {
                    let count = self.panel.cells[at].count;
                    fits[at].filter(|_| count > 0.0).map(|fit| (at, (count + floor).ln() - fit.location))
                }));
            }
            spans.push(from..residuals.len());
        }
        self.period_effects(&mut residuals, fits);
        self.seasons(&mut residuals, &spans, fits);
        for side in 0..2 {
            self.scales(side, &residuals, &spans, fits);
        }
        self.calibrate(&residuals, fits);
    }

    /// Sets the scales on one side of what is expected: there counts may scatter more than on the other.
    fn scales(&self, side: usize, residuals: &[(usize, f64)], spans: &[Range<usize>], fits: &mut [Option<Fit>]) {
        let mut scratch = Vec::new();
        let mut scale_of = |of: &[(usize, f64)]| {
            scratch.clear();
            scratch.extend(of.iter().map(|(_, residual)| *residual).filter(|residual| self::side(*residual) == side));
            (scratch.len(), deviation(&mut scratch))
        };
        let scales: Vec<(usize, Option<f64>)> = spans.iter().map(|span| scale_of(&residuals[span.clone()])).collect();
        let mut known: Vec<f64> = scales.iter().filter_map(|(_, scale)| scale.filter(|scale| *scale > 0.0)).collect();
        let pooled = median(&mut known).unwrap_or(USUAL).max(0.02);
        let all = weight(scales.iter().map(|(count, _)| count).sum());
        let pooled = ((all * pooled * pooled + SEEN * USUAL * USUAL) / (all + SEEN)).sqrt();
        for (series, (count, scale)) in self.series.iter().zip(scales) {
            let (weight, own) = (weight(count), scale.unwrap_or(pooled));
            let scale = ((weight * own * own + PRIOR_WEIGHT * pooled * pooled) / (weight + PRIOR_WEIGHT)).sqrt();
            for fit in fits[series.cells.clone()].iter_mut().flatten() {
                fit.scales[side] = scale;
            }
        }
    }

    /// Sets level and probability of zero of each cell, and gives the floor.
    fn levels(&self, series: &Series, fits: &mut [Option<Fit>]) -> Option<f64> {
        let cells = &self.panel.cells[series.cells.clone()];
        let mut counts: Vec<f64> = cells.iter().map(|cell| cell.count).filter(|count| *count > 0.0).collect();
        if counts.len() < FEWEST {
            return None;
        }
        let floor = median(&mut counts)? * FLOOR;
        let known: Vec<usize> = (0..cells.len()).filter(|at| !cells[*at].count.is_nan()).collect();
        let logs: Vec<f64> = cells.iter().map(|cell| (cell.count + floor).ln()).collect();
        let whole = {
            let mut all: Vec<f64> = known.iter().filter(|at| cells[**at].count > 0.0).map(|at| logs[*at]).collect();
            median(&mut all)?
        };
        #[expect(clippy::cast_precision_loss, reason = "counts of periods")]
        let zero_share = 1.0 - counts.len() as f64 / known.len().max(1) as f64;
        let densities = [Student::like(0.0); 2];
        let mut near = Vec::with_capacity(2 * REACH);
        for at in 0..cells.len() {
            let here = known.partition_point(|other| *other < at);
            let after = known.get(here).map_or(here, |other| here + usize::from(*other == at));
            near.clear();
            let positive = |other: &&usize| cells[**other].count > 0.0;
            near.extend(known[..here].iter().rev().filter(positive).take(REACH).map(|other| logs[*other]));
            near.extend(known[after..].iter().filter(positive).take(REACH).map(|other| logs[*other]));
            let location = if near.len() < 3 { whole } else { median(&mut near).unwrap_or(whole) };
            let window = known[here.saturating_sub(ZERO_REACH)..here]
                .iter()
                .chain(&known[after..(after + ZERO_REACH).min(known.len())]);
            let (mut neighbours, mut zeros) = (0, 0);
            for other in window {
                neighbours += 1;
                zeros += usize::from(cells[*other].count == 0.0);
            }
            fits[series.cells.start + at] =
                Some(Fit { location, scales: [1.0; 2], floor, zero: 0.5, neighbours, zeros, zero_share, densities });
        }
        Some(floor)
    }

    /// Moves expectations by what all series of the item did in a period.
    fn period_effects(&self, residuals: &mut [(usize, f64)], fits: &mut [Option<Fit>]) {
        let mut by_time: HashMap<i32, Vec<f64>> = HashMap::new();
        for (at, residual) in &*residuals {
            by_time.entry(self.panel.cells[*at].time).or_default().push(*residual);
        }
        let effects: HashMap<i32, f64> = by_time
            .into_iter()
            .filter(|(_, of_time)| of_time.len() >= FEWEST_SERIES)
            .filter_map(|(time, mut of_time)| Some((time, median(&mut of_time)?)))
            .collect();
        let moved: Vec<f64> = residuals
            .iter()
            .map(|(at, residual)| residual - effects.get(&self.panel.cells[*at].time).unwrap_or(&0.0))
            .collect();
        if is_better(residuals, &moved) {
            for ((_, residual), moved) in residuals.iter_mut().zip(moved) {
                *residual = moved;
            }
            for at in self.series.iter().flat_map(|series| series.cells.clone()) {
                if let (Some(fit), Some(effect)) = (&mut fits[at], effects.get(&self.panel.cells[at].time)) {
                    fit.location += effect;
                }
            }
        }
    }

    /// Moves expectations by half or more of what the same season of other years showed, the more the more years.
    fn seasons(&self, residuals: &mut [(usize, f64)], spans: &[Range<usize>], fits: &mut [Option<Fit>]) {
        let mut offsets = vec![0.0; residuals.len()];
        // One wrong count must not move what is expected a year later.
        let mut all: Vec<f64> = residuals.iter().map(|(_, residual)| *residual).collect();
        let limit = deviation(&mut all).unwrap_or(0.0) * 2.0;
        for (series, span) in self.series.iter().zip(spans) {
            if series.season < 2 {
                continue;
            }
            let own = &residuals[span.clone()];
            let by_time: HashMap<i32, f64> =
                own.iter().map(|(at, residual)| (self.panel.cells[*at].time, residual.clamp(-limit, limit))).collect();
            for (place, (at, _)) in own.iter().enumerate() {
                let time = self.panel.cells[*at].time;
                let years = [-2, -1, 1, 2].map(|years| by_time.get(&(time + years * series.season)));
                let mut known: Vec<f64> = years.into_iter().flatten().copied().collect();
                #[expect(clippy::cast_precision_loss, reason = "at most four")]
                let count = known.len() as f64;
                let middle = median(&mut known).unwrap_or(0.0);
                offsets[span.start + place] = middle * count / (count + 1.5);
            }
        }
        let moved: Vec<f64> = residuals.iter().zip(&offsets).map(|((_, residual), by)| residual - by).collect();
        if is_better(residuals, &moved) {
            for (((at, residual), moved), by) in residuals.iter_mut().zip(moved).zip(offsets) {
                *residual = moved;
                if let Some(fit) = &mut fits[*at] {
                    fit.location += by;
                }
            }
        }
    }

    /// Chooses the density that the standardized residuals of the item show, and sets the probabilities of zero to how
    /// often zeros stood among as many zeros where as much is expected.
    fn calibrate(&self, residuals: &[(usize, f64)], fits: &mut [Option<Fit>]) {
        let tails = [0, 1].map(|side| {
            let of_side = residuals.iter().filter(|(_, residual)| self::side(*residual) == side);
            let mut standard: Vec<f64> =
                of_side.filter_map(|(at, residual)| fits[*at].map(|fit| (residual / fit.scales[side]).abs())).collect();
            let middle = quantile(&mut standard, 0.5).unwrap_or(0.6745).max(0.2);
            let shoulder = quantile(&mut standard, 0.9).unwrap_or(2.0);
            let density = Student::like(shoulder / middle);
            (density, middle / density.middle())
        });
        let all = || self.series.iter().flat_map(|series| series.cells.clone());
        let mut sizes: Vec<f64> = all().filter_map(|at| fits[at].map(|fit| fit.location)).collect();
        let typical = median(&mut sizes).unwrap_or(0.0);
        let mut often = [[(1.0, 0.02); SIZES]; ZERO_REACH + 1];
        for at in all() {
            let (Some(fit), count) = (&fits[at], self.panel.cells[at].count) else { continue };
            if !count.is_nan() {
                let (seen, zeros) = &mut often[fit.zero_class()][fit.size_class(typical)];
                *seen += 1.0;
                *zeros += f64::from(u8::from(count == 0.0));
            }
        }
        for at in all() {
            if let Some(fit) = &mut fits[at] {
                let (seen, zeros) = often[fit.zero_class()][fit.size_class(typical)];
                fit.zero = (zeros / seen).clamp(1e-4, 1.0);
                for (side, (density, stretch)) in tails.into_iter().enumerate() {
                    fit.densities[side] = density;
                    fit.scales[side] *= stretch;
                }
            }
        }
    }
}

impl Fit {
    /// Zeros among the neighbours, in classes of two for twelve of them.
    const fn zero_class(&self) -> usize {
        if self.neighbours == 0 { ZERO_REACH } else { (self.zeros * ZERO_REACH).div_ceil(self.neighbours) }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of counts")]
const fn weight(count: usize) -> f64 {
    count as f64
}

/// Classes of size among the series of an item.
const SIZES: usize = 3;

impl Fit {
    /// Under half of what is typical for the item, over its double, or between.
    fn size_class(&self, typical: f64) -> usize {
        let apart = self.location - typical;
        if apart < -std::f64::consts::LN_2 { 0 } else { 1 + usize::from(apart > std::f64::consts::LN_2) }
    }
}

/// Whether residuals are smaller in the middle after a move.
fn is_better(before: &[(usize, f64)], after: &[f64]) -> bool {
    let mut before: Vec<f64> = before.iter().map(|(_, residual)| *residual).collect();
    let mut after = after.to_vec();
    deviation(&mut after).zip(deviation(&mut before)).is_some_and(|(after, before)| after < before * 0.98)
}
