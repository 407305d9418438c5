//! The theta method: simple smoothing plus half the slope of the straight line through the history, on numbers without
//! their season where the season shows (Assimakopoulos, Nikolopoulos 2000; Hyndman, Billah 2003).

use super::{Forecasts, History, count, smoothing};

pub(super) fn run(history: &History<'_>, snapshots: &[usize], known: &[f64], counts: &[usize], out: &mut Forecasts) {
    let levels = smoothing::levels(known, counts);
    let slopes = slopes(known, counts);
    for (snapshot, &until) in snapshots.iter().enumerate() {
        if let Some(factors) = factors(history, until) {
            let adjusted: Vec<f64> = (0..until)
                .map(|at| history.values[at] / factors[history.slot(at)])
                .filter(|value| !value.is_nan())
                .collect();
            let all = [adjusted.len()];
            let line = line(smoothing::levels(&adjusted, &all)[0], self::slopes(&adjusted, &all)[0], adjusted.len());
            out.set(snapshot, 7, |ahead| line(ahead) * factors[history.slot(until + ahead - 1)]);
        } else {
            out.set(snapshot, 7, line(levels[snapshot], slopes[snapshot], counts[snapshot]));
        }
    }
}

/// `level + slope / 2 × (ahead − 1 + (1 − (1 − a)ⁿ) / a)`.
fn line((level, a): (f64, f64), slope: f64, n: usize) -> impl Fn(usize) -> f64 {
    let seen = i32::try_from(n).unwrap_or(i32::MAX);
    let lag = (1.0 - (1.0 - a).powi(seen)) / a;
    move |ahead| level + slope / 2.0 * (count(ahead) - 1.0 + lag)
}

/// Slope of the least-squares line at each snapshot; none below three numbers.
fn slopes(known: &[f64], counts: &[usize]) -> Vec<f64> {
    let (mut sum, mut weighted, mut from) = (0.0, 0.0, 0);
    counts
        .iter()
        .map(|&until| {
            for (at, value) in known[from..until].iter().enumerate() {
                sum += value;
                weighted += count(from + at) * value;
            }
            from = until;
            let n = count(until);
            let spread = n * (n * n - 1.0) / 12.0;
            if until < 3 { 0.0 } else { (weighted - sum * (n - 1.0) / 2.0) / spread }
        })
        .collect()
}

/// Seasonal factors by slot, where the season shows: three years known, all numbers but a few above zero, and a
/// correlation with the year before beyond chance (one-sided 5 %).
fn factors(history: &History<'_>, until: usize) -> Option<Vec<f64>> {
    let season = history.season;
    let values = &history.values[..until];
    if season < 2
        || until < 3 * season
        || count(values.iter().filter(|value| **value > 0.0).count()) < 0.9 * count(until)
    {
        return None;
    }
    let known = || values.iter().filter(|value| !value.is_nan());
    let mean = known().sum::<f64>() / count(known().count());
    let spread: f64 = known().map(|value| (value - mean) * (value - mean)).sum();
    let pairs = values.iter().zip(&values[season..]).filter(|(a, b)| !a.is_nan() && !b.is_nan());
    let together: f64 = pairs.map(|(a, b)| (a - mean) * (b - mean)).sum();
    if together <= 1.645 / count(until).sqrt() * spread {
        return None;
    }
    let (mut sums, mut seen) = (vec![0.0; season], vec![0.0; season]);
    for at in season / 2..until - season / 2 {
        // A centred year; for an even season its two ends weigh half.
        let half = season / 2;
        let year = &values[at - half..=at + half];
        let ends =
            if season.is_multiple_of(2) { f64::midpoint(year[0], year[2 * half]) } else { year[0] + year[2 * half] };
        let around = (year[1..2 * half].iter().sum::<f64>() + ends) / count(season);
        let factor = values[at] / around;
        if factor.is_finite() {
            sums[history.slot(at)] += factor;
            seen[history.slot(at)] += 1.0;
        }
    }
    let mut factors: Vec<f64> = sums.iter().zip(&seen).map(|(sum, seen)| (sum + 0.5) / (seen + 0.5)).collect();
    let mean = factors.iter().sum::<f64>() / count(season);
    factors.iter_mut().for_each(|factor| *factor /= mean);
    factors.iter().all(|factor| *factor > 0.05).then_some(factors)
}
