//! The repair of bias: forecasts of single series are medians, and medians of many small series sum low.
//!
//! Asked for the forecasts with the least scaled absolute error whose sum is right, the answer is a quantile of each series,
//! the higher the larger its steps, for there a unit more costs least. Taken as it is that rule would put all on a few
//! large series, so the height levels off: `1/2 + λ × scale / (scale + mean scale of the product)`. `λ` is chosen for each
//! product so that at earlier origins the forecasts sum to what means expected, a quarter of the way to what came; what
//! a product's own outcomes cannot carry leans on all products.

use super::features::BUSY;
use super::spread::{Around, Outcome, Spread};
use crate::models::{count, whole};

/// The highest quantile that stands in for a forecast.
const HIGHEST: f64 = 0.85;
/// How far the sum follows what came, which bursts and the times move, away from what means expected.
const TRUST: f64 = 0.25;
/// Outcomes of a product below which it follows the others.
const LEAST: usize = 100;
/// Outcomes of a product that weigh as much as what all products say of it.
const LEAN: f64 = 2000.0;

/// By how much forecasts of a product are lifted.
#[derive(Clone, Copy, Debug)]
struct Rule {
    lift: f64,
    /// Mean scale of the outcomes it was learnt from.
    scale: f64,
}

/// The rule of each product, and one for products not seen.
#[derive(Clone, Debug)]
pub(super) struct Lift {
    by_product: Vec<Option<Rule>>,
    of_all: Rule,
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
        let (came, usual) = totals(&all, spread);
        let came = usual + TRUST * (came - usual);
        let ratio = if usual > 0.0 { came / usual } else { 1.0 };
        let by_product = by_product.iter().map(|of| {
            let (came, usual) = totals(of, spread);
            let trust = count(of.len()) / (count(of.len()) + LEAN);
            (of.len() >= LEAST).then(|| solve(of, spread, trust * came + (1.0 - trust) * ratio * usual))
        });
        Self { by_product: by_product.collect(), of_all: solve(&all, spread, came) }
    }

    /// The lifted forecast; whole where the history is whole.
    pub(super) fn apply(&self, spread: &Spread, outcome: &Outcome<'_>) -> f64 {
        let rule = self.by_product.get(outcome.product).copied().flatten().unwrap_or(self.of_all);
        Liftable::new(spread, outcome).at(rule)
    }
}

/// A forecast with the distribution around it.
struct Liftable<'a> {
    scale: f64,
    forecast: f64,
    middle: f64,
    around: Around<'a>,
    least: f64,
    whole: bool,
}

impl<'a> Liftable<'a> {
    fn new(spread: &'a Spread, outcome: &Outcome<'_>) -> Self {
        let around = spread.around(outcome.point, outcome.forecast);
        let Outcome { point, forecast, least, .. } = *outcome;
        Self { scale: point.state.scale, forecast, middle: around.at(0.5), around, least, whole: point.state.whole }
    }

    fn at(&self, rule: Rule) -> f64 {
        let height = rule.lift * self.scale / (self.scale + rule.scale);
        let level = (0.5 + height).clamp(1.0 - HIGHEST, HIGHEST);
        let lifted = (self.forecast - self.middle + self.around.at(level)).max(self.least);
        if self.whole { whole(lifted) } else { lifted }
    }
}

/// What came, and what means and smoothing expected, which are near the truth on the whole and do not follow bursts.
///
/// Where series are busy, half of them lie above a median forecast and half below; if more did, times had changed for all,
/// which they may or may not do again. Half of that common shift is taken out.
fn totals(outcomes: &[&Outcome<'_>], spread: &Spread) -> (f64, f64) {
    outcomes.iter().fold((0.0, 0.0), |(came, usual), outcome| {
        let point = outcome.point;
        let [_, mean6, _, ses, ..] = point.issues;
        let busy = point.state.class() == BUSY;
        let shift = if busy { spread.around(point, outcome.forecast).at(0.5) - outcome.forecast } else { 0.0 };
        (came + point.actual.unwrap_or(0.0) - shift / 2.0, usual + f64::midpoint(mean6, ses))
    })
}

/// The lift at which the sum is as wanted, by halving.
fn solve(outcomes: &[&Outcome<'_>], spread: &Spread, wanted: f64) -> Rule {
    let liftable: Vec<Liftable<'_>> = outcomes.iter().map(|outcome| Liftable::new(spread, outcome)).collect();
    let scale = liftable.iter().map(|one| one.scale).sum::<f64>() / count(liftable.len().max(1));
    let sum = |lift: f64| -> f64 { liftable.iter().map(|one| one.at(Rule { lift, scale })).sum() };
    let (mut low, mut high) = (-1.0, 1.0);
    for _ in 0..14 {
        let middle = f64::midpoint(low, high);
        if sum(middle) < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    Rule { lift: f64::midpoint(low, high), scale }
}
