//! What may lie behind a ratio outside its band, as far as the compared numbers show it.

mod causes;
mod faults;
mod score;
mod swap;
mod view;
mod weights;

use std::collections::{BTreeMap, HashMap};

use mlatho_model::{Decimal, ItemId, OrgUnitId, Period};

use super::figures::{Figures, Table};
use super::report::Reports;
use super::{History, Rule, Verdict};
use crate::{Rational, Rounding};
pub use score::{Cause, Evidence, Explanation};
use view::{Facts, View};

pub(super) type Key = (OrgUnitId, Period);

/// A rule with everything that is known by it.
pub(super) struct Known<'a> {
    pub(super) rule: &'a Rule,
    pub(super) table: Table,
    /// Where the ratios lie: verdicts, and those of few events that chance hardly makes.
    directions: BTreeMap<Key, Verdict>,
    /// How many org units have each direction in a period.
    by_period: HashMap<Period, HashMap<Verdict, u32>>,
    consumption: History,
    expected: History,
    ratio: History,
}

impl<'a> Known<'a> {
    pub(super) fn new(rule: &'a Rule, table: Table) -> Self {
        let directions = table.figures.iter().map(|(key, figures)| (key.clone(), super::direction(rule, figures)));
        let directions: BTreeMap<Key, Verdict> = directions.collect();
        let mut by_period: HashMap<Period, HashMap<Verdict, u32>> = HashMap::new();
        for ((_, period), direction) in &directions {
            *by_period.entry(*period).or_default().entry(*direction).or_default() += 1;
        }
        let history = |log: fn(&Figures) -> Option<f64>, seasonal| {
            let logs = table.figures.iter().zip(&directions).filter_map(|((key, figures), (_, direction))| {
                Some((&key.0, key.1, log(figures)?, *direction == Verdict::Within))
            });
            History::new(logs, seasonal)
        };
        let consumption = history(|figures| figures.consumption.map(view::log), true);
        let expected = history(|figures| figures.expected.map(view::log), true);
        let ratio = history(|figures| Some(view::log(figures.consumption?) - view::log(figures.expected?)), false);
        Self { rule, table, directions, by_period, consumption, expected, ratio }
    }

    /// Noise of ln ratio at an org unit, where it is known.
    pub(super) fn noise(&self, key: &Key) -> Option<f64> {
        self.ratio.usual(&key.0).map(|usual| usual.noise)
    }

    /// Percent of the org units with a ratio that have this direction, where they are eight at least and most have it.
    fn everywhere(&self, period: Period, direction: Verdict) -> Option<f64> {
        let counts = self.by_period.get(&period)?;
        let of = |direction| f64::from(counts.get(&direction).copied().unwrap_or(0));
        let all = of(Verdict::Within) + of(Verdict::Above) + of(Verdict::Below);
        let outside = matches!(direction, Verdict::Above | Verdict::Below);
        let percent = 100.0 * of(direction) / all;
        (outside && all >= weights::MANY && percent >= weights::MOST).then_some(percent)
    }

    fn direction(&self, org_unit: &OrgUnitId, period: Period) -> Option<Verdict> {
        self.directions.get(&(org_unit.clone(), period)).copied()
    }

    /// The only item whose consumption counts, where there is one.
    fn item(&self) -> Option<&ItemId> {
        match self.rule.consumption.as_slice() {
            [only] => Some(&only.item),
            _ => None,
        }
    }
}

/// Everything that explanations look at.
pub(super) struct Everything<'a> {
    pub(super) rules: Vec<Known<'a>>,
    pub(super) reports: Reports<'a>,
    /// Rules of one item each.
    of_item: HashMap<ItemId, usize>,
}

impl<'a> Everything<'a> {
    pub(super) fn new(rules: Vec<Known<'a>>, reports: Reports<'a>) -> Self {
        let of_item = rules.iter().enumerate().filter_map(|(at, known)| Some((known.item()?.clone(), at))).collect();
        Self { rules, reports, of_item }
    }

    /// Explanations of one point, strongest first.
    pub(super) fn explain(&self, at: usize, key: &Key) -> Vec<Explanation> {
        let Some(known) = self.rules.get(at) else { return Vec::new() };
        let Some(figures) = known.table.figures.get(key) else { return Vec::new() };
        let direction = known.direction(&key.0, key.1);
        let facts = Facts::of(self, known, key, figures);
        match direction {
            Some(Verdict::Within) if !facts.any() => return Vec::new(),
            Some(Verdict::Undefined) if !facts.any() => return causes::open(known.rule, figures),
            _ => {}
        }
        if let Some(item) = self.item_that_stands_out(known, key) {
            return self.explain(item, key);
        }
        let view = direction.map(|direction| View::of(self, known, key, figures, direction, facts));
        view.map(|view| causes::explain(self, &view)).unwrap_or_default()
    }

    /// The rule of the one item that makes most of the gap of a rule of several items.
    fn item_that_stands_out(&self, known: &Known<'a>, key: &Key) -> Option<usize> {
        if known.rule.consumption.len() < 2 {
            return None;
        }
        let gap = |known: &Known<'a>| {
            let figures = known.table.figures.get(key)?;
            Some(view::number(figures.consumption?) - view::number(figures.expected?))
        };
        let whole = gap(known)?;
        let items = known.rule.consumption.iter().filter_map(|entry| self.of_item.get(&entry.item));
        let gaps = items.filter_map(|at| Some((*at, gap(self.rules.get(*at)?)? / whole)));
        let (at, share) = gaps.max_by(|one, other| one.1.total_cmp(&other.1))?;
        (share > weights::STANDS_OUT).then_some(at)
    }
}

/// The number as evidence says it, with at most two decimals.
fn shown(number: f64) -> Option<Decimal> {
    use rust_decimal::prelude::FromPrimitive;
    Some(Decimal::from_f64(number)?.round_dp(2).normalize())
}

fn exact(number: Rational) -> Option<Decimal> {
    number.rounded(2, Rounding::HalfUp)
}
