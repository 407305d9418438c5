//! The lists in which partners are looked for.

use std::collections::HashSet;
use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::PathBuf;

use mlatho_formats::comma_separated;
use mlatho_formats::mcsd::{OrgUnitKind, register_list};
use mlatho_harmonize::Kind;
use mlatho_harmonize::matching::List;
use mlatho_model::{Finding, SourceName};

use crate::PipelineError;
use crate::project::{FILE, Project, Register, shown};

/// Where the list of a kind lies that is a source's, or the project's own. Nothing, where there is no such list.
///
/// # Errors
/// There are two.
pub(crate) fn register_path(
    project: &Project,
    kind: Kind,
    source: Option<&SourceName>,
) -> Result<Option<PathBuf>, PipelineError> {
    Ok(only(project, kind, source)?.map(|only| project.path(&only.file)))
}

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
    let Some(only) = only(project, kind, source)? else { return Ok(None) };
    let (path, file) = open(project, only)?;
    Ok(Some((shown(&path), read(project, only, file, OrgUnitKind::Facility, findings)?)))
}

/// The register of a kind that is a source's, or the project's own.
///
/// # Errors
/// There are two.
pub(crate) fn only<'a>(
    project: &'a Project,
    kind: Kind,
    source: Option<&SourceName>,
) -> Result<Option<&'a Register>, PipelineError> {
    let mut own =
        project.config().registers.iter().filter(|own| own.kind.kind() == kind && own.source.as_ref() == source);
    let Some(first) = own.next() else { return Ok(None) };
    if let Some(second) = own.next() {
        let finding = Finding::error("register-twice").in_file(&shown(&project.path(FILE.as_ref())));
        let files = [first, second].map(|own| own.file.display().to_string());
        return Err(finding.with("kind", kind.name()).with("files", files.join(", ")).into());
    }
    Ok(Some(first))
}

/// Every id of a kind that the project has, areas of FHIR bundles among them, and where they stand. Nothing, where the
/// project has no list of its own.
///
/// # Errors
/// There are two lists, or the file cannot be read.
pub(crate) fn own_ids(project: &Project, kind: Kind) -> Result<Option<(String, HashSet<String>)>, PipelineError> {
    let Some(only) = only(project, kind, None)? else { return Ok(None) };
    let mut ids = HashSet::new();
    for of in [OrgUnitKind::Facility, OrgUnitKind::Area] {
        let (_, file) = open(project, only)?;
        ids.extend(read(project, only, file, of, &mut Vec::new())?.ids().map(str::to_owned));
    }
    Ok(Some((shown(&project.path(&only.file)), ids)))
}

fn open(project: &Project, register: &Register) -> Result<(PathBuf, File), PipelineError> {
    let path = project.path(&register.file);
    let file = File::open(&path).map_err(PipelineError::io("opening the register", &path))?;
    Ok((path, file))
}

/// The list that a version of a register holds.
///
/// # Errors
/// The bytes cannot be read.
pub(crate) fn version(project: &Project, register: &Register, bytes: &[u8]) -> Result<List, PipelineError> {
    // What is wrong with it is told where the file is read.
    read(project, register, Cursor::new(bytes), OrgUnitKind::Facility, &mut Vec::new())
}

fn read(
    project: &Project,
    register: &Register,
    input: impl Read + Seek,
    org_units: OrgUnitKind,
    findings: &mut Vec<Finding>,
) -> Result<List, PipelineError> {
    let path = project.path(&register.file);
    let bytes = match register.kind.kind() {
        Kind::OrgUnit => register_list(&shown(&path), input, org_units),
        Kind::Item => comma_separated(input).map(|bytes| (bytes, Vec::new())),
    };
    let (bytes, unread) = bytes.map_err(PipelineError::io("reading the register", &path))?;
    let (list, found) = List::read(&shown(&path), &bytes);
    findings.extend(unread.into_iter().chain(found));
    Ok(list)
}

/// All lists of a kind, the project's own and those of sources. What is wrong in them is told where they are used.
///
/// # Errors
/// There are two of one source, or a file cannot be read.
pub(crate) fn registers(project: &Project, kind: Kind) -> Result<Vec<(String, List)>, PipelineError> {
    let named = project.config().registers.iter().filter(|named| named.kind.kind() == kind);
    let lists = named.map(|named| register(project, kind, named.source.as_ref(), &mut Vec::new()));
    lists.filter_map(Result::transpose).collect()
}
