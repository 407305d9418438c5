//! `mlatho indicators`: figures by definition files over plain tables.

use std::path::Path;

use mlatho_analysis::indicator::{Figure, Indicator, Ledger, SHIPPED, State, write_figures};
use mlatho_analysis::{Rational, Rounding};
use mlatho_model::{Decimal, Finding};
use mlatho_text::shown;
use serde_json::{Value, json};

use super::{Context, Done, Failure, outcome, table, text};
use crate::arguments::{Format, Indicators};
use crate::output::{json_number, write_file};

pub(super) fn indicators(context: &Context, args: &Indicators) -> Result<Done, Failure> {
    let definitions = definitions(&args.definitions)?;
    let (mut ledger, mut findings) = Ledger::read(&args.ledger.display().to_string(), &table(&args.ledger)?);
    if let Some(path) = &args.services {
        findings.extend(ledger.read_services(&path.display().to_string(), &table(path)?));
    }
    ledger.complete();
    let figures: Vec<Figure> = definitions.iter().flat_map(|definition| definition.figures(&ledger)).collect();
    match &args.out {
        Some(path) => write_file(path, |out| Ok(write_figures(out, &figures)?))?,
        None => print(context, &definitions, &figures)?,
    }
    context.report(&findings)?;
    Ok(outcome(&findings))
}

/// Those of the files; where none is named, the shipped ones.
fn definitions(paths: &[impl AsRef<Path>]) -> Result<Vec<Indicator>, Failure> {
    let parse = |file: &str, text: &str| {
        Indicator::parse(text).map_err(|bad| {
            let finding = Finding::error("indicator-invalid").in_file(file).at(bad.line as u64, "");
            Failure::from(finding.with("reason", bad.reason))
        })
    };
    if paths.is_empty() {
        return SHIPPED.iter().map(|(name, text)| parse(name, text)).collect();
    }
    paths.iter().map(|path| parse(&path.as_ref().display().to_string(), &text(path.as_ref())?)).collect()
}

fn print(context: &Context, definitions: &[Indicator], figures: &[Figure]) -> Result<(), Failure> {
    match context.out.format {
        Format::Csv => Ok(write_figures(context.out.stdout(), figures).map_err(std::io::Error::from)?),
        Format::Json => Ok(context.out.json(&figures.iter().map(object).collect::<Vec<_>>())?),
        Format::Text => {
            let totals = figures.iter().filter(|figure| figure.org_unit.is_none());
            let rows: Vec<Vec<String>> = totals.map(|figure| words(context, definitions, figure)).collect();
            Ok(context.out.aligned(&["indicator", "indicator-item", "period", "indicator-value", "coverage"], &rows)?)
        }
    }
}

fn stored(exact: Rational) -> Option<Decimal> {
    exact.rounded(6, Rounding::HalfEven)
}

/// The columns of the CSV as a JSON object.
fn object(figure: &Figure) -> Value {
    let (value, state) = match figure.state {
        State::Known(value) => (stored(value), "known"),
        State::Missing => (None, "missing"),
        State::Undefined => (None, "undefined"),
    };
    json!({
        "indicator": figure.indicator,
        "version": figure.version,
        "org_unit": figure.org_unit,
        "item": figure.item,
        "period": figure.period.to_string(),
        "value": value.map(json_number),
        "state": state,
        "numerator": figure.numerator.and_then(stored).map(json_number),
        "denominator": figure.denominator.and_then(stored).map(json_number),
        "used": figure.used,
        "expected": figure.expected,
    })
}

/// A total for people: the name of the indicator, its value rounded half up, and what stands behind it.
fn words(context: &Context, definitions: &[Indicator], figure: &Figure) -> Vec<String> {
    let texts = &context.out.texts;
    let of = definitions.iter().find(|definition| definition.id == figure.indicator);
    let name = of.and_then(|definition| {
        let names = &definition.name;
        names.get(texts.language().code()).or_else(|| names.get("en"))
    });
    let value = match figure.state {
        State::Known(value) => value.rounded(2, Rounding::HalfUp).map(|number| shown(number, texts.language())),
        State::Missing | State::Undefined => None,
    };
    vec![
        format!("{} {}", figure.indicator, name.map_or("", String::as_str)),
        figure.item.as_ref().map_or_else(String::new, ToString::to_string),
        figure.period.to_string(),
        value.unwrap_or_else(|| "–".to_owned()),
        format!("{}/{}", figure.used, figure.expected),
    ]
}
