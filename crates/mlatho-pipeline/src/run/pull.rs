//! Taking in what changed, without reading it.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use mlatho_harmonize::Kind;
use mlatho_model::Finding;
use mlatho_store::Repository;
use serde::Serialize;

use super::{RunProgress, land};
use crate::PipelineError;
use crate::drift::{self, DriftCounts};
use crate::project::{Project, ProjectMappings, Source};

/// What sources gave.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PullReport {
    pub sources: Vec<Pulled>,
    /// What changed in the registers since they were last seen; none where the project names none, or only some sources
    /// were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<DriftCounts>,
    /// What is wrong with sources and mappings. A source that cannot be had costs itself.
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

/// What one source gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pulled {
    pub name: String,
    /// Files, or answers of a server, that the source consists of.
    pub receipts: usize,
    /// Those among them that were not there before.
    pub new: usize,
}

/// Takes in what changed at these sources; where none is named, at all of them and in the registers.
///
/// # Errors
/// A source is not in the project, a mapping file is missing, or the repository cannot be written.
pub async fn pull(
    project: &Project,
    repository: &Repository,
    names: &[String],
    now: Timestamp,
    progress: &mut (dyn FnMut(RunProgress) + Send),
) -> Result<PullReport, PipelineError> {
    let sources: Vec<&Source> = if names.is_empty() {
        project.config().sources.iter().collect()
    } else {
        names.iter().map(|name| project.source(Some(name))).collect::<Result<_, _>>()?
    };
    let mappings = project.mappings()?;
    let mut report = PullReport { findings: mappings.findings.clone(), ..PullReport::default() };
    for source in sources {
        progress(RunProgress::Pulling { source: source.name.to_string() });
        let before: HashSet<i32> = repository.receipts().await?.iter().map(|receipt| receipt.number).collect();
        match land::land(project, repository, source, &expected(&mappings, source), now).await {
            Ok(findings) => report.findings.extend(findings),
            Err(error) => report.findings.push(error.finding().ok_or(error)?),
        }
        let receipts = repository.receipts().await?;
        let own = receipts.iter().filter(|receipt| receipt.source == source.name);
        let current: Vec<i32> =
            own.filter(|receipt| receipt.superseded_by.is_none()).map(|receipt| receipt.number).collect();
        let new = current.iter().filter(|number| !before.contains(number)).count();
        report.sources.push(Pulled { name: source.name.to_string(), receipts: current.len(), new });
    }
    if names.is_empty() && !project.config().registers.is_empty() {
        let (counts, findings) = drift::take_in(project, repository, &mappings, now).await?;
        report.drift = Some(counts);
        report.findings.extend(findings);
    }
    Ok(report)
}

/// The codes of the org units that the mappings expect from a source.
pub(super) fn expected(mappings: &ProjectMappings, source: &Source) -> BTreeSet<String> {
    let links = mappings.crosswalk.links();
    let own = links.filter(|link| link.kind == Kind::OrgUnit && link.source == source.name);
    own.map(|link| link.source_id.to_string()).collect()
}
