//! Models for series with many zeros.
//!
//! - Croston with the correction of Syntetos and Boylan: `(1 − a/2) × size / interval`, smoothed at demands only.
//! - Teunter, Syntetos, Babai: `probability × size`, the probability smoothed in every period.
//! - ADIDA: smoothing of sums over the mean interval. IMAPA: the mean of that over all intervals up to it (Petropoulos,
//!   Kourentzes 2015).

use super::{Forecasts, count, smallest};
use crate::models::smoothing;

const SBA: [f64; 4] = [0.05, 0.1, 0.2, 0.3];
const SIZE: [f64; 3] = [0.05, 0.1, 0.2];
const CHANCE: [f64; 4] = [0.05, 0.1, 0.2, 0.3];
/// The longest interval over which is summed.
const LONGEST: usize = 6;

pub(super) fn run(known: &[f64], counts: &[usize], out: &mut Forecasts) {
    sba(known, counts, out);
    tsb(known, counts, out);
    aggregated(known, counts, out);
}

fn sba(known: &[f64], counts: &[usize], out: &mut Forecasts) {
    const K: usize = SBA.len();
    let (mut size, mut interval, mut error) = ([0.0; K], [1.0; K], [0.0; K]);
    let (mut demands, mut since, mut from) = (0_usize, 0_usize, 0);
    let rate = |k: usize, size: f64, interval: f64| (1.0 - SBA[k] / 2.0) * size / interval;
    for (snapshot, &until) in counts.iter().enumerate() {
        for value in &known[from..until] {
            if demands > 0 {
                for k in 0..K {
                    let miss = value - rate(k, size[k], interval[k]);
                    error[k] += miss * miss;
                }
            }
            since += 1;
            if *value > 0.0 {
                demands += 1;
                let least = 1.0 / count(demands);
                for k in 0..K {
                    let a = SBA[k].max(least);
                    size[k] += a * (value - size[k]);
                    interval[k] += a * (count(since) - interval[k]);
                }
                since = 0;
            }
        }
        from = until;
        let best = smallest(&error);
        out.set(snapshot, 8, |_| if demands == 0 { 0.0 } else { rate(best, size[best], interval[best]) });
    }
}

fn tsb(known: &[f64], counts: &[usize], out: &mut Forecasts) {
    const K: usize = SIZE.len() * CHANCE.len();
    let (mut size, mut chance, mut error) = ([0.0; SIZE.len()], [0.0; CHANCE.len()], [0.0; K]);
    let (mut demands, mut periods, mut from) = (0_usize, 0_usize, 0);
    for (snapshot, &until) in counts.iter().enumerate() {
        for value in &known[from..until] {
            if periods > 0 {
                for (k, error) in error.iter_mut().enumerate() {
                    let miss = value - size[k / CHANCE.len()] * chance[k % CHANCE.len()];
                    *error += miss * miss;
                }
            }
            periods += 1;
            let least = 1.0 / count(periods);
            let moved = f64::from(u8::from(*value > 0.0));
            for (chance, a) in chance.iter_mut().zip(CHANCE) {
                *chance += a.max(least) * (moved - *chance);
            }
            if *value > 0.0 {
                demands += 1;
                for (size, a) in size.iter_mut().zip(SIZE) {
                    *size += a.max(1.0 / count(demands)) * (value - *size);
                }
            }
        }
        from = until;
        let best = smallest(&error);
        out.set(snapshot, 9, |_| size[best / CHANCE.len()] * chance[best % CHANCE.len()]);
    }
}

fn aggregated(known: &[f64], counts: &[usize], out: &mut Forecasts) {
    let mut sums = Vec::new();
    for (snapshot, &until) in counts.iter().enumerate() {
        let known = &known[..until];
        let demands = known.iter().filter(|value| **value > 0.0).count();
        if demands == 0 {
            continue; // all stays zero
        }
        let interval = ((until + demands / 2) / demands).clamp(1, LONGEST);
        let (mut total, mut last) = (0.0, 0.0);
        for periods in 1..=interval {
            sums.clear();
            // Whole stretches, counted from the end.
            sums.extend(known[until % periods..].chunks_exact(periods).map(|stretch| stretch.iter().sum::<f64>()));
            let level = smoothing::levels(&sums, &[sums.len()]).first().map_or(0.0, |(level, _)| *level);
            last = level / count(periods);
            total += last;
        }
        out.set(snapshot, 10, |_| last);
        out.set(snapshot, 11, |_| total / count(interval));
    }
}
