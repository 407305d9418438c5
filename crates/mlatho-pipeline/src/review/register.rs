//! The lists in which partners are looked for.

use mlatho_formats::comma_separated;
use mlatho_formats::mcsd::{OrgUnitKind, register_list};
use mlatho_harmonize::Kind;
use mlatho_harmonize::matching::List;
use mlatho_model::{Finding, SourceName};

use crate::PipelineError;
use crate::project::{Project, Register, shown};

/// The records of all lists of a kind that are a source's, or the project's own. Nothing, where there is no such list.
pub(super) fn register(
    project: &Project,
    kind: Kind,
    source: Option<&SourceName>,
    findings: &mut Vec<Finding>,
) -> Result<Option<(String, List)>, PipelineError> {
    let wanted = |own: &&Register| own.kind.kind() == kind && own.source.as_ref() == source;
    let Some(own) = project.config().registers.iter().find(wanted) else { return Ok(None) };
    let path = project.path(&own.file);
    let file = std::fs::File::open(&path).map_err(PipelineError::io("opening the register", &path))?;
    let bytes = match kind {
        Kind::OrgUnit => register_list(&shown(&path), file, OrgUnitKind::Facility),
        Kind::Item => comma_separated(file).map(|bytes| (bytes, Vec::new())),
    };
    let (bytes, unread) = bytes.map_err(PipelineError::io("reading the register", &path))?;
    let (list, found) = List::read(&shown(&path), &bytes);
    findings.extend(unread.into_iter().chain(found));
    Ok(Some((shown(&path), list)))
}
