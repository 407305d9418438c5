//! `mlatho review restate`: what was read and sent by links that were corrected.

use mlatho_pipeline::restate::{Correction, RestateCell, Restatement, restate as restate_of};

use super::{Context, Done, Failure, block_on, outcome};
use crate::arguments::Format;

/// Values that are shown to a person at once.
const SHOWN: usize = 20;

const COLUMNS: [&str; 18] = [
    "kind",
    "source",
    "code",
    "old_target",
    "new_target",
    "from",
    "to",
    "observations",
    "corrected_by",
    "follows",
    "action",
    "target",
    "data_set",
    "data_element",
    "org_unit",
    "period",
    "delivered",
    "wanted",
];

pub(super) fn restate(context: &Context) -> Result<Done, Failure> {
    let project = context.project()?;
    let report = block_on(async {
        let repository = project.open_repository().await?;
        let report = restate_of(&project, &repository).await?;
        repository.close().await?;
        Ok(report)
    })?;
    let out = &context.out;
    match out.format {
        Format::Json => out.json(&report)?,
        Format::Csv => out.table(&COLUMNS, &report.links.iter().flat_map(rows).collect::<Vec<_>>())?,
        Format::Text => print(context, &report.links)?,
    }
    let cells = report.cells();
    match (report.links.is_empty(), report.links.iter().all(|link| link.follows)) {
        (true, _) => out.tell("restate-nothing", &[]),
        (false, true) => out.tell("restate-publish", &[("links", report.links.len().into()), ("cells", cells.into())]),
        (false, false) => out.tell("restate-run", &[("links", report.links.len().into()), ("cells", cells.into())]),
    }
    context.report(&report.findings)?;
    Ok(outcome(&report.findings))
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// Who corrected a link, such as `data manager, 2026-03-01T08:00:00Z`; blank where a mapping file was changed.
fn corrected(link: &Restatement) -> String {
    match &link.corrected {
        Correction::Decision { decided_by, decided_at, .. } => format!("{decided_by}, {decided_at}"),
        Correction::MappingFile => String::new(),
    }
}

/// A row for each value at a target; one without a value where there is none.
fn rows(link: &Restatement) -> Vec<Vec<String>> {
    let head = || {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut head = vec![link.kind.to_owned(), link.source.clone(), link.code.clone()];
        head.extend([link.old.join(" + "), link.new.join(" + "), text(&link.from), text(&link.to)]);
        head.extend([link.observations.to_string(), corrected(link), yes_or_no(link.follows).to_owned()]);
        head
    };
    if link.cells.is_empty() {
        let mut row = head();
        row.resize(COLUMNS.len(), String::new());
        return vec![row];
    }
    let row = |cell: &RestateCell| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut row = head();
        row.extend([cell.action.to_owned(), cell.target.clone(), text(&cell.data_set), cell.data_element.clone()]);
        row.extend([cell.org_unit.clone(), cell.period.clone(), text(&cell.delivered), text(&cell.wanted)]);
        row
    };
    link.cells.iter().map(row).collect()
}

/// The links, then the values at targets.
fn print(context: &Context, links: &[Restatement]) -> Result<(), Failure> {
    let (out, texts) = (&context.out, &context.out.texts);
    if links.is_empty() {
        return Ok(());
    }
    let none = |text: String| if text.is_empty() { "–".to_owned() } else { text };
    let row = |link: &Restatement| {
        let day = |day: &Option<String>| day.clone().unwrap_or_else(|| "…".into());
        let days = format!("{}–{}", day(&link.from), day(&link.to));
        let periods = match (link.periods.first(), link.periods.last()) {
            (Some(first), Some(last)) if first != last => format!("{first}–{last}"),
            (first, _) => none(first.cloned().unwrap_or_default()),
        };
        vec![
            texts.say(&format!("run-kind-{}", link.kind), &[]),
            link.source.clone(),
            link.code.clone(),
            link.old.join(" + "),
            none(link.new.join(" + ")),
            days,
            link.observations.to_string(),
            periods,
            link.cells.len().to_string(),
            texts.say(&format!("restate-follows-{}", yes_or_no(link.follows)), &[]),
            none(corrected(link)),
        ]
    };
    let columns = [
        "kind",
        "source",
        "code",
        "old_target",
        "new_target",
        "days",
        "observations",
        "period",
        "cells",
        "follows",
        "corrected_by",
    ];
    out.aligned(&columns, &links.iter().map(row).collect::<Vec<_>>())?;
    let cells: Vec<(&str, &RestateCell)> =
        links.iter().flat_map(|link| link.cells.iter().map(|cell| (link.code.as_str(), cell))).collect();
    if cells.is_empty() {
        return Ok(());
    }
    out.line("")?;
    let row = |(code, cell): &(&str, &RestateCell)| {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".into());
        let mut row = vec![texts.say(&format!("publish-kind-{}", cell.action), &[]), (*code).to_owned()];
        row.extend([&cell.target, &cell.data_element, &cell.org_unit, &cell.period].map(ToString::to_string));
        row.extend([text(&cell.delivered), text(&cell.wanted)]);
        row
    };
    let columns = ["action", "code", "delivered_to", "data_element", "org_unit", "period", "delivered", "wanted"];
    out.aligned(&columns, &cells.iter().take(SHOWN).map(row).collect::<Vec<_>>())?;
    if cells.len() > SHOWN {
        out.tell("drift-more", &[("count", (cells.len() - SHOWN).into())]);
    }
    Ok(())
}
