//! Series that go on at another level.

use crate::series::{Fits, Panel, median};

/// Counts on each side that make a level.
const SIDE: usize = 6;
/// How many standard errors of the difference of two such levels, and how much in logarithms, is a shift.
const ERRORS: f64 = 6.0;
const AT_LEAST: f64 = std::f64::consts::LN_2;
/// Standard error of a difference of medians of [`SIDE`] counts, in scales.
const ERROR: f64 = 0.72;

/// A series that goes on at another level from a cell on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shift {
    pub(crate) cell: usize,
    /// New level over old one.
    pub(crate) ratio: f64,
}

/// The shift of each series, if it has one: of the places where the levels differ enough that with the largest step.
pub(crate) fn shifts(panel: &Panel, fits: &Fits) -> Vec<Shift> {
    let mut found = Vec::new();
    for series in &panel.series {
        let known: Vec<usize> = series.cells.clone().filter(|at| panel.cells[*at].count > 0.0).collect();
        let level = |cells: &[usize]| {
            let mut logs: Vec<f64> = cells.iter().map(|at| panel.cells[*at].count.ln()).collect();
            median(&mut logs)
        };
        let shifts = (SIDE..known.len().saturating_sub(SIDE - 1)).filter_map(|at| {
            let (before, after) = (level(&known[at - SIDE..at])?, level(&known[at..at + SIDE])?);
            let scale = fits.0[known[at]]?.scale();
            let apart = after - before;
            let strength = apart.abs() / (scale * ERROR);
            let jump = (panel.cells[known[at]].count / panel.cells[known[at - 1]].count).ln().abs();
            (strength >= ERRORS && apart.abs() >= AT_LEAST)
                .then_some((jump, Shift { cell: known[at], ratio: apart.exp() }))
        });
        found.extend(shifts.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, shift)| shift));
    }
    found
}
