//! Batches that wait for approval, lines that checks hold, and questions about them.

use mlatho_pipeline::PipelineError;
use mlatho_pipeline::Project;
use mlatho_pipeline::held::{self, Act, Batch, HeldLine, Question, Standing, Waiting};
use mlatho_pipeline::repository::Repository;

use super::{SHOWN, deciding};
use crate::arguments::{Deciding, Format, ReviewAnswer, ReviewApprove, ReviewAsk, ReviewCorrect};
use crate::commands::{Context, Done, Failure, block_on};

const BATCH_COLUMNS: [&str; 9] =
    ["batch", "source", "period", "state", "values", "awaiting", "held", "volume", "proposed_by"];
const LINE_COLUMNS: [&str; 13] = [
    "line",
    "source",
    "org_unit",
    "org_unit_name",
    "item",
    "item_name",
    "period",
    "values",
    "checks",
    "probability",
    "volume",
    "stake",
    "proposed_by",
];
const QUESTION_COLUMNS: [&str; 11] = [
    "number",
    "state",
    "line",
    "source",
    "org_unit",
    "item",
    "period",
    "question",
    "asked_by",
    "outcome",
    "answered_by",
];

fn waiting(context: &Context) -> Result<Waiting, Failure> {
    let project = context.project()?;
    block_on(async {
        let repository = project.open_repository().await?;
        let waiting = held::waiting(&project, &repository).await?;
        repository.close().await?;
        Ok(waiting)
    })
}

/// `mlatho review` by itself: all that waits.
pub(super) fn everything(context: &Context) -> Result<Done, Failure> {
    let waiting = waiting(context)?;
    match context.out.format {
        Format::Json => context.out.json(&waiting)?,
        Format::Csv => show(context, &LINE_COLUMNS, &waiting.lines, line)?,
        Format::Text => {
            let open: Vec<Batch> = waiting.batches.iter().filter(|batch| batch.awaiting > 0).cloned().collect();
            let asked: Vec<Question> = waiting.questions.iter().filter(|own| own.outcome.is_none()).cloned().collect();
            let mut any = false;
            any |= part(context, any, "held-batches", &BATCH_COLUMNS, &open, batch)?;
            any |= part(context, any, "held-lines", &LINE_COLUMNS, &waiting.lines, line)?;
            any |= part(context, any, "held-questions", &QUESTION_COLUMNS, &asked, question)?;
            if !any {
                context.out.tell("held-nothing", &[]);
            }
        }
    }
    Ok(Done::Well)
}

/// A titled table, with a blank line before it if another one stands above. Nothing, where it is empty.
fn part<T>(
    context: &Context,
    below: bool,
    title: &str,
    columns: &[&str],
    all: &[T],
    row: impl Fn(&T) -> Vec<String>,
) -> Result<bool, Failure> {
    if all.is_empty() {
        return Ok(false);
    }
    if below {
        context.out.line("")?;
    }
    context.out.line(&context.out.texts.say(title, &[("count", all.len().into())]))?;
    show(context, columns, all, row)?;
    Ok(true)
}

/// A table; as text, its first rows.
fn show<T>(context: &Context, columns: &[&str], all: &[T], row: impl Fn(&T) -> Vec<String>) -> Result<(), Failure> {
    let shown = if context.out.format == Format::Text { SHOWN } else { usize::MAX };
    context.out.table(columns, &all.iter().take(shown).map(row).collect::<Vec<_>>())?;
    if all.len() > shown {
        context.out.tell("review-more", &[("count", (all.len() - shown).into())]);
    }
    Ok(())
}

pub(super) fn batches(context: &Context) -> Result<Done, Failure> {
    let batches = waiting(context)?.batches;
    if context.out.format == Format::Json {
        context.out.json(&batches)?;
    } else {
        show(context, &BATCH_COLUMNS, &batches, batch)?;
    }
    Ok(Done::Well)
}

pub(super) fn lines(context: &Context) -> Result<Done, Failure> {
    let lines = waiting(context)?.lines;
    if context.out.format == Format::Json {
        context.out.json(&lines)?;
    } else {
        show(context, &LINE_COLUMNS, &lines, line)?;
    }
    Ok(Done::Well)
}

pub(super) fn follow_up(context: &Context) -> Result<Done, Failure> {
    let questions = waiting(context)?.questions;
    if context.out.format == Format::Json {
        context.out.json(&questions)?;
    } else {
        show(context, &QUESTION_COLUMNS, &questions, question)?;
    }
    Ok(Done::Well)
}

fn batch(batch: &Batch) -> Vec<String> {
    let mut row = vec![batch.batch.clone(), batch.source.clone(), batch.period.clone(), batch.state.name().to_owned()];
    row.extend([batch.values, batch.awaiting, batch.held].map(|count| count.to_string()));
    row.extend([batch.volume.normalize().to_string(), batch.proposed_by.clone().unwrap_or_default()]);
    row
}

fn line(line: &HeldLine) -> Vec<String> {
    let values: Vec<String> = line.values.iter().map(|(measure, value)| format!("{measure}={value}")).collect();
    let mut row = vec![line.line.clone(), line.source.clone(), line.org_unit.clone(), line.org_unit_name.clone()];
    row.extend([line.item.clone(), line.item_name.clone(), line.period.clone(), values.join(" ")]);
    row.push(line.checks.join(" "));
    row.extend([line.probability, line.volume, line.stake()].map(|number| number.normalize().to_string()));
    row.push(line.proposed_by.clone().unwrap_or_default());
    row
}

fn question(own: &Question) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut row = vec![own.number.to_string(), own.state.to_owned(), own.line.clone(), own.source.clone()];
    row.extend([&own.org_unit, &own.item, &own.period, &own.question, &own.asked_by].map(Clone::clone));
    row.extend([text(&own.outcome), text(&own.answered_by)]);
    row
}

/// Does something for a person, and says what it brought about.
fn decide<F>(context: &Context, by: &Deciding, act: F) -> Result<Done, Failure>
where
    F: AsyncFnOnce(&Project, &Repository, Act<'_>) -> Result<Standing, PipelineError>,
{
    let project = context.project()?;
    let person = deciding(by.by.as_ref())?;
    let at = crate::now().timestamp();
    let standing = block_on(async {
        let repository = project.open_repository().await?;
        let standing = act(&project, &repository, Act { person: &person, at, reason: &by.reason }).await?;
        repository.close().await?;
        Ok(standing)
    })?;
    match standing {
        Standing::Holds => context.out.tell("review-kept", &[("count", 1_usize.into())]),
        Standing::NeedsSecond => context.out.tell("held-needs-second", &[("by", person.into())]),
    }
    Ok(Done::Well)
}

pub(super) fn approve(context: &Context, args: &ReviewApprove) -> Result<Done, Failure> {
    decide(context, &args.deciding, async |project, repository, act| {
        held::approve(project, repository, &args.batch, act).await
    })
}

pub(super) fn accept(context: &Context, line: &str, by: &Deciding) -> Result<Done, Failure> {
    decide(context, by, async |project, repository, act| held::accept(project, repository, line, act).await)
}

pub(super) fn reject(context: &Context, what: &str, by: &Deciding) -> Result<Done, Failure> {
    decide(context, by, async |project, repository, act| held::reject(project, repository, what, act).await)
}

pub(super) fn correct(context: &Context, args: &ReviewCorrect) -> Result<Done, Failure> {
    decide(context, &args.deciding, async |project, repository, act| {
        held::correct(project, repository, &args.line, (&args.measure, args.value), act).await
    })
}

pub(super) fn ask(context: &Context, args: &ReviewAsk) -> Result<Done, Failure> {
    let project = context.project()?;
    let person = deciding(args.deciding.by.as_ref())?;
    let act = Act { person: &person, at: crate::now().timestamp(), reason: &args.deciding.reason };
    let number = block_on(async {
        let repository = project.open_repository().await?;
        let number = held::ask(&project, &repository, &args.line, &args.question, act).await?;
        repository.close().await?;
        Ok(number)
    })?;
    context.out.tell("held-asked", &[("number", number.to_string().into())]);
    Ok(Done::Well)
}

pub(super) fn answer(context: &Context, args: &ReviewAnswer) -> Result<Done, Failure> {
    let project = context.project()?;
    let person = deciding(args.deciding.by.as_ref())?;
    let act = Act { person: &person, at: crate::now().timestamp(), reason: &args.deciding.reason };
    block_on(async {
        let repository = project.open_repository().await?;
        held::answer(&repository, args.number, &args.outcome, act).await?;
        repository.close().await?;
        Ok(())
    })?;
    context.out.tell("held-answered", &[("number", args.number.to_string().into())]);
    Ok(Done::Well)
}
