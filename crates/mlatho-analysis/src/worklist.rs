//! Who first: what stands out in the comparisons, ranked.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::io;

use mlatho_model::{Decimal, ItemId, OrgUnitId, Period};
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use serde_json::json;

use crate::compare::{Cause, Comparison, Evidence, Rule, Verdict};

/// A rule and what came of it.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// What the rule is called in the entries.
    pub name: &'a str,
    pub rule: &'a Rule,
    pub rows: &'a [Comparison],
}

/// One org unit in one period that somebody should ask about.
#[derive(Clone, Debug, PartialEq)]
pub struct WorklistEntry {
    /// From 1.
    pub rank: usize,
    /// [`Compared::name`].
    pub rule: String,
    pub org_unit: OrgUnitId,
    /// The item whose consumption is compared; the rule's name where there are several.
    pub item: String,
    pub period: Period,
    pub verdict: Verdict,
    /// In treatments; nothing where it is missing or held back.
    pub consumption: Option<Decimal>,
    /// Treatments that the services are expected to take.
    pub expected: Option<Decimal>,
    /// What may lie behind it and how strongly (0 to 1), strongest first.
    pub causes: Vec<(Cause, Decimal)>,
    /// What speaks for the strongest cause.
    pub support: Vec<Evidence>,
}

impl WorklistEntry {
    /// Treatments between consumption and what is expected, never negative; all that is expected where consumption is
    /// not known.
    #[must_use]
    pub fn gap(&self) -> Decimal {
        let expected = self.expected.unwrap_or_default();
        self.consumption.map_or(expected, |consumption| consumption.saturating_sub(expected).abs())
    }
}

/// After so many months an old trouble counts half.
const HALF_LIFE_MONTHS: f64 = 6.0;

/// What stands out: points whose ratio is outside the band by more than chance, and points whose report tells a cause
/// by itself (a stock-out, a late or doubled report, a number that a check holds back).
///
/// Rank: gap × strength of the strongest cause × freshness, which halves every six months before the last period. The
/// most urgent entry of each org unit comes before the second of any: one call is about all of them. A comparison of
/// several items comes after those of its items. Where all is equal, entries stand by org unit, item, period and rule.
#[must_use]
pub fn worklist(compared: &[Compared<'_>]) -> Vec<WorklistEntry> {
    let mut entries = Vec::new();
    let mut by_item: HashSet<(&OrgUnitId, Period, &ItemId)> = HashSet::new();
    let standing = compared
        .iter()
        .flat_map(|one| one.rows.iter().filter(|row| stands_out(one.rule, row)).map(move |row| (one, row)));
    let standing: Vec<(&Compared<'_>, &Comparison)> = standing.collect();
    for (one, row) in &standing {
        if let [only] = one.rule.consumption.as_slice() {
            by_item.insert((&row.org_unit, row.period, &only.item));
        }
    }
    for (one, row) in standing {
        let items = one.rule.consumption.as_slice();
        let told =
            items.len() > 1 && items.iter().any(|entry| by_item.contains(&(&row.org_unit, row.period, &entry.item)));
        entries.push((told, entry(one, row)));
    }
    rank(entries)
}

/// Whether the row is outside the band by more than chance, or its report tells a cause by itself.
fn stands_out(rule: &Rule, row: &Comparison) -> bool {
    match (row.verdict, row.interval) {
        (Verdict::Above, Some((low, _))) => low > rule.band.high,
        (Verdict::Below, Some((_, high))) => high < rule.band.low,
        _ => row.explanations.first().is_some_and(|first| first.cause != Cause::CannotTell),
    }
}

fn entry(one: &Compared<'_>, row: &Comparison) -> WorklistEntry {
    let item = match one.rule.consumption.as_slice() {
        [only] => only.item.as_str(),
        _ => one.name,
    };
    WorklistEntry {
        rank: 0,
        rule: one.name.to_owned(),
        org_unit: row.org_unit.clone(),
        item: item.to_owned(),
        period: row.period,
        verdict: row.verdict,
        consumption: row.consumption,
        expected: row.expected,
        causes: row.explanations.iter().map(|found| (found.cause, found.strength)).collect(),
        support: row.explanations.first().map(|found| found.support.clone()).unwrap_or_default(),
    }
}

fn month_number(period: Period) -> i32 {
    let end = period.end();
    i32::from(end.year()) * 12 + i32::from(end.month())
}

/// Entries with whether another one tells the same more closely.
fn rank(mut entries: Vec<(bool, WorklistEntry)>) -> Vec<WorklistEntry> {
    let last = entries.iter().map(|(_, entry)| month_number(entry.period)).max().unwrap_or(0);
    let urgency = |entry: &WorklistEntry| {
        let months = f64::from(last - month_number(entry.period));
        let fresh = Decimal::from_f64(0.5f64.powf(months / HALF_LIFE_MONTHS)).unwrap_or_default();
        let strength = entry.causes.first().map_or(Decimal::ZERO, |(_, strength)| *strength);
        entry.gap().checked_mul(strength * fresh).unwrap_or(Decimal::MAX)
    };
    entries.sort_by_cached_key(|(told, entry)| {
        let place = (entry.org_unit.clone(), entry.item.clone(), entry.period, entry.rule.clone());
        (*told, Reverse(urgency(entry)), place)
    });
    let mut of_unit: HashMap<OrgUnitId, usize> = HashMap::new();
    let mut turns = Vec::with_capacity(entries.len());
    for (_, entry) in entries {
        let turn = of_unit.entry(entry.org_unit.clone()).or_insert(0);
        turns.push((*turn, entry));
        *turn += 1;
    }
    turns.sort_by_key(|(turn, _)| *turn); // stable: within a turn the most urgent stays first
    (1..).zip(turns).map(|(rank, (_, entry))| WorklistEntry { rank, ..entry }).collect()
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
