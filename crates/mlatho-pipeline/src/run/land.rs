//! From the sources to the landing area.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, Write};

use jiff::Timestamp;
use mlatho_connect::dhis2::{Client, ValueQuery};
use mlatho_connect::openlmis::Watermark;
use mlatho_formats::NamelessSms;
use mlatho_model::{Finding, SourceName, Uid};
use mlatho_store::{Receipt, Repository};

use crate::PipelineError;
use crate::door;
use crate::project::{Project, PullDhis2, Source};

/// Codes that are named in a message.
const NAMED: usize = 10;

/// Keeps what the source has now: each file, one answer of the server, or what changed there. Tells what a server does
/// not show of the org units that are expected from it.
///
/// # Errors
/// The source cannot be had or kept, or would name persons, who are never stored.
pub(super) async fn land(
    project: &Project,
    repository: &Repository,
    source: &Source,
    expected: &BTreeSet<String>,
    now: Timestamp,
) -> Result<Vec<Finding>, PipelineError> {
    if let Some(finding) = source.inputs_problem() {
        return Err(finding.into());
    }
    let mut findings = Vec::new();
    let nameless = NamelessSms::new(source.format, project.layout(source)?.as_ref());
    for path in project.files(source)? {
        let origin = project.relative(&path);
        let input = File::open(&path).map_err(PipelineError::io("opening", &path))?;
        let Some(nameless) = &nameless else {
            repository.land(&source.name, &origin, input, now).await?;
            continue;
        };
        // The origin says that these are not the bytes of the file.
        let origin = format!("{origin}?without=persons");
        let mut copy = tempfile::tempfile().map_err(PipelineError::io("copying", &path))?;
        let told = nameless.copy(&origin, input, BufWriter::new(&copy));
        findings.extend(told.map_err(PipelineError::io("copying", &path))?);
        copy.rewind().map_err(PipelineError::io("copying", &path))?;
        repository.land(&source.name, &origin, copy, now).await?;
    }
    if source.gateway.is_some() {
        for (origin, log) in door::logs(project, source)? {
            repository.land(&source.name, &origin, log, now).await?;
        }
    }
    if let Some(pull) = &source.dhis2 {
        let (answer, watermark) = pulled(project, pull).await?;
        let receipt = repository.land(&source.name, &pull.server.url, answer, now).await?;
        if let Some(watermark) = watermark {
            repository.set_watermark(receipt.number, &watermark).await?;
        }
    }
    if let Some(pull) = &source.openlmis {
        findings.extend(super::requisitions::land(project, repository, &source.name, pull, expected, now).await?);
    }
    if let Some(pull) = &source.elmis {
        findings.extend(super::elmis::land(project, repository, &source.name, pull, expected, now).await?);
    }
    if let Some(pull) = &source.logistimo {
        findings.extend(super::logistimo::land(project, repository, source, pull, expected, now).await?);
    }
    Ok(findings)
}

/// All values of the data sets in the span of days, as the server gave them, and how far they reach.
async fn pulled(project: &Project, pull: &PullDhis2) -> Result<(File, Option<String>), PipelineError> {
    let uid =
        |text: &String| text.parse::<Uid>().map_err(|_| Finding::error("source-bad-uid").with("id", text.as_str()));
    let credentials = pull.server.credentials(project.root())?;
    let client = Client::connect(&pull.server, credentials).await?;
    let query = ValueQuery {
        data_sets: pull.data_sets.iter().map(uid).collect::<Result<_, _>>()?,
        org_units: vec![uid(&pull.org_unit)?],
        children: true,
        between: Some((pull.start_date, pull.end_date)),
        ..ValueQuery::default()
    };
    let (mut file, pulled) = client.pull(&query, tempfile::tempfile).await?;
    file.rewind().map_err(PipelineError::io("reading what was pulled from", &*pull.server.url))?;
    Ok((file, pulled.watermark.map(|watermark| watermark.to_string())))
}

/// How far the pulls of a source have come that asked for the same: their origins begin alike.
pub(super) async fn read_until(
    repository: &Repository,
    source: &SourceName,
    asked: &str,
) -> Result<Option<Watermark>, PipelineError> {
    let receipts = repository.receipts().await?;
    let own = receipts.iter().filter(|receipt| receipt.source == *source && receipt.origin.starts_with(asked));
    Ok(own.filter_map(|receipt| receipt.watermark.as_ref()?.parse().ok()).max())
}

/// The codes among those that are expected which a server does not list, for people.
pub(super) fn not_listed(system: &str, expected: &BTreeSet<String>, listed: &BTreeSet<String>) -> Option<Finding> {
    let lacking: Vec<&str> = expected.iter().filter(|code| !listed.contains(&same(code))).map(String::as_str).collect();
    let more = if lacking.len() > NAMED { ", …" } else { "" };
    let named = format!("{}{more}", lacking.iter().take(NAMED).copied().collect::<Vec<_>>().join(", "));
    let finding = || Finding::warning("server-not-listed").with("system", system).with("count", lacking.len());
    (!lacking.is_empty()).then(|| finding().with("facilities", named))
}

/// A code for comparing: without regard to case and spaces around it.
pub(super) fn same(code: &str) -> String {
    code.trim().to_lowercase()
}

/// The bytes of a receipt as a file that can be read from anywhere.
pub(crate) fn received(repository: &Repository, receipt: &Receipt) -> Result<File, PipelineError> {
    let fail = |doing| PipelineError::io(doing, &*receipt.origin);
    let mut file = tempfile::tempfile().map_err(fail("unpacking"))?;
    let mut bytes = repository.received(&receipt.id)?;
    let mut buffer = vec![0; 1 << 17];
    loop {
        let read = bytes.read(&mut buffer).map_err(fail("unpacking"))?;
        if read == 0 {
            break;
        }
        file.write_all(buffer.get(..read).unwrap_or_default()).map_err(fail("unpacking"))?;
    }
    file.rewind().map_err(fail("unpacking"))?;
    Ok(file)
}
