//! What is wrong with a ledger, and what with it is only a consequence.
//!
//! Contradictions are facts: a balance that does not add up, an opening that is not the closing before. What caused them
//! is not. For each line the causes compete, and the most probable one is told, with the number that would be right where
//! it follows. Lines that contradict another one through that one's fault are left alone.

mod cause;
mod chain;
mod copies;
mod doubts;
mod duplicates;
mod exchanges;
mod partial;
mod report;
mod shifts;
mod single;
mod slip;
mod stockouts;
mod surprise;
mod swap;
mod whole;

use std::collections::HashMap;

use mlatho_model::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use crate::check::{Context, check_line, check_series, check_timeliness};
use crate::finding::Subject;
use crate::rank::rank;
use crate::series::{Cell, Fits, Panel, fit};
use crate::{LedgerLine, QualityFinding};
use cause::{Blame, Cause};
use chain::{Joint, chain};
use doubts::Report;
use partial::partial;
use shifts::shifts;

pub(crate) use doubts::{Doubt, doubts, reports};
pub(crate) use report::probability;
pub(crate) use surprise::Circumstances;

/// Orders the lines by org unit, item, period and position, runs every check on them, and ranks what is found by how much
/// depends on it.
pub fn check_ledger(lines: &mut [LedgerLine], context: Context) -> Vec<QualityFinding> {
    let key = |line: &LedgerLine| (line.period, line.position);
    lines
        .sort_unstable_by(|a, b| (&a.org_unit, &a.item).cmp(&(&b.org_unit, &b.item)).then_with(|| key(a).cmp(&key(b))));
    let lines = &*lines;
    let mut blame = Blame::new(lines.len());
    let mut chains: Vec<Vec<Joint>> = Vec::new();
    let mut from = 0;
    for series in lines.chunk_by(|a, b| a.org_unit == b.org_unit && a.item == b.item) {
        let places = duplicates::one_for_each_period(lines, from..from + series.len(), &mut blame);
        chains.push(chain(lines, &places));
        from += series.len();
    }
    let (panel, place_of) = panel(lines, &chains);
    let fits = fit(&panel);
    let of_line = |line: usize| place_of[line].and_then(|cell| fits.0[cell]);
    for joints in &mut chains {
        single::unbalanced(joints, &of_line, &mut blame);
        whole::explain(lines, joints, &mut blame);
    }
    swap::explain(lines, &chains, &mut blame);
    swap::copies(lines, &chains, &mut blame);
    for joints in &mut chains {
        whole::zeros(joints, &mut blame);
        single::carried(joints, &of_line, &mut blame);
    }
    let joints: Vec<&Joint> = chains.iter().flatten().collect();
    let reports = reports(&panel);
    surprises(lines, &joints, &panel, &fits, &reports, &mut blame);
    let mut found = notes(lines, &joints, &panel, &fits, &reports);
    for joints in &chains {
        excuse_followers(lines, joints, &mut blame);
    }
    let mut previous: Option<&LedgerLine> = None;
    for (at, line) in lines.iter().enumerate() {
        let mut of_line = Vec::new();
        check_line(line, context, &mut of_line);
        check_timeliness(line, &mut of_line);
        if let Some(previous) = previous.filter(|last| last.org_unit == line.org_unit && last.item == line.item) {
            check_series(previous, line, &mut of_line);
        }
        report::of_line(line, at, of_line, &blame, &mut found);
        previous = Some(line);
    }
    stockouts::uncounted(lines, &mut found);
    rank(&mut found, &volumes(lines));
    found
}

/// An opening is not held against a line where the closing before it is doubted already, or cannot be.
fn excuse_followers(lines: &[LedgerLine], joints: &[Joint], blame: &mut Blame) {
    for pair in joints.windows(2) {
        let closing = lines[pair[0].line].closing_balance.reported();
        let doubted = blame.is_blamed(pair[0].line) || closing.is_some_and(|closing| closing < Decimal::ZERO);
        blame.opening_excused[pair[1].line] |= doubted && !blame.is_blamed(pair[1].line);
    }
}

/// What is consumed of each item, all in all: the measure of how much a number weighs.
fn volumes(lines: &[LedgerLine]) -> HashMap<&mlatho_model::ItemId, f64> {
    let mut volumes = HashMap::new();
    for line in lines {
        let consumed = line.consumed.reported().and_then(|number| number.abs().to_f64()).unwrap_or(0.0);
        *volumes.entry(&line.item).or_insert(0.0) += consumed;
    }
    volumes
}

/// The consumption of every chain, and the cell of each line.
fn panel(lines: &[LedgerLine], chains: &[Vec<Joint>]) -> (Panel, Vec<Option<usize>>) {
    let mut panel = Panel::default();
    let mut place_of = vec![None; lines.len()];
    let (mut units, mut items) = (HashMap::new(), HashMap::new());
    for joints in chains {
        let Some(first) = joints.first().map(|joint| &lines[joint.line]) else { continue };
        let unit = units.len();
        let unit = *units.entry(&first.org_unit).or_insert(unit);
        let item = items.len();
        let item = *items.entry(&first.item).or_insert(item);
        let mut kind = None;
        for joint in joints {
            let line = &lines[joint.line];
            if kind != Some(line.period.period_type()) {
                kind = Some(line.period.period_type());
                panel.begin(unit, item, line.period.period_type());
            }
            place_of[joint.line] = Some(panel.cells.len());
            panel.push(Cell::new(line.period, line.consumed.reported().and_then(|number| number.to_f64())));
        }
    }
    (panel, place_of)
}

/// Blames lines whose consumption its own series does not lead one to expect.
fn surprises(
    lines: &[LedgerLine],
    joints: &[&Joint],
    panel: &Panel,
    fits: &Fits,
    reports: &[Report],
    blame: &mut Blame,
) {
    let circumstances: Vec<Circumstances> =
        joints.iter().map(|joint| circumstances(joint, &lines[joint.line])).collect();
    let doubts = doubts(panel, fits, &circumstances, reports, &|cell| blame.is_blamed(joints[cell].line));
    let units: Vec<&str> = names(panel, joints, lines);
    for (doubt, joint) in doubts.into_iter().zip(joints).filter_map(|(doubt, joint)| Some((doubt?, joint))) {
        blame.set(joint.line, doubted(&lines[joint.line], &doubt, &units));
    }
}

/// What a reader of the numbers should know: reports that are there in part, and series at a new level.
fn notes(
    lines: &[LedgerLine],
    joints: &[&Joint],
    panel: &Panel,
    fits: &Fits,
    reports: &[Report],
) -> Vec<QualityFinding> {
    let about = |cell: usize| {
        let line = &lines[joints[cell].line];
        ((&line.org_unit, &line.item, line.period), line.consumed.reported())
    };
    notes_of(panel, fits, reports, &about)
}

/// The notes of a panel; `about` says whom a cell is about, and its number.
pub(crate) fn notes_of<'a>(
    panel: &Panel,
    fits: &Fits,
    reports: &[Report],
    about: &dyn Fn(usize) -> (Subject<'a>, Option<Decimal>),
) -> Vec<QualityFinding> {
    let partial = partial(panel, reports).into_iter().map(|partial| {
        let finding = QualityFinding::info("partial-report", about(partial.cell).0);
        finding.with("reported", partial.reported).with("usual", partial.usual)
    });
    let shifts = shifts(panel, fits).into_iter().map(|shift| {
        let (subject, number) = about(shift.cell);
        let ratio = Decimal::from_f64(shift.ratio).unwrap_or_default().round_dp(2).normalize();
        QualityFinding::info("level-shift", subject).value(number).with("ratio", ratio)
    });
    partial.chain(shifts).collect()
}

/// The names of the org units of a panel.
fn names<'a>(panel: &Panel, joints: &[&Joint], lines: &'a [LedgerLine]) -> Vec<&'a str> {
    let mut names = Vec::new();
    for series in panel.series.iter().filter(|series| !series.cells.is_empty()) {
        if series.org_unit == names.len() {
            names.push(lines[joints[series.cells.start].line].org_unit.as_str());
        }
    }
    names
}

fn circumstances(joint: &Joint, line: &LedgerLine) -> Circumstances {
    let none = |number: Option<Decimal>| number.is_some_and(|number| number.is_zero());
    let empty = none(joint.closing()) || (none(joint.opening()) && none(line.received.reported()));
    let days_out = line.stockout_days.reported().is_some_and(|days| days > Decimal::ZERO);
    Circumstances { sound: joint.is_sound(), without_stock: empty || days_out }
}

fn doubted(line: &LedgerLine, doubt: &Doubt, units: &[&str]) -> Cause {
    let mut cause = Cause::line(doubt.code, doubt.probability);
    cause.measure = Some(mlatho_model::Measure::Consumed);
    (cause.value, cause.expected) = (line.consumed.reported(), doubt.expected);
    cause.rule = "series";
    doubt.evidence(units, line.period).into_iter().for_each(|(name, value)| cause.evidence.push((name, value)));
    cause
}
