//! Which models carry the forecast, and how much: chosen by the errors at earlier origins, class by class.
//!
//! Greedy selection with replacement (Caruana et al. 2004): again and again the model that lowers the mean scaled
//! absolute error of the average most is taken once more. The weights of a class lean on those of all classes together.

use super::features::CLASSES;
use super::points::{MODELS, Point};
use crate::models::{STAND_IN, count, median};

/// How often a model is taken.
const ROUNDS: usize = 16;
/// Points of a class that weigh as much as all classes together.
const LEAN: f64 = 1500.0;
/// Points that are looked at for each class.
const ENOUGH: usize = 6_000;
/// With fewer points nothing is learnt.
const LEAST: usize = 60;

/// Weights of the models by class; without any, the median of simple ones stands in.
#[derive(Clone, Debug)]
pub(super) struct Weights {
    by_class: Option<[Vec<(usize, f64)>; CLASSES]>,
}

impl Weights {
    /// Learns from points whose outcome is known.
    pub(super) fn learn(points: &[&Point], forecasts: fn(&Point) -> &[f64; MODELS], usable: &[bool; MODELS]) -> Self {
        let points: Vec<&Point> = points.iter().copied().filter(|point| point.state.moves).collect();
        if points.len() < LEAST {
            return Self { by_class: None };
        }
        let all = select(&points, forecasts, usable);
        let by_class = std::array::from_fn(|class| {
            let of: Vec<&Point> = points.iter().copied().filter(|point| point.state.class() == class).collect();
            let trust = count(of.len()) / (count(of.len()) + LEAN);
            let own = if of.len() < LEAST { all } else { select(&of, forecasts, usable) };
            let mixed = (0..MODELS).map(|model| (model, trust * own[model] + (1.0 - trust) * all[model]));
            mixed.filter(|(_, weight)| *weight > 1e-9).collect()
        });
        Self { by_class: Some(by_class) }
    }

    pub(super) fn combine(&self, class: usize, forecasts: &[f64; MODELS]) -> f64 {
        match &self.by_class {
            Some(by_class) => by_class[class].iter().map(|(model, weight)| forecasts[*model] * weight).sum(),
            None => median(&mut STAND_IN.map(|model| forecasts[model])),
        }
    }

    /// Models with their weights, the heaviest first; of a median all alike.
    pub(super) fn of(&self, class: usize) -> Vec<(usize, f64)> {
        match &self.by_class {
            Some(by_class) => {
                let mut weights = by_class[class].clone();
                weights.sort_by(|a, b| b.1.total_cmp(&a.1));
                weights
            }
            None => STAND_IN.map(|model| (model, 1.0 / count(STAND_IN.len()))).to_vec(),
        }
    }
}

fn select(points: &[&Point], forecasts: fn(&Point) -> &[f64; MODELS], usable: &[bool; MODELS]) -> [f64; MODELS] {
    let step = points.len().div_ceil(ENOUGH).max(1);
    let points: Vec<&Point> = points.iter().copied().step_by(step).collect();
    // By model, so that a round runs over one column after the other.
    let columns: Vec<Vec<f32>> =
        (0..MODELS).map(|model| points.iter().map(|point| scaled(forecasts(point)[model], point)).collect()).collect();
    let actual: Vec<f32> = points.iter().map(|point| scaled(point.actual.unwrap_or(0.0), point)).collect();
    let mut sum = vec![0.0_f32; points.len()];
    let mut taken = [0.0; MODELS];
    for round in 1..=ROUNDS {
        #[expect(clippy::cast_precision_loss, reason = "a few rounds")]
        let share = 1.0 / round as f32;
        let mut best = (f32::INFINITY, 0);
        for (model, column) in columns.iter().enumerate().filter(|(model, _)| usable[*model]) {
            let errors =
                sum.iter().zip(column).zip(&actual).map(|((sum, own), actual)| ((sum + own) * share - actual).abs());
            let error: f32 = errors.sum();
            if error < best.0 {
                best = (error, model);
            }
        }
        taken[best.1] += 1.0 / count(ROUNDS);
        sum.iter_mut().zip(&columns[best.1]).for_each(|(sum, own)| *sum += own);
    }
    taken
}

#[expect(clippy::cast_possible_truncation, reason = "errors are compared in single precision")]
fn scaled(value: f64, point: &Point) -> f32 {
    (value / point.state.scale) as f32
}
