//! Forecasts at earlier origins beside what came: what weights, intervals and the repair of bias are learnt from.

use super::features::{Source, State, Walk};
use super::rows::Boosted;
use crate::models::{self, History};

/// Models of single series, the pooled season, and the boosted trees.
pub(crate) const MODELS: usize = models::COUNT + 2;
pub(super) const PROFILE: usize = models::COUNT;
pub(super) const BOOSTED: usize = models::COUNT + 1;

/// The name of a model.
pub(crate) fn name(model: usize) -> &'static str {
    models::NAMES.get(model).copied().unwrap_or(if model == PROFILE { "pooled-season" } else { "boosted-trees" })
}

/// All forecasts of one series for one period.
#[derive(Clone, Debug)]
pub(super) struct Point {
    pub(super) series: usize,
    pub(super) ahead: usize,
    pub(super) state: State,
    /// What each model expects to be issued.
    pub(super) issues: [f64; MODELS],
    /// The same, would the period end with stock.
    pub(super) demand: [f64; MODELS],
    /// What came; none, where nobody knows yet.
    pub(super) actual: Option<f64>,
    pub(super) in_stock: Option<bool>,
}

/// Runs all models on a series at some origins of the grid, ascending, and gives the points of each with a target in
/// `horizons`. Without `wanted` targets all are given.
pub(super) fn of_series(
    source: &Source<'_>,
    series: usize,
    origins: &[usize],
    horizon: usize,
    boosted: Option<&Boosted>,
    known_until: usize,
    out: &mut Vec<Point>,
) {
    let one = &source.panel.series[series];
    let origins: Vec<usize> = origins.iter().copied().filter(|origin| *origin >= one.start).collect();
    if origins.is_empty() {
        return;
    }
    let season = source.panel.season();
    let last = origins.last().copied().unwrap_or(0);
    let history = History { values: source.panel.history(one, last), season, phase: one.start % season.max(1) };
    let snapshots: Vec<usize> = origins.iter().map(|origin| (origin + 1 - one.start).min(one.len)).collect();
    let forecasts = models::run(&history, &snapshots, horizon);
    let mut walk = Walk::new(source, series);
    let (mut row, mut room) = (Vec::new(), Vec::new());
    for (snapshot, &origin) in origins.iter().enumerate() {
        walk.advance(origin);
        let look = walk.look(origin);
        let state = look.0;
        // Periods between the last report of the series and the origin are skipped.
        let skipped = (origin + 1 - one.start) - snapshots[snapshot];
        let product = source.groups.group(series, 0);
        for ahead in 1..=horizon {
            let target = origin + ahead;
            let actual = if target <= known_until { source.panel.value(one, target) } else { None };
            if actual.is_none() && origin < known_until {
                continue;
            }
            let mut issues = [0.0; MODELS];
            for (model, value) in issues.iter_mut().take(models::COUNT).enumerate() {
                let all = forecasts.get(snapshot, model);
                // A season goes on while nothing is reported.
                let step = if skipped > 0 && season > 1 { (ahead - 1 + skipped) % season } else { ahead - 1 };
                *value = all.get(step).or(all.last()).copied().unwrap_or(0.0);
            }
            let factor = product.map_or(1.0, |product| source.groups.season(product, origin, target, season));
            issues[PROFILE] = issues[2] * factor;
            let mut demand = issues;
            let in_stock = if target <= known_until { source.panel.in_stock(one, target) } else { None };
            // What came is compared with demand only where there was stock.
            let with_stock = source.panel.has_stock() && (actual.is_none() || in_stock == Some(true));
            let (plain, stocked) = boosted.map_or((0.0, None), |boosted| {
                row.clear();
                walk.row(&look, origin, ahead, None, &mut row);
                boosted.answers(&row, with_stock, &mut room)
            });
            let height = |answer: f64| (state.base + state.scale * answer).max(0.0);
            issues[BOOSTED] = height(plain);
            demand[BOOSTED] = height(stocked.unwrap_or(plain));
            out.push(Point { series, ahead, state, issues, demand, actual, in_stock });
        }
    }
}
