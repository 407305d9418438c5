//! The table that `mlatho compare` writes.

use std::io;

use mlatho_model::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use super::{Comparison, Evidence, Explanation, Rule};

/// Writes `org_unit,period,consumption,services,expected,ratio,band_low,band_high,verdict,explanations`. A number
/// that is missing or undefined is left blank.
///
/// # Errors
/// The output cannot be written.
pub fn write_comparisons(out: impl io::Write, rule: &Rule, rows: &[Comparison]) -> csv::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "org_unit",
        "period",
        "consumption",
        "services",
        "expected",
        "ratio",
        "band_low",
        "band_high",
        "verdict",
        "explanations",
    ])?;
    let number = |number: Option<Decimal>| number.map_or_else(String::new, |number| number.to_string());
    for row in rows {
        csv.write_record([
            row.org_unit.as_str(),
            &row.period.to_string(),
            &number(row.consumption),
            &number(row.services),
            &number(row.expected),
            &number(row.ratio),
            &rule.band.low.to_string(),
            &rule.band.high.to_string(),
            row.verdict.name(),
            &explanations_json(&row.explanations),
        ])?;
    }
    csv.flush()?;
    Ok(())
}

/// A JSON list of `{cause,support,against,strength}`; `support` and `against` are lists of `{evidence,value}`.
#[must_use]
pub fn explanations_json(explanations: &[Explanation]) -> String {
    let facts = |facts: &[Evidence]| -> Vec<Value> {
        let fact = |fact: &Evidence| {
            let value = fact.about.as_deref().map(Value::from).or(fact.value.map(number));
            json!({ "evidence": fact.name, "value": value })
        };
        facts.iter().map(fact).collect()
    };
    let list = explanations.iter().map(|explanation| {
        json!({
            "cause": explanation.cause.name(),
            "support": facts(&explanation.support),
            "against": facts(&explanation.against),
            "strength": number(explanation.strength),
        })
    });
    Value::Array(list.collect()).to_string()
}

/// A JSON number; the few decimals of evidence stay as they are.
fn number(number: Decimal) -> Value {
    match number.to_i64().filter(|_| number.fract().is_zero()) {
        Some(whole) => whole.into(),
        None => number.to_f64().into(),
    }
}
