//! `mlatho review drift`: what changed in the registers, and what hangs on it.

use mlatho_pipeline::drift::{DriftLine, RegisterDrift, drift as drift_of};

use super::{Context, Done, Failure, block_on, outcome};
use crate::arguments::Format;

/// Changes of a register that are shown to a person at once.
const SHOWN: usize = 20;

const COLUMNS: [&str; 10] = ["kind", "source", "change", "id", "name", "was", "is", "links", "values", "cells"];

pub(super) fn drift(context: &Context) -> Result<Done, Failure> {
    let project = context.project()?;
    let report = block_on(async {
        let repository = project.open_repository().await?;
        let report = drift_of(&project, &repository).await?;
        repository.close().await?;
        Ok(report)
    })?;
    let out = &context.out;
    match out.format {
        Format::Json => out.json(&report)?,
        Format::Csv => out.table(&COLUMNS, &report.registers.iter().flat_map(rows).collect::<Vec<_>>())?,
        Format::Text => report.registers.iter().try_for_each(|register| print(context, register))?,
    }
    context.report(&report.findings)?;
    Ok(outcome(&report.findings))
}

fn rows(register: &RegisterDrift) -> Vec<Vec<String>> {
    let row = |line: &DriftLine| {
        let source = register.source.clone().unwrap_or_default();
        let mut row = vec![register.kind.to_owned(), source, line.change.to_owned()];
        row.extend([&line.id, &line.name, &line.was, &line.is].map(ToString::to_string));
        row.extend([line.links.len() as u64, line.values, line.cells].map(|count| count.to_string()));
        row
    };
    register.changes.iter().map(row).collect()
}

/// What changed in one register: the changes that most hangs on first.
fn print(context: &Context, register: &RegisterDrift) -> Result<(), Failure> {
    let out = &context.out;
    let Some(since) = &register.since else {
        out.tell("drift-first", &[("file", register.file.as_str().into())]);
        return Ok(());
    };
    let count = register.changes.len();
    let args = [("file", register.file.as_str().into()), ("since", since.as_str().into()), ("count", count.into())];
    out.line(&out.texts.say("drift-since", &args))?;
    let mut lines: Vec<&DriftLine> = register.changes.iter().collect();
    lines.sort_by_key(|line| std::cmp::Reverse((line.cells, line.values, line.links.len())));
    let row = |line: &&DriftLine| {
        let mut row = vec![out.texts.say(&format!("drift-change-{}", line.change), &[])];
        row.extend([&line.id, &line.name, &line.was, &line.is].map(ToString::to_string));
        row.extend([line.links.len() as u64, line.values, line.cells].map(|count| count.to_string()));
        row
    };
    let rows: Vec<Vec<String>> = lines.iter().take(SHOWN).map(row).collect();
    out.aligned(&COLUMNS[2..], &rows)?;
    if count > SHOWN {
        out.tell("drift-more", &[("count", (count - SHOWN).into())]);
    }
    Ok(out.line("")?)
}
