//! Org units whose reports changed places: what each reported fits the other's series, and not its own.

use super::doubts::{Doubt, Report};
use crate::series::{Fits, Panel};

/// How often a report changed places with one of the others.
const EXCHANGED: f64 = 0.002;
/// What a report has to miss by its own series, as a logarithm of density, before partners are looked for.
const MISSES: f64 = 5.0;
/// The most reports of a period that are compared with each other.
const CANDIDATES: usize = 60;
/// Probability from which on an exchange is told.
const TOLD: f64 = 0.5;
/// What is left of the misses after an exchange, at most: it has to explain nearly everything.
const LEFT: f64 = 0.25;

pub(super) fn find(panel: &Panel, fits: &Fits, reports: &[Report], doubt: &mut dyn FnMut(usize, Doubt)) {
    let mut by_time: Vec<&Report> = reports.iter().collect();
    by_time.sort_by_key(|report| report.time);
    for period in by_time.chunk_by(|a, b| a.time == b.time) {
        let mut strange: Vec<(f64, &Report)> = period
            .iter()
            .map(|report| (report.cells.iter().map(|(_, at)| miss(panel, fits, *at)).sum(), *report))
            .filter(|(misses, _)| *misses >= MISSES)
            .collect();
        strange.sort_by(|a, b| b.0.total_cmp(&a.0));
        strange.truncate(CANDIDATES);
        #[expect(clippy::cast_precision_loss, reason = "a count of reports")]
        let prior = (EXCHANGED / period.len().max(2) as f64).ln();
        for (place, (_, one)) in strange.iter().enumerate() {
            let mut best: Option<(f64, &Report)> = None;
            for (_, two) in &strange[place + 1..] {
                let odds = gain(panel, fits, both(one, two)) + prior;
                if odds > best.map_or(0.0, |best| best.0) {
                    best = Some((odds, two));
                }
                single(panel, fits, one, two, prior, doubt);
            }
            if let Some((odds, two)) = best {
                tell(panel, one, two, odds, doubt);
            }
        }
    }
}

fn tell(panel: &Panel, one: &Report, two: &Report, odds: f64, doubt: &mut dyn FnMut(usize, Doubt)) {
    let probability = 1.0 / (1.0 + (-odds).exp());
    if probability < TOLD {
        return;
    }
    for (_, left, right) in both(one, two).filter(|(_, left, right)| !panel.cells[*left].repeats(panel.cells[*right])) {
        for (at, other, unit) in [(left, right, two.org_unit), (right, left, one.org_unit)] {
            let expected =
                rust_decimal::Decimal::from_f64_retain(panel.cells[other].count).map(|count| count.normalize());
            let other = Some(unit);
            doubt(at, Doubt { code: "org-unit-swap", slip: None, expected, probability, other });
        }
    }
}

/// An exchange of a single count.
fn single(panel: &Panel, fits: &Fits, one: &Report, two: &Report, prior: f64, doubt: &mut dyn FnMut(usize, Doubt)) {
    for (item, left, right) in both(one, two) {
        if miss(panel, fits, left) >= MISSES / 2.0 && miss(panel, fits, right) >= MISSES / 2.0 {
            let odds = gain(panel, fits, std::iter::once((item, left, right))) + prior;
            let of = |report: &Report, at: usize| Report { cells: vec![(item, at)], ..report.clone() };
            tell(panel, &of(one, left), &of(two, right), odds, doubt);
        }
    }
}

/// The cells of items that both reported.
fn both<'a>(one: &'a Report, two: &'a Report) -> impl Iterator<Item = (usize, usize, usize)> + 'a {
    let mut right = two.cells.iter().peekable();
    one.cells.iter().filter_map(move |(item, at)| {
        while right.next_if(|(other, _)| other < item).is_some() {}
        right.next_if(|(other, _)| other == item).map(|(_, other)| (*item, *at, *other))
    })
}

/// By how much the logarithm of the density grows when counts change places; nothing below zero unless both series gain
/// and little is left to explain.
fn gain(panel: &Panel, fits: &Fits, pairs: impl Iterator<Item = (usize, usize, usize)>) -> f64 {
    let (mut before, mut after) = ([0.0; 2], [0.0; 2]);
    for (_, left, right) in pairs {
        let (one, two) = (panel.cells[left].count, panel.cells[right].count);
        for (side, (at, own, other)) in [(left, one, two), (right, two, one)].into_iter().enumerate() {
            before[side] += miss_of(fits, at, own);
            after[side] += miss_of(fits, at, other);
        }
    }
    let explained = (0..2).all(|side| after[side] <= before[side] * LEFT + 0.5);
    if explained { before[0] + before[1] - after[0] - after[1] } else { f64::MIN }
}

/// By how much a count is less dense than the expected one of its series.
fn miss_of(fits: &Fits, at: usize, count: f64) -> f64 {
    fits.0[at].map_or(0.0, |fit| (density(fits, at, fit.expected()) - density(fits, at, count)).max(0.0))
}

fn miss(panel: &Panel, fits: &Fits, at: usize) -> f64 {
    miss_of(fits, at, panel.cells[at].count)
}

fn density(fits: &Fits, at: usize, count: f64) -> f64 {
    match &fits.0[at] {
        Some(fit) if count > 0.0 => fit.log_density(count) + (1.0 - fit.zero).max(1e-4).ln(),
        Some(fit) if count == 0.0 => fit.zero.ln(),
        _ => 0.0,
    }
}
