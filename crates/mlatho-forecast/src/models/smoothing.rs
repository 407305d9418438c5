//! Simple exponential smoothing and the damped trend, over grids of their parameters.
//!
//! `level += a × error`, `trend = b × step + (1 − b) × 0.9 × trend`. At the start `a` is at least one through the number
//! of values, so that a level begins as the mean of what there is (Hyndman, Athanasopoulos: Forecasting, principles and
//! practice, chapter 8).

use super::{Forecasts, count, smallest};

pub(super) const LEVEL: [f64; 7] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8];
const TREND: [(f64, f64); 6] = [(0.1, 0.05), (0.2, 0.05), (0.4, 0.05), (0.1, 0.2), (0.2, 0.2), (0.4, 0.2)];
const DAMPING: f64 = 0.9;

/// Smooths over the grid; gives the level and the parameter with the least squared error at each snapshot.
pub(super) fn levels(known: &[f64], counts: &[usize]) -> Vec<(f64, f64)> {
    let (mut level, mut error) = ([0.0; LEVEL.len()], [0.0; LEVEL.len()]);
    let mut found = Vec::with_capacity(counts.len());
    let mut from = 0;
    for &until in counts {
        for (at, value) in known[from..until].iter().enumerate() {
            let least = 1.0 / count(from + at + 1);
            for k in 0..LEVEL.len() {
                let miss = value - level[k];
                if from + at > 0 {
                    error[k] += miss * miss;
                }
                level[k] += LEVEL[k].max(least) * miss;
            }
        }
        from = until;
        let best = smallest(&error);
        found.push((level[best], LEVEL[best]));
    }
    found
}

/// Gives the levels of simple smoothing.
pub(super) fn run(known: &[f64], counts: &[usize], out: &mut Forecasts) -> Vec<f64> {
    let levels: Vec<f64> = levels(known, counts).into_iter().map(|(level, _)| level).collect();
    for (snapshot, level) in levels.iter().enumerate() {
        out.set(snapshot, 3, |_| *level);
    }
    damped(known, counts, out);
    levels
}

fn damped(known: &[f64], counts: &[usize], out: &mut Forecasts) {
    const K: usize = TREND.len();
    let (mut level, mut trend, mut error) = ([0.0; K], [0.0; K], [0.0; K]);
    let mut from = 0;
    for (snapshot, &until) in counts.iter().enumerate() {
        for (at, value) in known[from..until].iter().enumerate() {
            let n = from + at;
            let least = 1.0 / count(n + 1);
            for k in 0..K {
                let (a, b) = TREND[k];
                let expected = level[k] + DAMPING * trend[k];
                let miss = value - expected;
                let next = expected + a.max(least) * miss;
                if n > 0 {
                    error[k] += miss * miss;
                    trend[k] = b * (next - level[k]) + (1.0 - b) * DAMPING * trend[k];
                }
                level[k] = next;
            }
        }
        from = until;
        let best = smallest(&error);
        out.set(snapshot, 4, |ahead| level[best] + trend[best] * damping(ahead, DAMPING));
    }
}

/// `d + d² + … + dⁿ`.
pub(super) fn damping(ahead: usize, damping: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "horizons are small")]
    let power = damping.powi(ahead as i32);
    damping * (1.0 - power) / (1.0 - damping)
}
