//! `mlatho quantify`: what will be needed, ordered and paid, on plain files.

mod inputs;
mod predictions;

use std::path::Path;

use mlatho_forecast::quantify::{
    BadScenario, Outcome, SUMMARY, Scenario, Table, WORDS, quantify as work_out, summary, tables,
};
use mlatho_formats::workbook::{Column, Form, Sheet, write_sheets};
use mlatho_model::{Arg, Finding, Findings};
use mlatho_pipeline::PipelineError;

use super::{Context, Done, Failure, outcome, text};
use crate::arguments::Quantify;
use crate::now;
use crate::output::{write_csv, write_file};

pub(super) fn quantify(context: &Context, args: &Quantify) -> Result<Done, Failure> {
    let mut findings = Vec::new();
    let mut scenarios: Vec<(Scenario, Outcome)> = Vec::new();
    for path in &args.scenarios {
        let Some((scenario, outcome)) = read(context, path, &mut findings)? else { return Ok(Done::NeedsAPerson) };
        if scenarios.iter().any(|(other, _)| other.name == scenario.name) {
            return Err(invalid(path, "another scenario has the same name", 0).into());
        }
        scenarios.push((scenario, outcome));
    }
    if let Some(folder) = &args.out {
        write(folder, &tables(&scenarios), &summary(&scenarios))?;
    }
    context.out.table(&SUMMARY, &summary(&scenarios))?;
    for (scenario, outcome) in &scenarios {
        tell(context, scenario, outcome);
    }
    context.report(&findings)?;
    Ok(outcome(&findings))
}

/// Nothing where a file that the scenario names is of no use.
fn read(context: &Context, path: &Path, findings: &mut Findings) -> Result<Option<(Scenario, Outcome)>, Failure> {
    let bad = |bad: BadScenario| invalid(path, &bad.reason, bad.line);
    let scenario = Scenario::parse(&text(path)?).map_err(bad)?;
    let inputs = inputs::read(path, &scenario, findings)?;
    if outcome(findings) == Done::NeedsAPerson {
        context.report(findings)?;
        return Ok(None);
    }
    let worked = work_out(&scenario, &inputs);
    if worked.is_err() {
        context.report(findings)?;
    }
    Ok(Some((scenario, worked.map_err(bad)?)))
}

fn invalid(path: &Path, reason: &str, line: usize) -> Finding {
    let finding = Finding::error("scenario-invalid").in_file(&path.display().to_string());
    finding.at(line as u64, "").with("reason", reason)
}

/// Each table as a CSV file, all of them as the sheets of one workbook.
fn write(folder: &Path, tables: &[Table], summary: &[Vec<String>]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(PipelineError::io("writing", folder))?;
    let mut all = vec![Table { name: "summary", columns: &SUMMARY, rows: summary.to_vec() }];
    all.extend_from_slice(tables);
    for table in &all {
        let path = folder.join(format!("{}.csv", table.name));
        write_file(&path, |out| write_csv(out, table.columns, &table.rows))?;
    }
    let columns: Vec<Vec<Column>> =
        all.iter().map(|table| table.columns.iter().map(|name| column(name)).collect()).collect();
    let sheets = all.iter().zip(&columns);
    let sheets: Vec<Sheet<'_>> =
        sheets.map(|(table, columns)| Sheet { name: table.name, columns, rows: &table.rows, held: 2 }).collect();
    write_file(&folder.join("quantification.xlsx"), |out| write_sheets(out, &sheets, now().datetime()))?;
    Ok(())
}

fn column(name: &'static str) -> Column {
    let words = WORDS.contains(&name);
    Column {
        name,
        width: if words { 22 } else { 14 },
        form: if words { Form::Text } else { Form::Number },
        to_fill: false,
    }
}

/// What a person should decide or look at.
fn tell(context: &Context, scenario: &Scenario, outcome: &Outcome) {
    let texts = &context.out.texts;
    let method = |name: &str| texts.say(&format!("method-{name}"), &[]);
    for product in &outcome.products {
        let about: [(&str, Arg); 2] =
            [("scenario", scenario.name.as_str().into()), ("product", product.id.as_str().into())];
        let say = |key: &str, more: &[(&str, Arg)]| context.out.tell(key, &[&about[..], more].concat());
        if let Some(ask) = product.combination.ask {
            let name = |at: usize| product.methods.get(at).map(|it| method(it.method)).unwrap_or_default();
            let (apart, allowed) = (ask.apart.round(), ask.allowed.round());
            let numbers = [("low", name(ask.low).into()), ("high", name(ask.high).into())];
            let numbers = [numbers, [("apart", apart.into()), ("allowed", allowed.into())]].concat();
            say("quantify-ask", &numbers);
        }
        if let Some(found) = &product.triangulation {
            let best = found.best.unwrap_or_default().round();
            say(&format!("quantify-{}", found.agreement.name()), &[("best", best.into())]);
        }
        let Some(supplied) = &product.supply else { continue };
        for warning in &supplied.warnings {
            let period =
                std::iter::successors(Some(scenario.start), |period| period.next()).nth(warning.month as usize);
            let period = period.map(|period| period.to_string()).unwrap_or_default();
            let key = format!("supply-{}", warning.kind.name());
            say(&key, &[("period", period.into()), ("amount", warning.amount.round().into())]);
        }
    }
}
