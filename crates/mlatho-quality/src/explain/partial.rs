//! Reports with far fewer numbers than the org unit reports otherwise.

use super::doubts::Report;
use crate::series::Panel;

/// Numbers that an org unit reports otherwise, for a lack of them to say something.
const FEWEST: usize = 4;

/// A report that is there in part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Partial {
    /// The first of its cells.
    pub(crate) cell: usize,
    pub(crate) reported: usize,
    /// In the middle one of the org unit's reports.
    pub(crate) usual: usize,
}

/// Reports with half or less of the numbers of the org unit's middle report.
pub(crate) fn partial(panel: &Panel, reports: &[Report]) -> Vec<Partial> {
    let known = |report: &Report| report.cells.iter().filter(|(_, at)| !panel.cells[*at].count.is_nan()).count();
    let mut found = Vec::new();
    for of_unit in reports.chunk_by(|a, b| a.org_unit == b.org_unit) {
        let mut counts: Vec<usize> = of_unit.iter().map(known).filter(|count| *count > 0).collect();
        counts.sort_unstable();
        let usual = counts.get(counts.len() / 2).copied().unwrap_or(0);
        if usual < FEWEST {
            continue;
        }
        for report in of_unit {
            let reported = known(report);
            if let Some((_, cell)) = report.cells.first().filter(|_| reported > 0 && reported * 2 <= usual) {
                found.push(Partial { cell: *cell, reported, usual });
            }
        }
    }
    found
}
