//! Consumption beside services: ratio, expected band, verdict, and what may lie behind it.

mod explain;
mod figures;
mod history;
mod interval;
mod packs;
mod point;
mod report;
mod rule;
mod table;
mod total;

use mlatho_model::{Decimal, Finding, Findings, OrgUnitId, Period};

use crate::{Rational, Rounding};
pub use explain::{Cause, Evidence, Explanation};
use explain::{Everything, Known};
use figures::Figures;
use history::History;
pub use packs::RULE_PACKS;
pub use point::{Point, Side, read_points};
pub use report::Report;
use report::Reports;
pub use rule::{BadRule, Band, ConsumptionItem, Rule, ServiceElement};
pub use table::{explanations_json, write_comparisons};
pub use total::{Total, total, totals_by_period};

/// How a ratio stands to its band.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    Within,
    Above,
    Below,
    /// A side is missing, nothing is expected, or there are too few service events to say.
    Undefined,
}

impl Verdict {
    /// The stable name; the text a person reads is the catalogue entry `verdict-<name>`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::Above => "above",
            Self::Below => "below",
            Self::Undefined => "undefined",
        }
    }
}

/// One org unit in one period. Numbers have at most six decimals, rounded half to even.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub org_unit: OrgUnitId,
    pub period: Period,
    /// In treatments; nothing where it is missing.
    pub consumption: Option<Decimal>,
    /// Service events; nothing where they are missing.
    pub services: Option<Decimal>,
    /// Treatments that the service events are expected to take.
    pub expected: Option<Decimal>,
    /// Consumption ÷ expected; nothing where undefined.
    pub ratio: Option<Decimal>,
    /// Between which numbers the ratio would lie in nine of ten periods like this one, by chance alone.
    pub interval: Option<(Decimal, Decimal)>,
    pub verdict: Verdict,
    /// Strongest first; none within the band, unless something was noticed about a report.
    pub explanations: Vec<Explanation>,
}

/// Compares consumption with services for each org unit and period that both sides speak of, ordered by org unit and
/// period (`indicators.md` T1: `(Σ C ÷ units per treatment) ÷ (Σ events × weight)`).
///
/// - Points of the same org unit, item, measure and period are added up, so a number may come in its splits.
/// - Missing in, missing out: a figure is there only if every item that the org unit manages has its number. An item
///   of which an org unit has no point in any period is not managed there.
/// - No services: undefined, whatever was consumed. Services and no consumption: 0. Fewer than `minimum_services`
///   events: undefined.
/// - Periods that only one side has at all are left out, and points of another period type; a finding says so.
#[must_use]
pub fn compare(rule: &Rule, consumption: &[Point], services: &[Point]) -> (Vec<Comparison>, Findings) {
    explain_together(vec![Prepared::new(rule, consumption, services)], &[]).pop().unwrap_or_default()
}

/// What one rule compares, added up; the points are no longer needed.
pub struct Prepared<'a> {
    known: Known<'a>,
    findings: Findings,
}

impl<'a> Prepared<'a> {
    /// Adds up. With consumption may come whatever else is known of the stock of its items: opening and closing balance,
    /// received, losses, adjustments, stockout days. Those are no consumption but serve the explanations. With the
    /// services come the tests before them, where the rule names some.
    #[must_use]
    pub fn new(rule: &'a Rule, consumption: &[Point], services: &[Point]) -> Self {
        let table = figures::table(rule, consumption, services);
        let findings = left_out(rule, &table);
        Self { known: Known::new(rule, table), findings }
    }
}

/// [`compare`] by several rules, which explain each other: whether the other products of a family do the same, or two
/// products stand under each other's name. `reports` tell what is known of the stock reports besides their numbers.
#[must_use]
pub fn explain_together(prepared: Vec<Prepared<'_>>, reports: &[Report]) -> Vec<(Vec<Comparison>, Findings)> {
    let (known, findings): (Vec<Known<'_>>, Vec<Findings>) =
        prepared.into_iter().map(|Prepared { known, findings }| (known, findings)).unzip();
    let all = Everything::new(known, Reports::new(reports));
    findings.into_iter().enumerate().map(|(at, findings)| (rows(&all, at), findings)).collect()
}

fn rows(all: &Everything<'_>, at: usize) -> Vec<Comparison> {
    let Some(known) = all.rules.get(at) else { return Vec::new() };
    let rows = known.table.figures.iter().map(|(key, figures)| {
        let verdict = verdict(known.rule, figures);
        let stored = |number: Option<Rational>| number.and_then(|exact| exact.rounded(6, Rounding::HalfEven));
        let ratio = stored(figures.ratio()).filter(|_| verdict != Verdict::Undefined);
        Comparison {
            org_unit: key.0.clone(),
            period: key.1,
            consumption: stored(figures.consumption),
            services: stored(figures.services),
            expected: stored(figures.expected),
            ratio,
            interval: ratio.and_then(|_| known.interval(key, figures)),
            verdict,
            explanations: all.explain(at, key),
        }
    });
    rows.collect()
}

fn left_out(rule: &Rule, table: &figures::Table) -> Findings {
    let mut findings = Vec::new();
    if table.figures.is_empty() {
        findings.push(Finding::error("compare-nothing").with("rule", rule.name.as_str()));
    }
    if table.other_period_types > 0 {
        let finding = Finding::warning("compare-other-period-type").with("count", table.other_period_types);
        findings.push(finding.with("type", rule.period_type.to_string()));
    }
    findings
}

fn verdict(rule: &Rule, figures: &Figures) -> Verdict {
    let enough = figures.services.is_some_and(|services| services >= rule.minimum_services.into());
    figures.ratio().filter(|_| enough).map_or(Verdict::Undefined, |ratio| place(rule, ratio))
}

/// Where a ratio lies. Of fewer events than the rule asks for, only what chance alone hardly makes is called outside;
/// the verdict stays undefined, but causes are looked for.
fn direction(rule: &Rule, figures: &Figures) -> Verdict {
    let sure = |verdict| interval::is_beyond_chance(rule, figures).then_some(verdict);
    match verdict(rule, figures) {
        Verdict::Undefined => figures.ratio().and_then(|ratio| sure(place(rule, ratio))).unwrap_or(Verdict::Undefined),
        found => found,
    }
}

fn place(rule: &Rule, ratio: Rational) -> Verdict {
    if ratio < rule.band.low.into() {
        Verdict::Below
    } else if ratio > rule.band.high.into() {
        Verdict::Above
    } else {
        Verdict::Within
    }
}
