//! The lists in which partners are looked for.

use mlatho_formats::comma_separated;
use mlatho_formats::mcsd::{OrgUnitKind, register_list};
use mlatho_harmonize::Kind;
use mlatho_harmonize::matching::List;
use mlatho_model::{Finding, SourceName};

use crate::PipelineError;
use crate::project::{FILE, Project, shown};

/// The list of a kind that is a source's, or the project's own. Nothing, where there is no such list.
///
/// # Errors
/// There are two, or the file cannot be read.
pub(crate) fn register(
    project: &Project,
    kind: Kind,
    source: Option<&SourceName>,
    findings: &mut Vec<Finding>,
) -> Result<Option<(String, List)>, PipelineError> {
    let mut own =
        project.config().registers.iter().filter(|own| own.kind.kind() == kind && own.source.as_ref() == source);
    let Some(first) = own.next() else { return Ok(None) };
    if let Some(second) = own.next() {
        let finding = Finding::error("register-twice").in_file(&shown(&project.path(FILE.as_ref())));
        let files = [first, second].map(|own| own.file.display().to_string());
        return Err(finding.with("kind", kind.name()).with("files", files.join(", ")).into());
    }
    let path = project.path(&first.file);
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
