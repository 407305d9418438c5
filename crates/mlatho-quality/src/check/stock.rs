//! Checks of the numbers within a line.

use mlatho_model::{Decimal, Measure, MissingReason, Value};

use super::{Context, subject};
use crate::{LedgerLine, QualityFinding};

/// No stock, flow or duration is below zero; only adjustments are signed.
pub(super) fn signs(line: &LedgerLine, found: &mut Vec<QualityFinding>) {
    let values = [
        (Measure::OpeningBalance, &line.opening_balance),
        (Measure::Received, &line.received),
        (Measure::Consumed, &line.consumed),
        (Measure::Losses, &line.losses),
        (Measure::ClosingBalance, &line.closing_balance),
        (Measure::StockoutDays, &line.stockout_days),
        (Measure::Ordered, &line.ordered),
    ];
    for (measure, value) in values {
        if let Some(number) = value.reported().filter(|number| *number < Decimal::ZERO) {
            let finding = QualityFinding::error("sign", subject(line)).value(Some(number));
            found.push(finding.with("measure", measure.name()));
        }
    }
}

/// A term of the balance as the source has it.
enum Term {
    Known(Decimal),
    /// Left blank in a column that exists.
    Blank,
    /// Not to be had: not a number, suppressed, no report, or no column for a term that every balance needs.
    Unknown,
}

fn needed(value: &Value) -> Term {
    match value {
        Value::Reported(number) => Term::Known(*number),
        Value::Missing(MissingReason::Blank) => Term::Blank,
        _ => Term::Unknown,
    }
}

/// A term that counts as zero where the source has no such column, and only there.
fn optional(value: &Value) -> Term {
    match value {
        Value::Missing(MissingReason::NoColumn) | Value::NotApplicable => Term::Known(Decimal::ZERO),
        value => needed(value),
    }
}

/// Opening + received − consumed + adjustments − losses = closing (`indicators.md` R4).
///
/// With all terms known, a difference is the finding `stock-balance`. With one term blank, the others say what it has
/// to be: that is the finding `missing-or-zero`, with the number in `expected`; nothing is filled in.
pub(super) fn balance(line: &LedgerLine, found: &mut Vec<QualityFinding>) {
    let terms = [
        (Measure::OpeningBalance, needed(&line.opening_balance), 1),
        (Measure::Received, needed(&line.received), 1),
        (Measure::Consumed, needed(&line.consumed), -1),
        (Measure::Adjustments, optional(&line.adjustments), 1),
        (Measure::Losses, optional(&line.losses), -1),
        (Measure::ClosingBalance, needed(&line.closing_balance), -1),
    ];
    let mut blank = None;
    let mut sum = Decimal::ZERO;
    for (measure, term, sign) in &terms {
        match (term, sign) {
            (Term::Known(number), 1) => sum = sum.saturating_add(*number),
            (Term::Known(number), _) => sum = sum.saturating_sub(*number),
            (Term::Blank, _) if blank.is_none() => blank = Some((measure, *sign)),
            (Term::Blank | Term::Unknown, _) => return,
        }
    }
    match blank {
        Some((measure, sign)) => {
            let implied = if sign == 1 { -sum } else { sum };
            if implied < Decimal::ZERO && *measure != Measure::Adjustments {
                return; // no number makes the line agree, so the line says nothing about the blank
            }
            let finding = QualityFinding::warning("missing-or-zero", subject(line)).expected(Some(implied));
            found.push(finding.with("measure", measure.name()).with("rule", "balance"));
        }
        None if !sum.is_zero() => {
            let closing = line.closing_balance.reported();
            let expected = closing.map(|closing| closing.saturating_add(sum));
            let mut finding = QualityFinding::error("stock-balance", subject(line)).value(closing).expected(expected);
            for (measure, number) in reported(line) {
                finding = finding.with(measure, number);
            }
            found.push(finding.with("difference", -sum));
        }
        None => {}
    }
}

/// The reported terms of the balance, by measure name.
fn reported(line: &LedgerLine) -> impl Iterator<Item = (&'static str, Decimal)> {
    let values = [
        ("opening_balance", &line.opening_balance),
        ("received", &line.received),
        ("consumed", &line.consumed),
        ("adjustments", &line.adjustments),
        ("losses", &line.losses),
    ];
    values.into_iter().filter_map(|(name, value)| value.reported().map(|number| (name, number)))
}

/// Nothing is given out in a period that was without stock from its first to its last day.
pub(super) fn through_stock_out(line: &LedgerLine, context: Context, found: &mut Vec<QualityFinding>) {
    let (Some(days), Some(consumed)) = (line.stockout_days.reported(), line.consumed.reported()) else { return };
    if days == Decimal::from(super::dates::days(line.period, context.days_in_month)) && consumed > Decimal::ZERO {
        let finding = QualityFinding::warning("reported-through-stock-out", subject(line));
        found.push(finding.value(Some(consumed)).expected(Some(Decimal::ZERO)));
    }
}

/// No more is consumed than there was: opening + received + what adjustments added. Needs those terms known; losses
/// only lessen what there was.
pub(super) fn consumption_without_stock(line: &LedgerLine, found: &mut Vec<QualityFinding>) {
    let (Some(opening), Some(received), Some(consumed), Term::Known(adjustments)) = (
        line.opening_balance.reported(),
        line.received.reported(),
        line.consumed.reported(),
        optional(&line.adjustments),
    ) else {
        return;
    };
    let available = opening.saturating_add(received).saturating_add(adjustments.max(Decimal::ZERO));
    if consumed > available.max(Decimal::ZERO) {
        let finding = QualityFinding::error("consumption-without-stock", subject(line));
        found.push(finding.value(Some(consumed)).expected(Some(available)));
    }
}
