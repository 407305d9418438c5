//! The repair of bias: forecasts of single series are medians, and medians of many small series sum low.
//!
//! Asked for the forecasts with the least scaled absolute error whose sum is right, the answer is a quantile of each series:
//! at `(1 + λ × scale) / 2`, the higher the larger its steps, for there a unit more costs least. `λ` is chosen for each
//! product so that at earlier origins the forecasts summed to what came; what a product's own outcomes cannot carry leans on
//! all products.

use super::points::Point;
use super::spread::{Outcome, Spread};
use crate::models::count;

/// The highest quantile that stands in for a forecast.
const HIGHEST: f64 = 0.85;
/// Outcomes of a product below which it follows the others.
const LEAST: usize = 150;

/// By how much forecasts are lifted, by product, and for products not seen.
#[derive(Clone, Debug)]
pub(super) struct Lift {
    by_product: Vec<Option<f64>>,
    of_all: f64,
}

impl Lift {
    pub(super) fn learn(outcomes: &[Outcome<'_>], spread: &Spread, products: usize) -> Self {
        let all: Vec<&Outcome<'_>> = outcomes.iter().collect();
        let mut by_product = vec![Vec::new(); products];
        for outcome in outcomes {
            if let Some(product) = by_product.get_mut(outcome.product) {
                product.push(outcome);
            }
        }
        let of_all = solve(&all, spread);
        let by_product = by_product
            .iter()
            .map(|of| (of.len() >= LEAST).then(|| solve(of, spread)))
            .collect();
        Self { by_product, of_all }
    }

    pub(super) fn apply(&self, spread: &Spread, point: &Point, forecast: f64, product: usize) -> f64 {
        let lift = self.by_product.get(product).copied().flatten().unwrap_or(self.of_all);
        lifted(spread, point, forecast, lift)
    }
}

fn lifted(spread: &Spread, point: &Point, forecast: f64, lift: f64) -> f64 {
    let level = (0.5 + lift * point.state.scale / 2.0).clamp(1.0 - HIGHEST, HIGHEST);
    let middle = spread.quantile(point, forecast, 0.5);
    (forecast + spread.quantile(point, forecast, level) - middle).max(0.0)
}

/// The lift at which the sum is right, by halving.
fn solve(outcomes: &[&Outcome<'_>], spread: &Spread) -> f64 {
    let came: f64 = outcomes.iter().filter_map(|outcome| outcome.point.actual).sum();
    let sum = |lift: f64| -> f64 {
        outcomes.iter().map(|outcome| lifted(spread, outcome.point, outcome.forecast, lift)).sum()
    };
    let scale = outcomes.iter().map(|outcome| outcome.point.state.scale).sum::<f64>() / count(outcomes.len().max(1));
    let (mut low, mut high) = (-20.0 / scale, 20.0 / scale);
    for _ in 0..20 {
        let middle = f64::midpoint(low, high);
        if sum(middle) < came {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}
