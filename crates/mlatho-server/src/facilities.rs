//! `/facilities?rule=`: which org units disagree in the last period that both sides know, the widest gap first.

use std::cmp::Reverse;

use mlatho_chart::{Band, Frame, LeagueRow, LeagueTable, Scatter, ScatterPoint};
use mlatho_model::{Decimal, Period};
use mlatho_pipeline::{Overview, RuleComparison};
use mlatho_text::{Texts, shown};

use crate::asked::Asked;
use crate::table_page::Content;
use crate::view::{NOTHING, fixed, whole};

/// Org units that the ranking holds.
const DRAWN: usize = 25;

/// The columns of the table for download.
pub(crate) const COLUMNS: [&str; 7] = ["org_unit", "name", "period", "consumption", "expected", "gap", "ratio"];

/// An org unit of which both sides are known.
struct Known<'a> {
    id: &'a str,
    name: &'a str,
    consumption: Decimal,
    expected: Decimal,
}

impl Known<'_> {
    fn gap(&self) -> Decimal {
        self.consumption.saturating_sub(self.expected)
    }

    fn ratio(&self) -> Option<Decimal> {
        self.consumption.checked_div(self.expected)
    }
}

/// The last period in which any org unit has both sides, and those that have.
fn known<'a>(overview: &'a Overview, rule: &'a RuleComparison) -> Option<(Period, Vec<Known<'a>>)> {
    let both = rule.rows.iter().filter_map(|row| Some((row, row.consumption?, row.expected?)));
    let last = both.clone().map(|(row, _, _)| row.period).max_by_key(|period| period.end())?;
    let of_last = both.filter(|(row, _, _)| row.period == last);
    let mut known: Vec<Known<'_>> = of_last
        .map(|(row, consumption, expected)| Known {
            id: row.org_unit.as_str(),
            name: overview.name(&row.org_unit),
            consumption,
            expected,
        })
        .collect();
    known.sort_by_key(|one| (Reverse(one.gap().abs()), one.id));
    Some((last, known))
}

pub(crate) fn content(overview: &Overview, rule: &RuleComparison, asked: &Asked, texts: &Texts) -> Content {
    let heads = ["org-unit", "consumption", "expected", "gap", "ratio"];
    let (period, known) = known(overview, rule).unzip();
    let line = |one: &Known<'_>| {
        vec![
            one.name.to_owned(),
            whole(one.consumption, texts),
            whole(one.expected, texts),
            whole(one.gap(), texts),
            one.ratio().map_or_else(|| NOTHING.to_owned(), |ratio| fixed(ratio, 2, texts)),
        ]
    };
    let known = known.unwrap_or_default();
    let month = period.map(|period| texts.period(period)).unwrap_or_default();
    Content {
        title: texts
            .say("pages-facilities-title", &[("rule", rule.rule.name.as_str().into()), ("period", month.into())]),
        explained: texts.say("pages-facilities-explained", &[]),
        svg: scatter(rule, period, &known, asked, texts) + &league(rule, period, &known, texts),
        heads: heads.map(|head| texts.say(&format!("pages-head-{head}"), &[])).into(),
        lines: known.iter().map(line).collect(),
    }
}

/// Both pictures for download would need two files; the scatter is the one that a table cannot replace.
pub(crate) fn svg(overview: &Overview, rule: &RuleComparison, asked: &Asked, texts: &Texts) -> String {
    let (period, known) = known(overview, rule).unzip();
    scatter(rule, period, &known.unwrap_or_default(), asked, texts)
}

fn scatter(rule: &RuleComparison, period: Option<Period>, known: &[Known<'_>], asked: &Asked, texts: &Texts) -> String {
    let band = Band { low: rule.rule.band.low, high: rule.rule.band.high };
    let outside = known.iter().filter_map(Known::ratio).filter(|ratio| *ratio < band.low || *ratio > band.high).count();
    let points: Vec<ScatterPoint> = known
        .iter()
        .map(|one| ScatterPoint {
            label: format!("{}: {} / {}", one.name, whole(one.consumption, texts), whole(one.expected, texts)),
            link: format!("/{}", asked.query(Some(&rule.name), Some(one.id))),
            x: one.expected,
            y: one.consumption,
        })
        .collect();
    let month = period.map(|period| texts.period(period)).unwrap_or_default();
    let numbers = [("count", outside.into()), ("all", known.len().into())];
    let say = |key: &str| texts.say(key, &[]);
    let chart = Scatter {
        frame: Frame {
            id: "facilities",
            title: &say("pages-facilities-question"),
            subtitle: &format!("{}, {month}", rule.rule.name),
            description: &texts.say("pages-facilities-description", &numbers),
            footer: &texts.say("pages-facilities-footer", &numbers),
        },
        points: &points,
        band,
        x: &say("pages-head-expected"),
        y: &say("pages-head-consumption"),
        within: &say("verdict-within"),
        above: &say("verdict-above"),
        below: &say("verdict-below"),
        number: &|number| shown(number, texts.language()),
    };
    chart.svg()
}

fn league(rule: &RuleComparison, period: Option<Period>, known: &[Known<'_>], texts: &Texts) -> String {
    let rows: Vec<LeagueRow> = known
        .iter()
        .take(DRAWN)
        .map(|one| LeagueRow { label: one.name.to_owned(), gap: one.gap().round(), ratio: one.ratio() })
        .collect();
    let month = period.map(|period| texts.period(period)).unwrap_or_default();
    let numbers = [("last", rows.len().into()), ("count", known.len().into())];
    let say = |key: &str| texts.say(key, &[]);
    let chart = LeagueTable {
        frame: Frame {
            id: "ranking",
            title: &say("pages-facilities-first"),
            subtitle: &format!("{}, {month}", rule.rule.name),
            description: &texts.say("pages-extent", &numbers),
            footer: &texts.say("pages-extent", &numbers),
        },
        rows: &rows,
        unit: &say("pages-facilities-unit"),
        ratio: &say("pages-head-ratio"),
        above: &say("pages-facilities-more"),
        below: &say("pages-facilities-fewer"),
        number: &|number| shown(number, texts.language()),
    };
    chart.svg()
}

/// The lines of the table for download.
pub(crate) fn rows(overview: &Overview, rule: &RuleComparison) -> Vec<Vec<String>> {
    let Some((period, known)) = known(overview, rule) else { return Vec::new() };
    let number = |number: Decimal| number.normalize().to_string();
    let row = |one: &Known<'_>| {
        let ratio = one.ratio().map(|ratio| number(ratio.round_dp(6))).unwrap_or_default();
        let numbers = [one.consumption, one.expected, one.gap()].map(number);
        [vec![one.id.to_owned(), one.name.to_owned(), period.to_string()], numbers.into(), vec![ratio]].concat()
    };
    known.iter().map(row).collect()
}
