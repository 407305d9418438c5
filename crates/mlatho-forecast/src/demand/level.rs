//! The level of one series: expectation–maximization with a window that fades by distance in time.

use super::month::Evidence;
use super::negative_binomial::{NegativeBinomial, Tail};
use super::{Demand, Label};

/// What a month a step further away counts: a window of about 19 months around each month.
const FADING: f64 = 0.9;
/// What the prior counts, in months: that of one observation.
const PRIOR_MONTHS: f64 = 1.0;
/// Where the search for the chance of an active month begins; 1 would never be left.
pub(super) const FIRST_ACTIVITY: f64 = 0.9;
const MOST_STEPS: usize = 60;
/// Each step goes further than expectation–maximization would, in logarithms; below 2 it converges to the same place.
const OVER_RELAXED: f64 = 1.5;

/// One series from its first report on. A month is active with some chance; then demand is negative binomial around the
/// level, else it is zero.
pub(super) struct Level {
    evidence: Vec<Evidence>,
    /// Months before the first report.
    pub(super) unborn: usize,
    /// Where the first report stands on the time axis of the group.
    pub(super) start: usize,
    /// Demand of an active month without the movement of the group, ≥ 0.
    levels: Vec<f64>,
    /// Chance that a month is active.
    active: f64,
    /// How sure it is that each month was active; 0 where nothing is known.
    presence: Vec<f64>,
    /// Active months that count at each month, with the prior.
    counting: Vec<f64>,
    /// `E[D]` of each month.
    expected: Vec<f64>,
}

/// A month held against the level of the others.
pub(super) struct Seen {
    /// How sure it is that the month was active.
    pub(super) presence: f64,
    pub(super) issued: f64,
    /// Demand was that much or more.
    pub(super) is_bound: bool,
    pub(super) mean: f64,
    /// Months that the level rests on.
    pub(super) behind: f64,
}

impl Level {
    /// Nothing where no month has evidence.
    pub(super) fn new(mut evidence: Vec<Evidence>, start: usize) -> Option<Self> {
        let unborn = evidence.iter().position(|month| *month != Evidence::Silent)?;
        evidence.drain(..unborn);
        let length = evidence.len();
        let mut new = Self {
            evidence,
            unborn,
            start: start + unborn,
            levels: Vec::new(),
            active: FIRST_ACTIVITY,
            presence: vec![0.0; length],
            counting: vec![0.0; length],
            expected: vec![0.0; length],
        };
        new.levels = vec![new.mean_issued(); length];
        Some(new)
    }

    /// Issues of a reported month.
    pub(super) fn mean_issued(&self) -> f64 {
        mean(self.reported())
    }

    fn reported(&self) -> impl Iterator<Item = f64> + '_ {
        self.evidence.iter().filter_map(|month| match month {
            Evidence::Whole { issued, .. } | Evidence::Share { issued, .. } | Evidence::AtLeast(issued) => {
                Some(*issued)
            }
            Evidence::Silent => None,
        })
    }

    /// The share of reported months in which stock was short for some time.
    pub(super) fn short(&self) -> f64 {
        let short = |month: &Evidence| match month {
            Evidence::Whole { .. } => Some(0.0),
            Evidence::Share { share, .. } => Some(1.0 - share),
            Evidence::AtLeast(_) => Some(1.0),
            Evidence::Silent => None,
        };
        mean(self.evidence.iter().filter_map(short))
    }

    /// Mean of what was estimated for the reported months.
    pub(super) fn mean_expected(&self) -> f64 {
        let reported = self.evidence.iter().zip(&self.expected).filter(|(month, _)| **month != Evidence::Silent);
        mean(reported.map(|(_, expected)| *expected))
    }

    /// Months with stock, each beside the level of the others.
    pub(super) fn seen<'a>(&'a self, movement: &'a [f64]) -> impl Iterator<Item = Seen> + 'a {
        self.evidence.iter().enumerate().filter_map(move |(at, month)| {
            let (issued, share, is_bound) = match *month {
                Evidence::Whole { issued, .. } => (issued, 1.0, false),
                Evidence::Share { issued, share } => (issued, share, false),
                Evidence::AtLeast(issued) if issued > 0.0 => (issued, 1.0, true),
                _ => return None,
            };
            let presence = self.presence[at];
            let moved = movement[self.start + at];
            let behind = self.counting[at] - moved * presence;
            let level = (self.levels[at] * self.counting[at] - self.expected[at]) / behind;
            let mean = share * moved * level.max(1e-3);
            (behind > 0.5).then_some(Seen { presence, issued, is_bound, mean, behind })
        })
    }

    /// How active the series was in the months with stock: months, and active ones among them.
    pub(super) fn activity(&self) -> (f64, f64) {
        let with_stock = self.evidence.iter().zip(&self.presence).filter(|(month, _)| month.has_stock());
        with_stock.fold((0.0, 0.0), |(months, active), (_, presence)| (months + 1.0, active + presence))
    }

    /// Reported months: position on the axis of the group, expected demand, and what was usual.
    pub(super) fn reports(&self, shape: f64) -> impl Iterator<Item = (usize, f64, NegativeBinomial)> + '_ {
        let months = self.evidence.iter().zip(self.expected.iter().zip(&self.levels)).enumerate();
        months
            .filter(|(_, (month, _))| **month != Evidence::Silent)
            .map(move |(at, (_, (mean, level)))| (self.start + at, *mean, self.any_month(*level, shape)))
    }

    /// A month of which it is not known whether it is active: mean and variance of the mixture.
    fn any_month(&self, level: f64, shape: f64) -> NegativeBinomial {
        let beyond_counting = (1.0 + 1.0 / shape) / self.active - 1.0;
        NegativeBinomial { mean: self.active * level, shape: 1.0 / beyond_counting }
    }

    /// Finds levels and expected demand for a prior mean, the usual chance of an active month, the shape of one, and the
    /// movement of the group.
    pub(super) fn settle(&mut self, prior: f64, usual: f64, shape: f64, movement: &[f64], close_enough: f64) {
        let moved = &movement[self.start..self.start + self.evidence.len()];
        let reported: Vec<f64> =
            self.evidence.iter().zip(moved).map(|(e, m)| if *e == Evidence::Silent { 0.0 } else { *m }).collect();
        let months = around(&reported);
        let most = months.iter().fold(f64::MIN_POSITIVE, |most, it| it.max(most));
        // In a long silence the prior fades like the months, so that the last level stays.
        let weights: Vec<f64> = months.iter().map(|it| PRIOR_MONTHS * it / most).collect();
        let tails: Vec<Option<Tail>> = self
            .evidence
            .iter()
            .map(|month| match month {
                Evidence::AtLeast(issued) if *issued > 0.0 => Some(Tail::new(*issued, shape)),
                _ => None,
            })
            .collect();
        for _ in 0..MOST_STEPS {
            for at in 0..self.evidence.len() {
                self.expect(at, moved[at], shape, tails[at].as_ref());
            }
            let (seen, active) = self.activity();
            self.active = ((active + PRIOR_MONTHS * usual) / (seen + PRIOR_MONTHS)).max(1e-3);
            let sums = around(&self.expected);
            let there: Vec<f64> =
                self.presence.iter().zip(&reported).map(|(presence, moved)| presence * moved).collect();
            self.counting = around(&there).iter().zip(&weights).map(|(it, weight)| it + weight * self.active).collect();
            let mut change: f64 = 0.0;
            for at in 0..self.levels.len() {
                let old = self.levels[at];
                let new = (prior * weights[at] + sums[at]) / self.counting[at];
                change = change.max((new - old).abs() / new.max(1e-9));
                let relaxed = old > 0.0 && new > 0.0;
                self.levels[at] = if relaxed { old * (new / old).powf(OVER_RELAXED) } else { new };
            }
            if change < close_enough {
                break;
            }
        }
    }

    /// The step of expectation for one month.
    fn expect(&mut self, at: usize, moved: f64, shape: f64, tail: Option<&Tail>) {
        let mean = self.levels[at] * moved;
        // Chance that a month without issues was active and nobody came, in the share that was seen.
        let idle = |share: f64| {
            let nobody = self.active * (-shape * (share * mean / shape).ln_1p()).exp();
            nobody / (nobody + 1.0 - self.active).max(f64::MIN_POSITIVE)
        };
        (self.presence[at], self.expected[at]) = match (self.evidence[at], tail) {
            (Evidence::Whole { issued, .. }, _) => (if issued > 0.0 { 1.0 } else { idle(1.0) }, issued),
            (Evidence::Share { issued, share }, _) => {
                let presence = if issued > 0.0 { 1.0 } else { idle(share) };
                (presence, issued + presence * unseen(mean, shape, issued, share))
            }
            (Evidence::AtLeast(_), Some(tail)) if mean > 0.0 => (1.0, tail.mean_from(mean)),
            (Evidence::AtLeast(issued), Some(_)) => (1.0, issued),
            (Evidence::AtLeast(_), None) => (self.active, self.active * mean),
            (Evidence::Silent, _) => (0.0, 0.0),
        };
    }

    /// The demand of each month from the first report on.
    pub(super) fn demand(&self, shape: f64, movement: &[f64]) -> Vec<Demand> {
        let mut silent = 0_u32;
        let last = self.evidence.iter().rposition(|month| *month != Evidence::Silent).unwrap_or_default();
        let months = self.evidence.iter().enumerate().map(|(at, month)| {
            if at > last {
                silent += 1;
            }
            let level = self.levels[at] * movement[self.start + at];
            let around = NegativeBinomial { mean: level, shape };
            let any = self.any_month(level, shape);
            let doubt = self.doubt(at, shape);
            let (mean, variance, label) = match *month {
                Evidence::Whole { issued, replayed: false } => (issued, 0.0, Label::Observed),
                Evidence::Whole { issued, replayed: true } => (issued, 0.0, Label::Replayed),
                Evidence::Share { issued, share } => {
                    let presence = self.presence[at];
                    let rest = presence * unseen(level, shape, issued, share);
                    let spread = (1.0 + 1.0 / (shape + issued)) / presence.max(1e-3) - 1.0;
                    let variance = rest + rest * rest * (spread + doubt);
                    (issued + rest, variance, Label::CensoredEstimated)
                }
                Evidence::AtLeast(count) if count > 0.0 => {
                    // For fixed shape: Var(D | D >= y) = dE/dmean × Var(D).
                    let nudged = NegativeBinomial { mean: level * 1.001, shape };
                    let slope = (nudged.mean_from(count) - around.mean_from(count)) / f64::max(level * 0.001, 1e-12);
                    let slope = slope.clamp(0.0, 1.0);
                    let variance = slope * around.variance() + slope * slope * level * level * doubt;
                    (self.expected[at], variance, Label::CensoredEstimated)
                }
                Evidence::AtLeast(_) => {
                    (any.mean, any.variance() + any.mean * any.mean * doubt, Label::CensoredEstimated)
                }
                Evidence::Silent => {
                    // After the last report the usual share halves with each further year of silence.
                    let still_there = 0.5_f64.powf(f64::from(silent.saturating_sub(1)) / 12.0);
                    (any.mean * still_there, any.variance() + any.mean * any.mean * doubt, Label::MissingEstimated)
                }
            };
            Demand { mean, variance, label }
        });
        months.collect()
    }

    /// The next month: the last level, its own uncertainty added to the spread.
    pub(super) fn next(&self, shape: f64) -> Option<NegativeBinomial> {
        let last = self.levels.len().checked_sub(1)?;
        let any = self.any_month(self.levels[last], shape);
        Some(NegativeBinomial { mean: any.mean, shape: 1.0 / (1.0 / any.shape + self.doubt(last, shape)) })
    }

    /// Relative variance of the level at a month.
    fn doubt(&self, at: usize, shape: f64) -> f64 {
        (1.0 / self.levels[at].max(0.1) + 1.0 / shape) / self.counting[at]
    }
}

/// 0 of nothing.
fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (sum, many) = numbers.fold((0.0, 0.0), |(sum, many), one| (sum + one, many + 1.0));
    sum / f64::max(many, 1.0)
}

/// What was asked for in the unseen rest of a month, given what was issued in the share that was seen.
fn unseen(mean: f64, shape: f64, issued: f64, seen: f64) -> f64 {
    mean * (1.0 - seen) * (shape + issued) / (shape + mean * seen)
}

/// Sums over all months, each counting less by its distance.
fn around(values: &[f64]) -> Vec<f64> {
    let mut sums = values.to_vec();
    let mut carried = 0.0;
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += carried;
        carried = (carried + value) * FADING;
    }
    carried = 0.0;
    for (sum, value) in sums.iter_mut().zip(values).rev() {
        *sum += carried;
        carried = (carried + value) * FADING;
    }
    sums
}
