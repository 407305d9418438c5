//! Checks of a line against the line before it.

use mlatho_model::{Measure, MissingReason, Value};

use super::subject;
use crate::{LedgerLine, QualityFinding};

/// Two counting reports for the same org unit, item and period; the later one is the duplicate. Says whether it is so.
pub(super) fn duplicate(previous: &LedgerLine, line: &LedgerLine, found: &mut Vec<QualityFinding>) -> bool {
    let same = previous.period == line.period;
    if same {
        let first = LedgerLine { position: line.position, reported_at: line.reported_at, ..previous.clone() };
        let numbers = if first == *line { "same" } else { "different" };
        let number = |line: &LedgerLine| line.closing_balance.reported().or(line.consumed.reported());
        let finding = QualityFinding::error("duplicate-report", subject(line)).value(number(line));
        found.push(
            finding.expected(number(previous)).with("first_position", previous.position).with("numbers", numbers),
        );
    }
    same
}

/// Opening equals the closing of the period directly before (`indicators.md` R5); needs both known.
pub(super) fn continuity(previous: &LedgerLine, line: &LedgerLine, found: &mut Vec<QualityFinding>) {
    let (Some(closing), Some(opening)) = (previous.closing_balance.reported(), line.opening_balance.reported()) else {
        return;
    };
    if opening != closing {
        let finding = QualityFinding::warning("opening-not-previous-closing", subject(line));
        let finding = finding.value(Some(opening)).expected(Some(closing));
        found.push(finding.with("previous", previous.period.to_string()).with("difference", opening - closing));
    }
}

/// A flow left blank right after it was reported as zero: the blank may stand for a zero, or for a number nobody
/// entered. What the line's own balance decides is told by that check alone.
pub(super) fn blank_after_zero(previous: &LedgerLine, line: &LedgerLine, found: &mut Vec<QualityFinding>) {
    let flows = [
        (Measure::Received, &previous.received, &line.received),
        (Measure::Consumed, &previous.consumed, &line.consumed),
        (Measure::Adjustments, &previous.adjustments, &line.adjustments),
        (Measure::Losses, &previous.losses, &line.losses),
    ];
    for (measure, before, now) in flows {
        let was_zero = before.reported().is_some_and(|number| number.is_zero());
        if was_zero && *now == Value::Missing(MissingReason::Blank) && !told(line, &measure, found) {
            let finding = QualityFinding::warning("missing-or-zero", subject(line));
            found.push(finding.with("measure", measure.name()).with("rule", "zero-before"));
        }
    }
}

/// Whether the line's own balance has told of this blank already.
fn told(line: &LedgerLine, measure: &Measure, found: &[QualityFinding]) -> bool {
    let this_line = |finding: &&QualityFinding| {
        finding.org_unit == line.org_unit && finding.item == line.item && finding.period == line.period
    };
    let mut of_line = found.iter().rev().take_while(this_line);
    of_line.any(|finding| {
        finding.code == "missing-or-zero" && finding.evidence.contains(&("measure", measure.name().into()))
    })
}

/// Periods without a report between two that have one.
pub(super) fn gap(previous: &LedgerLine, line: &LedgerLine, found: &mut Vec<QualityFinding>) {
    let Some(first) = previous.period.next() else { return };
    if previous.period.period_type() != line.period.period_type() || first >= line.period {
        return;
    }
    let missing = std::iter::successors(Some(first), |period| period.next()).take_while(|period| *period < line.period);
    let finding = QualityFinding::info("missing-report", (&line.org_unit, &line.item, first));
    found.push(finding.with("periods", missing.count()));
}
