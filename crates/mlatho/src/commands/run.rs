//! `mlatho run`: pull, read, harmonize, check, store, compare.

use std::collections::BTreeMap;

use mlatho_model::Arg;
use mlatho_pipeline::audit;
use mlatho_pipeline::drift::DriftCounts;
use mlatho_pipeline::run::{RunProgress, RunReport, run as run_job};
use mlatho_pipeline::status::by_volume;
use serde::Serialize;

use super::results::{self, Compared};
use super::{Context, Done, Failure, block_on};
use crate::arguments::Format;
use crate::progress::Progress;

/// Codes without a mapping that are shown.
const SHOWN: usize = 10;

pub(super) fn run(context: &Context) -> Result<Done, Failure> {
    let project = context.project()?;
    let (report, compared) = block_on(async {
        let repository = project.make_repository().await?;
        let by = crate::user().unwrap_or_default();
        audit::take_settings(&project, &repository, &by, crate::now().timestamp()).await?;
        audit::take_links(&project, &repository).await?;
        let report = {
            let progress = Progress::new(&context.out);
            run_job(&project, &repository, crate::now().timestamp(), &mut |at| show(&progress, at)).await?
        };
        let (compared, _) = results::write(&context.out.texts, &project, &repository).await?;
        repository.close().await?;
        Ok((report, compared))
    })?;
    let mut findings = report.findings.clone();
    findings.extend(compared.iter().flat_map(|compared| compared.findings.iter().cloned()));
    context.report(&findings)?;
    print(context, &report, &compared)?;
    Ok(Done::Well)
}

pub(super) fn show(progress: &Progress<'_>, at: RunProgress) {
    match at {
        RunProgress::Pulling { source } => progress.step("run-pulling", &[("source", source.into())]),
        RunProgress::Reading { source, origin } => {
            progress.step("run-reading", &[("source", source.into()), ("file", origin.into())]);
        }
        RunProgress::Writing { done, total } => progress.part("run-writing", done, total),
    }
}

/// What `--format json` prints.
#[derive(Serialize)]
struct Printed<'a> {
    #[serde(flatten)]
    report: &'a RunReport,
    comparisons: BTreeMap<&'a str, BTreeMap<&'static str, usize>>,
}

/// Counts as a table, codes without a mapping with their volume as messages.
pub(super) fn print(context: &Context, report: &RunReport, compared: &[Compared]) -> Result<(), Failure> {
    let out = &context.out;
    if out.format == Format::Json {
        let comparisons = compared.iter().map(|compared| (&*compared.name, compared.verdicts.clone())).collect();
        return Ok(out.json(&Printed { report, comparisons })?);
    }
    match report.run {
        None => out.tell("run-nothing-new", &[]),
        Some(run) => {
            let resumed = if report.resumed { "run-resumed" } else { "run-done" };
            out.tell(resumed, &[("run", Arg::Number(run.0.into()))]);
            out.table(&["count", "number"], &counts(context, report))?;
        }
    }
    unmapped(context, report);
    drifted(context, report.drift);
    if out.format == Format::Text {
        results::print(context, compared)?;
    }
    Ok(())
}

/// What changed in the registers, if anything did.
pub(super) fn drifted(context: &Context, drift: Option<DriftCounts>) {
    if let Some(drift) = drift.filter(|drift| *drift != DriftCounts::default()) {
        let counts =
            [("changes", drift.changes), ("links", drift.links), ("reopened", drift.reopened), ("dead", drift.dead)];
        context.out.tell("run-drift", &counts.map(|(name, count)| (name, Arg::from(count))));
    }
}

fn counts(context: &Context, report: &RunReport) -> Vec<Vec<String>> {
    let texts = &context.out.texts;
    let csv = context.out.format == Format::Csv;
    let records = &report.records;
    let mut counts = vec![
        ("records", records.records),
        ("current", records.current),
        ("not-counting", records.not_counting),
        ("incomplete", records.incomplete),
        ("no-counterpart", records.no_counterpart),
        ("unmapped-org-unit", records.unmapped_org_unit),
        ("unmapped-item", records.unmapped_item),
        ("months", report.months as u64),
        ("months-changed", report.months_changed as u64),
    ];
    counts.extend(report.values.iter().map(|(status, count)| (*status, *count)));
    let named = counts
        .into_iter()
        .map(|(name, count)| (if csv { name.to_owned() } else { texts.say(&format!("run-count-{name}"), &[]) }, count));
    let checks = report.checks.iter().map(|(code, count)| ((*code).to_owned(), *count));
    named.chain(checks).map(|(name, count)| vec![name, count.to_string()]).collect()
}

fn unmapped(context: &Context, report: &RunReport) {
    let (out, unmapped) = (&context.out, by_volume(&report.unmapped));
    if unmapped.is_empty() {
        return;
    }
    out.tell("run-unmapped", &[("count", unmapped.len().into())]);
    for line in unmapped.iter().take(SHOWN) {
        let kind = out.texts.say(&format!("run-kind-{}", line.kind.replace('_', "-")), &[]);
        let args = [
            ("kind", Arg::from(kind)),
            ("source", line.source.as_str().into()),
            ("code", line.code.as_str().into()),
            ("name", line.name.as_str().into()),
            ("records", line.records.into()),
            ("quantity", line.quantity.into()),
        ];
        out.tell("run-unmapped-line", &args);
    }
}
