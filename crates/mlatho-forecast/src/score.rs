//! How good forecasts were where the outcome is known.

use std::collections::HashMap;

use crate::forecast::{AtOrigin, Kind, Prediction};
use crate::models::count;

/// Sums over forecasts with known outcome, of what is issued. Series whose reports never changed up to the origin have no
/// scale and are left out.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    points: usize,
    scaled: f64,
    error: f64,
    signed: f64,
    actual: f64,
    stocked_error: f64,
    stocked_signed: f64,
    stocked_actual: f64,
    held80: usize,
    held95: usize,
    pinball: f64,
    roots: f64,
    root_count: usize,
}

/// What people read of it. Nothing where the numbers to divide by are zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Forecasts that were scored.
    pub points: usize,
    /// Mean of |forecast − actual| over the mean absolute change of the history.
    pub mase: f64,
    /// Mean over series of the root mean square of the same, over the root mean squared change.
    pub rmsse: f64,
    /// Sum of |forecast − actual| over the sum of actuals.
    pub wape: Option<f64>,
    /// Sum of forecast − actual over the sum of actuals: negative is too low.
    pub bias: Option<f64>,
    /// The two for periods that ended with stock, of what is asked for.
    pub stocked_wape: Option<f64>,
    pub stocked_bias: Option<f64>,
    /// Shares of outcomes inside the intervals of 80 and 95 %.
    pub held80: f64,
    pub held95: f64,
    /// Mean pinball loss over the quantiles and the scale.
    pub pinball: f64,
}

const QUANTILES: [f64; 7] = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];

impl Scores {
    /// Takes in forecasts of an origin, all those of a series together.
    pub fn add<'a>(&mut self, at: &AtOrigin<'_>, block: impl Iterator<Item = &'a Prediction>) {
        let mut squares: HashMap<usize, (f64, f64)> = HashMap::new();
        let mut scaled = None;
        for prediction in block {
            let series = &at.panel.series[prediction.series];
            let target = at.origin + prediction.ahead;
            let Some(actual) = at.panel.value(series, target) else { continue };
            // Forecasts of a series come one after the other.
            if scaled.is_none_or(|(known, _)| known != prediction.series) {
                scaled = Some((prediction.series, scales(at.panel.history(series, at.origin))));
            }
            let Some((step, root)) = scaled.and_then(|(_, scales)| scales) else { continue };
            let error = prediction.point - actual;
            if prediction.kind == Kind::Demand {
                if at.panel.in_stock(series, target) == Some(true) {
                    self.stocked_error += error.abs();
                    self.stocked_signed += error;
                    self.stocked_actual += actual;
                }
                continue;
            }
            self.points += 1;
            self.scaled += error.abs() / step;
            self.error += error.abs();
            self.signed += error;
            self.actual += actual;
            let within =
                |low: usize, high: usize| (prediction.quantiles[low]..=prediction.quantiles[high]).contains(&actual);
            self.held80 += usize::from(within(1, 5));
            self.held95 += usize::from(within(0, 6));
            let losses = prediction.quantiles.iter().zip(QUANTILES).map(|(quantile, level)| {
                let miss = actual - quantile;
                (level * miss).max((level - 1.0) * miss)
            });
            self.pinball += losses.sum::<f64>() / count(QUANTILES.len()) / step;
            let square = squares.entry(prediction.series).or_default();
            square.0 += (error / root) * (error / root);
            square.1 += 1.0;
        }
        self.root_count += squares.len();
        let mut roots: Vec<f64> = squares.into_values().map(|(sum, n)| (sum / n).sqrt()).collect();
        roots.sort_unstable_by(f64::total_cmp); // the order of a map is none
        self.roots += roots.iter().sum::<f64>();
    }

    /// Nothing, where no outcome is known.
    #[must_use]
    pub fn score(&self) -> Option<Score> {
        let points = count(self.points);
        let over = |sum: f64, by: f64| (by > 0.0).then(|| sum / by);
        (self.points > 0).then(|| Score {
            points: self.points,
            mase: self.scaled / points,
            rmsse: self.roots / count(self.root_count.max(1)),
            wape: over(self.error, self.actual),
            bias: over(self.signed, self.actual),
            stocked_wape: over(self.stocked_error, self.stocked_actual),
            stocked_bias: over(self.stocked_signed, self.stocked_actual),
            held80: count(self.held80) / points,
            held95: count(self.held95) / points,
            pinball: self.pinball / points,
        })
    }
}

/// Mean absolute change from report to report, and its root mean square; nothing where nothing changed.
fn scales(history: &[f64]) -> Option<(f64, f64)> {
    let (mut last, mut sum, mut squares, mut n) = (None, 0.0, 0.0, 0);
    for value in history.iter().filter(|value| !value.is_nan()) {
        if let Some(last) = last {
            let step: f64 = value - last;
            sum += step.abs();
            squares += step * step;
            n += 1;
        }
        last = Some(value);
    }
    (sum > 0.0).then(|| (sum / count(n), (squares / count(n)).sqrt()))
}
