//! Adding decisions to the file of the project.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use mlatho_harmonize::{DECISION_COLUMNS, Decision, Kind, Relation, Verdict};
use mlatho_model::{Finding, Severity};

use super::register::register;
use crate::PipelineError;
use crate::project::Project;

/// Adds decisions to the project's file of decisions, all or none. A link that cannot hold is refused.
///
/// # Errors
/// A target is in no register of the project, the links would not agree, or the file cannot be written.
pub fn decide(project: &Project, decisions: &[Decision]) -> Result<(), PipelineError> {
    for kind in Kind::ALL {
        known_targets(project, kind, decisions)?;
    }
    let path = project.path(&project.config().mappings.decisions);
    append(project, &path, |before| {
        let after = added(before, decisions);
        agree(project, &after)?;
        Ok(after)
    })
}

/// Puts longer content in the place of what a file of the project holds, whole or not at all. Two persons that decide at
/// the same time come one after the other.
///
/// # Errors
/// What `longer` says, or the file cannot be written.
pub(crate) fn append(
    project: &Project,
    path: &Path,
    longer: impl FnOnce(&[u8]) -> Result<Vec<u8>, PipelineError>,
) -> Result<(), PipelineError> {
    let data_dir = project.data_dir();
    std::fs::create_dir_all(&data_dir).map_err(PipelineError::io("making the folder", &data_dir))?;
    let lock = data_dir.join("review.lock");
    let lock =
        File::create(&lock).and_then(|file| file.lock().map(|()| file)).map_err(PipelineError::io("locking", &lock))?;
    let before = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(PipelineError::io("reading", path)(error)),
    };
    let after = longer(&before)?;
    write(path, &after).map_err(PipelineError::io("writing", path))?;
    drop(lock);
    Ok(())
}

/// An accepted target must be one of the project's, where the project says which it has.
fn known_targets(project: &Project, kind: Kind, decisions: &[Decision]) -> Result<(), PipelineError> {
    let accepted = |decision: &&Decision| {
        let link = &decision.link;
        link.kind == kind && decision.verdict == Verdict::Accept && link.relation != Relation::None
    };
    let mut accepted = decisions.iter().filter(accepted).peekable();
    if accepted.peek().is_none() {
        return Ok(());
    }
    let Some((file, list)) = register(project, kind, None, &mut Vec::new())? else { return Ok(()) };
    let ids: std::collections::HashSet<&str> = list.ids().collect();
    match accepted.find(|decision| !ids.contains(&*decision.link.target)) {
        Some(unknown) => {
            let finding = Finding::error("review-unknown-target").with("target", &*unknown.link.target);
            Err(finding.with("register", file).into())
        }
        None => Ok(()),
    }
}

/// The new decisions must not bring disagreement into the project's links.
fn agree(project: &Project, after: &[u8]) -> Result<(), PipelineError> {
    let known = project.mappings()?.findings;
    let then = project.mappings_with(after)?.findings;
    let new = then.into_iter().find(|finding| finding.severity == Severity::Error && !known.contains(finding));
    new.map_or(Ok(()), |finding| Err(finding.into()))
}

/// The file with the new rows. A header from before a column was added gets it; the rows below it lack that cell.
fn added(before: &[u8], decisions: &[Decision]) -> Vec<u8> {
    let [.., last] = DECISION_COLUMNS;
    let header = before.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    let mut bytes = header.to_vec();
    if !header.is_empty() && !header.ends_with(last.as_bytes()) {
        bytes.extend([b",", last.as_bytes()].concat());
    }
    bytes.extend(&before[header.len()..]);
    if !bytes.is_empty() && !bytes.ends_with(b"\n") {
        bytes.push(b'\n');
    }
    let mut rows = csv::Writer::from_writer(&mut bytes);
    // Writing to memory does not fail.
    if before.is_empty() {
        let _ = rows.write_record(DECISION_COLUMNS);
    }
    for decision in decisions {
        let _ = rows.write_record(decision.cells());
    }
    let _ = rows.flush();
    drop(rows);
    bytes
}

/// Puts the longer file in the place of the shorter one, whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    // Under the lock there is one such file; it has the rights that any new file of the project has.
    let part = path.with_extension("csv.part");
    let mut file = File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&part, path)
}
