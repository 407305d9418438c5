//! From an OpenLMIS server to the landing area: what changed, document by document.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use mlatho_connect::openlmis::{Client, RequisitionQuery};
use mlatho_model::{Finding, SourceName};
use mlatho_store::Repository;

use super::land::read_until;
use crate::PipelineError;
use crate::project::{Project, PullOpenlmis};

/// Keeps the requisitions and orders that changed. Each document is kept before the next one is asked for, so that a pull that
/// breaks off goes on from there. Tells what could not be had, and which facilities the account does not see.
pub(super) async fn land(
    project: &Project,
    repository: &Repository,
    source: &SourceName,
    pull: &PullOpenlmis,
    expected: &BTreeSet<String>,
    now: Timestamp,
) -> Result<Vec<Finding>, PipelineError> {
    let credentials = pull.server.credentials(project.root())?;
    let client = Client::connect(&pull.server, credentials).await?;
    let asked = asked(&client, pull);
    let query = RequisitionQuery {
        programs: pull.programs.clone(),
        threshold: pull.from_status,
        since: read_until(repository, source, &asked).await?,
        start: pull.start_date.and_then(|day| day.to_zoned(TimeZone::UTC).ok()).map(|day| day.timestamp()),
    };
    let mut requisitions = client.requisitions(&query).await?;
    while let Some(document) = requisitions.next().await? {
        let origin = format!("{asked}{}", document.name);
        let receipt = repository.land(source, &origin, document.bytes.as_slice(), now).await?;
        repository.set_watermark(receipt.number, &document.watermark.to_string()).await?;
    }
    let pulled = requisitions.pulled();
    let mut findings = pulled.findings.clone();
    if pulled.hidden > 0 {
        findings.push(Finding::warning("openlmis-hidden-requisitions").with("count", pulled.hidden));
    }
    let start = query.start;
    findings.extend(super::orders::land(repository, source, pull, &client, start, now).await?);
    findings.extend(client.visibility(expected).await?.findings());
    Ok(findings.into_iter().map(|finding| finding.in_file(client.base_url())).collect())
}

/// What all documents of such a pull are named by. Whoever asks for something else reads from the beginning.
fn asked(client: &Client, pull: &PullOpenlmis) -> String {
    let programs = pull.programs.join(",");
    let start = pull.start_date.map_or_else(String::new, |day| day.to_string());
    format!("{}api/v2/requisitions?programs={programs}&from={}&start={start} ", client.base_url(), pull.from_status)
}
