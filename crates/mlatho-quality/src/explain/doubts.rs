//! What is doubtful about counts beside each other: each alone, reports of whole org units copied or exchanged.

use mlatho_model::{Arg, Code, Decimal, Period};

use super::slip::{FACTORS, Slip};
use super::surprise::{Circumstances, Factors, surprise};
use super::{copies, exchanges};
use crate::series::{Fits, Panel};

/// Probability from which on a doubt is told in any case.
const NEARLY_CERTAIN: f64 = 0.9;
/// Of so many counts one may carry a doubt, certain ones included; where there are many certain ones, one of so many may
/// carry a doubt of less probability, and one more for so many certain ones; and [`FEW`] in a small table.
const ALL: usize = 115;
const ONE_IN: usize = 260;
const PER_CERTAIN: usize = 4;
const FEW: usize = 5;

/// The most probable thing that is wrong with a count.
#[derive(Clone, Debug)]
pub(crate) struct Doubt {
    pub(crate) code: Code,
    pub(crate) slip: Option<Slip>,
    /// The right count where it follows, else the one that the series leads one to expect.
    pub(crate) expected: Option<Decimal>,
    pub(crate) probability: f64,
    /// The org unit whose count it is.
    pub(crate) other: Option<usize>,
}

impl Doubt {
    /// What the text of the finding needs beside the numbers.
    pub(crate) fn evidence(&self, units: &[&str], period: Period) -> Vec<(&'static str, Arg)> {
        let mut evidence = Vec::new();
        if let Some(slip) = self.slip.filter(|slip| slip.factor().is_some()) {
            evidence.push(("factor", slip.factor_text().into()));
            evidence.push(("scope", "number".into()));
        }
        if let Some(unit) = self.other.and_then(|unit| units.get(unit)) {
            evidence.push(("other_org_unit", (*unit).into()));
        }
        if let Some(before) = period.previous().filter(|_| self.code == "copied-report") {
            evidence.push(("other_period", before.to_string().into()));
        }
        evidence
    }
}

/// Doubts by cell. `circumstances` are those of each cell; cells of which another fault is known already are `told`.
pub(crate) fn doubts(
    panel: &Panel,
    fits: &Fits,
    circumstances: &[Circumstances],
    reports: &[Report],
    told: &dyn Fn(usize) -> bool,
) -> Vec<Option<Doubt>> {
    let mut doubts: Vec<Option<Doubt>> = vec![None; panel.cells.len()];
    let mut factors = Factors::of(panel);
    for last in [false, true] {
        let mut met = [0.0; FACTORS.len()];
        for series in &panel.series {
            for at in series.cells.clone() {
                let Some(fit) = fits.0[at].filter(|_| !told(at)) else { continue };
                let count = panel.cells[at].count;
                let surprise = surprise(&fit, count, series.item, circumstances[at], &factors, &mut met);
                if let Some(surprise) = surprise.filter(|_| last) {
                    doubts[at] = Some(Doubt {
                        code: surprise.slip.map_or("outlier", Slip::code),
                        slip: surprise.slip,
                        expected: Some(surprise.expected),
                        probability: surprise.probability,
                        other: None,
                    });
                }
            }
        }
        factors.learn(&met);
    }
    let mut more_probable = |at: usize, doubt: Doubt| {
        let known = doubts[at].as_ref().map_or(0.0, |known| known.probability);
        if !told(at) && !circumstances[at].sound && doubt.probability > known {
            doubts[at] = Some(doubt);
        }
    };
    copies::find(panel, fits, reports, &mut more_probable);
    exchanges::find(panel, fits, reports, &mut more_probable);
    let faults = (0..doubts.len()).filter(|at| told(*at)).count();
    leave_the_most_probable(&mut doubts, faults);
    doubts
}

/// A doubt that is no near certainty is worth a person's time only while such doubts are few: of these the most probable
/// ones are left, as many as a small share of all counts, and more where much is certainly wrong.
fn leave_the_most_probable(doubts: &mut [Option<Doubt>], faults: usize) {
    let certain = doubts.iter().flatten().filter(|doubt| doubt.probability >= NEARLY_CERTAIN).count();
    let room = (doubts.len() / ALL).saturating_sub(certain);
    let limit = (room.max(doubts.len() / ONE_IN + certain / PER_CERTAIN) + faults / PER_CERTAIN).max(FEW);
    let mut uncertain: Vec<(f64, usize)> = doubts
        .iter()
        .enumerate()
        .filter_map(|(at, doubt)| Some((doubt.as_ref()?.probability, at)))
        .filter(|(probability, _)| *probability < NEARLY_CERTAIN)
        .collect();
    uncertain.sort_by(|a, b| b.0.total_cmp(&a.0));
    uncertain.into_iter().skip(limit).for_each(|(_, at)| doubts[at] = None);
}

/// What one org unit reported about one period: the cells, with their items.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) org_unit: usize,
    pub(crate) time: i32,
    /// Item and cell, ordered by item.
    pub(crate) cells: Vec<(usize, usize)>,
}

/// The reports, ordered by org unit and time.
pub(crate) fn reports(panel: &Panel) -> Vec<Report> {
    let mut places: Vec<(usize, i32, usize, usize)> = panel
        .series
        .iter()
        .flat_map(|series| series.cells.clone().map(|at| (series.org_unit, panel.cells[at].time, series.item, at)))
        .collect();
    places.sort_unstable();
    places
        .chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
        .map(|of| Report {
            org_unit: of[0].0,
            time: of[0].1,
            cells: of.iter().map(|place| (place.2, place.3)).collect(),
        })
        .collect()
}
