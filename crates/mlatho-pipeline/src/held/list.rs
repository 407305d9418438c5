//! What waits for a decision about data.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use mlatho_model::{Decimal, Kind, Status};
use mlatho_store::{Filter, Repository, Rows, TermKind, Terms};
use serde::{Deserialize, Serialize, Serializer};

use super::batch::parse;
use super::decisions::{Decisions, Verdict};
use super::desk::{AWAITING, CORRECTED_AWAITING, Desk};
use super::line::{id_of, seen, text_of};
use super::question::{Question, questions};
use crate::PipelineError;
use crate::names::Names;
use crate::project::{Policy, Project};

/// Everything that waits for a person.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Waiting {
    /// Of sources whose data must be approved, by what they carry.
    pub batches: Vec<Batch>,
    /// By what is at stake: volume × probability that the line is wrong.
    pub lines: Vec<HeldLine>,
    pub questions: Vec<Question>,
}

/// How a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BatchState {
    Waiting,
    /// One person has decided, and a second is needed.
    Proposed,
    Approved,
    Rejected,
    /// It was decided about, and holds something else or more since.
    Changed,
}

impl BatchState {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Changed => "changed",
        }
    }
}

/// What a source reports for a period and area.
#[derive(Clone, Debug, Serialize)]
pub struct Batch {
    pub batch: String,
    pub source: String,
    pub period: String,
    pub state: BatchState,
    pub values: u64,
    /// Values that wait for the approval of the batch.
    pub awaiting: u64,
    /// Values that checks hold; they do not pass with the batch.
    pub held: u64,
    /// Sum of the absolute values of its flows.
    pub volume: Decimal,
    /// Who decided first, where a second person is needed.
    pub proposed_by: Option<String>,
}

/// A line that checks hold.
#[derive(Clone, Debug, Serialize)]
pub struct HeldLine {
    pub line: String,
    pub source: String,
    pub org_unit: String,
    pub org_unit_name: String,
    pub item: String,
    pub item_name: String,
    pub period: String,
    /// Measures with their values.
    pub values: BTreeMap<String, String>,
    /// Codes of what the checks found.
    pub checks: Vec<String>,
    /// How sure it is that the line is wrong.
    pub probability: Decimal,
    /// Sum of the absolute values of its flows; of a line without flows, its largest value.
    pub volume: Decimal,
    /// Who decided first, where a second person is needed.
    pub proposed_by: Option<String>,
    /// Number of the receipt.
    #[serde(skip)]
    receipt: i32,
    #[serde(skip)]
    position: i64,
}

impl HeldLine {
    /// Volume × probability.
    #[must_use]
    pub fn stake(&self) -> Decimal {
        self.volume.saturating_mul(self.probability)
    }
}

pub(super) fn as_text<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

/// A finding as SQL tells it.
#[derive(Debug, Deserialize)]
struct Found {
    code: String,
    severity: String,
    receipt: String,
    position: i64,
    period: String,
    args: String,
}

/// What waits for a decision. What was decided and waits for the next run is not in it.
///
/// # Errors
/// The repository, or the register of org units, cannot be read.
pub async fn waiting(project: &Project, repository: &Repository) -> Result<Waiting, PipelineError> {
    let log = repository.audit().await?;
    let current = repository.current(None).await?;
    let mut terms = current.terms().clone();
    let desk = Desk::new(project, Decisions::read(&log, project), &mut terms)?;
    let mut waiting = Waiting { questions: questions(&log), ..Waiting::default() };
    let sources = project.config().sources.iter().filter(|source| source.policy == Policy::ApproveFirst);
    let sources: Vec<i32> = sources.filter_map(|s| terms.find(TermKind::Source, s.name.as_str())).collect();
    let mut names = Names::default();
    for month in current.months()? {
        if !sources.is_empty() {
            let rows = current.rows(month, &Filter { sources: sources.clone(), ..Filter::default() })?;
            waiting.batches.extend(batches(&desk, rows, &mut terms, &mut names));
        }
        let held = Filter { statuses: vec![Status::Held], ..Filter::default() };
        let rows = current.rows(month, &held)?;
        waiting.lines.extend(lines(&desk, &rows, &mut terms, &mut names));
    }
    if !waiting.lines.is_empty() {
        name_checks(repository, &mut waiting.lines).await?;
    }
    waiting.batches.sort_by(|a, b| (a.awaiting == 0).cmp(&(b.awaiting == 0)).then_with(|| b.volume.cmp(&a.volume)));
    waiting.lines.sort_by(|a, b| b.stake().cmp(&a.stake()).then_with(|| a.line.cmp(&b.line)));
    Ok(waiting)
}

/// The batches of a month, with what waits in them.
fn batches(desk: &Desk, mut rows: Rows, terms: &mut Terms, names: &mut Names) -> Vec<Batch> {
    let as_stored = rows.clone();
    desk.restore(&mut rows, terms);
    let held_in = desk.batches(&rows, terms);
    let mut all: Vec<Batch> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for name in held_in.names() {
        let Some((source, period)) = parse(name) else { continue };
        places.insert(name.to_owned(), all.len());
        all.push(Batch {
            batch: name.to_owned(),
            source: source.to_owned(),
            period: period.to_string(),
            state: BatchState::Approved,
            values: 0,
            awaiting: 0,
            held: 0,
            volume: Decimal::ZERO,
            proposed_by: None,
        });
    }
    for row in 0..rows.len() {
        let Some((name, says)) = held_in.of_row(row) else { continue };
        let Some(batch) = places.get(name).and_then(|place| all.get_mut(*place)) else { continue };
        batch.values += 1;
        if names.measure(rows.measure[row], terms).kind() == Kind::Flow {
            batch.volume = batch.volume.saturating_add(rows.number(row).unwrap_or_default().abs());
        }
        if is_held(&as_stored, row, terms) {
            batch.held += 1;
        } else if desk.decisions().of_batch(name, says).is_none() {
            batch.awaiting += 1;
        }
    }
    for batch in &mut all {
        let stand = desk.decisions().batches.get(&batch.batch);
        let holds = stand.and_then(|stand| stand.holds.as_ref()).map(|(verdict, _)| *verdict);
        let proposed = stand.and_then(|stand| stand.proposed.as_ref()).map(|(person, _)| person.clone());
        batch.state = match (batch.awaiting, holds, &proposed) {
            (0, Some(Verdict::Reject), None) => BatchState::Rejected,
            (0, Some(Verdict::Pass), None) => BatchState::Approved,
            (_, _, Some(_)) => BatchState::Proposed,
            (1.., Some(_), None) => BatchState::Changed,
            (_, None, None) => BatchState::Waiting,
        };
        batch.proposed_by = proposed;
    }
    all
}

/// Whether a row is held by a check, and not for want of an approval.
fn is_held(rows: &Rows, row: usize, terms: &Terms) -> bool {
    let reason = terms.text(TermKind::Reason, rows.reason[row]);
    rows.status[row] == Status::Held && ![AWAITING, CORRECTED_AWAITING].contains(&reason)
}

/// Lines that checks hold, and nobody has decided about as they are.
fn lines(desk: &Desk, rows: &Rows, terms: &mut Terms, names: &mut Names) -> Vec<HeldLine> {
    let mut by_line: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for row in (0..rows.len()).filter(|row| is_held(rows, *row, terms)) {
        by_line.entry(rows.record_key[row]).or_default().push(row);
    }
    let mut reported = rows.clone();
    desk.restore(&mut reported, terms);
    let open = |(key, own): (i64, Vec<usize>)| {
        let stand = desk.decisions().lines.get(&key);
        if desk.decisions().verdict(key, &seen(&reported, &own, terms)).is_some() {
            return None;
        }
        let first = *own.first()?;
        let name = |kind, id| terms.term(kind, id).map(|term| term.name.clone()).unwrap_or_default();
        let text = |kind, id| terms.text(kind, id).to_owned();
        let mut line = HeldLine {
            line: id_of(key),
            source: text(TermKind::Source, rows.source[first]),
            org_unit: text(TermKind::OrgUnit, rows.org_unit[first]),
            org_unit_name: name(TermKind::OrgUnit, rows.org_unit[first]),
            item: text(TermKind::Item, rows.item[first]),
            item_name: name(TermKind::Item, rows.item[first]),
            period: rows.period[first].to_string(),
            values: BTreeMap::new(),
            checks: Vec::new(),
            probability: Decimal::ONE,
            volume: Decimal::ZERO,
            proposed_by: stand.and_then(|stand| stand.proposed.as_ref()).map(|(person, _)| person.clone()),
            receipt: rows.receipt[first],
            position: rows.position[first],
        };
        let mut largest = Decimal::ZERO;
        for row in own {
            let measure = text(TermKind::Measure, rows.measure[row]);
            line.values.insert(measure, rows.value(row, terms).map(|value| text_of(&value)).unwrap_or_default());
            let number = rows.number(row).unwrap_or_default().abs();
            largest = largest.max(number);
            if names.measure(rows.measure[row], terms).kind() == Kind::Flow {
                line.volume = line.volume.saturating_add(number);
            }
        }
        if line.volume.is_zero() {
            line.volume = largest;
        }
        Some(line)
    };
    by_line.into_iter().filter_map(open).collect()
}

/// Tells of each line what the checks found, and how sure they are: a contradiction is sure, and a doubt that says nothing
/// of its probability is even.
async fn name_checks(repository: &Repository, lines: &mut [HeldLine]) -> Result<(), PipelineError> {
    let hashes: HashMap<String, i32> =
        repository.receipts().await?.into_iter().map(|receipt| (receipt.id.to_string(), receipt.number)).collect();
    let sql = "SELECT code, severity, receipt, position, period, args FROM findings WHERE severity <> 'info'";
    let mut bytes = Vec::new();
    repository.query(sql, None).await?.write_json(&mut bytes).await?;
    let found: Vec<Found> = serde_json::from_slice(&bytes).unwrap_or_default();
    let mut by_place: HashMap<(i32, i64, &str), Vec<&Found>> = HashMap::new();
    for one in &found {
        if let Some(receipt) = hashes.get(&one.receipt) {
            by_place.entry((*receipt, one.position, &one.period)).or_default().push(one);
        }
    }
    for line in lines {
        let Some(own) = by_place.get(&(line.receipt, line.position, line.period.as_str())) else { continue };
        line.checks = own.iter().map(|one| one.code.clone()).collect();
        line.checks.sort();
        line.checks.dedup();
        line.probability = own.iter().map(|one| one.probability()).max().unwrap_or(Decimal::ONE);
    }
    Ok(())
}

impl Found {
    fn probability(&self) -> Decimal {
        let args: serde_json::Value = serde_json::from_str(&self.args).unwrap_or_default();
        let told = args.get("probability").and_then(|told| told.as_str()?.parse().ok());
        told.unwrap_or_else(|| if self.severity == "error" { Decimal::ONE } else { Decimal::new(5, 1) })
    }
}
