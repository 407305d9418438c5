//! Consumption beside services: ratio, expected band, verdict, and what may lie behind it.

mod explain;
mod figures;
mod point;
mod rule;
mod table;
mod total;

use mlatho_model::{Decimal, Finding, Findings, OrgUnitId, Period};

use crate::{Rational, Rounding};
pub use explain::{Cause, Evidence, Explanation};
use figures::Figures;
pub use point::{Point, Side, read_points};
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
    pub verdict: Verdict,
    /// Strongest first; none within the band.
    pub explanations: Vec<Explanation>,
}

/// Compares consumption with services for each org unit and period that both sides speak of, ordered by org unit and
/// period (`indicators.md` T1: `(Σ C ÷ units per treatment) ÷ (Σ events × weight)`).
///
/// - Points of the same org unit, item, measure and period are added up, so a number may come in its splits. Points of
///   consumption with the measure `stockout_days` are no consumption but serve the explanations.
/// - Missing in, missing out: a figure is there only if every item that the org unit manages has its number. An item
///   of which an org unit has no point in any period is not managed there.
/// - No services: undefined, whatever was consumed. Services and no consumption: 0. Fewer than `minimum_services`
///   events: undefined.
/// - Periods that only one side has at all are left out, and points of another period type; a finding says so.
#[must_use]
pub fn compare(rule: &Rule, consumption: &[Point], services: &[Point]) -> (Vec<Comparison>, Findings) {
    let table = figures::table(rule, consumption, services);
    let rows = table.figures.iter().map(|((org_unit, period), figures)| {
        let verdict = verdict(rule, figures);
        let before = period.previous().and_then(|before| table.figures.get(&(org_unit.clone(), before)));
        let stored = |number: Option<Rational>| number.and_then(|exact| exact.rounded(6, Rounding::HalfEven));
        Comparison {
            org_unit: org_unit.clone(),
            period: *period,
            consumption: stored(figures.consumption),
            services: stored(figures.services),
            expected: stored(figures.expected),
            ratio: stored(figures.ratio()).filter(|_| verdict != Verdict::Undefined),
            verdict,
            explanations: explain::explain(rule, *period, figures, before, verdict),
        }
    });
    let rows: Vec<_> = rows.collect();
    let mut findings = Vec::new();
    if rows.is_empty() {
        findings.push(Finding::error("compare-nothing").with("rule", rule.name.as_str()));
    }
    if table.other_period_types > 0 {
        let finding = Finding::warning("compare-other-period-type").with("count", table.other_period_types);
        findings.push(finding.with("type", rule.period_type.to_string()));
    }
    (rows, findings)
}

fn verdict(rule: &Rule, figures: &Figures) -> Verdict {
    let enough = figures.services.is_some_and(|services| services >= rule.minimum_services.into());
    match figures.ratio().filter(|_| enough) {
        None => Verdict::Undefined,
        Some(ratio) if ratio < rule.band.low.into() => Verdict::Below,
        Some(ratio) if ratio > rule.band.high.into() => Verdict::Above,
        Some(_) => Verdict::Within,
    }
}
