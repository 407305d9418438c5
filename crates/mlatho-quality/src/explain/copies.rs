//! Reports that repeat the one before.
//!
//! That a count repeats the last one happens by chance, the less the larger and the more scattered the counts are. A
//! report whose counts all repeat is a copy when chance would have to be asked too much.

use super::doubts::{Doubt, Report};
use crate::series::{Fits, Panel};

/// How often a report, and a single count, is a copy of the one before.
const REPORT: f64 = 0.003;
const COUNT: f64 = 0.002;
/// Against a copy: a count that differs.
const DIFFERS: f64 = 5.0;
/// Probability from which on a copy is told.
const TOLD: f64 = 0.5;

pub(super) fn find(panel: &Panel, fits: &Fits, reports: &[Report], doubt: &mut dyn FnMut(usize, Doubt)) {
    let previous = previous(panel);
    let habits = habits(panel, fits, &previous);
    let item_of: Vec<usize> =
        panel.series.iter().flat_map(|series| series.cells.clone().map(|_| series.item)).collect();
    for report in reports {
        let mut odds = (REPORT / (1.0 - REPORT)).ln();
        let mut repeated = Vec::new();
        for (_, at) in &report.cells {
            let (Some(before), Some(fit)) = (previous[*at], &fits.0[*at]) else { continue };
            let (cell, last) = (panel.cells[*at], panel.cells[before]);
            let count = cell.count;
            if count.is_nan() || last.count.is_nan() {
                continue;
            }
            if cell.repeats(last) {
                let chance = chance(fit, count) * habits[item_of[*at]];
                odds -= chance.clamp(1e-4, 1.0).ln();
                repeated.push((*at, chance));
            } else {
                odds -= DIFFERS;
            }
        }
        let together = probability(odds);
        for (at, chance) in repeated {
            let count = panel.cells[at].count;
            let alone = if count > 0.0 { probability((COUNT / chance.clamp(1e-4, 1.0)).ln()) } else { 0.0 };
            let probability = together.max(alone);
            if probability >= TOLD {
                doubt(at, Doubt { code: "copied-report", slip: None, expected: None, probability, other: None });
            }
        }
    }
}

fn probability(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

/// The chance that the next count is just this one, by the density of its series.
fn chance(fit: &crate::series::Fit, count: f64) -> f64 {
    if count > 0.0 { ((1.0 - fit.zero) * fit.log_density(count).exp() / count.max(1.0)).min(1.0) } else { fit.zero }
}

/// The cell of the period directly before, of the same series.
fn previous(panel: &Panel) -> Vec<Option<usize>> {
    let mut previous = vec![None; panel.cells.len()];
    for series in &panel.series {
        for at in series.cells.clone().skip(1) {
            if panel.cells[at - 1].time + 1 == panel.cells[at].time {
                previous[at] = Some(at - 1);
            }
        }
    }
    previous
}

/// By how much counts of each item repeat more often than by chance: round numbers, whole packs.
fn habits(panel: &Panel, fits: &Fits, previous: &[Option<usize>]) -> Vec<f64> {
    let items = panel.series.iter().map(|series| series.item + 1).max().unwrap_or(0);
    let mut seen = vec![(1.0, 1.0); items];
    for series in &panel.series {
        for at in series.cells.clone() {
            let (Some(before), Some(fit)) = (previous[at], &fits.0[at]) else { continue };
            let count = panel.cells[at].count;
            if count > 0.0 {
                seen[series.item].0 += f64::from(u8::from(panel.cells[before].repeats(panel.cells[at])));
                seen[series.item].1 += chance(fit, count);
            }
        }
    }
    seen.into_iter().map(|(repeated, chance): (f64, f64)| (repeated / chance).max(1.0)).collect()
}
