//! Orders of an OpenLMIS server to the landing area, beside its requisitions.

use jiff::Timestamp;
use mlatho_connect::openlmis::{Client, OpenlmisError, OrderQuery};
use mlatho_model::{Finding, SourceName};
use mlatho_store::Repository;

use super::land::read_until;
use crate::PipelineError;
use crate::project::PullOpenlmis;

/// Keeps the orders that changed, each with its shipments and proofs of delivery, in documents of their own. Each document
/// is kept before the next one is asked for. What the account may not see is told, and costs nothing else.
pub(super) async fn land(
    repository: &Repository,
    source: &SourceName,
    pull: &PullOpenlmis,
    client: &Client,
    start: Option<Timestamp>,
    now: Timestamp,
) -> Result<Vec<Finding>, PipelineError> {
    // What all documents of such a pull are named by. Whoever asks for something else reads from the beginning.
    let day = pull.start_date.map_or_else(String::new, |day| day.to_string());
    let asked = format!("{}api/orders?programs={}&start={day} ", client.base_url(), pull.programs.join(","));
    let since = read_until(repository, source, &asked).await?;
    let query = OrderQuery { programs: pull.programs.clone(), since, start };
    let mut orders = match client.orders(&query).await {
        Ok(orders) => orders,
        Err(OpenlmisError::Forbidden { .. } | OpenlmisError::NotFound { .. }) => {
            return Ok(vec![Finding::info("openlmis-no-orders")]);
        }
        Err(error) => return Err(error.into()),
    };
    while let Some(document) = orders.next().await? {
        let origin = format!("{asked}{}", document.name);
        let receipt = repository.land(source, &origin, document.bytes.as_slice(), now).await?;
        repository.set_watermark(receipt.number, &document.watermark.to_string()).await?;
    }
    let mut findings = orders.pulled().findings.clone();
    let (hidden, unproved) = (orders.pulled().hidden, orders.unproved());
    findings.extend((hidden > 0).then(|| Finding::warning("openlmis-hidden-orders").with("count", hidden)));
    findings.extend((unproved > 0).then(|| Finding::warning("openlmis-unproved-orders").with("count", unproved)));
    Ok(findings)
}
