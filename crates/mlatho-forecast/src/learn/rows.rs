//! The rows that the boosted trees learn from.

use super::features::{STOCKED, Source, Walk};
use super::key;
use crate::boost::{Bins, Growth, Model};
use crate::forecast::Goal;
use crate::models::count;

/// How the trees of the default ensemble grow: few and broad, for they start from a robust level.
/// How much is spent on learning. On panels of some thousand series the errors of the two differ by about one percent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effort {
    /// Rows to learn from, at most.
    rows: usize,
    growth: Growth,
    /// Forecasts at earlier origins to compare with what came, at most.
    pub(super) points: usize,
    /// Whether the trees are grown anew when the last periods are taken in, or only go on.
    pub(super) anew: bool,
}

impl Effort {
    pub(super) fn of(goal: Goal) -> Self {
        let growth = Growth { trees: 28, leaves: 24, least: 30, rate: 0.2, rows: 0.6, columns: 0.4 };
        match goal {
            Goal::Balanced => Self { rows: 12_000, growth, points: 10_000, anew: false },
            Goal::MostAccurate => {
                let growth = Growth { trees: 250, leaves: 32, rate: 0.03, rows: 0.4, columns: 0.3, ..growth };
                Self { rows: 80_000, growth, points: 40_000, anew: true }
            }
        }
    }

    /// What a model needs to catch up with the last periods: a third of the trees, half of the rows.
    fn catching_up(mut self) -> Self {
        self.rows /= 2;
        self.growth.trees /= 3;
        self
    }
}

/// The trees answer with the median: half of what comes lies above it.
const MEDIAN: f64 = 0.5;
/// Periods before the last known target that are learnt from.
const BACK: usize = 30;
/// Rows from which borders are taken.
const FOR_BINS: usize = 4_000;

/// Boosted trees with the borders of their columns.
pub(super) struct Boosted {
    bins: Bins,
    model: Model,
}

impl Boosted {
    /// Learns from the series named, of what is known at period `until` of the grid; nothing where there are too few rows.
    pub(super) fn fit(
        source: &Source<'_>,
        series: &[usize],
        until: usize,
        horizon: usize,
        effort: Effort,
        seed: u64,
    ) -> Option<Self> {
        let columns = source.columns();
        let (rows, target) = rows(source, series, until, horizon, effort.rows, seed);
        if target.len() < 10 * effort.growth.least {
            return None;
        }
        let step = target.len().div_ceil(FOR_BINS);
        let some: Vec<f32> = rows.chunks(columns).step_by(step).flatten().copied().collect();
        let bins = Bins::new(&some, columns);
        let mut model = Model::new(&target, MEDIAN);
        model.grow(&bins.table(&rows, columns), &target, MEDIAN, &effort.growth, seed);
        Some(Self { bins, model })
    }

    /// Goes on learning from what is known by now.
    pub(super) fn catch_up(
        &mut self,
        source: &Source<'_>,
        series: &[usize],
        until: usize,
        horizon: usize,
        effort: Effort,
        seed: u64,
    ) {
        let effort = effort.catching_up();
        let (rows, target) = rows(source, series, until, horizon, effort.rows, !seed);
        self.model.grow(&self.bins.table(&rows, source.columns()), &target, MEDIAN, &effort.growth, !seed);
    }

    /// The answer for a row of features that does not tell whether the period ends with stock, in scales from the base;
    /// and, where asked, the answer if it does.
    pub(super) fn answers(&self, row: &[f32], with_stock: bool, room: &mut Vec<u8>) -> (f64, Option<f64>) {
        room.clear();
        self.bins.put(row, room);
        let answer = |row: &[u8]| f64::from(self.model.predict(row));
        let plain = answer(room);
        let stocked = with_stock.then(|| {
            if let Some(told) = room.get_mut(STOCKED) {
                *told = self.bins.bin(STOCKED, 1.0);
            }
            answer(room)
        });
        (plain, stocked)
    }
}

/// A number from 0 up to 1 from a lot.
pub(super) fn unit(lot: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are kept")]
    let unit = (lot >> 11) as f64 / (1_u64 << 53) as f64;
    unit
}

/// Rows of features, one after the other, and their targets in scales from the base: of all origins in the last periods and
/// all lead times, drawn by lot where they are more than wanted.
fn rows(
    source: &Source<'_>,
    series: &[usize],
    until: usize,
    horizon: usize,
    wanted: usize,
    seed: u64,
) -> (Vec<f32>, Vec<f32>) {
    // A series is looked at from its third period on.
    let origins = |at: usize| {
        let one = &source.panel.series[at];
        until.saturating_sub(BACK).max(one.start + 2)..until.min(one.start + one.len)
    };
    let candidates = series.iter().map(|at| origins(*at).len()).sum::<usize>() * horizon;
    let share = count(wanted) / count(candidates.max(1));
    let (mut rows, mut target) = (Vec::new(), Vec::new());
    for &at in series {
        let one = &source.panel.series[at];
        let mut walk = Walk::new(source, at);
        for origin in origins(at) {
            let mut looked = None;
            for ahead in 1..=horizon.min(until - origin) {
                let lot = key(&one.id, seed ^ (((origin * horizon + ahead) as u64) << 20));
                let drawn = unit(lot) < share;
                let Some(value) = source.panel.value(one, origin + ahead).filter(|_| drawn) else { continue };
                walk.advance(origin);
                let look = looked.get_or_insert_with(|| walk.look(origin));
                if !look.0.moves {
                    break;
                }
                // Every other row is told whether its period ended with stock, so that one model answers with and without.
                let told = lot & 1 == 0;
                let stocked = if told { source.panel.in_stock(one, origin + ahead) } else { None };
                walk.row(look, origin, ahead, stocked, &mut rows);
                #[expect(clippy::cast_possible_truncation, reason = "learnt in single precision")]
                target.push(((value - look.0.base) / look.0.scale) as f32);
            }
        }
    }
    (rows, target)
}
