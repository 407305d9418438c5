//! The job: pull, read, harmonize, check, store. Safe to repeat, and to be killed anywhere.

mod check;
mod codes;
mod elmis;
mod ingest;
mod land;
mod line_judge;
mod logistimo;
mod orders;
mod own_checks;
mod pull;
mod records;
mod requisitions;
mod rules;
mod texts;
mod volumes;

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use mlatho_model::{Finding, Period, RunId, Severity, Status};
use mlatho_store::{Processed, Receipt, Repository, Run, RunState, RunSummary, TermKind, Unmapped, Written};
use serde::Serialize;

use crate::PipelineError;
use crate::drift::{self, DriftCounts};
use crate::held::{Decisions, Desk};
use crate::names::Names;
use crate::project::{Project, ProjectMappings, load_checks, stored};
use check::Checker;
use ingest::Ingest;
pub(crate) use land::received;
use line_judge::LineJudge;
use own_checks::OwnChecks;
pub use pull::{PullReport, Pulled, pull};
pub use records::RecordCounts;

/// Findings that are kept one by one for the person; all findings of checks are in the repository.
const MOST_FINDINGS: usize = 10_000;

/// How far a run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunProgress {
    /// Files are taken in, or a server is asked.
    Pulling { source: String },
    /// One received file is read.
    Reading { source: String, origin: String },
    /// Months are checked and written.
    Writing { done: usize, total: usize },
}

/// What a run did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RunReport {
    /// The run; none where nothing had changed.
    #[serde(serialize_with = "run_number")]
    pub run: Option<RunId>,
    /// Whether it went on with a run that had been cut off.
    pub resumed: bool,
    pub sources: Vec<SourceReport>,
    pub records: RecordCounts,
    /// Months that the run touched, and how many of them came out different from before.
    pub months: usize,
    pub months_changed: usize,
    /// Values of the touched months by status, such as `accepted`.
    pub values: BTreeMap<&'static str, u64>,
    /// Findings of checks in the touched months, by code.
    pub checks: BTreeMap<&'static str, u64>,
    /// The last entry of the audit log whose decisions about data are in effect.
    pub decisions: i64,
    /// What changed in the registers since the last run; none where the project names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<DriftCounts>,
    /// Everything in the repository that waits for a mapping.
    #[serde(skip)]
    pub unmapped: Vec<Unmapped>,
    /// What is wrong with mappings and files, and what the checks found, with places; at most ten thousand.
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

/// What a source gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceReport {
    pub name: String,
    /// Files, or pulls from a server, that the source consists of.
    pub receipts: usize,
    /// Those among them that are read in this run: new, or read anew because mappings or settings changed.
    pub read: usize,
}

#[expect(clippy::ref_option, reason = "the form that serde calls")]
fn run_number<S: serde::Serializer>(run: &Option<RunId>, serializer: S) -> Result<S::Ok, S::Error> {
    run.map(|run| run.0).serialize(serializer)
}

/// Takes in what changed at the sources and brings the repository up to date. Where nothing changed, nothing is
/// written.
///
/// # Errors
/// The project is incomplete, a source cannot be pulled from, or the repository cannot be written. What was done is
/// kept, and the next run goes on from there.
pub async fn run(
    project: &Project,
    repository: &Repository,
    now: Timestamp,
    progress: &mut (dyn FnMut(RunProgress) + Send),
) -> Result<RunReport, PipelineError> {
    let mappings = project.mappings()?;
    let links: Vec<mlatho_store::Link> = mappings.crosswalk.links().map(stored).collect();
    repository.save_links(&mappings.version, &links, now).await?;

    let mut report = RunReport { findings: mappings.findings.clone(), ..RunReport::default() };
    let runs = repository.runs().await?;
    let mut job =
        Job { project, repository, mappings: &mappings, now, decided: decided_until(&runs), report: &mut report };
    let receipts = job.land(progress).await?;
    if runs.iter().any(|run| run.state == RunState::Open) {
        job.write(&receipts, progress).await?;
    }
    // A run that was cut off after its rows were in the log leaves what came since to another one.
    let receipts = refreshed(repository, &receipts).await?;
    let decisions = Decisions::read(&repository.audit().await?, project);
    if receipts.iter().any(Landed::is_stale) || !decisions.months_after(job.decided).is_empty() {
        job.write(&receipts, progress).await?;
    }
    if !project.config().registers.is_empty() {
        let (counts, findings) = drift::take_in(project, repository, &mappings, now).await?;
        report.drift = Some(counts);
        report.findings.extend(findings);
    }
    report.unmapped = repository.unmapped().await?;
    Ok(report)
}

/// Whether rows of the repository came about by other mappings or settings than the project has now.
///
/// # Errors
/// The repository or a layout cannot be read.
pub(crate) async fn behind(project: &Project, repository: &Repository, mappings: &str) -> Result<bool, PipelineError> {
    let receipts = repository.receipts().await?;
    for source in &project.config().sources {
        let rules = rules::of_source(project, source, mappings)?;
        let by_others = |receipt: &Receipt| receipt.processed_rules.as_deref().is_some_and(|known| known != rules);
        let current = |receipt: &&Receipt| receipt.source == source.name && receipt.superseded_by.is_none();
        if receipts.iter().filter(current).any(by_others) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The last entry of the audit log that a run has put into effect.
fn decided_until(runs: &[RunSummary]) -> i64 {
    let of = |run: &RunSummary| run.summary.as_ref()?.get("decisions")?.as_i64();
    runs.iter().filter(|run| run.state == RunState::Finished).filter_map(of).max().unwrap_or(0)
}

/// A receipt that belongs to the current state of a source.
#[derive(Clone, Debug)]
struct Landed {
    /// Place of the source in the project file.
    source: usize,
    receipt: Receipt,
    /// Names everything that decides what becomes of the bytes.
    rules: String,
}

impl Landed {
    /// Whether its rows are not in the repository as the rules now want them.
    fn is_stale(&self) -> bool {
        self.receipt.processed_rules.as_deref() != Some(&self.rules)
    }
}

/// The same receipts as the catalogue knows them now.
async fn refreshed(repository: &Repository, landed: &[Landed]) -> Result<Vec<Landed>, PipelineError> {
    let known: HashMap<i32, Receipt> =
        repository.receipts().await?.into_iter().map(|receipt| (receipt.number, receipt)).collect();
    let anew = |one: &Landed| {
        let receipt = known.get(&one.receipt.number).cloned().unwrap_or_else(|| one.receipt.clone());
        Landed { receipt, ..one.clone() }
    };
    Ok(landed.iter().map(anew).collect())
}

struct Job<'a> {
    project: &'a Project,
    repository: &'a Repository,
    mappings: &'a ProjectMappings,
    now: Timestamp,
    /// The last entry of the audit log whose decisions are in the repository.
    decided: i64,
    report: &'a mut RunReport,
}

impl Job<'_> {
    /// Lands what the sources have, and says which receipts make their current state.
    async fn land(&mut self, progress: &mut (dyn FnMut(RunProgress) + Send)) -> Result<Vec<Landed>, PipelineError> {
        let mut landed = Vec::new();
        for (index, source) in self.project.config().sources.iter().enumerate() {
            progress(RunProgress::Pulling { source: source.name.to_string() });
            let expected = pull::expected(self.mappings, source);
            let told = land::land(self.project, self.repository, source, &expected, self.now).await?;
            self.tell(told);
            let rules = rules::of_source(self.project, source, &self.mappings.version)?;
            let before = landed.len();
            let receipts = self.repository.receipts().await?;
            let current = receipts.into_iter().filter(|r| r.source == source.name && r.superseded_by.is_none());
            landed.extend(current.map(|receipt| Landed { source: index, receipt, rules: rules.clone() }));
            let own = landed.get(before..).unwrap_or_default();
            self.report.sources.push(SourceReport {
                name: source.name.to_string(),
                receipts: own.len(),
                read: own.iter().filter(|landed| landed.is_stale()).count(),
            });
        }
        Ok(landed)
    }

    /// One run of the repository: begins or resumes it and brings it to its end.
    async fn write(
        &mut self,
        landed: &[Landed],
        progress: &mut (dyn FnMut(RunProgress) + Send),
    ) -> Result<(), PipelineError> {
        let mut run = self.repository.begin_or_resume_run("run", self.now).await?;
        self.report.run = Some(run.id());
        self.report.resumed |= run.resumed();
        rules::describe(&self.mappings.crosswalk, run.terms());
        let mut processed = Vec::new();
        if !run.log_committed() {
            let stale: Vec<&Landed> = landed.iter().filter(|landed| landed.is_stale()).collect();
            self.read(&mut run, &stale, progress)?;
            processed = stale
                .iter()
                .map(|landed| Processed { receipt: landed.receipt.number, rules: landed.rules.clone() })
                .collect();
        }
        let log = self.repository.audit().await?;
        // A run that was cut off after its log was committed keeps the months that it had then.
        let known = if run.log_committed() { self.decided } else { log.last().map_or(0, |entry| entry.number) };
        let decisions = Decisions::read(&log, self.project);
        let also = decisions.months_after(self.decided);
        let desk = Desk::new(self.project, decisions, run.terms())?;
        let months = run.commit_log(&processed, &also, check::LOOK_BACK).await?;
        self.report.decisions = known;
        self.check_and_write(&mut run, desk, &months, progress).await?;
        let summary = serde_json::to_value(&*self.report).unwrap_or_default();
        run.finish(&summary, self.now).await?;
        self.decided = known;
        Ok(())
    }

    /// Reads the receipts and pushes their rows.
    fn read(
        &mut self,
        run: &mut Run<'_>,
        stale: &[&Landed],
        progress: &mut (dyn FnMut(RunProgress) + Send),
    ) -> Result<(), PipelineError> {
        for (index, source) in self.project.config().sources.iter().enumerate() {
            let layout = self.project.layout(source)?;
            let judge =
                LineJudge::new(source.gate(self.project.config().gate), self.today(), source.days_in_month.into());
            let mut ingest = Ingest::new(run, source, self.mappings, judge);
            for landed in stale.iter().filter(|landed| landed.source == index) {
                let receipt = &landed.receipt;
                progress(RunProgress::Reading { source: source.name.to_string(), origin: receipt.origin.clone() });
                let input = received(self.repository, receipt)?;
                ingest.begin(receipt.number, &receipt.origin);
                mlatho_formats::read(source.format, layout.as_ref(), &receipt.origin, input, &mut ingest);
                ingest.end()?;
            }
            let (records, findings) = ingest.finish();
            self.report.records.records += records;
            self.tell(findings);
        }
        Ok(())
    }

    async fn check_and_write(
        &mut self,
        run: &mut Run<'_>,
        mut desk: Desk,
        months: &[Period],
        progress: &mut (dyn FnMut(RunProgress) + Send),
    ) -> Result<(), PipelineError> {
        let origins: HashMap<i32, String> =
            self.repository.receipts().await?.into_iter().map(|receipt| (receipt.number, receipt.origin)).collect();
        let (checks, invalid) = load_checks(self.project)?;
        self.tell(invalid);
        let today = self.today();
        let config = self.project.config();
        let mut names = Names::default();
        let crosswalk = &self.mappings.crosswalk;
        let mut checker = Checker::new(config.gate, today, &config.sources, crosswalk, run.terms());
        let mut own = OwnChecks::new(checks.into_iter().map(|file| file.rules), config.gate.into());
        self.report.months += months.len();
        for (done, &month) in months.iter().enumerate() {
            progress(RunProgress::Writing { done, total: months.len() });
            checker.look_back(run, month)?;
            let mut rows = run.merged_month(month)?;
            let id = run.id();
            self.report.records.add_month(&rows, id, run.terms());
            let waiting = volumes::unmapped(month, &rows, run.terms(), &mut names);
            self.repository.replace_unmapped(month, &waiting).await?;
            desk.prepare(&mut rows, run.terms(), |rows, row, terms| checker.is_divided(rows.unit_rule[row], terms));
            let mut found = checker.judge(month, &mut rows, run.terms());
            found.extend(own.judge(month, &mut rows, run, &mut names)?);
            desk.settle(&mut rows);
            let mut values = Status::ALL.map(|status| (status, 0));
            for status in rows.status.iter() {
                values[status as usize].1 += 1;
            }
            for (status, count) in values.into_iter().filter(|(_, count)| *count > 0) {
                *self.report.values.entry(status.name()).or_default() += count;
            }
            for (row, finding) in &found {
                *self.report.checks.entry(finding.code).or_default() += 1;
                if finding.severity > Severity::Info && self.report.findings.len() < MOST_FINDINGS {
                    let origin = rows.receipt.get(*row).and_then(|receipt| origins.get(&receipt));
                    let position = rows.position.get(*row).unwrap_or(0).unsigned_abs();
                    let column = rows.column.get(*row).unwrap_or(0);
                    let column = run.terms().text(TermKind::Column, column).to_owned();
                    let placed = finding.clone().in_file(origin.map_or("", String::as_str)).at(position, &column);
                    self.report.findings.push(placed);
                }
            }
            let written = run.write_month(month, &rows, &found).await?;
            self.report.months_changed += usize::from(written == Written::Changed);
        }
        progress(RunProgress::Writing { done: months.len(), total: months.len() });
        Ok(())
    }

    /// The day of the run.
    fn today(&self) -> Date {
        self.now.to_zoned(TimeZone::UTC).date()
    }

    fn tell(&mut self, findings: Vec<Finding>) {
        let room = MOST_FINDINGS.saturating_sub(self.report.findings.len());
        self.report.findings.extend(findings.into_iter().take(room));
    }
}

impl RunReport {
    /// How many values of the touched months are held back.
    #[must_use]
    pub fn held(&self) -> u64 {
        self.values.get(Status::Held.name()).copied().unwrap_or(0)
    }
}
