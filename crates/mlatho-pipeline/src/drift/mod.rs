//! Registers that change: what is different since they last changed, and what hangs on it.

mod band;
mod dead;
mod touched;
mod versions;

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use mlatho_harmonize::matching::{Change, Drift, drift as differences};
use mlatho_harmonize::{Kind, Link, Relation};
use mlatho_model::{Finding, SourceName};
use mlatho_store::{Reopened, Repository};
use serde::Serialize;

use crate::PipelineError;
use crate::project::{Project, ProjectMappings};
pub(crate) use dead::dead_links;
use versions::Versions;

/// What changed in the registers of a project.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DriftReport {
    pub registers: Vec<RegisterDrift>,
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

/// What changed in a register when it last changed.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterDrift {
    /// `org-unit` or `item`.
    pub kind: &'static str,
    /// The source whose codes the ids are; none where they are the project's own.
    pub source: Option<String>,
    pub file: String,
    /// When a run first saw the version that it is compared with; none where there is only one version.
    pub since: Option<String>,
    pub changes: Vec<DriftLine>,
}

/// One change of one record, and what hangs on it.
#[derive(Clone, Debug, Serialize)]
pub struct DriftLine {
    /// As of [`Change::name`].
    pub change: &'static str,
    /// The old id; of a new record its id.
    pub id: String,
    pub name: String,
    pub was: String,
    pub is: String,
    /// Line of the record in the file; 0 where it is gone.
    pub row: u64,
    /// Links to or from the record.
    pub links: Vec<LinkLine>,
    /// Accepted values of the repository that came by these links.
    pub values: u64,
    /// Values at targets that they make, as far as they were delivered.
    pub cells: u64,
}

/// A link that a change touches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LinkLine {
    pub source: String,
    pub code: String,
    pub target: String,
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
}

/// What a run found in the registers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DriftCounts {
    /// Changes since the last run.
    pub changes: usize,
    /// Links that they touch.
    pub links: usize,
    /// Links among them that are no longer sure and wait for a person again.
    pub reopened: usize,
    /// Links without an end whose target is in no list of the project.
    pub dead: usize,
}

/// What changed in each register when it last changed: the file as it is beside the version before, with what hangs on
/// each change. Nothing is kept.
///
/// # Errors
/// The repository or a mapping cannot be read.
pub async fn drift(project: &Project, repository: &Repository) -> Result<DriftReport, PipelineError> {
    let mappings = project.mappings()?;
    let mut report = DriftReport::default();
    let versions = versions::all(project, repository, &mut report.findings).await?;
    let links = Links::of(&mappings);
    report.registers = versions.iter().map(|versions| links.told(versions)).collect();
    touched::count(project, repository, &mappings, &mut report.registers).await?;
    Ok(report)
}

/// Compares the registers with what the last run saw, reopens links that are no longer sure, and keeps the new versions.
pub(crate) async fn take_in(
    project: &Project,
    repository: &Repository,
    mappings: &ProjectMappings,
    now: Timestamp,
) -> Result<(DriftCounts, Vec<Finding>), PipelineError> {
    let mut findings = Vec::new();
    let versions = versions::all(project, repository, &mut findings).await?;
    let links = Links::of(mappings);
    let fresh: Vec<&Versions<'_>> = versions.iter().filter(|versions| versions.is_new).collect();
    let mut registers: Vec<RegisterDrift> = fresh.iter().map(|versions| links.told(versions)).collect();
    touched::count(project, repository, mappings, &mut registers).await?;
    findings.extend(registers.iter().flat_map(RegisterDrift::findings));
    let hanging: Vec<&Link> = fresh.iter().flat_map(|versions| links.touched(versions)).collect();
    let reopened: Vec<Reopened> = band::left(mappings, &versions, &hanging)
        .into_iter()
        .map(|link| Reopened {
            kind: link.kind.name().into(),
            source: link.source.clone(),
            code: link.source_id.to_string(),
            target: link.target.to_string(),
            at: now,
        })
        .collect();
    repository.reopen(&reopened).await?;
    let dead = dead_links(project, mappings, &mut findings);
    for versions in &versions {
        versions.land(project, repository, now).await?;
    }
    let changes = registers.iter().map(|own| own.changes.len()).sum();
    let touched: BTreeSet<(&str, &LinkLine)> = registers
        .iter()
        .flat_map(|own| own.changes.iter().flat_map(|line| line.links.iter().map(|link| (own.kind, link))))
        .collect();
    let counts = DriftCounts { changes, links: touched.len(), reopened: reopened.len(), dead };
    Ok((counts, findings))
}

/// How many changes each register has seen when it last changed, with its file and the version before.
pub(crate) async fn last_changes(
    project: &Project,
    repository: &Repository,
) -> Result<Vec<(String, usize, Option<Timestamp>)>, PipelineError> {
    let versions = versions::all(project, repository, &mut Vec::new()).await?;
    let line = |versions: &Versions<'_>| {
        let since = versions.before.as_ref().map(|before| before.since);
        (versions.file.clone(), changes(versions).len(), since)
    };
    Ok(versions.iter().map(line).collect())
}

/// The differences from the version before; none, where there is none.
fn changes(versions: &Versions<'_>) -> Vec<Drift> {
    let kind = versions.register.kind.kind();
    versions.before.as_ref().map(|before| differences(kind, &before.list, &versions.now)).unwrap_or_default()
}

/// The links of a project by what they name on either side.
struct Links<'a> {
    by_target: HashMap<(Kind, &'a str), Vec<&'a Link>>,
    by_code: HashMap<(Kind, &'a SourceName, &'a str), Vec<&'a Link>>,
}

impl<'a> Links<'a> {
    fn of(mappings: &'a ProjectMappings) -> Self {
        let mut links = Self { by_target: HashMap::new(), by_code: HashMap::new() };
        for link in mappings.crosswalk.links() {
            links.by_code.entry((link.kind, &link.source, &link.source_id)).or_default().push(link);
            if link.relation != Relation::None {
                links.by_target.entry((link.kind, &link.target)).or_default().push(link);
            }
        }
        links
    }

    /// The links of the records that a change names.
    fn of_change(&self, versions: &Versions<'_>, one: &Drift) -> Vec<&'a Link> {
        let kind = versions.register.kind.kind();
        let again = (one.change == Change::Recreated).then_some(one.is.as_str());
        let named = [Some(one.id.as_str()), again].into_iter().flatten();
        let of = |id| match &versions.register.source {
            None => self.by_target.get(&(kind, id)),
            Some(source) => self.by_code.get(&(kind, source, id)),
        };
        named.filter_map(of).flatten().copied().collect()
    }

    fn touched(&self, versions: &Versions<'_>) -> Vec<&'a Link> {
        changes(versions).iter().flat_map(|one| self.of_change(versions, one)).collect()
    }

    fn told(&self, versions: &Versions<'_>) -> RegisterDrift {
        let line = |one: Drift| {
            let old = versions.before.as_ref().zip(one.before).map(|(before, row)| before.list.named(row, "name"));
            let name = one.after.map(|row| versions.now.named(row, "name")).or(old).unwrap_or_default().to_owned();
            DriftLine {
                change: one.change.name(),
                name,
                row: one.after.map_or(0, |row| versions.now.line(row)),
                links: self.of_change(versions, &one).into_iter().map(LinkLine::of).collect(),
                values: 0,
                cells: 0,
                id: one.id,
                was: one.was,
                is: one.is,
            }
        };
        RegisterDrift {
            kind: versions.register.kind.kind().name(),
            source: versions.register.source.as_ref().map(ToString::to_string),
            file: versions.file.clone(),
            since: versions.before.as_ref().map(|before| before.since.to_string()),
            changes: changes(versions).into_iter().map(line).collect(),
        }
    }
}

impl LinkLine {
    fn of(link: &Link) -> Self {
        Self {
            source: link.source.to_string(),
            code: link.source_id.to_string(),
            target: link.target.to_string(),
            valid_from: link.valid_from.map(|day| day.to_string()),
            valid_to: link.valid_to.map(|day| day.to_string()),
        }
    }
}

impl RegisterDrift {
    /// A finding for each change that touches links.
    fn findings(&self) -> impl Iterator<Item = Finding> {
        let touching = self.changes.iter().filter(|line| !line.links.is_empty());
        touching.filter_map(|line| {
            let finding = match Change::ALL.into_iter().find(|change| change.name() == line.change)? {
                Change::New => Finding::info("drift-new"),
                Change::Gone => Finding::warning("drift-gone"),
                Change::Recreated => Finding::warning("drift-re-created"),
                Change::Renamed => Finding::warning("drift-renamed"),
                Change::Reparented => Finding::warning("drift-re-parented"),
                Change::Retyped => Finding::warning("drift-type-changed"),
                Change::Reowned => Finding::warning("drift-owner-changed"),
                Change::Moved => Finding::warning("drift-moved"),
            };
            let finding = finding.in_file(&self.file).at(line.row, "").with("id", line.id.as_str());
            let finding = finding.with("name", line.name.as_str()).with("was", line.was.as_str());
            let finding = finding.with("is", line.is.as_str()).with("links", line.links.len());
            Some(finding.with("values", line.values).with("cells", line.cells))
        })
    }
}
