//! `mlatho review`: what waits for a person, and what the person decides.

mod card;
mod data;
mod release;
mod session;
mod terminal;

use std::io::Write;
use std::path::Path;

use jiff::civil::Date;
use mlatho_formats::document;
use mlatho_harmonize::{
    Decision, Given, Kind, LINK_TABLE_COLUMNS, Link, Origin, Relation, Taking, Verdict, concept_map,
};
use mlatho_model::{Factor, Finding, Unit};
use mlatho_pipeline::audit;
use mlatho_pipeline::repository::StoreError;
use mlatho_pipeline::review::{
    Band, Candidate, Case, Queue, SHEET_COLUMNS, decide, import, link_rows, queue, read_offers, read_sheet, sheet_rows,
    write_sheet,
};
use mlatho_pipeline::{PipelineError, Project};

use super::{Context, Done, Failure, block_on, drift, open, outcome, restate};
use crate::arguments::{
    Deciding, Format, LinkForm, Review, ReviewAccept, ReviewBand, ReviewExport, ReviewLinks, ReviewNone, ReviewReject,
    ReviewRoom, ReviewTake, RowKind, Subject,
};
use crate::output::{write_csv, write_file};

/// Cases shown to a person at once.
const SHOWN: usize = 20;

pub(super) fn review(context: &Context, args: &ReviewRoom) -> Result<Done, Failure> {
    let Some(about) = &args.about else { return data::everything(context) };
    match about {
        Review::Batches => data::batches(context),
        Review::Lines => data::lines(context),
        Review::FollowUp => data::follow_up(context),
        Review::Approve(args) => data::approve(context, args),
        Review::Correct(args) => data::correct(context, args),
        Review::Ask(args) => data::ask(context, args),
        Review::Answer(args) => data::answer(context, args),
        Review::Links(args) => links(context, args),
        Review::Accept(args) => accept(context, args),
        Review::Reject(args) => reject(context, args),
        Review::None(args) => none(context, args),
        Review::Take(args) => take(context, args),
        Review::Export(args) => export(context, args),
        Review::Band(args) => band(context, args),
        Review::Release(args) => release::release(context, args),
        Review::Drift => drift::drift(context),
        Review::Restate => restate::restate(context),
    }
}

const fn kind(kind: RowKind) -> Kind {
    match kind {
        RowKind::OrgUnit => Kind::OrgUnit,
        RowKind::Item => Kind::Item,
    }
}

fn links(context: &Context, args: &ReviewLinks) -> Result<Done, Failure> {
    let project = context.project()?;
    let queue = waiting(&project, args.kind.map(kind), args.area.as_deref())?;
    let cases = &queue.cases;
    if args.interactive && !cases.is_empty() {
        if terminal::is_there() {
            let by = deciding(args.by.as_ref())?;
            let kept = sit(context, &project, cases, &by)?;
            note(&project)?;
            context.report(&queue.findings)?;
            context.out.tell("review-kept", &[("count", kept.into())]);
            return Ok(outcome(&queue.findings));
        }
        context.out.tell("cards-no-terminal", &[]);
    }
    match (&args.out, context.out.format) {
        (Some(path), _) if is_workbook(path) => {
            let made = crate::now().datetime();
            write_file(path, |out| write_sheet(out, cases, &project, &context.out.texts, made))?;
        }
        (Some(path), _) => write_file(path, |out| write_csv(out, &SHEET_COLUMNS, &sheet_rows(cases)))?,
        (None, Format::Csv) => context.out.table(&SHEET_COLUMNS, &sheet_rows(cases))?,
        (None, Format::Json) => context.out.json(&queue)?,
        (None, Format::Text) => {
            let columns =
                ["kind", "source", "code", "name", "records", "linked", "target", "target_name", "probability"];
            let rows: Vec<Vec<String>> = cases.iter().take(SHOWN).map(|case| shown(context, case)).collect();
            context.out.aligned(&columns, &rows)?;
            if cases.len() > SHOWN {
                context.out.tell("review-more", &[("count", (cases.len() - SHOWN).into())]);
            }
        }
    }
    tell_learned(context, &queue);
    context.out.tell("review-waiting", &[("count", cases.len().into())]);
    context.report(&queue.findings)?;
    Ok(outcome(&queue.findings))
}

/// By which weights candidates were found, where decisions changed them.
fn tell_learned(context: &Context, queue: &Queue) {
    for learned in &queue.learned {
        let told = [
            ("source", learned.source.as_str().into()),
            ("count", learned.decisions.into()),
            ("revision", learned.revision.as_str().into()),
        ];
        context.out.tell("review-learned", &told);
    }
}

/// Whether the name of a file asks for a workbook; every other name is CSV.
fn is_workbook(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx"))
}

/// Shows the cards. The signal of a terminal that is closed does not end the program before it has saved.
fn sit(context: &Context, project: &Project, cases: &[Case], by: &str) -> Result<usize, Failure> {
    block_on(async {
        #[cfg(unix)]
        let _closed = {
            use tokio::signal::unix::{SignalKind, signal};
            signal(SignalKind::hangup()).map_err(Failure::Runtime)?
        };
        terminal::sit(context, project, cases, by)
    })
}

/// A case with its best candidate.
fn shown(context: &Context, case: &Case) -> Vec<String> {
    let kind = context.out.texts.say(&format!("run-kind-{}", case.kind), &[]);
    let mut row = vec![kind, case.source.clone(), case.code.clone(), case.name.clone(), case.records.to_string()];
    row.push(case.linked.clone().unwrap_or_default());
    match case.candidates.first() {
        Some(best) => {
            row.extend([best.target.clone(), best.target_name.clone(), format!("{:.3}", best.probability)]);
        }
        None => row.resize(9, String::new()),
    }
    row
}

/// Who decides: the person who is named, else the one whose computer it is.
fn deciding(named: Option<&String>) -> Result<String, Failure> {
    Ok(named.cloned().or_else(crate::user).ok_or_else(|| Finding::error("review-nobody"))?)
}

/// A code, and on which days what is decided about it holds.
struct Pair<'a> {
    kind: Kind,
    source: &'a str,
    code: &'a str,
    days: (Option<Date>, Option<Date>),
}

impl<'a> Pair<'a> {
    /// The code with its target, where that is what is decided about.
    fn of(subject: &'a Subject) -> Result<Option<(Self, &'a str)>, Failure> {
        let (Some(source), Some(code), Some(target)) = (&subject.source, &subject.code, &subject.target) else {
            return Ok(None);
        };
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == subject.what);
        let kind = kind.ok_or_else(|| Finding::error("review-kind").with("kind", subject.what.as_str()))?;
        Ok(Some((Self { kind, source, code, days: (subject.from, subject.to) }, target)))
    }

    /// The decision about it, as far as all commands give it alike.
    fn decision(&self, project: &Project, verdict: Verdict, target: &str, by: &Deciding) -> Result<Decision, Failure> {
        let source = project.source(Some(self.source))?.name.clone();
        let decided_by = deciding(by.by.as_ref())?.into();
        let link = Link {
            valid_from: self.days.0,
            valid_to: self.days.1,
            reason: by.reason.as_str().into(),
            ..Link::equal(self.kind, source, self.code, target)
        };
        let decided_at = crate::now().timestamp();
        Ok(Decision { decided_at, decided_by, seconded_by: "".into(), verdict, link, origin: Origin::Person })
    }
}

fn accept(context: &Context, args: &ReviewAccept) -> Result<Done, Failure> {
    let subject = &args.subject;
    let Some((pair, target)) = Pair::of(subject)? else {
        return data::accept(context, &subject.what, &subject.deciding);
    };
    let project = context.project()?;
    let mut decision = pair.decision(&project, Verdict::Accept, target, &subject.deciding)?;
    let link = &mut decision.link;
    if link.kind == Kind::Item && args.factor.is_none() {
        return Err(Finding::error("review-factor").with("code", pair.code).into());
    }
    link.factor = args.factor.unwrap_or(Factor::ONE);
    link.share = args.share.unwrap_or(Factor::ONE);
    link.unit = args.unit.as_deref().and_then(Unit::named);
    link.relation = args.relation.unwrap_or(Relation::Equal);
    keep(context, &project, &[decision])
}

fn reject(context: &Context, args: &ReviewReject) -> Result<Done, Failure> {
    let subject = &args.subject;
    let Some((pair, target)) = Pair::of(subject)? else {
        return data::reject(context, &subject.what, &subject.deciding);
    };
    let project = context.project()?;
    keep(context, &project, &[pair.decision(&project, Verdict::Reject, target, &subject.deciding)?])
}

fn none(context: &Context, args: &ReviewNone) -> Result<Done, Failure> {
    let project = context.project()?;
    let pair = Pair { kind: kind(args.kind), source: &args.source, code: &args.code, days: (args.from, args.to) };
    let mut decision = pair.decision(&project, Verdict::Accept, "", &args.deciding)?;
    decision.link.relation = Relation::None;
    keep(context, &project, &[decision])
}

fn take(context: &Context, args: &ReviewTake) -> Result<Done, Failure> {
    let (path, by) = (&args.sheet, deciding(args.by.as_ref())?);
    let (file, project) = (path.display().to_string(), context.project()?);
    let at = crate::now().timestamp();
    let mut findings = Vec::new();
    let offers = if is_workbook(path) {
        None
    } else {
        let found = document(open(path)?).map_err(PipelineError::io("reading", path))?;
        let source = args.source.as_deref().map(|source| project.source(Some(source))).transpose()?;
        let given = Given { kind: args.kind.map(kind), source: source.map(|source| source.name.clone()) };
        read_offers(&file, &found, &given, &mut findings)
    };
    let decisions = if let Some(offers) = offers {
        let reason = args.reason.as_deref().ok_or_else(|| Finding::error("take-reason").in_file(&file))?;
        let taken = import(&project, offers, &Taking { file: &file, by: &by, at, reason })?;
        findings.extend(taken.findings);
        context.out.tell("review-known", &[("count", taken.known.into())]);
        taken.decisions
    } else {
        let (decisions, found) = read_sheet(&file, open(path)?, &by, at).map_err(PipelineError::io("reading", path))?;
        findings.extend(found);
        decisions
    };
    context.report(&findings)?;
    let done = keep(context, &project, &decisions)?;
    Ok(if findings.is_empty() { done } else { Done::NeedsAPerson })
}

fn export(context: &Context, args: &ReviewExport) -> Result<Done, Failure> {
    let project = context.project()?;
    let mappings = project.mappings()?;
    let links = || mappings.crosswalk.links();
    match args.form {
        LinkForm::ConceptMap => {
            let map = concept_map(links(), &mappings.version, &project.config().name);
            match &args.out {
                Some(path) => write_file(path, |out| {
                    serde_json::to_writer_pretty(&mut *out, &map)?;
                    writeln!(out)
                })?,
                None => context.out.json(&map)?,
            }
        }
        LinkForm::Csv => {
            let rows = link_rows(&project, links())?;
            match &args.out {
                Some(path) => write_file(path, |out| write_csv(out, &LINK_TABLE_COLUMNS, &rows))?,
                None => write_csv(context.out.stdout(), &LINK_TABLE_COLUMNS, &rows)?,
            }
        }
    }
    let version = mappings.version.as_str();
    context.out.tell("review-exported", &[("count", links().count().into()), ("version", version.into())]);
    context.report(&mappings.findings)?;
    Ok(outcome(&mappings.findings))
}

fn band(context: &Context, args: &ReviewBand) -> Result<Done, Failure> {
    let project = context.project()?;
    let source = &project.source(args.source.as_deref())?.name;
    let queue = waiting(&project, Some(Kind::OrgUnit), None)?;
    context.report(&queue.findings)?;
    tell_learned(context, &queue);
    let band = Band::of(&queue.cases, source);
    let Some(name) = &args.accept else {
        let columns = ["code", "name", "target", "target_name", "probability"];
        let row = |(case, best): &(&Case, &Candidate)| {
            let cells = [&case.code, &case.name, &best.target, &best.target_name].map(ToString::to_string);
            [cells.as_slice(), &[format!("{:.4}", best.probability)]].concat()
        };
        context.out.table(&columns, &band.sample().iter().map(row).collect::<Vec<_>>())?;
        let wrong = format!("{:.1}", band.expected_wrong());
        context.out.tell(
            "review-band",
            &[("count", band.len().into()), ("wrong", wrong.into()), ("name", band.name().into())],
        );
        return Ok(Done::Well);
    };
    if *name != band.name() {
        return Err(Finding::error("review-band-changed").with("name", name.as_str()).into());
    }
    let by = deciding(args.by.as_ref())?;
    let second = args.second.as_deref().unwrap_or_default().trim();
    if second.is_empty() || second == by.trim() {
        return Err(Finding::error("review-second").with("by", by).into());
    }
    let reason = args.reason.as_deref().unwrap_or_default();
    keep(context, &project, &band.accept(&by, second, reason, crate::now().timestamp()))
}

/// What waits for a link.
fn waiting(project: &Project, kind: Option<Kind>, area: Option<&str>) -> Result<Queue, Failure> {
    block_on(async {
        let repository = project.open_repository().await?;
        let queue = queue(project, &repository, kind, area).await?;
        repository.close().await?;
        Ok(queue)
    })
}

fn keep(context: &Context, project: &Project, decisions: &[Decision]) -> Result<Done, Failure> {
    if !decisions.is_empty() {
        decide(project, decisions)?;
        note(project)?;
    }
    context.out.tell("review-kept", &[("count", decisions.len().into())]);
    Ok(Done::Well)
}

/// Takes new decisions about links, and releases, into the audit log; where there is no repository yet, the first run does.
fn note(project: &Project) -> Result<(), Failure> {
    block_on(async {
        let repository = match project.open_repository().await {
            Err(PipelineError::Store(StoreError::NoRepository { .. })) => return Ok(()),
            opened => opened?,
        };
        audit::take_links(project, &repository).await?;
        Ok(repository.close().await?)
    })
}
