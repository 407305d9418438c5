//! `mlatho status`: what is where.

use mlatho_model::Arg;
use mlatho_pipeline::status::{ProjectStatus, status as status_of};

use super::{Context, Done, Failure, block_on};
use crate::arguments::Format;

/// Codes without a mapping that are shown.
const SHOWN: usize = 20;

pub(super) fn status(context: &Context) -> Result<Done, Failure> {
    let project = context.project()?;
    let status = block_on(async {
        let repository = project.open_repository().await?;
        let status = status_of(&project, &repository).await?;
        repository.close().await?;
        Ok(status)
    })?;
    match context.out.format {
        Format::Json => context.out.json(&status)?,
        Format::Csv => context.out.table(&["subject", "name", "number"], &flat(&status))?,
        Format::Text => print(context, &status)?,
    }
    Ok(Done::Well)
}

/// One line for each number, for scripts.
fn flat(status: &ProjectStatus) -> Vec<Vec<String>> {
    let line = |subject: &str, name: &str, number: String| vec![subject.to_owned(), name.to_owned(), number];
    let mut lines = Vec::new();
    for source in &status.sources {
        lines.push(line("receipts", &source.name, source.receipts.to_string()));
        lines.push(line("waiting", &source.name, source.waiting.to_string()));
    }
    lines.extend(status.values.iter().map(|(name, count)| line("values", name, count.to_string())));
    for code in &status.unmapped {
        lines.push(line(&format!("unmapped-{}", code.kind), &code.code, code.quantity.to_string()));
    }
    for target in &status.targets {
        lines.push(line("unpublished-changes", &target.name, u8::from(target.unpublished_changes).to_string()));
        lines.push(line("unsettled", &target.name, target.unsettled.to_string()));
    }
    lines.extend(status.registers.iter().map(|own| line("register-changes", &own.file, own.changes.to_string())));
    lines.push(line("reopened-links", "", status.reopened_links.to_string()));
    lines.push(line("dead-links", "", status.dead_links.to_string()));
    lines
}

fn print(context: &Context, status: &ProjectStatus) -> Result<(), Failure> {
    let (out, texts) = (&context.out, &context.out.texts);
    let sources: Vec<Vec<String>> = status
        .sources
        .iter()
        .map(|source| {
            let last = source.last_received.clone().unwrap_or_else(|| "–".into());
            vec![source.name.clone(), source.receipts.to_string(), source.waiting.to_string(), last]
        })
        .collect();
    out.table(&["source", "receipts", "waiting", "last_received"], &sources)?;
    out.line("")?;
    let runs: Vec<Vec<String>> = status
        .runs
        .iter()
        .map(|run| {
            let state = texts.say(&format!("run-state-{}", run.state), &[]);
            vec![run.run.to_string(), state, run.started_at.clone(), run.months_changed.to_string()]
        })
        .collect();
    out.table(&["run", "state", "started_at", "months_changed"], &runs)?;
    out.line("")?;
    let values: Vec<Vec<String>> = status
        .values
        .iter()
        .map(|(name, count)| vec![texts.say(&format!("run-count-{name}"), &[]), count.to_string()])
        .collect();
    out.table(&["status", "number"], &values)?;
    if let Some((first, last)) = &status.months {
        out.line(&texts.say("status-months", &[("first", first.as_str().into()), ("last", last.as_str().into())]))?;
    }
    if !status.unmapped.is_empty() {
        out.line("")?;
        let rows: Vec<Vec<String>> = status
            .unmapped
            .iter()
            .take(SHOWN)
            .map(|line| {
                let kind = texts.say(&format!("run-kind-{}", line.kind.replace('_', "-")), &[]);
                let (records, quantity) = (line.records.to_string(), line.quantity.to_string());
                vec![kind, line.source.clone(), line.code.clone(), line.name.clone(), records, quantity]
            })
            .collect();
        out.table(&["unmapped", "source", "code", "name", "records", "quantity"], &rows)?;
        if status.unmapped.len() > SHOWN {
            out.tell("status-more", &[("count", (status.unmapped.len() - SHOWN).into())]);
        }
    }
    out.line("")?;
    for target in &status.targets {
        let key = match (&target.last_delivery, target.unpublished_changes) {
            (None, _) => "status-never-delivered",
            (Some(_), true) => "status-unpublished",
            (Some(_), false) => "status-up-to-date",
        };
        let last = target.last_delivery.as_deref().unwrap_or_default();
        out.line(&texts.say(key, &[("target", target.name.as_str().into()), ("at", last.into())]))?;
        if target.unsettled > 0 {
            let args = [("target", Arg::from(target.name.as_str())), ("count", target.unsettled.into())];
            out.line(&texts.say("status-unsettled", &args))?;
        }
    }
    registers(context, status)
}

/// What changed in the registers, and which links suffer from it.
fn registers(context: &Context, status: &ProjectStatus) -> Result<(), Failure> {
    let (out, texts) = (&context.out, &context.out.texts);
    for own in status.registers.iter().filter(|own| own.changes > 0) {
        let since = own.since.as_deref().unwrap_or_default();
        let args = [("file", Arg::from(own.file.as_str())), ("count", own.changes.into()), ("since", since.into())];
        out.line(&texts.say("status-register", &args))?;
    }
    for (key, count) in [("status-reopened", status.reopened_links), ("status-dead", status.dead_links)] {
        if count > 0 {
            out.line(&texts.say(key, &[("count", count.into())]))?;
        }
    }
    Ok(())
}
