//! From facts and causes to findings.

use mlatho_model::{Arg, Decimal, Severity};
use rust_decimal::prelude::FromPrimitive;

use super::cause::{Blame, Cause};
use crate::{LedgerLine, QualityFinding};

/// Adds what is to be told about a line: the facts that the checks found, less those that are another line's fault, and
/// the cause, with the number that would be right.
pub(super) fn of_line(
    line: &LedgerLine,
    at: usize,
    facts: Vec<QualityFinding>,
    blame: &Blame,
    found: &mut Vec<QualityFinding>,
) {
    let cause = blame.causes[at].as_ref();
    let mut told = false;
    for mut fact in facts {
        let about =
            |name: &str| fact.evidence.iter().any(|(key, value)| *key == "measure" && *value == Arg::from(name));
        let measure = cause.and_then(|cause| cause.measure.as_ref());
        match (fact.code, cause) {
            ("opening-not-previous-closing", _) if blame.opening_excused[at] => continue,
            ("sign", None) | ("stock-balance" | "consumption-without-stock", _) if blame.balance_excused[at] => {
                continue;
            }
            ("consumption-without-stock", Some(_)) => continue,
            ("stock-balance", Some(cause)) if cause.rule == "balance" => {
                told |= fact.code == cause.code;
                (fact.value, fact.expected) = (cause.value.or(fact.value), cause.expected.or(fact.expected));
                if let Some(measure) = measure {
                    fact = fact.with("measure", measure.name());
                }
            }
            ("sign", Some(cause)) if measure.is_some_and(|measure| about(measure.name())) => {
                told |= fact.code == cause.code;
                fact.expected = cause.expected;
            }
            ("sign", _) => fact.expected = fact.value.map(|value| value.abs()),
            ("opening-not-previous-closing", Some(cause)) => told |= fact.code == cause.code,
            ("duplicate-report", Some(cause)) => told |= cause.code == "duplicate-report",
            _ => {}
        }
        found.push(fact);
    }
    if let Some(cause) = cause.filter(|_| !told) {
        found.push(finding(line, cause));
    }
}

fn finding(line: &LedgerLine, cause: &Cause) -> QualityFinding {
    let about = (&line.org_unit, &line.item, line.period);
    let mut finding = QualityFinding::warning(cause.code, about).value(cause.value).expected(cause.expected);
    if cause.rule == "balance" {
        finding.severity = Severity::Error;
    }
    finding.probability = probability(cause.probability);
    finding.evidence.clone_from(&cause.evidence);
    if let Some(measure) = &cause.measure {
        finding = finding.with("measure", measure.name());
    }
    if cause.code == "unit-factor" {
        let number = |number: Option<Decimal>| number.map_or_else(|| Arg::from("–"), Arg::from);
        finding = finding.with("reported", number(cause.value)).with("corrected", number(cause.expected));
    }
    finding.with("rule", cause.rule)
}

/// With three decimals, and never quite certain.
pub(crate) fn probability(of: f64) -> Option<Decimal> {
    Decimal::from_f64(of.clamp(0.0, 0.999)).map(|probability| probability.round_dp(3).normalize())
}
