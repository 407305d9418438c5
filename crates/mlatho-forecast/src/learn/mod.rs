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
use rows::{Boosted, Effort};
use spread::{Outcome, Spread};
use stack::Weights;

use crate::models::count;
use crate::panel::{Covariates, Groups, Panel};
use crate::{Goal, Kind, Prediction};

/// Series that are learnt from.
const LEARNERS: u64 = 6_000;

/// Everything learnt at one origin.
pub(crate) struct Learnt<'a> {
    source: Source<'a>,
    origin: usize,
    horizon: usize,
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
        let earlier = earlier(origin, horizon, panel.season());
        let effort = Effort::of(goal);
        let boosted = earlier.first().and_then(|first| Boosted::fit(&source, &learners, *first, horizon, effort, seed));
        // Origins of each series are drawn by lot where their forecasts would be more than wanted.
        let candidates = learners.len() * earlier.iter().map(|from| horizon.min(origin - from)).sum::<usize>();
        let share = count(effort.points) / count(candidates.max(1));
        let mut points = Vec::new();
        for &series in &learners {
            let id = &panel.series[series].id;
            let drawn = |from: &usize| rows::unit(key(id, seed ^ 2 ^ ((*from as u64) << 20))) < share;
            let earlier: Vec<usize> = earlier.iter().copied().filter(drawn).collect();
            points::of_series(&source, series, &earlier, horizon, boosted.as_ref(), origin, &mut points);
        }
        let known: Vec<&Point> = points.iter().filter(|point| point.actual.is_some()).collect();
        let with_trees = boosted.is_some();
        let issues = Carried::learn(&source, &known, Kind::Issues, None, horizon, goal, with_trees);
        let stocked: Vec<&Point> = known.iter().copied().filter(|point| point.in_stock == Some(true)).collect();
        let demand = (!stocked.is_empty())
            .then(|| Carried::learn(&source, &stocked, Kind::Demand, Some(&issues), horizon, goal, with_trees));
        let boosted = boosted.and_then(|mut boosted| {
            if effort.anew {
                return Boosted::fit(&source, &learners, origin, horizon, effort, seed);
            }
            boosted.catch_up(&source, &learners, origin, horizon, effort, seed);
            Some(boosted)
        });
        Self { source, origin, horizon, boosted, issues, demand }
    }

    /// The forecasts of a series, issues before demand, the next period first; none before its first number.
    pub(crate) fn forecast(&self, series: usize, out: &mut Vec<Prediction>) {
        let mut points = Vec::new();
        let boosted = self.boosted.as_ref();
        points::of_series(&self.source, series, &[self.origin], self.horizon, boosted, self.origin, &mut points);
        let panel = self.source.panel;
        let history = panel.history(&panel.series[series], self.origin);
        let from = out.len();
        out.extend(points.iter().map(|point| self.issues.predict(&self.source, point, Kind::Issues, 0.0, history)));
        for (at, point) in points.iter().enumerate() {
            let issues = &out[from + at];
            out.push(match &self.demand {
                None => Prediction { kind: Kind::Demand, ..issues.clone() },
                Some(demand) => {
                    // What is asked for cannot be less than what will be given out.
                    let (least, quantiles) = (issues.point, issues.quantiles);
                    let mut demand = demand.predict(&self.source, point, Kind::Demand, least, history);
                    demand.quantiles.iter_mut().zip(quantiles).for_each(|(own, least)| *own = own.max(least));
                    demand
                }
            });
        }
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
    /// `issues` is what was learnt for issues, where this is demand.
    fn learn(
        source: &Source<'_>,
        points: &[&Point],
        kind: Kind,
        issues: Option<&Self>,
        horizon: usize,
        goal: Goal,
        with_trees: bool,
    ) -> Self {
        let mut usable = [true; points::MODELS];
        usable[points::BOOSTED] = with_trees;
        usable[points::PROFILE] = source.panel.season() > 1;
        let mut carried = Self { weights: Weights::learn(points, forecasts(kind), &usable), spread: None, lift: None };
        let outcomes: Vec<Outcome<'_>> = points
            .iter()
            .map(|point| {
                let least =
                    issues.map_or(0.0, |issues| issues.value(&issues.outcome(source, point, Kind::Issues, 0.0)));
                carried.outcome(source, point, kind, least)
            })
            .collect();
        let products = source.panel.group_names[1].len() + 1;
        let spread = Spread::learn(&outcomes, horizon, products);
        let lift = spread.as_ref().filter(|_| goal == Goal::Balanced);
        carried.lift = lift.map(|spread| Lift::learn(&outcomes, spread, products));
        carried.spread = spread;
        carried
    }

    fn outcome<'a>(&self, source: &Source<'_>, point: &'a Point, kind: Kind, least: f64) -> Outcome<'a> {
        let forecast = self.weights.combine(point.state.class(), forecasts(kind)(point)).max(0.0);
        Outcome { point, forecast, product: product(source, point.series), least }
    }

    /// The point forecast.
    fn value(&self, outcome: &Outcome<'_>) -> f64 {
        match (&self.spread, &self.lift) {
            (Some(spread), Some(lift)) if outcome.point.state.moves => lift.apply(spread, outcome),
            // Less than half of one is none.
            _ if outcome.point.state.whole && outcome.forecast < 0.5 => outcome.least,
            _ => outcome.forecast.max(outcome.least),
        }
    }

    fn predict(&self, source: &Source<'_>, point: &Point, kind: Kind, least: f64, history: &[f64]) -> Prediction {
        let outcome = self.outcome(source, point, kind, least);
        let quantiles = match &self.spread {
            Some(spread) if point.state.moves => {
                let around = spread.around(point, outcome.forecast);
                spread.levels(outcome.product).map(|level| spread::shown(around.at(level), point.state.whole, level))
            }
            _ => {
                let quantiles = spread::from_history(outcome.forecast, history, point.ahead);
                if point.state.whole { quantiles.map(f64::round) } else { quantiles }
            }
        };
        let value = self.value(&outcome);
        Prediction {
            series: point.series,
            ahead: point.ahead,
            point: value,
            quantiles,
            kind,
            class: point.state.class(),
        }
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

/// Earlier origins, ascending: a quarter of the horizon apart, far enough back that the longest lead time is seen from four
/// of them; and a whole season back where that leaves two thirds of what is known to learn from, for what one quarter did the next
/// may not.
fn earlier(origin: usize, horizon: usize, season: usize) -> Vec<usize> {
    let step = (horizon / 4).max(1);
    let least = horizon.div_ceil(step) + 3;
    let year = season.min(origin / 3).div_ceil(step);
    let mut earlier: Vec<usize> = (1..=least.max(year)).filter_map(|back| origin.checked_sub(back * step)).collect();
    earlier.reverse();
    earlier
}

/// A number that an id and a seed decide, spread evenly (FNV-1a, then the mixer of splitmix64).
fn key(id: &str, seed: u64) -> u64 {
    let hash = id
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
