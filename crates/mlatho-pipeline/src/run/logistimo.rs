//! From a Logistimo server to the landing area: transactions month by month, or the inventory of the moment.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use mlatho_connect::logistimo::Client;
use mlatho_formats::Format;
use mlatho_model::{Finding, Period, PeriodType};
use mlatho_store::Repository;

use super::land::{not_listed, same};
use crate::PipelineError;
use crate::project::{Project, PullLogistimo, Source};

/// Keeps what the server has. Tells what could not be had, and which mapped entities the server does not list.
pub(super) async fn land(
    project: &Project,
    repository: &Repository,
    source: &Source,
    pull: &PullLogistimo,
    expected: &BTreeSet<String>,
    now: Timestamp,
) -> Result<Vec<Finding>, PipelineError> {
    let password = pull.server.password(project.root())?;
    let client = Client::connect(&pull.server, password).await?;
    let today = now.to_zoned(TimeZone::UTC).date();
    let mut findings = client.entities().findings.clone();
    match source.format {
        Format::LogistimoJson => {
            let inventory = client.inventory().await?;
            // The stock of the moment closes its month as the last one in it: those of other months stay.
            let month = today.strftime("%Y-%m");
            let origin = format!("{}s2/api/inventory?month={month}", client.base_url());
            repository.land(&source.name, &origin, inventory.bytes.as_slice(), now).await?;
            findings.extend(inventory.findings);
        }
        Format::LogistimoCsv => transactions(repository, source, pull, &client, today, now).await?,
        _ => return Err(Finding::error("logistimo-format").with("source", source.name.as_str()).into()),
    }
    let ids = client.entities().values.iter().map(|own| own.id.to_string());
    let custom = client.entities().values.iter().filter_map(|own| own.custom_id.as_deref().map(same));
    let listed = ids.chain(custom).collect();
    findings.extend(not_listed("Logistimo", expected, &listed));
    Ok(findings.into_iter().map(|finding| finding.in_file(client.base_url())).collect())
}

/// A table for each month of entering. Nothing is entered into a month that is over, so that it is asked for no more
/// once it was read two days later, wherever on earth the server stands. The watermark is the last day that is whole.
async fn transactions(
    repository: &Repository,
    source: &Source,
    pull: &PullLogistimo,
    client: &Client,
    today: Date,
    now: Timestamp,
) -> Result<(), PipelineError> {
    let receipts = repository.receipts().await?;
    let first = pull.start_date.unwrap_or_else(|| today.saturating_sub(1.month()));
    let mut next = Period::containing(PeriodType::Monthly, first);
    while let Some(month) = next.filter(|month| month.start() <= today) {
        next = month.next();
        let origin =
            format!("{}s2/api/export?type=transactions&month={}", client.base_url(), month.start().strftime("%Y-%m"));
        let own = receipts.iter().filter(|receipt| receipt.source == source.name && receipt.origin == origin);
        let whole = month.end().to_string();
        if own.filter_map(|receipt| receipt.watermark.as_ref()).any(|until| *until == whole) {
            continue;
        }
        let export = client.transactions(month.start(), month.end()).await?;
        let receipt = repository.land(&source.name, &origin, export.bytes.as_slice(), now).await?;
        let until = month.end().min(today.saturating_sub(2.days()));
        repository.set_watermark(receipt.number, &until.to_string()).await?;
    }
    Ok(())
}
