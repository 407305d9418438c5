//! The rows that the boosted trees learn from.

use super::features::{Source, Walk};
use super::key;
use crate::boost::{Bins, Growth, Loss, Model, Table};

/// How the trees of the default ensemble grow: few and broad, for they start from a robust level.
const GROWTH: Growth = Growth { trees: 60, leaves: 24, least: 30, rate: 0.12, rows: 0.6, columns: 0.5 };
/// Rows to learn from, at most.
const ROWS: usize = 24_000;
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
    pub(super) fn fit(source: &Source<'_>, series: &[usize], until: usize, horizon: usize, seed: u64) -> Option<Self> {
        let first = until.saturating_sub(BACK);
        let candidates: usize = series
            .iter()
            .map(|at| {
                let one = &source.panel.series[*at];
                until.min(one.start + one.len).saturating_sub(first.max(one.start + 2))
            })
            .sum();
        #[expect(clippy::cast_precision_loss, reason = "a share")]
        let share = (ROWS as f64 / candidates.max(1) as f64).min(1.0);
        let columns = source.columns();
        let (mut rows, mut target) = (Vec::new(), Vec::new());
        for &at in series {
            let one = &source.panel.series[at];
            let mut walk = Walk::new(source, at);
            for origin in first.max(one.start + 2)..until.min(one.start + one.len) {
                let lot = key(&one.id, seed ^ (origin as u64) << 20);
                if unit(lot) >= share {
                    continue;
                }
                let ahead = 1 + usize::try_from(lot >> 8).unwrap_or(0) % horizon;
                let Some(value) = Some(origin + ahead).filter(|target| *target <= until).and_then(|target| source.panel.value(one, target))
                else {
                    continue;
                };
                walk.advance(origin);
                let look = walk.look(origin);
                if !look.0.moves {
                    continue;
                }
                // Every other row is told whether its period ended with stock, so that one model answers with and without.
                let told = lot & 1 == 0;
                let stocked = if told { source.panel.in_stock(one, origin + ahead) } else { None };
                walk.row(&look, origin, ahead, stocked, &mut rows);
                #[expect(clippy::cast_possible_truncation, reason = "learnt in single precision")]
                target.push(((value - look.0.base) / look.0.scale) as f32);
            }
        }
        if target.len() < 10 * GROWTH.least {
            return None;
        }
        let step = target.len().div_ceil(FOR_BINS);
        let some: Vec<f32> = rows.chunks(columns).step_by(step).flatten().copied().collect();
        let bins = Bins::new(&some, columns);
        let mut all = Vec::with_capacity(rows.len());
        rows.chunks(columns).for_each(|row| bins.put(row, &mut all));
        drop(rows);
        let model = Model::fit(&Table::new(columns, all), &target, Loss::Quantile(0.5), &GROWTH, seed);
        Some(Self { bins, model })
    }

    /// The answer for a row of features, in scales from the base.
    pub(super) fn answer(&self, row: &[f32], room: &mut Vec<u8>) -> f64 {
        room.clear();
        self.bins.put(row, room);
        f64::from(self.model.predict(room))
    }
}

/// A number from 0 up to 1 from a lot.
fn unit(lot: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are kept")]
    let unit = (lot >> 11) as f64 / (1_u64 << 53) as f64;
    unit
}
