//! Means and medians of the last reports: what the field does (AMC), and its robust kin.

use super::{Forecasts, count, median};

const MEANS: [(usize, usize); 3] = [(0, 3), (1, 6), (2, 12)];
const MEDIANS: [(usize, usize); 2] = [(13, 6), (14, 12)];

/// Means of the last 3, 6 and 12 reports, medians of the last 6 and 12; of all, where there are fewer.
pub(super) fn run(known: &[f64], counts: &[usize], out: &mut Forecasts) {
    let mut window = [0.0; 12];
    for (snapshot, &until) in counts.iter().enumerate() {
        let last = |periods: usize| &known[until.saturating_sub(periods)..until];
        for (model, periods) in MEANS {
            let last = last(periods);
            let mean = last.iter().sum::<f64>() / count(last.len().max(1));
            out.set(snapshot, model, |_| mean);
        }
        for (model, periods) in MEDIANS {
            let last = last(periods);
            let window = &mut window[..last.len()];
            window.copy_from_slice(last);
            let median = median(window);
            out.set(snapshot, model, |_| median);
        }
    }
}
