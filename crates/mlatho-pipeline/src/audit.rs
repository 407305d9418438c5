//! What goes into the audit log beside decisions about data: links, releases, settings, publications. And whether it, and all else
//! that is kept, is as it was written.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use mlatho_harmonize::{DECISION_COLUMNS, Decision};
use mlatho_model::Finding;
use mlatho_store::{AuditEntry, NewEntry, Repository, Verified};
use serde_json::{Value, json};

use crate::PipelineError;
use crate::project::{FILE, Project};
use crate::release::{Release, releases};

/// A decision about a link.
pub(crate) const LINK: &str = "link-decision";
const RELEASE: &str = "mapping-release";
const SETTINGS: &str = "settings";
const PUBLICATION: &str = "publication-confirmed";
const DELIVERY: &str = "publication-delivered";

/// Takes decisions about links and releases of the mappings, which stand in files of the project, into the audit log: those
/// that are not in it yet, whoever wrote them into the files. Gives how many there were.
///
/// # Errors
/// The mappings or releases cannot be read, or the catalogue cannot be written.
pub async fn take_links(project: &Project, repository: &Repository) -> Result<usize, PipelineError> {
    let decisions = project.mappings()?.decisions;
    let released = releases(project)?;
    let entries: Vec<NewEntry> = decisions.iter().map(entry_of).chain(released.iter().map(entry_of_release)).collect();
    let known: HashSet<String> = subjects(&repository.audit().await?, LINK).collect();
    let new: Vec<NewEntry> = entries.into_iter().filter(|entry| !known.contains(&entry.subject)).collect();
    Ok(repository.record(&new, true).await?)
}

/// A decision as an entry; its subject is the hash of all that it says.
fn entry_of(decision: &Decision) -> NewEntry {
    let cells = decision.cells();
    let mut hash = blake3::Hasher::new();
    for cell in &cells {
        hash.update(&(cell.len() as u64).to_le_bytes());
        hash.update(cell.as_bytes());
    }
    let content: serde_json::Map<String, Value> = DECISION_COLUMNS
        .iter()
        .zip(cells)
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(column, cell)| ((*column).to_owned(), cell.into()))
        .collect();
    let subject = format!("link {}", hash.finalize().to_hex().get(..32).unwrap_or_default());
    let person = decision.decided_by.to_string();
    NewEntry { at: decision.decided_at, person, kind: LINK, subject, content: content.into() }
}

/// A release as an entry.
fn entry_of_release(release: &Release) -> NewEntry {
    NewEntry {
        at: release.released_at,
        person: release.released_by.clone(),
        kind: RELEASE,
        subject: format!("release {}", release.name),
        content: json!({ "version": release.version, "reason": release.reason }),
    }
}

fn subjects(log: &[AuditEntry], kind: &str) -> impl Iterator<Item = String> {
    log.iter().filter(move |entry| entry.kind == kind).map(|entry| entry.subject.clone())
}

/// Notes the settings by the hashes of their files, where they are not as they were noted last: the project file, layouts,
/// rules, product tables and mappings.
///
/// # Errors
/// A file cannot be read, or the catalogue cannot be written.
pub async fn take_settings(
    project: &Project,
    repository: &Repository,
    person: &str,
    at: Timestamp,
) -> Result<(), PipelineError> {
    let config = project.config();
    let mut paths = vec![project.path(FILE.as_ref())];
    let mappings = &config.mappings;
    let files = [&mappings.org_units, &mappings.items, &mappings.elements].into_iter().flatten();
    paths.extend(files.chain(mappings.tables.iter().map(|table| &table.file)).map(|file| project.path(file)));
    paths.extend(config.sources.iter().filter_map(|source| source.layout.as_ref()).map(|layout| project.path(layout)));
    paths.extend(project.rules()?);
    paths.extend(project.products()?);
    let mut content: BTreeMap<String, String> = BTreeMap::new();
    for path in paths {
        // What is not there is told where it is used.
        if let Ok(bytes) = std::fs::read(&path) {
            content.insert(project.relative(&path), blake3::hash(&bytes).to_hex().to_string());
        }
    }
    let content = json!(content);
    let last = repository.audit().await?.into_iter().rev().find(|entry| entry.kind == SETTINGS);
    if last.is_none_or(|last| last.content != content) {
        let entry = NewEntry { at, person: person.to_owned(), kind: SETTINGS, subject: FILE.to_owned(), content };
        repository.record(&[entry], false).await?;
    }
    Ok(())
}

/// Notes that a person has a plan sent to a target, before anything goes out.
///
/// # Errors
/// The catalogue cannot be written.
pub async fn confirmed(
    repository: &Repository,
    (target, plan): (&str, &str),
    counts: Value,
    person: &str,
    at: Timestamp,
) -> Result<(), PipelineError> {
    published(repository, PUBLICATION, (target, plan), counts, person, at).await
}

/// Notes what came of it.
///
/// # Errors
/// The catalogue cannot be written.
pub async fn delivered(
    repository: &Repository,
    (target, plan): (&str, &str),
    counts: Value,
    person: &str,
    at: Timestamp,
) -> Result<(), PipelineError> {
    published(repository, DELIVERY, (target, plan), counts, person, at).await
}

async fn published(
    repository: &Repository,
    kind: &'static str,
    (target, plan): (&str, &str),
    counts: Value,
    person: &str,
    at: Timestamp,
) -> Result<(), PipelineError> {
    let content = json!({ "plan": plan, "counts": counts });
    let entry = NewEntry { at, person: person.to_owned(), kind, subject: format!("target {target}"), content };
    repository.record(&[entry], false).await?;
    Ok(())
}

/// Reads everything through that is kept. A decision about a link that is in the audit log and not in its file any more is
/// a fault too.
///
/// # Errors
/// The repository or the mappings cannot be read.
pub async fn verify(project: &Project, repository: &Repository) -> Result<Verified, PipelineError> {
    let mut verified = repository.verify().await?;
    // What was tampered with may be no entry any more; that is told already.
    let Ok(log) = repository.audit().await else { return Ok(verified) };
    let decisions = project.mappings()?.decisions;
    let in_file: HashSet<String> = decisions.iter().map(|decision| entry_of(decision).subject).collect();
    for entry in log.iter().filter(|entry| entry.kind == LINK && !in_file.contains(&entry.subject)) {
        let code = entry.content.get("source_id").and_then(Value::as_str).unwrap_or_default();
        let finding = Finding::error("verify-link-lost").with("number", entry.number.to_string()).with("code", code);
        let file = project.config().mappings.decisions.display().to_string();
        verified.faults.push(finding.with("person", entry.person.as_str()).with("file", file));
    }
    Ok(verified)
}
