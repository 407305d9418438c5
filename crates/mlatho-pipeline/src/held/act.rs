//! Deciding about data: each act is an entry of the audit log, and the next run puts it into effect.

use jiff::Timestamp;
use mlatho_model::{Decimal, Finding, Status};
use mlatho_store::{AuditEntry, Filter, NewEntry, Repository, Rows, TermKind, Terms};
use serde::Serialize;
use serde_json::json;

use super::batch;
use super::decisions::{
    ACCEPT, ANSWER, APPROVE, ASK, BATCH, BatchContent, CORRECT, Correction, Decisions, LINE, LineContent, REJECT,
    month_of,
};
use super::desk::{AWAITING, CORRECTED_AWAITING, Desk};
use super::line::{parse, seen, takes_part, text_of};
use super::question::{questions, subject};
use crate::PipelineError;
use crate::project::{Policy, Project};

/// Who decides, when and why.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    pub person: &'a str,
    pub at: Timestamp,
    pub reason: &'a str,
}

/// What a decision brought about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It holds from the next run on.
    Holds,
    /// A second person has to say the same first.
    NeedsSecond,
}

impl Act<'_> {
    fn check(&self) -> Result<(), PipelineError> {
        match (self.person.trim(), self.reason.trim()) {
            ("", _) => Err(Finding::error("review-nobody").into()),
            (_, "") => Err(Finding::error("review-no-reason").into()),
            _ => Ok(()),
        }
    }

    fn entry(&self, kind: &'static str, subject: String, content: &impl Serialize) -> NewEntry {
        let content = serde_json::to_value(content).unwrap_or_default();
        NewEntry { at: self.at, person: self.person.trim().to_owned(), kind, subject, content }
    }
}

/// Lets a batch pass as it stands.
///
/// # Errors
/// There is no such batch, its source needs no approval, or the repository cannot be read or written.
pub async fn approve(
    project: &Project,
    repository: &Repository,
    batch: &str,
    act: Act<'_>,
) -> Result<Standing, PipelineError> {
    of_batch(project, repository, APPROVE, batch, act).await
}

/// Takes a batch, or a line, out of what counts.
///
/// # Errors
/// There is no such batch or line, or the repository cannot be read or written.
pub async fn reject(
    project: &Project,
    repository: &Repository,
    what: &str,
    act: Act<'_>,
) -> Result<Standing, PipelineError> {
    match parse(what) {
        Some(_) => {
            let line = Line::find(project, repository, what).await?;
            line.say(repository, REJECT, act, line.content(act), project).await
        }
        None => of_batch(project, repository, REJECT, what, act).await,
    }
}

/// Lets a line pass that a check holds, as it was reported.
///
/// # Errors
/// There is no such line, no check holds it, or the repository cannot be read or written.
pub async fn accept(
    project: &Project,
    repository: &Repository,
    line: &str,
    act: Act<'_>,
) -> Result<Standing, PipelineError> {
    let found = Line::find(project, repository, line).await?;
    if !found.held {
        return Err(Finding::error("review-not-held").with("line", line).into());
    }
    found.say(repository, ACCEPT, act, found.content(act), project).await
}

/// Puts a number in the place of what a line reports for a measure. What was reported is kept.
///
/// # Errors
/// There is no such line, it has no such measure or is divided over several targets, or the repository cannot be read or
/// written.
pub async fn correct(
    project: &Project,
    repository: &Repository,
    line: &str,
    (measure, value): (&str, Decimal),
    act: Act<'_>,
) -> Result<Standing, PipelineError> {
    let found = Line::find(project, repository, line).await?;
    let measures = found.measures();
    let own: Vec<&(String, String)> = measures.iter().filter(|(name, _)| name == measure).collect();
    let was = match own.as_slice() {
        [(_, was)] => was.clone(),
        [] => {
            let known = measures.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
            let finding = Finding::error("review-no-measure").with("line", line).with("measure", measure);
            return Err(finding.with("known", known).into());
        }
        _ => return Err(Finding::error("review-divided").with("line", line).into()),
    };
    let correction = Correction { measure: measure.to_owned(), was, value: value.normalize().to_string() };
    let content = LineContent { correction: Some(correction), ..found.content(act) };
    found.say(repository, CORRECT, act, content, project).await
}

/// Puts a question about a line on the follow-up list. Gives its number.
///
/// # Errors
/// There is no such line, or the repository cannot be read or written.
pub async fn ask(
    project: &Project,
    repository: &Repository,
    line: &str,
    question: &str,
    act: Act<'_>,
) -> Result<i64, PipelineError> {
    let found = Line::find(project, repository, line).await?;
    act.check()?;
    let content = LineContent { question: Some(question.to_owned()), ..found.content(act) };
    let entry = act.entry(ASK, format!("{LINE}{line}"), &content);
    repository.record(std::slice::from_ref(&entry), false).await?;
    let own = |one: &&AuditEntry| one.kind == ASK && one.subject == entry.subject && one.content == entry.content;
    Ok(repository.audit().await?.iter().rev().find(own).map_or(0, |entry| entry.number))
}

/// Notes what came of a question.
///
/// # Errors
/// There is no such open question, or the repository cannot be read or written.
pub async fn answer(repository: &Repository, number: i64, outcome: &str, act: Act<'_>) -> Result<(), PipelineError> {
    act.check()?;
    let open =
        questions(&repository.audit().await?).into_iter().any(|own| own.number == number && own.outcome.is_none());
    if !open {
        return Err(Finding::error("review-no-question").with("number", number.to_string()).into());
    }
    let content = json!({ "outcome": outcome, "reason": act.reason });
    repository.record(&[act.entry(ANSWER, subject(number), &content)], false).await?;
    Ok(())
}

async fn of_batch(
    project: &Project,
    repository: &Repository,
    kind: &'static str,
    name: &str,
    act: Act<'_>,
) -> Result<Standing, PipelineError> {
    act.check()?;
    let unknown = || Finding::error("review-no-batch").with("batch", name);
    let (source, period) = batch::parse(name).ok_or_else(unknown)?;
    let source = project.source(Some(source))?;
    if source.policy != Policy::ApproveFirst {
        return Err(Finding::error("review-no-approval").with("source", source.name.as_str()).into());
    }
    let log = repository.audit().await?;
    let current = repository.current(None).await?;
    let mut terms = current.terms().clone();
    let desk = Desk::new(project, Decisions::read(&log, project), &mut terms)?;
    let sources = vec![terms.id(TermKind::Source, source.name.as_str())];
    let month = month_of(period).ok_or_else(unknown)?;
    let mut rows = current.rows(month, &Filter { sources, ..Filter::default() })?;
    desk.restore(&mut rows, &mut terms);
    let batches = desk.batches(&rows, &terms);
    let (values, lines) = batches.content(name).ok_or_else(unknown)?;
    let content = BatchContent { reason: act.reason.to_owned(), values, lines };
    let proposed = desk.decisions().batches.get(name).and_then(|stand| stand.proposed.as_ref());
    not_the_first(source.two_persons, proposed.map(|(person, _)| person.as_str()), act)?;
    record(project, repository, act.entry(kind, format!("{BATCH}{name}"), &content), |decisions| {
        decisions.batches.get(name).is_some_and(|stand| stand.proposed.is_none())
    })
    .await
}

/// Where two persons are needed, one person does not count twice.
fn not_the_first(two: bool, first: Option<&str>, act: Act<'_>) -> Result<(), PipelineError> {
    match first.filter(|first| two && *first == act.person.trim()) {
        Some(first) => Err(Finding::error("review-same-person").with("by", first).into()),
        None => Ok(()),
    }
}

/// Adds the entry, and looks whether it holds then.
async fn record(
    project: &Project,
    repository: &Repository,
    entry: NewEntry,
    holds: impl FnOnce(&Decisions) -> bool,
) -> Result<Standing, PipelineError> {
    repository.record(&[entry], false).await?;
    let decisions = Decisions::read(&repository.audit().await?, project);
    Ok(if holds(&decisions) { Standing::Holds } else { Standing::NeedsSecond })
}

/// A line as it stands in the repository.
struct Line {
    key: i64,
    id: String,
    /// As reported.
    rows: Rows,
    terms: Terms,
    /// Whether a check holds it.
    held: bool,
    decisions: Decisions,
}

impl Line {
    async fn find(project: &Project, repository: &Repository, id: &str) -> Result<Self, PipelineError> {
        let unknown = || Finding::error("review-no-line").with("line", id);
        let key = parse(id).ok_or_else(unknown)?;
        let decisions = Decisions::read(&repository.audit().await?, project);
        let current = repository.current(None).await?;
        let mut terms = current.terms().clone();
        let filter = Filter { record_keys: vec![key], ..Filter::default() };
        for month in current.months()? {
            let mut rows = current.rows(month, &filter)?;
            if rows.is_empty() {
                continue;
            }
            let awaiting =
                |row| [AWAITING, CORRECTED_AWAITING].contains(&terms.text(TermKind::Reason, rows.reason[row]));
            let held = (0..rows.len()).any(|row| rows.status[row] == Status::Held && !awaiting(row));
            let desk = Desk::new(project, decisions, &mut terms)?;
            desk.restore(&mut rows, &mut terms);
            if !(0..rows.len()).any(|row| takes_part(rows.status[row])) {
                return Err(unknown().into());
            }
            let decisions = desk.into_decisions();
            return Ok(Self { key, id: id.to_lowercase(), rows, terms, held, decisions });
        }
        Err(unknown().into())
    }

    /// Measures with what was reported.
    fn measures(&self) -> Vec<(String, String)> {
        let measure = |row| {
            let value = self.rows.value(row, &self.terms).map(|value| text_of(&value)).unwrap_or_default();
            (self.terms.text(TermKind::Measure, self.rows.measure[row]).to_owned(), value)
        };
        (0..self.rows.len()).map(measure).collect()
    }

    fn content(&self, act: Act<'_>) -> LineContent {
        let text = |kind, id| self.terms.text(kind, id).to_owned();
        LineContent {
            reason: act.reason.to_owned(),
            source: text(TermKind::Source, self.rows.source[0]),
            org_unit: text(TermKind::OrgUnit, self.rows.org_unit[0]),
            item: text(TermKind::Item, self.rows.item[0]),
            period: self.rows.period[0],
            seen: seen(&self.rows, &(0..self.rows.len()).collect::<Vec<_>>(), &self.terms),
            held: self.held,
            correction: None,
            question: None,
        }
    }

    async fn say(
        &self,
        repository: &Repository,
        kind: &'static str,
        act: Act<'_>,
        content: LineContent,
        project: &Project,
    ) -> Result<Standing, PipelineError> {
        act.check()?;
        let two = project.source(Some(&content.source))?.two_persons;
        let place = content.correction.as_ref().map(|correction| (self.key, correction.measure.clone()));
        let proposed = |decisions: &Decisions| match &place {
            Some(place) => decisions.corrections.get(place).and_then(|stand| Some(stand.proposed.as_ref()?.0.clone())),
            None => decisions.lines.get(&self.key).and_then(|stand| Some(stand.proposed.as_ref()?.0.clone())),
        };
        not_the_first(two, proposed(&self.decisions).as_deref(), act)?;
        let entry = act.entry(kind, format!("{LINE}{}", self.id), &content);
        record(project, repository, entry, |decisions| proposed(decisions).is_none()).await
    }
}
