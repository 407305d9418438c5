//! Who first: the points outside their band, ranked by treatments.

use std::io;

use mlatho_analysis::compare::{Cause, Verdict};
use mlatho_model::{Decimal, OrgUnitId, Period};
use rust_decimal::prelude::ToPrimitive;
use serde_json::json;

use super::RuleComparison;

/// One org unit in one period outside the expected band of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorklistEntry {
    /// From 1.
    pub rank: usize,
    /// [`RuleComparison::name`].
    pub rule: String,
    pub org_unit: OrgUnitId,
    /// The item whose consumption is compared; the rule's name where there are several.
    pub item: String,
    pub period: Period,
    pub verdict: Verdict,
    /// In treatments.
    pub consumption: Decimal,
    /// Treatments that the services are expected to take.
    pub expected: Decimal,
    /// What may lie behind it and how much of the distance to the band that would explain (0 to 1), strongest first.
    pub causes: Vec<(Cause, Decimal)>,
}

impl WorklistEntry {
    /// Treatments between consumption and what is expected, never negative. The list is ranked by it.
    #[must_use]
    pub fn gap(&self) -> Decimal {
        self.consumption.saturating_sub(self.expected).abs()
    }
}

/// The points above or below their band, those with the widest gap first. Where gaps are equal, they stand by org unit,
/// item, period and rule.
#[must_use]
pub fn worklist(comparisons: &[RuleComparison]) -> Vec<WorklistEntry> {
    let mut entries = Vec::new();
    for comparison in comparisons {
        let item = match comparison.rule.consumption.as_slice() {
            [only] => only.item.as_str(),
            _ => &comparison.name,
        };
        for row in comparison.rows.iter().filter(|row| matches!(row.verdict, Verdict::Above | Verdict::Below)) {
            let (Some(consumption), Some(expected)) = (row.consumption, row.expected) else { continue };
            entries.push(WorklistEntry {
                rank: 0,
                rule: comparison.name.clone(),
                org_unit: row.org_unit.clone(),
                item: item.to_owned(),
                period: row.period,
                verdict: row.verdict,
                consumption,
                expected,
                causes: row.explanations.iter().map(|found| (found.cause, found.strength)).collect(),
            });
        }
    }
    entries.sort_by(|a, b| {
        let place = |entry: &WorklistEntry| (entry.org_unit.clone(), entry.item.clone(), entry.period);
        b.gap().cmp(&a.gap()).then_with(|| place(a).cmp(&place(b))).then_with(|| a.rule.cmp(&b.rule))
    });
    for (rank, entry) in (1..).zip(&mut entries) {
        entry.rank = rank;
    }
    entries
}

/// Writes `rank,org_unit,item,period,verdict,causes`; `causes` is a JSON list of `{cause,strength}`, strongest first.
///
/// # Errors
/// The output cannot be written.
pub fn write_worklist(out: impl io::Write, entries: &[WorklistEntry]) -> csv::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["rank", "org_unit", "item", "period", "verdict", "causes"])?;
    for entry in entries {
        let cause =
            |(cause, strength): &(Cause, Decimal)| json!({ "cause": cause.name(), "strength": strength.to_f64() });
        let causes: Vec<_> = entry.causes.iter().map(cause).collect();
        csv.write_record([
            entry.rank.to_string().as_str(),
            entry.org_unit.as_str(),
            &entry.item,
            &entry.period.to_string(),
            entry.verdict.name(),
            &serde_json::Value::Array(causes).to_string(),
        ])?;
    }
    csv.flush()?;
    Ok(())
}
