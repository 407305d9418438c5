//! Exponential smoothing with a season, additive, with and without damped trend, on the numbers and on their roots; and
//! the same season a year before.

use super::smoothing::damping;
use super::{Forecasts, History, count, smallest};

/// Smoothing of level and season; trend 0 for none.
const GRID: [(f64, f64, f64); 12] = [
    (0.05, 0.05, 0.0),
    (0.05, 0.2, 0.0),
    (0.2, 0.05, 0.0),
    (0.2, 0.2, 0.0),
    (0.4, 0.05, 0.0),
    (0.4, 0.2, 0.0),
    (0.05, 0.05, 0.05),
    (0.05, 0.2, 0.05),
    (0.2, 0.05, 0.05),
    (0.2, 0.2, 0.05),
    (0.4, 0.05, 0.05),
    (0.4, 0.2, 0.05),
];
const K: usize = GRID.len();
const DAMPING: f64 = 0.95;
/// Below this share of periods above zero a series shows no season of its own.
const BUSY: f64 = 0.6;

/// Where a season cannot be known, the level stands in.
pub(super) fn run(history: &History<'_>, snapshots: &[usize], levels: &[f64], out: &mut Forecasts) {
    for (snapshot, level) in levels.iter().enumerate() {
        for model in [5, 6] {
            out.set(snapshot, model, |_| *level);
        }
        naive(history, snapshots[snapshot], *level, snapshot, out);
    }
    let season = history.season;
    let until = snapshots.last().copied().unwrap_or(0);
    // The choice looks at two years only, which every snapshot that it serves knows.
    let Some(start) = history.values[..until].get(..2 * season).filter(|_| season > 1) else { return };
    if count(start.iter().filter(|value| **value > 0.0).count()) < BUSY * count(start.len()) {
        return;
    }
    smooth(history, snapshots, 5, out, |value| value, |value| value);
    smooth(history, snapshots, 6, out, f64::sqrt, |value| value.max(0.0) * value.max(0.0));
}

/// The last number of the same season; the level, where there is none.
fn naive(history: &History<'_>, until: usize, level: f64, snapshot: usize, out: &mut Forecasts) {
    let season = history.season.max(1);
    out.set(snapshot, 12, |ahead| {
        let mut back = season - (ahead - 1) % season;
        while let Some(at) = until.checked_sub(back) {
            if !history.values[at].is_nan() {
                return history.values[at];
            }
            back += season;
        }
        level
    });
}

fn smooth(
    history: &History<'_>,
    snapshots: &[usize],
    model: usize,
    out: &mut Forecasts,
    there: impl Fn(f64) -> f64,
    back: impl Fn(f64) -> f64,
) {
    let season = history.season;
    let start = &history.values[..2 * season];
    let mean = |values: &[f64]| {
        let (sum, n) = values
            .iter()
            .filter(|value| !value.is_nan())
            .fold((0.0, 0), |(sum, n), value| (sum + there(*value), n + 1));
        if n == 0 { 0.0 } else { sum / count(n) }
    };
    let first = mean(start);
    let years = [mean(&start[..season]), mean(&start[season..])];
    // The first seasons: how far the first two years stood from their own means, drawn a third towards none.
    let mut seasons: Vec<[f64; K]> = vec![[0.0; K]; season];
    for slot in 0..season {
        let off = [0, 1].map(|year| there(start[year * season + slot]) - years[year]);
        let known: Vec<f64> = off.into_iter().filter(|off| !off.is_nan()).collect();
        let off = known.iter().sum::<f64>() / (count(known.len()) + 1.0);
        seasons[history.slot(slot)] = [off; K];
    }
    let (mut level, mut trend, mut error) = ([first; K], [0.0; K], [0.0; K]);
    let mut from = 0;
    for (snapshot, &until) in snapshots.iter().enumerate() {
        for at in from..until {
            let value = there(history.values[at]);
            if value.is_nan() {
                continue;
            }
            let season = &mut seasons[history.slot(at)];
            for k in 0..K {
                let (a, c, b) = GRID[k];
                let expected = level[k] + DAMPING * trend[k];
                let miss = value - expected - season[k];
                error[k] += miss * miss;
                let next = expected + a * miss;
                if b > 0.0 {
                    trend[k] = b * (next - level[k]) + (1.0 - b) * DAMPING * trend[k];
                }
                level[k] = next;
                season[k] += c * (1.0 - a) * miss;
            }
        }
        from = until;
        if until < 2 * season {
            continue;
        }
        let best = smallest(&error);
        out.set(snapshot, model, |ahead| {
            let rise = trend[best] * damping(ahead, DAMPING);
            back(level[best] + rise + seasons[history.slot(until + ahead - 1)][best])
        });
    }
}
