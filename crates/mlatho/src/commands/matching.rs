//! `mlatho match`: which record of one list is which of another, and which links of a crosswalk look wrong.

use std::collections::HashMap;
use std::path::Path;

use mlatho_formats::mcsd::{OrgUnitKind, register_list};
use mlatho_harmonize::matching::element::{self, elements};
use mlatho_harmonize::matching::facility::{Matcher, Suspicion, areas, facilities, reviews};
use mlatho_harmonize::matching::product::{self, products, propose_factors};
use mlatho_harmonize::matching::{
    Decision, Evidence, List, Proposal, evidence_json, evidence_text, link_row, read_links, write_links,
};
use mlatho_model::Finding;
use mlatho_pipeline::PipelineError;
use serde_json::{Value, json};

use super::{Context, Done, Failure, open, outcome, table};
use crate::arguments::{Format, Match, MatchKind};
use crate::output::write_file;
use crate::progress::Progress;

const AUDIT_COLUMNS: [&str; 5] = ["left_id", "right_id", "suspicion", "better_right_id", "evidence"];

/// Bits against a link whose record is in neither list.
const DEAD: f64 = -40.0;

/// Both lists.
struct Lists {
    left: List,
    right: List,
}

pub(super) fn matching(context: &Context, args: &Match) -> Result<Done, Failure> {
    let mut findings = Vec::new();
    let mut list = |path| list(args.kind, path, &mut findings);
    let lists = Lists { left: list(&args.left)?, right: list(&args.right)? };
    if outcome(&findings) == Done::Well {
        match &args.audit {
            _ if matches!(args.kind, MatchKind::Product | MatchKind::Element)
                && (args.audit.is_some() || args.reviewed.is_some()) =>
            {
                return Err(Finding::error("audit-kind").into());
            }
            Some(links) => audit(context, args, &lists, links, &mut findings)?,
            None => propose(context, args, &lists, &mut findings)?,
        }
    }
    context.report(&findings)?;
    Ok(outcome(&findings))
}

/// Reads a list; of facilities and areas it may be a FHIR bundle.
fn list(kind: MatchKind, path: &Path, findings: &mut Vec<Finding>) -> Result<List, Failure> {
    let file = path.display().to_string();
    let register = |kind| -> Result<(Vec<u8>, Vec<Finding>), Failure> {
        Ok(register_list(&file, open(path)?, kind).map_err(PipelineError::io("reading", path))?)
    };
    let (bytes, unread) = match kind {
        MatchKind::Facility => register(OrgUnitKind::Facility)?,
        MatchKind::Area => register(OrgUnitKind::Area)?,
        MatchKind::Product | MatchKind::Element => (table(path)?, Vec::new()),
    };
    let (list, found) = List::read(&file, &bytes);
    findings.extend(unread.into_iter().chain(found));
    Ok(list)
}

/// Reads facilities or areas, and matches them.
fn matcher(context: &Context, args: &Match, lists: &Lists, findings: &mut Vec<Finding>) -> Result<Matcher, Failure> {
    let read = if args.kind == MatchKind::Area { areas } else { facilities };
    let mut records = |path: &Path, list: &List| {
        let (records, found) = read(&path.display().to_string(), list);
        findings.extend(found);
        records
    };
    let (left, right) = (records(&args.left, &lists.left), records(&args.right, &lists.right));
    let progress = Progress::new(&context.out);
    progress.step("match-working", &[("left", left.len().into()), ("right", right.len().into())]);
    let threads = std::thread::available_parallelism().map_or(1, Into::into);
    let mut matcher = Matcher::new(&left, &right, threads);
    if let Some(path) = &args.reviewed {
        let (reviews, found) = reviews(&path.display().to_string(), &table(path)?, &lists.left, &lists.right);
        findings.extend(found);
        matcher.review(&reviews, threads);
    }
    Ok(matcher)
}

fn propose(context: &Context, args: &Match, lists: &Lists, findings: &mut Vec<Finding>) -> Result<(), Failure> {
    let proposals: Box<dyn Iterator<Item = Proposal>> = match args.kind {
        MatchKind::Facility | MatchKind::Area => {
            let matcher = matcher(context, args, lists, findings)?;
            Box::new((0..lists.left.len()).flat_map(move |left| matcher.proposals(left)))
        }
        MatchKind::Product => Box::new(product_proposals(lists)),
        MatchKind::Element => Box::new(element::propose(&elements(&lists.left), &elements(&lists.right)).into_iter()),
    };
    let mut told = Told::default();
    let proposals = proposals.inspect(|proposal| told.count(proposal));
    match &args.out {
        Some(path) => write_file(path, |out| Ok(write_links(out, &lists.left, &lists.right, proposals)?))?,
        None => print(context, lists, proposals)?,
    }
    told.tell(context);
    Ok(())
}

/// Products, with the unit factor that their packs give reason to: a question to a person, which weighs nothing.
fn product_proposals(lists: &Lists) -> impl Iterator<Item = Proposal> + use<> {
    let (left, right) = (products(&lists.left), products(&lists.right));
    product::propose(&left, &right).into_iter().map(move |mut proposal| {
        if let Some(row) = proposal.right.and_then(|row| right.get(row))
            && let Some(factor) = propose_factors(&left[proposal.left], row).first()
        {
            let finding = format!("{}: {}", factor.factor, factor.reason);
            proposal.evidence.push(Evidence { feature: "factor", finding, bits: 0.0 });
        }
        proposal
    })
}

/// What the run amounts to.
#[derive(Default)]
struct Told {
    accepted: usize,
    /// Expected number of accepted links that are wrong.
    wrong: f64,
    review: usize,
    none: usize,
}

impl Told {
    fn count(&mut self, proposal: &Proposal) {
        match proposal.decision {
            Decision::Accept => {
                self.accepted += 1;
                self.wrong += 1.0 - proposal.probability;
            }
            Decision::Review => self.review += usize::from(proposal.rank == 1),
            Decision::None => self.none += usize::from(proposal.right.is_none()),
        }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of records, never below zero")]
    fn tell(&self, context: &Context) {
        let wrong = self.wrong.ceil() as u64;
        let args = [
            ("accepted", self.accepted.into()),
            ("wrong", wrong.into()),
            ("review", self.review.into()),
            ("none", self.none.into()),
        ];
        context.out.tell("match-done", &args);
    }
}

fn print(context: &Context, lists: &Lists, proposals: impl Iterator<Item = Proposal>) -> Result<(), Failure> {
    let (left, right) = (&lists.left, &lists.right);
    match context.out.format {
        Format::Csv => Ok(write_links(context.out.stdout(), left, right, proposals).map_err(std::io::Error::from)?),
        Format::Json => {
            let object = |proposal: Proposal| {
                json!({
                    "left_id": left.named(proposal.left, "id"),
                    "right_id": proposal.right.map(|row| right.named(row, "id")),
                    "rank": proposal.rank,
                    "score_bits": proposal.score_bits,
                    "probability": proposal.probability,
                    "assigned": proposal.assigned,
                    "decision": proposal.decision.name(),
                    "evidence": evidence_json(&proposal.evidence),
                })
            };
            Ok(context.out.json(&proposals.map(object).collect::<Vec<Value>>())?)
        }
        Format::Text => {
            let best = proposals.filter(|proposal| proposal.rank == 1);
            let row = |proposal: Proposal| {
                let [left_id, right_id, _, score, probability, _, _, _] = link_row(left, right, &proposal);
                let decision = context.out.texts.say(&format!("decision-{}", proposal.decision), &[]);
                let name = proposal.right.map_or("", |row| right.named(row, "name")).to_owned();
                let left_name = left.named(proposal.left, "name").to_owned();
                vec![left_id, left_name, right_id, name, score, probability, decision]
            };
            let columns = ["left_id", "left_name", "right_id", "right_name", "score_bits", "probability", "decision"];
            Ok(context.out.aligned(&columns, &best.map(row).collect::<Vec<_>>())?)
        }
    }
}

/// A link of the crosswalk beside what looks wrong with it.
struct Audited {
    left: String,
    right: String,
    suspicion: f64,
    better: String,
    evidence: Vec<Evidence>,
}

fn audit(
    context: &Context,
    args: &Match,
    lists: &Lists,
    links: &Path,
    findings: &mut Vec<Finding>,
) -> Result<(), Failure> {
    let file = links.display().to_string();
    let (links, found) = read_links(&file, &table(links)?);
    findings.extend(found);
    if outcome(findings) != Done::Well {
        return Ok(());
    }
    let rows = |list: &List| list.ids().enumerate().map(|(row, id)| (id.to_owned(), row)).collect::<HashMap<_, _>>();
    let (lefts, rights) = (rows(&lists.left), rows(&lists.right));
    let (mut known, mut dead) = (Vec::new(), Vec::new());
    for (left, right) in links {
        match (lefts.get(&left), rights.get(&right)) {
            (Some(a), Some(b)) => known.push((*a, *b)),
            (a, _) => {
                let (column, id) = if a.is_none() { ("left_id", left.as_str()) } else { ("right_id", right.as_str()) };
                findings.push(Finding::warning("link-dead-id").in_file(&file).at(0, column).with("id", id));
                let evidence = Evidence { feature: "dead-identifier", finding: id.to_owned(), bits: DEAD };
                dead.push(Audited { left, right, suspicion: 1.0, better: String::new(), evidence: vec![evidence] });
            }
        }
    }
    let matcher = matcher(context, args, lists, findings)?;
    let named = |suspicion: Suspicion| {
        let (left, right) = known[suspicion.link];
        Audited {
            left: lists.left.named(left, "id").to_owned(),
            right: lists.right.named(right, "id").to_owned(),
            suspicion: suspicion.suspicion,
            better: suspicion.better.map_or("", |row| lists.right.named(row, "id")).to_owned(),
            evidence: suspicion.evidence,
        }
    };
    dead.extend(matcher.audit(&known).into_iter().map(named));
    let row = |one: &Audited| {
        let evidence = evidence_text(&one.evidence);
        vec![one.left.clone(), one.right.clone(), format!("{:.4}", one.suspicion), one.better.clone(), evidence]
    };
    let rows: Vec<Vec<String>> = dead.iter().map(row).collect();
    match &args.out {
        Some(path) => Ok(write_file(path, |out| crate::output::write_csv(out, &AUDIT_COLUMNS, &rows))?),
        None => Ok(context.out.table(&AUDIT_COLUMNS, &rows)?),
    }
}
