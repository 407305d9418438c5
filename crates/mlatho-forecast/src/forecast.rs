//! Forecasts of a whole panel at an origin.

use std::num::NonZero;

use mlatho_model::Period;

use crate::learn::Learnt;
use crate::panel::{Covariates, Groups, Panel};

/// What the point forecast is chosen for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Goal {
    /// Totals of each product without bias, at the least loss of accuracy of single series.
    #[default]
    Balanced,
    /// The least scaled absolute error of single series; their totals are low where many months are zero.
    MostAccurate,
}

/// What is forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What the ledger will show, shortages included.
    Issues,
    /// What would be issued, were there stock: for quantification.
    Demand,
}

impl Kind {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issues => "issues",
            Self::Demand => "demand",
        }
    }
}

/// How a panel is forecast.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Periods ahead, at least one.
    pub horizon: NonZero<usize>,
    pub goal: Goal,
    pub seed: u64,
    /// Threads to work on; the results do not depend on it.
    pub threads: NonZero<usize>,
}

/// The forecast of one series for one period.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    pub(crate) series: usize,
    /// Periods after the origin.
    pub(crate) ahead: usize,
    pub(crate) point: f64,
    /// In the order of their levels, and in order.
    pub(crate) quantiles: [f64; 7],
    pub(crate) kind: Kind,
    /// Class of series, whose weights carried it.
    pub(crate) class: usize,
}

impl Prediction {
    /// How many periods after the origin.
    #[must_use]
    pub const fn ahead(&self) -> usize {
        self.ahead
    }
}

/// A panel made ready for forecasts at any of its periods.
pub struct Forecaster<'a> {
    panel: &'a Panel,
    covariates: &'a Covariates,
    groups: Groups,
    settings: Settings,
}

/// Everything learnt at one origin.
pub struct AtOrigin<'a> {
    pub(crate) panel: &'a Panel,
    pub(crate) origin: usize,
    settings: Settings,
    learnt: Learnt<'a>,
}

/// Series that are forecast before they are given away.
const BLOCK: usize = 4_096;

impl<'a> Forecaster<'a> {
    #[must_use]
    pub fn new(panel: &'a Panel, covariates: &'a Covariates, settings: Settings) -> Self {
        Self { panel, covariates, groups: Groups::new(panel), settings }
    }

    /// Learns from what is known at a period, and nothing later. Nothing, where the panel does not reach the period.
    pub fn at(&self, origin: Period) -> Option<AtOrigin<'_>> {
        let (panel, settings) = (self.panel, self.settings);
        let origin = panel.grid.binary_search(&origin).ok()?;
        let horizon = settings.horizon.get();
        let learnt = Learnt::at(panel, &self.groups, self.covariates, origin, horizon, settings.goal, settings.seed);
        Some(AtOrigin { panel, origin, settings, learnt })
    }
}

impl AtOrigin<'_> {
    /// Forecasts all series that have begun, block by block in their order.
    ///
    /// # Errors
    /// What `give` answers.
    pub fn each<E>(&self, mut give: impl FnMut(&[Prediction]) -> Result<(), E>) -> Result<(), E> {
        let threads = self.settings.threads.get();
        let series: Vec<usize> = (0..self.panel.series.len()).collect();
        for block in series.chunks(BLOCK * threads) {
            let part = block.len().div_ceil(threads).max(1);
            // A series is forecast from what was learnt and its own history, so threads change nothing.
            let parts: Vec<Vec<Prediction>> = std::thread::scope(|scope| {
                let work = |part: &'_ [usize]| {
                    let mut out = Vec::with_capacity(part.len() * 2 * self.settings.horizon.get());
                    part.iter().for_each(|series| self.learnt.forecast(*series, &mut out));
                    out
                };
                let mut parts = block.chunks(part);
                let first = parts.next().unwrap_or_default();
                let others: Vec<_> = parts.map(|part| scope.spawn(move || work(part))).collect();
                let mut done = vec![work(first)];
                for other in others {
                    match other.join() {
                        Ok(part) => done.push(part),
                        Err(panic) => std::panic::resume_unwind(panic),
                    }
                }
                done
            });
            parts.iter().try_for_each(|part| give(part))?;
        }
        Ok(())
    }

    /// The last period known.
    #[must_use]
    pub fn origin(&self) -> Period {
        self.panel.grid[self.origin]
    }

    /// The name of the period so many after the origin; blank beyond the end of time.
    pub(crate) fn period(&self, ahead: usize) -> String {
        let period = (0..ahead).try_fold(self.origin(), |period, _| period.next());
        period.map(|period| period.to_string()).unwrap_or_default()
    }

    pub(crate) fn series_id(&self, prediction: &Prediction) -> &str {
        &self.panel.series[prediction.series].id
    }

    /// The models that carry a forecast, each with its weight, the heaviest first: `boosted-trees 0.62, tsb 0.38`.
    #[must_use]
    pub fn method(&self, prediction: &Prediction) -> String {
        let models = self.learnt.method(prediction.kind, prediction.class);
        let parts = models.into_iter().map(|(name, weight)| format!("{name} {weight:.2}"));
        parts.collect::<Vec<_>>().join(" + ")
    }
}
