//! What may lie behind a ratio outside its band, as far as the compared numbers show it.

use mlatho_model::{Decimal, Period};

use super::{Band, Figures, Rule, Verdict};
use crate::{Rational, Rounding};

/// A cause that the numbers can speak for or against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Without stock, nothing could be consumed.
    StockOut,
    /// Packs were counted as units, or units as packs.
    UnitError,
    /// The period before has no report of the side that is too high now.
    LateReport,
    /// The numbers leave it open.
    CannotTell,
}

impl Cause {
    /// The stable name; the text a person reads is the catalogue entry `cause-<name>`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::StockOut => "stock-out",
            Self::UnitError => "unit-error",
            Self::LateReport => "late-report",
            Self::CannotTell => "cannot-tell",
        }
    }
}

/// A fact that speaks for or against a cause; the text a person reads is the catalogue entry `evidence-<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub name: &'static str,
    pub value: Option<Decimal>,
}

/// A cause with what speaks for and against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub cause: Cause,
    pub support: Vec<Evidence>,
    pub against: Vec<Evidence>,
    /// Which part of the distance between ratio and band the cause would take away, 0 to 1. For
    /// [`Cause::CannotTell`]: the part that no cause takes away.
    pub strength: Decimal,
}

/// Explanations of one point, strongest first. `before` holds the figures of the period directly before.
pub(super) fn explain(
    rule: &Rule,
    period: Period,
    figures: &Figures,
    before: Option<&Figures>,
    verdict: Verdict,
) -> Vec<Explanation> {
    let found = match (verdict, figures.ratio()) {
        (Verdict::Within, _) => return Vec::new(),
        (Verdict::Above | Verdict::Below, Some(ratio)) => {
            let causes = [
                stock_out(rule, period, figures, ratio, verdict),
                unit_error(rule, ratio, verdict),
                late_report(rule, figures, before, ratio, verdict),
            ];
            causes.into_iter().flatten().collect()
        }
        _ => Vec::new(),
    };
    with_the_open_part(found, figures, rule)
}

/// Sorts the causes and says which part they leave open.
fn with_the_open_part(mut found: Vec<Explanation>, figures: &Figures, rule: &Rule) -> Vec<Explanation> {
    found.sort_by_key(|explanation| std::cmp::Reverse(explanation.strength));
    let open = Decimal::ONE - found.first().map_or(Decimal::ZERO, |strongest| strongest.strength);
    if open > Decimal::ZERO {
        let support = open_facts(figures, rule);
        found.push(Explanation { cause: Cause::CannotTell, support, against: Vec::new(), strength: open });
        found.sort_by_key(|explanation| std::cmp::Reverse(explanation.strength));
    }
    found
}

/// Why a ratio is undefined or means little.
fn open_facts(figures: &Figures, rule: &Rule) -> Vec<Evidence> {
    let fact = |name| Evidence { name, value: None };
    let mut facts = Vec::new();
    if figures.consumption.is_none() {
        facts.push(fact("consumption-missing"));
    }
    match (figures.services, figures.consumption) {
        (None, _) => facts.push(fact("services-missing")),
        (Some(services), Some(consumption)) if services.is_zero() && !consumption.is_zero() => {
            facts.push(fact("stock-without-service"));
        }
        (Some(services), Some(consumption)) if !services.is_zero() && consumption.is_zero() => {
            facts.push(fact("service-without-stock"));
        }
        (Some(services), _) if services < rule.minimum_services.into() => {
            let value = services.rounded(6, Rounding::HalfEven);
            facts.push(Evidence { name: "few-services", value });
        }
        _ => {}
    }
    facts
}

/// How far a ratio is from the band; zero within.
fn distance(ratio: Rational, band: &Band) -> Rational {
    let (low, high) = (Rational::from(band.low), Rational::from(band.high));
    let away = if ratio < low { low.checked_sub(ratio) } else { ratio.checked_sub(high) };
    away.unwrap_or(Rational::ZERO).max(Rational::ZERO)
}

/// An explanation from the ratio there would be without the cause. Nothing, where it comes no closer to the band.
fn explanation(
    cause: Cause,
    band: &Band,
    ratio: Rational,
    without: Rational,
    facts: Vec<Evidence>,
) -> Option<Explanation> {
    let (now, then) = (distance(ratio, band), distance(without, band));
    let strength = now.checked_sub(then)?.checked_div(now)?.rounded(2, Rounding::HalfEven)?;
    if strength <= Decimal::ZERO {
        return None;
    }
    let corrected = Evidence { name: "corrected-ratio", value: without.rounded(2, Rounding::HalfUp) };
    let (mut support, mut against) = (facts, Vec::new());
    if then.is_zero() {
        support.push(corrected);
    } else {
        against.push(corrected);
    }
    Some(Explanation { cause, support, against, strength })
}

/// Consumption is scaled to all days of the period (`indicators.md` L1).
fn stock_out(rule: &Rule, period: Period, figures: &Figures, ratio: Rational, verdict: Verdict) -> Option<Explanation> {
    let stockout_days = figures.stockout_days.filter(|days| !days.is_zero() && verdict == Verdict::Below)?;
    let days = Rational::from(period.days());
    let facts = vec![Evidence { name: "stockout-days", value: stockout_days.rounded(2, Rounding::HalfUp) }];
    if stockout_days >= days {
        // Out of stock all the time: whatever the demand was, no more could be consumed.
        return Some(Explanation {
            cause: Cause::StockOut,
            support: facts,
            against: Vec::new(),
            strength: Decimal::ONE,
        });
    }
    let without = ratio.checked_mul(days.checked_div(days.checked_sub(stockout_days)?)?)?;
    explanation(Cause::StockOut, &rule.band, ratio, without, facts)
}

/// The ratio lies in the band when packs are taken for units or units for packs. Needs one pack size for all items.
fn unit_error(rule: &Rule, ratio: Rational, verdict: Verdict) -> Option<Explanation> {
    let pack_size = rule.consumption.first()?.pack_size?;
    if rule.consumption.iter().any(|entry| entry.pack_size != Some(pack_size)) {
        return None;
    }
    let size = Rational::from(pack_size);
    let without = if verdict == Verdict::Above { ratio.checked_div(size)? } else { ratio.checked_mul(size)? };
    if !distance(without, &rule.band).is_zero() {
        return None;
    }
    let facts = vec![Evidence { name: "pack-size", value: Some(pack_size) }];
    explanation(Cause::UnitError, &rule.band, ratio, without, facts)
}

/// What the period before lacks came with this one: both periods together are in the band.
fn late_report(
    rule: &Rule,
    figures: &Figures,
    before: Option<&Figures>,
    ratio: Rational,
    verdict: Verdict,
) -> Option<Explanation> {
    let before = before?;
    let (without, name) = match (verdict, before.consumption, before.expected) {
        (Verdict::Above, None, Some(expected)) => {
            (figures.consumption?.checked_div(figures.expected?.checked_add(expected)?)?, "consumption-missing-before")
        }
        (Verdict::Below, Some(consumption), None) => {
            (figures.consumption?.checked_add(consumption)?.checked_div(figures.expected?)?, "services-missing-before")
        }
        _ => return None,
    };
    explanation(Cause::LateReport, &rule.band, ratio, without, vec![Evidence { name, value: None }])
}
