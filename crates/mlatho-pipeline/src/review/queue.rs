//! Codes without a link, and those whose link is in doubt again, each with the records that may be its partner.

use std::collections::{BTreeMap, HashMap, HashSet};

use mlatho_harmonize::matching::facility::{Facility, Matcher, Review, facilities};
use mlatho_harmonize::matching::product::{self, products, propose_factors};
use mlatho_harmonize::matching::{List, Proposal, doubt, evidence_json};
use mlatho_harmonize::{Crosswalk, Decisions, Kind};
use mlatho_model::{Decimal, Finding, SourceName};
use mlatho_store::{Reopened, Repository};
use serde::{Serialize, Serializer};

use super::learned::{Learned, reviews};
use super::register::{register, registers};
use super::reopened::{lines, still_open};
use crate::PipelineError;
use crate::project::{Project, ProjectMappings};
use crate::status::{UnmappedLine, by_volume};

/// What waits, the case that matters most first.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Queue {
    pub cases: Vec<Case>,
    /// What decisions about the org units of a source taught, source by source.
    pub learned: Vec<Learned>,
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

/// A code of a source without a link, which records wait for or which its register names, or one whose link is in
/// doubt again.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    /// `org-unit` or `item`.
    pub kind: &'static str,
    pub source: String,
    pub code: String,
    pub name: String,
    /// What else the source's register knows of it, by column.
    #[serde(serialize_with = "by_column")]
    pub known: Vec<(String, String)>,
    /// How many current records wait; none, where nothing was reported under the code yet.
    pub records: u64,
    /// Sum of the absolute values of their flows, in the source's units.
    pub quantity: Decimal,
    /// Where its link leads, if it has one that was sure until the registers changed.
    pub linked: Option<String>,
    /// The best first; none, where the project has no register of this kind or nothing in it comes near.
    pub candidates: Vec<Candidate>,
    /// How likely the best that can be said without a person is wrong.
    #[serde(skip)]
    pub doubt: f64,
}

/// A record that may be the partner.
#[derive(Clone, Debug, Serialize)]
pub struct Candidate {
    pub target: String,
    pub target_name: String,
    /// What else the project's register knows of it, by column.
    #[serde(serialize_with = "by_column")]
    pub known: Vec<(String, String)>,
    /// Calibrated, 0 to 1.
    pub probability: f64,
    /// Whether it is sure enough to be accepted with the rest of its band.
    pub decision: &'static str,
    /// A list of `{feature, finding, bits}`.
    pub evidence: serde_json::Value,
    /// Target units per source unit, as the names suggest with their reason; of items only. Never used unseen.
    pub proposed_factor: Option<String>,
    /// Why a person rejected this pair.
    pub rejected: Option<String>,
}

fn by_column<S: Serializer>(known: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(known.iter().map(|(column, cell)| (column, cell)))
}

impl Case {
    /// Records that are expected to be set right by an answer. Sure ones come last, by their records.
    fn stake(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "counts of records are far below 2^52")]
        let records = self.records as f64;
        records * self.doubt
    }
}

/// The codes that wait for a link, or for another look at the one they have, with candidates from the project's
/// registers. What a decision has settled for all days waits for the next run, not for a person. Of an area, the org
/// units whose record in the source's register lies in it.
///
/// # Errors
/// A register cannot be read, or the repository cannot.
pub async fn queue(
    project: &Project,
    repository: &Repository,
    kind: Option<Kind>,
    area: Option<&str>,
) -> Result<Queue, PipelineError> {
    let mappings = project.mappings()?;
    let mut queue = Queue { findings: mappings.findings.clone(), ..Queue::default() };
    if let Some(area) = area
        && !is_known(project, area)?
    {
        queue.findings.push(Finding::error("review-area-unknown").with("area", area));
        return Ok(queue);
    }
    let reopened = still_open(repository, &mappings).await?;
    let mut unplaced = 0;
    for ((kind, source), mut lines) in waiting(project, repository, &mappings, &reopened, kind).await? {
        let left = register(project, kind, Some(&source), &mut queue.findings)?;
        let (left_file, mut left) = left.unwrap_or_default();
        lines.extend(not_reported(kind, &source, &left, &lines, &mappings.crosswalk));
        if lines.is_empty() {
            continue;
        }
        left.add(lines.iter().map(|line| (line.code.as_str(), line.name.as_str())));
        let decided = match kind {
            Kind::OrgUnit => mappings.decisions.about(kind, &source),
            Kind::Item => Vec::new(),
        };
        left.add(decided.iter().map(|decision| (&*decision.link.source_id, &*decision.link.source_name)));
        let right = register(project, kind, None, &mut queue.findings)?;
        let found = if let Some((file, right)) = &right {
            let (reviews, learned) = reviews(&source, &decided, &left, right);
            queue.learned.extend(learned);
            candidates(kind, (&left_file, &left), (file, right), &reviews, &mut queue.findings)
        } else {
            let finding = Finding::warning("review-no-register").with("kind", kind.name());
            if !queue.findings.contains(&finding) {
                queue.findings.push(finding);
            }
            vec![Vec::new(); left.len()]
        };
        if let Some(area) = area {
            unplaced += keep_area(area, kind, (&left_file, &left), &mut lines);
        }
        let mut found: HashMap<&str, (usize, Vec<Candidate>)> = left.ids().zip(found.into_iter().enumerate()).collect();
        let right = right.unwrap_or_default().1;
        let rows: HashMap<&str, usize> = right.ids().zip(0..).collect();
        for line in lines {
            let (row, mut candidates) = found.remove(line.code.as_str()).unwrap_or((usize::MAX, Vec::new()));
            for candidate in &mut candidates {
                let row = rows.get(candidate.target.as_str());
                candidate.known = row.map(|row| right.known(*row)).unwrap_or_default();
            }
            remember(&mut candidates, &mappings.decisions, kind, &source, &line.code);
            let doubt = if rows.is_empty() {
                NOTHING_KNOWN
            } else {
                doubt(&candidates.iter().map(|candidate| candidate.probability).collect::<Vec<_>>())
            };
            queue.cases.push(case(kind, line, left.known(row), candidates, doubt));
        }
    }
    if unplaced > 0 {
        queue.findings.push(Finding::info("review-unplaced").with("count", unplaced));
    }
    for case in &mut queue.cases {
        let same =
            |one: &&Reopened| one.kind == case.kind && *one.source.as_str() == *case.source && one.code == case.code;
        case.linked = reopened.iter().find(same).map(|one| one.target.clone());
    }
    queue.cases.sort_by(|a, b| {
        let by_stake = b.stake().total_cmp(&a.stake());
        by_stake.then_with(|| b.records.cmp(&a.records)).then_with(|| b.doubt.total_cmp(&a.doubt))
    });
    Ok(queue)
}

/// What waits, by kind and source: codes of records, codes with a doubtful link, and every source with a register.
async fn waiting(
    project: &Project,
    repository: &Repository,
    mappings: &ProjectMappings,
    reopened: &[Reopened],
    kind: Option<Kind>,
) -> Result<BTreeMap<(Kind, SourceName), Vec<UnmappedLine>>, PipelineError> {
    let settled = mappings.decisions.settled();
    let mut waiting: BTreeMap<(Kind, SourceName), Vec<UnmappedLine>> = BTreeMap::new();
    for line in by_volume(&repository.unmapped().await?) {
        let of = Kind::ALL.into_iter().find(|kind| kind.name() == line.kind.replace('_', "-"));
        let Some(of) = of.filter(|of| kind.is_none_or(|kind| kind == *of)) else { continue };
        let Ok(source) = line.source.parse::<SourceName>() else { continue };
        if !settled.contains(&(of, source.clone(), line.code.as_str().into())) {
            waiting.entry((of, source)).or_default().push(line);
        }
    }
    for register in &project.config().registers {
        let of = register.kind.kind();
        if let Some(source) = register.source.as_ref().filter(|_| kind.is_none_or(|kind| kind == of)) {
            waiting.entry((of, source.clone())).or_default();
        }
    }
    for (of, line) in lines(repository, mappings, reopened).await? {
        let Ok(source) = line.source.parse::<SourceName>() else { continue };
        if kind.is_none_or(|kind| kind == of) {
            let own = waiting.entry((of, source)).or_default();
            if !own.iter().any(|other| other.code == line.code) {
                own.push(line);
            }
        }
    }
    Ok(waiting)
}

/// Codes of a source's register that no link and no record speaks of: they can be linked before anything is reported.
fn not_reported(
    kind: Kind,
    source: &SourceName,
    register: &List,
    waiting: &[UnmappedLine],
    crosswalk: &Crosswalk,
) -> Vec<UnmappedLine> {
    let waiting: HashSet<&str> = waiting.iter().map(|line| line.code.as_str()).collect();
    let rows = (0..register.len()).map(|row| (register.named(row, "id"), register.named(row, "name")));
    let new = rows.filter(|(code, _)| !waiting.contains(code) && !crosswalk.knows(kind, source, code));
    let line = |(code, name): (&str, &str)| UnmappedLine {
        kind: kind.name(),
        source: source.to_string(),
        code: code.into(),
        name: name.into(),
        records: 0,
        quantity: Decimal::ZERO,
    };
    new.map(line).collect()
}

/// Doubt where there is no register to look in.
const NOTHING_KNOWN: f64 = 0.5;

fn case(kind: Kind, line: UnmappedLine, known: Vec<(String, String)>, candidates: Vec<Candidate>, doubt: f64) -> Case {
    let UnmappedLine { source, code, name, records, quantity, .. } = line;
    Case { kind: kind.name(), source, code, name, known, records, quantity, linked: None, candidates, doubt }
}

/// Whether any register of org units has a record in this area.
fn is_known(project: &Project, area: &str) -> Result<bool, PipelineError> {
    for (file, list) in registers(project, Kind::OrgUnit)? {
        if facilities(&file, &list).0.iter().any(|facility| facility.lies_in(area)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Leaves the lines of an area. How many are left out because no register says where they lie: items always.
fn keep_area(area: &str, kind: Kind, (file, left): (&str, &List), lines: &mut Vec<UnmappedLine>) -> usize {
    let facilities = if kind == Kind::OrgUnit { facilities(file, left).0 } else { Vec::new() };
    let placed = |facility: &&Facility| facility.areas.iter().any(|area| !area.is_empty());
    let by_code: HashMap<&str, &Facility> =
        left.ids().zip(&facilities).filter(|(_, facility)| placed(facility)).collect();
    let mut unplaced = 0;
    lines.retain(|line| {
        let facility = by_code.get(line.code.as_str());
        unplaced += usize::from(facility.is_none());
        facility.is_some_and(|facility| facility.lies_in(area))
    });
    unplaced
}

/// Pairs that a person rejected go last, with the reason.
fn remember(found: &mut [Candidate], decisions: &Decisions, kind: Kind, source: &SourceName, code: &str) {
    for candidate in &mut *found {
        let rejected = decisions.rejected(kind, source, code, &candidate.target);
        candidate.rejected = rejected.map(|decision| decision.link.reason.to_string());
    }
    found.sort_by_key(|candidate| candidate.rejected.is_some());
}

/// For each left record its candidates.
pub(crate) fn candidates(
    kind: Kind,
    (left_file, left): (&str, &List),
    (right_file, right): (&str, &List),
    reviews: &[Review],
    findings: &mut Vec<Finding>,
) -> Vec<Vec<Candidate>> {
    let mut found: Vec<Vec<Candidate>> = vec![Vec::new(); left.len()];
    let mut take = |proposal: Proposal, factor: Option<String>| {
        let Some(row) = proposal.right else { return };
        let Some(of) = found.get_mut(proposal.left) else { return };
        of.push(Candidate {
            target: right.named(row, "id").into(),
            target_name: right.named(row, "name").into(),
            known: Vec::new(),
            probability: proposal.probability,
            decision: proposal.decision.name(),
            evidence: evidence_json(&proposal.evidence),
            proposed_factor: factor,
            rejected: None,
        });
    };
    match kind {
        Kind::OrgUnit => {
            let ((lefts, one), (rights, two)) = (facilities(left_file, left), facilities(right_file, right));
            findings.extend(one.into_iter().chain(two));
            let threads = std::thread::available_parallelism().map_or(1, Into::into);
            let mut matcher = Matcher::new(&lefts, &rights, threads);
            if !reviews.is_empty() {
                matcher.review(reviews, threads);
            }
            (0..lefts.len()).flat_map(|row| matcher.proposals(row)).for_each(|proposal| take(proposal, None));
        }
        Kind::Item => {
            let (lefts, rights) = (products(left), products(right));
            for proposal in product::propose(&lefts, &rights) {
                let pair = lefts.get(proposal.left).zip(proposal.right.and_then(|row| rights.get(row)));
                let factor = pair.and_then(|(one, other)| propose_factors(one, other).into_iter().next());
                take(proposal, factor.map(|factor| format!("{}: {}", factor.factor, factor.reason)));
            }
        }
    }
    found
}
