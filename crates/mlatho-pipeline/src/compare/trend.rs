//! The trend of a comparison as a picture.

use std::collections::BTreeSet;

use mlatho_analysis::compare::Verdict;
use mlatho_chart::{Band, TrendChart, TrendPoint, TrendWords};
use mlatho_model::{Arg, Decimal, OrgUnitId};
use mlatho_text::{Texts, shown};
use rust_decimal::RoundingStrategy;

use super::{PeriodLine, RuleComparison};

/// The trend over the periods of all org units, or of one: an SVG in the reader's language.
///
/// The numbers are those of [`RuleComparison::by_period`]: what is missing is a gap, and bars of periods with low
/// reporting are hatched.
#[must_use]
pub fn trend(comparison: &RuleComparison, org_unit: Option<&OrgUnitId>, texts: &Texts) -> String {
    trend_called(comparison, org_unit, org_unit.map_or("", OrgUnitId::as_str), texts)
}

/// [`trend`] with what a person calls the org unit.
pub(crate) fn trend_called(
    comparison: &RuleComparison,
    org_unit: Option<&OrgUnitId>,
    org_unit_name: &str,
    texts: &Texts,
) -> String {
    let rule = &comparison.rule;
    let lines = comparison.by_period(org_unit);
    let band = |key: &str| texts.say(key, &[("low", number(rule.band.low)), ("high", number(rule.band.high))]);
    let points: Vec<TrendPoint> = lines
        .iter()
        .map(|line| TrendPoint {
            label: texts.period(line.period),
            consumption: line.consumption,
            expected: line.expected,
            ratio: line.ratio,
            low_reporting: line.consumption.is_some() && line.is_low_reporting(),
        })
        .collect();
    let (used, pairs) = lines.iter().fold((0, 0), |(used, pairs), line| (used + line.used, pairs + line.pairs));
    let source = rule.band.source.as_str();
    let footer = [("used", used.into()), ("pairs", pairs.into()), ("source", source.into())];
    let chart = TrendChart {
        id: "trend",
        title: &rule.name,
        subtitle: &subtitle(comparison, &lines, org_unit.map(|_| org_unit_name), texts),
        description: &description(comparison, &lines, texts),
        footer: &texts.say("trend-footer", &footer),
        words: TrendWords {
            consumption: &texts.say("trend-consumption", &[]),
            expected: &texts.say("trend-expected", &[]),
            unit: &texts.say("trend-unit", &[]),
            ratio: &texts.say("trend-ratio", &[]),
            band: &band("trend-band"),
            above: &texts.say("trend-above", &[]),
            below: &texts.say("trend-below", &[]),
            low_reporting: &texts.say("trend-low-reporting", &[]),
        },
        band: Band { low: rule.band.low, high: rule.band.high },
        points: &points,
        number: &|number| shown(number.normalize(), texts.language()),
    };
    chart.svg()
}

fn number(number: Decimal) -> Arg {
    number.normalize().into()
}

fn subtitle(comparison: &RuleComparison, lines: &[PeriodLine], org_unit: Option<&str>, texts: &Texts) -> String {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
        return texts.say("trend-nothing", &[]);
    };
    let (from, to) = (texts.period(first.period), texts.period(last.period));
    if let Some(name) = org_unit {
        return texts.say("trend-one", &[("org_unit", name.into()), ("from", from.into()), ("to", to.into())]);
    }
    let org_units: BTreeSet<&OrgUnitId> = comparison.rows.iter().map(|row| &row.org_unit).collect();
    texts.say("trend-all", &[("count", org_units.len().into()), ("from", from.into()), ("to", to.into())])
}

/// The last period that has a ratio, in one sentence.
fn description(comparison: &RuleComparison, lines: &[PeriodLine], texts: &Texts) -> String {
    let last = lines.iter().rev().find_map(|line| Some((line, line.ratio?)));
    let Some((line, ratio)) = last.filter(|(line, _)| line.verdict != Verdict::Undefined) else {
        return texts.say("trend-nothing", &[]);
    };
    let ratio = ratio.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    let band = &comparison.rule.band;
    let args = [
        ("period", texts.period(line.period).into()),
        ("ratio", ratio.into()),
        ("verdict", line.verdict.name().into()),
        ("low", number(band.low)),
        ("high", number(band.high)),
    ];
    texts.say("trend-description", &args)
}
