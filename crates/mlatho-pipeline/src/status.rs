//! What is where: sources, runs, what waits, what was delivered.

use std::collections::BTreeMap;

use jiff::Timestamp;
use mlatho_model::{Decimal, Period, Status as RowStatus};
use mlatho_store::{BatchState, Filter, Repository, RunState, RunSummary, Unmapped};
use serde::Serialize;

use crate::PipelineError;
use crate::drift::{dead_links, last_changes};
use crate::project::Project;
use crate::review::still_open;

/// The state of a project.
#[derive(Clone, Debug, Serialize)]
pub struct ProjectStatus {
    pub sources: Vec<SourceStatus>,
    /// The last runs, newest first.
    pub runs: Vec<RunLine>,
    /// Values in the current truth by status, such as `held`.
    pub values: BTreeMap<&'static str, u64>,
    /// First and last month that hold values.
    pub months: Option<(String, String)>,
    /// Codes without a mapping, the largest volume first.
    pub unmapped: Vec<UnmappedLine>,
    pub targets: Vec<TargetStatus>,
    pub registers: Vec<RegisterStatus>,
    /// Links that were sure until the registers changed, and wait for a person again.
    pub reopened_links: usize,
    /// Links without an end whose target is in no list of the project.
    pub dead_links: usize,
}

/// A register and how much it changed when it last changed.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterStatus {
    pub file: String,
    pub changes: usize,
    /// When a run first saw the version before; none where there is only one.
    pub since: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct SourceStatus {
    pub name: String,
    pub receipts: usize,
    /// Receipts that are not in the repository yet.
    pub waiting: usize,
    pub last_received: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct RunLine {
    pub run: i64,
    /// `finished`, or `open`: cut off, to be gone on with by the next run.
    pub state: &'static str,
    pub started_at: String,
    pub months_changed: u64,
}

#[derive(Clone, Debug, Serialize)]
pub struct UnmappedLine {
    pub kind: &'static str,
    pub source: String,
    pub code: String,
    pub name: String,
    pub records: u64,
    pub quantity: Decimal,
}

#[derive(Clone, Debug, Serialize)]
pub struct TargetStatus {
    pub name: String,
    pub last_delivery: Option<String>,
    /// Whether a run has changed the repository since the last delivery, or nothing was ever delivered.
    pub unpublished_changes: bool,
    /// Batches whose end is not known: publishing again settles them.
    pub unsettled: usize,
}

/// Runs that are listed.
const RUNS: usize = 5;

/// Reads the state of a project from its repository.
///
/// # Errors
/// The repository cannot be read.
pub async fn status(project: &Project, repository: &Repository) -> Result<ProjectStatus, PipelineError> {
    let receipts = repository.receipts().await?;
    let sources = project.config().sources.iter().map(|source| {
        let own = || receipts.iter().filter(|r| r.source == source.name && r.superseded_by.is_none());
        SourceStatus {
            name: source.name.to_string(),
            receipts: own().count(),
            waiting: own().filter(|receipt| receipt.processed_rules.is_none()).count(),
            last_received: own().map(|receipt| receipt.received_at).max().map(|at| at.to_string()),
        }
    });
    let runs = repository.runs().await?;
    let current = repository.current(None).await?;
    let months = current.months()?;
    let mut values: BTreeMap<&'static str, u64> = RowStatus::ALL.map(|status| (status.name(), 0)).into();
    for &month in &months {
        for status in current.rows_without_lineage(month, &Filter::default())?.status.iter() {
            *values.entry(status.name()).or_default() += 1;
        }
    }
    let span = |months: &[Period]| Some((months.first()?.to_string(), months.last()?.to_string()));
    let last_change = runs.iter().filter(|run| months_changed(run) > 0).filter_map(|run| run.finished_at).max();
    let batches = repository.batches().await?;
    let targets = project.config().targets.iter().map(|target| {
        let own = || batches.iter().filter(|batch| batch.batch.target == target.name);
        let last: Option<Timestamp> = own().map(|batch| batch.created_at).max();
        TargetStatus {
            name: target.name.clone(),
            last_delivery: last.map(|at| at.to_string()),
            unpublished_changes: last_change.is_some_and(|change| last.is_none_or(|last| last < change)),
            unsettled: own().filter(|batch| batch.state == BatchState::Open).count(),
        }
    });
    let mappings = project.mappings()?;
    let registers = last_changes(project, repository).await?.into_iter();
    let registers = registers.map(|(file, changes, since)| RegisterStatus {
        file,
        changes,
        since: since.map(|since| since.to_string()),
    });
    Ok(ProjectStatus {
        registers: registers.collect(),
        reopened_links: still_open(repository, &mappings).await?.len(),
        dead_links: dead_links(project, &mappings, &mut Vec::new()),
        sources: sources.collect(),
        targets: targets.collect(),
        runs: runs.iter().rev().take(RUNS).map(run_line).collect(),
        values,
        months: span(&months),
        unmapped: by_volume(&repository.unmapped().await?),
    })
}

fn months_changed(run: &RunSummary) -> u64 {
    run.summary.as_ref().and_then(|summary| summary.get("months_changed")?.as_u64()).unwrap_or(0)
}

fn run_line(run: &RunSummary) -> RunLine {
    RunLine {
        run: run.id.0,
        state: match run.state {
            RunState::Open => "open",
            RunState::Finished => "finished",
        },
        started_at: run.started_at.to_string(),
        months_changed: months_changed(run),
    }
}

/// Unmapped codes with the volumes of all receipts together, the largest first.
#[must_use]
pub fn by_volume(unmapped: &[Unmapped]) -> Vec<UnmappedLine> {
    let mut codes: BTreeMap<(&'static str, &str, &str), UnmappedLine> = BTreeMap::new();
    for volume in unmapped {
        let key = (volume.kind.name(), volume.source.as_str(), volume.code.as_str());
        let line = codes.entry(key).or_insert_with(|| UnmappedLine {
            kind: volume.kind.name(),
            source: volume.source.to_string(),
            code: volume.code.clone(),
            name: volume.name.clone(),
            records: 0,
            quantity: Decimal::ZERO,
        });
        line.records += volume.records;
        line.quantity = line.quantity.saturating_add(volume.quantity);
    }
    let mut lines: Vec<UnmappedLine> = codes.into_values().collect();
    lines.sort_by(|a, b| b.quantity.cmp(&a.quantity).then_with(|| b.records.cmp(&a.records)));
    lines
}
