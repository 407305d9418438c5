//! From an eLMIS server to the landing area: what changed, document by document, or stock status by period.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use mlatho_connect::elmis::{Client, RequisitionQuery};
use mlatho_model::{Finding, Period, PeriodType, SourceName};
use mlatho_store::Repository;

use super::land::{not_listed, read_until, same};
use crate::PipelineError;
use crate::project::{ElmisData, Project, PullElmis};

/// Keeps what the server has. Each document is kept before the next one is asked for, so that a pull that breaks off
/// goes on from there. Tells what could not be had, and which mapped facilities the server does not know.
pub(super) async fn land(
    project: &Project,
    repository: &Repository,
    source: &SourceName,
    pull: &PullElmis,
    expected: &BTreeSet<String>,
    now: Timestamp,
) -> Result<Vec<Finding>, PipelineError> {
    let password = pull.server.password(project.root())?;
    let client = Client::connect(&pull.server, password).await?;
    let last = pull.end_date.unwrap_or_else(|| now.to_zoned(TimeZone::UTC).date());
    let findings = match pull.read {
        ElmisData::Requisitions => {
            let facilities = client.facilities().await?.values;
            let codes = facilities.iter().map(|own| same(&own.code)).collect();
            let mut findings = requisitions(repository, source, pull, &client, (pull.start_date, last), now).await?;
            findings.extend(not_listed("eLMIS", expected, &codes));
            findings
        }
        ElmisData::StockStatus => {
            stock_status(repository, source, pull, &client, PeriodType::Monthly, last, now).await?
        }
        ElmisData::QuarterlyStockStatus => {
            stock_status(repository, source, pull, &client, PeriodType::Quarterly, last, now).await?
        }
    };
    Ok(findings.into_iter().map(|finding| finding.in_file(client.base_url())).collect())
}

async fn requisitions(
    repository: &Repository,
    source: &SourceName,
    pull: &PullElmis,
    client: &Client,
    between: (Date, Date),
    now: Timestamp,
) -> Result<Vec<Finding>, PipelineError> {
    // What all documents of such a pull are named by. Whoever asks for something else reads from the beginning.
    let end = pull.end_date.map_or_else(String::new, |day| day.to_string());
    let (programs, from, start) = (pull.programs.join(","), pull.from_status, pull.start_date);
    let asked = format!("{}requisitions?programs={programs}&from={from}&start={start}&end={end} ", client.base_url());
    let query = RequisitionQuery {
        programs: pull.programs.clone(),
        threshold: pull.from_status,
        between,
        since: read_until(repository, source, &asked).await?,
    };
    let mut requisitions = client.requisitions(&query).await?;
    while let Some(document) = requisitions.next().await? {
        let origin = format!("{asked}{}", document.name);
        let receipt = repository.land(source, &origin, document.bytes.as_slice(), now).await?;
        repository.set_watermark(receipt.number, &document.watermark.to_string()).await?;
    }
    Ok(requisitions.pulled().findings.clone())
}

/// The stock status of every program and period from the first day to the last; one that is the same as before is no
/// news.
async fn stock_status(
    repository: &Repository,
    source: &SourceName,
    pull: &PullElmis,
    client: &Client,
    kind: PeriodType,
    last: Date,
    now: Timestamp,
) -> Result<Vec<Finding>, PipelineError> {
    let all = || client.programs().iter().map(|program| program.code.clone()).collect();
    let programs: Vec<String> = if pull.programs.is_empty() { all() } else { pull.programs.clone() };
    let mut findings = vec![Finding::info("elmis-partial")];
    let mut next = Period::containing(kind, pull.start_date);
    while let Some(period) = next.filter(|period| period.start() <= last) {
        for program in &programs {
            let status = client.stock_status(program, period).await?;
            let origin = format!("{}{}", client.base_url(), status.name);
            repository.land(source, &origin, status.bytes.as_slice(), now).await?;
            findings.extend(status.findings);
        }
        next = period.next();
    }
    Ok(findings)
}
