//! What is learnt at an origin from the periods before it, and the forecasts that follow.

mod features;
mod level;
mod points;
mod rows;
mod spread;
mod stack;

use features::Source;
use level::Lift;
use points::Point;
use rows::Boosted;
use spread::{Outcome, Spread};
use stack::Weights;

use crate::panel::{Covariates, Groups, Panel};
use crate::{Goal, Kind, Prediction};

/// Series that are learnt from.
const LEARNERS: u64 = 6_000;

/// Everything learnt at one origin.
pub(crate) struct Learnt<'a> {
    source: Source<'a>,
    origin: usize,
    horizon: usize,
    goal: Goal,
    boosted: Option<Boosted>,
    issues: Carried,
    /// The same for periods that end with stock; as issues where nothing is known of the stock.
    demand: Option<Carried>,
}

/// Weights, spread and lift for one kind of forecast.
struct Carried {
    weights: Weights,
    spread: Option<Spread>,
    lift: Option<Lift>,
}

impl<'a> Learnt<'a> {
    /// Learns from what is known at period `origin` of the grid and nothing later.
    pub(crate) fn at(
        panel: &'a Panel,
        groups: &'a Groups,
        covariates: &'a Covariates,
        origin: usize,
        horizon: usize,
        goal: Goal,
        seed: u64,
    ) -> Self {
        let source = Source { panel, groups, covariates };
        let started = panel.series.iter().enumerate().filter(|(_, series)| series.start <= origin);
        let many = u64::try_from(started.clone().count()).unwrap_or(u64::MAX);
        let learners: Vec<usize> = started
            .filter(|(_, series)| many <= LEARNERS || key(&series.id, seed ^ 1) % many < LEARNERS)
            .map(|(at, _)| at)
            .collect();
        let earlier = earlier(origin, horizon);
        let before = earlier.first().and_then(|first| Boosted::fit(&source, &learners, *first, horizon, seed));
        let mut points = Vec::new();
        for &series in &learners {
            points::of_series(&source, series, &earlier, horizon, before.as_ref(), origin, &mut points);
        }
        let known: Vec<&Point> = points.iter().filter(|point| point.actual.is_some()).collect();
        let with_trees = before.is_some();
        let issues = Carried::learn(&source, &known, Kind::Issues, horizon, with_trees, origin);
        let stocked: Vec<&Point> = known.iter().copied().filter(|point| point.in_stock == Some(true)).collect();
        let demand = (panel.has_stock() && !stocked.is_empty())
            .then(|| Carried::learn(&source, &stocked, Kind::Demand, horizon, with_trees, origin));
        let boosted = if with_trees { Boosted::fit(&source, &learners, origin, horizon, seed) } else { None };
        Self { source, origin, horizon, goal, boosted, issues, demand }
    }

    /// The forecasts of a series, issues before demand, the next period first; none before its first number.
    pub(crate) fn forecast(&self, series: usize, out: &mut Vec<Prediction>) {
        let mut points = Vec::new();
        let origins = [self.origin];
        points::of_series(&self.source, series, &origins, self.horizon, self.boosted.as_ref(), self.origin, &mut points);
        let panel = self.source.panel;
        let history = panel.history(&panel.series[series], self.origin);
        let whole = is_whole(history);
        let issues: Vec<Prediction> = points.iter().map(|point| self.one(point, Kind::Issues, whole, history)).collect();
        let demand = points.iter().zip(&issues).map(|(point, issues)| {
            if self.demand.is_none() {
                return Prediction { kind: Kind::Demand, ..issues.clone() };
            }
            // What is asked for cannot be less than what will be given out.
            let mut demand = self.one(point, Kind::Demand, whole, history);
            demand.point = demand.point.max(issues.point);
            demand.quantiles.iter_mut().zip(issues.quantiles).for_each(|(own, least)| *own = own.max(least));
            demand
        });
        let demand: Vec<Prediction> = demand.collect();
        out.extend(issues);
        out.extend(demand);
    }

    fn one(&self, point: &Point, kind: Kind, whole: bool, history: &[f64]) -> Prediction {
        let carried = match (kind, &self.demand) {
            (Kind::Demand, Some(demand)) => demand,
            _ => &self.issues,
        };
        let product = product(&self.source, point.series);
        let class = stack::class(point.state.reports, point.state.zero_share);
        let forecast = carried.weights.combine(class, forecasts(kind)(point)).max(0.0);
        let quantiles = match &carried.spread {
            Some(spread) if point.state.moves => spread.levels(product).map(|level| {
                spread::shown(spread.quantile(point, forecast, level), whole, level)
            }),
            _ => {
                let quantiles = spread::from_history(forecast, history, point.ahead);
                if whole { quantiles.map(f64::round) } else { quantiles }
            }
        };
        let value = match (self.goal, &carried.spread, &carried.lift) {
            (Goal::Balanced, Some(spread), Some(lift)) if point.state.moves => lift.apply(spread, point, forecast, product),
            _ => forecast,
        };
        let method = class;
        Prediction { series: point.series, ahead: point.ahead, point: value, quantiles, kind, class: method }
    }

    /// The models that carry a kind of forecast for a class, the heaviest first.
    pub(crate) fn method(&self, kind: Kind, class: usize) -> Vec<(&'static str, f64)> {
        let carried = match (kind, &self.demand) {
            (Kind::Demand, Some(demand)) => demand,
            _ => &self.issues,
        };
        carried.weights.of(class).into_iter().map(|(model, weight)| (points::name(model), weight)).collect()
    }
}

impl Carried {
    fn learn(source: &Source<'_>, points: &[&Point], kind: Kind, horizon: usize, with_trees: bool, origin: usize) -> Self {
        let mut usable = [true; points::MODELS];
        usable[points::BOOSTED] = with_trees;
        usable[points::PROFILE] = source.panel.season() > 1;
        let weights = Weights::learn(points, forecasts(kind), &usable);
        let products = source.panel.group_names[1].len() + 1;
        let outcomes: Vec<Outcome<'_>> = points
            .iter()
            .map(|point| {
                let class = stack::class(point.state.reports, point.state.zero_share);
                Outcome {
                    point,
                    forecast: weights.combine(class, forecasts(kind)(point)).max(0.0),
                    product: product(source, point.series),
                    whole: is_whole(source.panel.history(&source.panel.series[point.series], origin)),
                }
            })
            .collect();
        let spread = Spread::learn(&outcomes, horizon, products);
        let lift = spread.as_ref().map(|spread| Lift::learn(&outcomes, spread, products));
        Self { weights, spread, lift }
    }
}

fn forecasts(kind: Kind) -> fn(&Point) -> &[f64; points::MODELS] {
    match kind {
        Kind::Issues => |point| &point.issues,
        Kind::Demand => |point| &point.demand,
    }
}

fn product(source: &Source<'_>, series: usize) -> usize {
    source.groups.group(series, 0).map_or(usize::MAX, |group| group as usize)
}

/// Whether all numbers are whole.
fn is_whole(history: &[f64]) -> bool {
    history.iter().all(|value| value.is_nan() || value.fract() == 0.0)
}

/// Earlier origins, ascending: a quarter of the horizon apart, far enough back that the longest lead time is seen from four
/// of them.
fn earlier(origin: usize, horizon: usize) -> Vec<usize> {
    let step = (horizon / 4).max(1);
    let many = horizon.div_ceil(step) + 3;
    let mut earlier: Vec<usize> = (1..=many).filter_map(|back| origin.checked_sub(back * step)).collect();
    earlier.reverse();
    earlier
}

/// A number that an id and a seed decide, spread evenly (FNV-1a, then the mixer of splitmix64).
fn key(id: &str, seed: u64) -> u64 {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
