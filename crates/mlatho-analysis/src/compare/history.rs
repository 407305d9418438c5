//! How far a number is from what is usual at its org unit, seasons taken out by the other org units.

use std::collections::HashMap;

use mlatho_model::{OrgUnitId, Period};

/// A logarithm and how far it strays in quiet times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Deviation {
    /// Natural logarithm: of a number, or of number ÷ usual number.
    pub(super) log: f64,
    /// Its standard deviation in quiet times.
    pub(super) noise: f64,
}

/// What is usual of one series of numbers, by org unit and period.
#[derive(Debug, Default)]
pub(super) struct History {
    levels: HashMap<OrgUnitId, Deviation>,
    seasons: HashMap<Period, f64>,
}

/// Fewer periods than this tell nothing about what is usual.
const PERIODS: usize = 4;
/// Fewer org units than this tell nothing about a season.
const PEERS: usize = 8;
/// The least noise: people do not come more steadily than this.
const LEAST_NOISE: f64 = 0.06;

impl History {
    /// Median polish of logarithms: a level for each org unit, a season for each period, each the median of what the
    /// other leaves (Tukey, Exploratory Data Analysis, 1977). A trouble of less than half of the time moves nothing.
    /// Fewer than eight org units in a period tell no season. The noise is that of the steps from one period to the next:
    /// 1.4826 × their median absolute size ÷ √2, which a lasting change does not widen, at least 6 %.
    ///
    /// `logs` come with whether the ratio is in its band: of an org unit with enough periods of that kind only those tell
    /// what is usual.
    pub(super) fn new<'a>(logs: impl Iterator<Item = (&'a OrgUnitId, Period, f64, bool)>, seasonal: bool) -> Self {
        let mut all: HashMap<&OrgUnitId, Vec<(Period, f64, bool)>> = HashMap::new();
        for (org_unit, period, log, quiet) in logs {
            all.entry(org_unit).or_default().push((period, log, quiet));
        }
        let mut by_unit: HashMap<&OrgUnitId, Vec<(Period, f64)>> = HashMap::new();
        let mut by_period: HashMap<Period, Vec<(&OrgUnitId, f64)>> = HashMap::new();
        for (org_unit, periods) in all {
            let enough = periods.iter().filter(|(_, _, quiet)| *quiet).count() >= PERIODS;
            let kept: Vec<(Period, f64)> = periods
                .iter()
                .filter(|(_, _, quiet)| *quiet || !enough)
                .map(|(period, log, _)| (*period, *log))
                .collect();
            if kept.len() >= PERIODS {
                kept.iter().for_each(|(period, log)| by_period.entry(*period).or_default().push((org_unit, *log)));
                by_unit.insert(org_unit, kept);
            }
        }
        let mut levels: HashMap<&OrgUnitId, f64> = HashMap::new();
        let mut seasons: HashMap<Period, f64> = HashMap::new();
        for _ in 0..if seasonal { 3 } else { 1 } {
            for (org_unit, periods) in &by_unit {
                let left = periods.iter().map(|(period, log)| log - seasons.get(period).unwrap_or(&0.0));
                levels.insert(org_unit, median(left.collect()));
            }
            for (period, org_units) in by_period.iter().filter(|_| seasonal) {
                let left = org_units.iter().filter_map(|(org_unit, log)| Some(log - levels.get(org_unit)?));
                let left: Vec<f64> = left.collect();
                if left.len() >= PEERS {
                    seasons.insert(*period, median(left));
                }
            }
        }
        let noise = |periods: &[(Period, f64)]| {
            let left: Vec<f64> =
                periods.iter().map(|(period, log)| log - seasons.get(period).unwrap_or(&0.0)).collect();
            let steps = left.windows(2).map(|pair| (pair[1] - pair[0]).abs());
            (1.4826 * median(steps.collect()) / std::f64::consts::SQRT_2).max(LEAST_NOISE)
        };
        let levels = by_unit.iter().filter_map(|(org_unit, periods)| {
            let log = *levels.get(org_unit)?;
            Some(((*org_unit).clone(), Deviation { log, noise: noise(periods) }))
        });
        Self { levels: levels.collect(), seasons }
    }

    /// Nothing, where too little is known of the org unit.
    pub(super) fn deviation(&self, org_unit: &OrgUnitId, period: Period, log: f64) -> Option<Deviation> {
        let level = self.levels.get(org_unit)?;
        let season = self.seasons.get(&period).unwrap_or(&0.0);
        Some(Deviation { log: log - level.log - season, noise: level.noise })
    }

    /// The logarithm that is usual at an org unit over all seasons, with its noise.
    pub(super) fn usual(&self, org_unit: &OrgUnitId) -> Option<Deviation> {
        self.levels.get(org_unit).copied()
    }
}

/// 0 of nothing; of an even count the lower of the two in the middle.
fn median(mut numbers: Vec<f64>) -> f64 {
    let middle = numbers.len().saturating_sub(1) / 2;
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.get(middle).copied().unwrap_or(0.0)
}
