//! `mlatho compare`: consumption beside services, on plain files.

use std::io::Write;
use std::path::Path;

use mlatho_analysis::compare::{
    Comparison, Point, RULE_PACKS, Rule, Side, compare as compare_points, explanations_json, read_points,
    write_comparisons,
};
use mlatho_model::{Decimal, Finding};
use mlatho_pipeline::{RuleComparison, trend};
use mlatho_text::shown;
use rust_decimal::RoundingStrategy;
use serde_json::{Value, json};

use super::{Context, Done, Failure, outcome, table, text};
use crate::arguments::{Compare, Format};
use crate::output::{json_number, write_file};

pub(super) fn compare(context: &Context, args: &Compare) -> Result<Done, Failure> {
    let rule = rule(&args.rule)?;
    let mut findings = Vec::new();
    let consumption = points(Side::Consumption, &args.consumption, &mut findings)?;
    let services = points(Side::Services, &args.services, &mut findings)?;
    if outcome(&findings) == Done::Well {
        let (rows, found) = compare_points(&rule, &consumption, &services);
        findings.extend(found);
        match &args.out {
            Some(path) => write_file(path, |out| Ok(write_comparisons(out, &rule, &rows)?))?,
            None => print(context, &rule, &rows)?,
        }
        if let Some(path) = &args.svg {
            let comparison = RuleComparison { name: rule.name.clone(), rule, rows, findings: Vec::new() };
            let picture = trend(&comparison, None, &context.out.texts);
            write_file(path, |out| out.write_all(picture.as_bytes()))?;
        }
    }
    context.report(&findings)?;
    Ok(outcome(&findings))
}

/// The rule of a file; where there is no such file, the one that comes with the program under that name.
fn rule(path: &Path) -> Result<Rule, Failure> {
    let shipped = RULE_PACKS.iter().find(|(name, _)| path == Path::new(name)).filter(|_| !path.exists());
    let text = shipped.map_or_else(|| text(path), |(_, text)| Ok((*text).to_owned()))?;
    Ok(Rule::parse(&text).map_err(|bad| {
        let finding = Finding::error("rule-invalid").in_file(&path.display().to_string()).at(bad.line as u64, "");
        finding.with("reason", bad.reason)
    })?)
}

fn points(side: Side, path: &Path, findings: &mut Vec<Finding>) -> Result<Vec<Point>, Failure> {
    let (points, found) = read_points(side, &path.display().to_string(), &table(path)?);
    findings.extend(found);
    Ok(points)
}

fn print(context: &Context, rule: &Rule, rows: &[Comparison]) -> Result<(), Failure> {
    match context.out.format {
        Format::Csv => Ok(write_comparisons(context.out.stdout(), rule, rows).map_err(std::io::Error::from)?),
        Format::Json => Ok(context.out.json(&rows.iter().map(|row| object(rule, row)).collect::<Vec<_>>())?),
        Format::Text => {
            let columns = ["org_unit", "period", "consumption", "services", "expected", "ratio", "verdict", "cause"];
            Ok(context.out.aligned(&columns, &rows.iter().map(|row| words(context, row)).collect::<Vec<_>>())?)
        }
    }
}

/// The columns of the CSV as a JSON object.
fn object(rule: &Rule, row: &Comparison) -> Value {
    json!({
        "org_unit": row.org_unit,
        "period": row.period.to_string(),
        "consumption": row.consumption.map(json_number),
        "services": row.services.map(json_number),
        "expected": row.expected.map(json_number),
        "ratio": row.ratio.map(json_number),
        "ratio_low": row.interval.map(|(low, _)| json_number(low)),
        "ratio_high": row.interval.map(|(_, high)| json_number(high)),
        "band_low": json_number(rule.band.low),
        "band_high": json_number(rule.band.high),
        "verdict": row.verdict.name(),
        "explanations": explanations_json(&row.explanations).parse::<Value>().unwrap_or_default(),
    })
}

/// A row for people: rounded, and only the strongest explanation.
fn words(context: &Context, row: &Comparison) -> Vec<String> {
    let texts = &context.out.texts;
    let number = |number: Option<Decimal>, decimals: u32| {
        let rounded = number.map(|it| it.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero));
        rounded.map_or_else(|| "–".to_owned(), |number| shown(number, texts.language()))
    };
    let cause = row.explanations.first();
    vec![
        row.org_unit.to_string(),
        row.period.to_string(),
        number(row.consumption, 1),
        number(row.services, 1),
        number(row.expected, 1),
        number(row.ratio, 2),
        texts.say(&format!("verdict-{}", row.verdict.name()), &[]),
        cause.map(|one| texts.say(&format!("cause-{}", one.cause.name()), &[])).unwrap_or_default(),
    ]
}
