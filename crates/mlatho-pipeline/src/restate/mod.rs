//! Corrected links: what was read and sent by the old ones, and what is to be done about it.

mod links;
mod work;

use std::collections::BTreeSet;

use mlatho_harmonize::Decision;
use mlatho_model::Finding;
use mlatho_store::Repository;
use serde::Serialize;

use crate::PipelineError;
use crate::project::{Project, ProjectMappings};
use links::Corrected;
use work::Work;

/// What is left to restate.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RestateReport {
    pub links: Vec<Restatement>,
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

impl RestateReport {
    /// How many values at targets have to change. One that two links share counts once.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.links.iter().flat_map(|link| &link.cells).collect::<BTreeSet<_>>().len()
    }
}

/// A corrected link with what was read and sent by the old one.
#[derive(Clone, Debug, Serialize)]
pub struct Restatement {
    /// `org-unit` or `item`.
    pub kind: &'static str,
    pub source: String,
    pub code: String,
    /// Where it led: targets with shares and factors other than one.
    pub old: Vec<String>,
    /// Where it leads now; empty where it has no link now.
    pub new: Vec<String>,
    /// First and last day on which the new takes the place of the old; open where there is none.
    pub from: Option<String>,
    pub to: Option<String>,
    /// The crosswalk versions by which numbers were read.
    pub crosswalks: Vec<String>,
    pub corrected: Correction,
    /// Observations that were read by the old link and are not restated.
    pub observations: u64,
    pub periods: Vec<String>,
    /// Whether the repository follows the new link. If not, `run` comes first.
    pub follows: bool,
    /// Values at targets that have to change.
    pub cells: Vec<RestateCell>,
}

/// What corrected a link.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Correction {
    Decision {
        decided_by: String,
        decided_at: String,
        reason: String,
    },
    /// A mapping file was changed by hand.
    MappingFile,
}

/// A value at a target that `publish` will change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RestateCell {
    /// As the plan calls it: new, changed or withdraw.
    pub action: &'static str,
    pub target: String,
    /// None where nothing was delivered yet.
    pub data_set: Option<String>,
    pub data_element: String,
    pub org_unit: String,
    pub period: String,
    /// What was delivered; none for a new value.
    pub delivered: Option<String>,
    /// What the repository wants there now; none where it is to be withdrawn, or where it does not follow yet.
    pub wanted: Option<String>,
}

/// Every corrected link by which numbers were read that are not restated yet: the repository does not follow the new
/// link, or a target holds a value that was delivered by the old one. Nothing is asked of a target.
///
/// # Errors
/// The repository or a mapping cannot be read.
pub async fn restate(project: &Project, repository: &Repository) -> Result<RestateReport, PipelineError> {
    let mappings = project.mappings()?;
    let mut work = Work::begin(project, repository, &mappings).await?;
    work.read_current().await?;
    work.read_delivered().await?;
    let (corrected, outstanding) = work.finish()?;
    let mut report = RestateReport { findings: mappings.findings.clone(), ..RestateReport::default() };
    for (link, left) in corrected.iter().zip(outstanding).filter(|(_, left)| !left.follows || !left.cells.is_empty()) {
        let day = |day: jiff::civil::Date, open| (day != open).then(|| day.to_string());
        report.links.push(Restatement {
            kind: link.kind.name(),
            source: link.source.to_string(),
            code: link.code.clone(),
            old: link.old.clone(),
            new: link.new.clone(),
            from: day(link.days.0, jiff::civil::Date::MIN),
            to: day(link.days.1, jiff::civil::Date::MAX),
            crosswalks: link.versions.iter().cloned().collect(),
            corrected: correction(project, &mappings, link)?,
            observations: left.observations,
            periods: left.periods.iter().map(ToString::to_string).collect(),
            follows: left.follows,
            cells: left.cells,
        });
    }
    report.links.sort_by(|a, b| (a.kind, &a.source, &a.code, &a.from).cmp(&(b.kind, &b.source, &b.code, &b.from)));
    Ok(report)
}

/// Whether a decision corrected the link: with what was decided up to then, and the files as they are now, the code would
/// lead elsewhere.
fn correction(project: &Project, mappings: &ProjectMappings, link: &Corrected) -> Result<Correction, PipelineError> {
    let about = |decision: &&Decision| {
        let other = &decision.link;
        other.kind == link.kind && other.source == link.source && *other.source_id == *link.code
    };
    let since = |decision: &&Decision| decision.decided_at > link.read_at;
    let Some(last) = mappings.decisions.iter().filter(about).filter(since).last() else {
        return Ok(Correction::MappingFile);
    };
    let before = project.mappings_known_at(link.read_at)?;
    let there = before.crosswalk.look_up(link.kind, &link.source, &link.code, link.day);
    if there.leads_as(&mappings.crosswalk.look_up(link.kind, &link.source, &link.code, link.day)) {
        return Ok(Correction::MappingFile);
    }
    Ok(Correction::Decision {
        decided_by: last.decided_by.to_string(),
        decided_at: last.decided_at.to_string(),
        reason: last.link.reason.to_string(),
    })
}
