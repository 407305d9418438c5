//! Orders: what changed since the last time, each with its shipments and its proofs of delivery.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::{RawValue, to_raw_value};

use super::map;
use super::references::{References, needed_by_orders};
use super::requisitions::moment;
use super::{Client, OpenlmisError};
use crate::http::answer;
use crate::requisition::{Document, Fetched, Pulled, Walk, Watermark};

/// What is read beside an order, by the name that it gets within the order.
const PARTS: [(&str, &str); 2] = [("shipments", "api/shipments"), ("proofsOfDelivery", "api/proofsOfDelivery")];
/// Fields that name persons, or hold what persons wrote; they are left out of what is kept.
const PERSONS: [&str; 8] =
    ["createdBy", "lastUpdater", "statusMessages", "statusChanges", "shippedBy", "receivedBy", "deliveredBy", "notes"];
/// An order that somebody is still writing.
const DRAFT: &str = "CREATING";

/// Which orders are read. By default all that were ever placed.
#[derive(Clone, Debug, Default)]
pub struct OrderQuery {
    /// Codes of the programs; none: all.
    pub programs: Vec<String>,
    /// Where the last pull ended.
    pub since: Option<Watermark>,
    /// Without a watermark: the moment from which on changes are read.
    pub start: Option<Timestamp>,
}

/// An order as the list gives it, without its lines. Shipping and confirming a delivery change the order too.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    id: String,
    status: Option<String>,
    last_updated_date: Option<String>,
    created_date: Option<String>,
}

impl Head {
    fn modified(&self) -> Option<Timestamp> {
        moment(self.last_updated_date.as_deref().or(self.created_date.as_deref()))
    }
}

/// A pull under way: one document after the other, in the order of their changes. What was kept before an error stays
/// valid; the next pull goes on from the watermark of the last document that was kept.
#[derive(Debug)]
pub struct OrderPull<'c> {
    client: &'c Client,
    walk: Walk,
    references: References,
    unproved: usize,
}

impl Client {
    /// Lists the orders that changed. The server knows no list of changes: the list is read whole, and an order only where
    /// it changed.
    ///
    /// # Errors
    /// A program is not known, the account has no right to any order ([`OpenlmisError::Forbidden`]), the server has none
    /// ([`OpenlmisError::NotFound`]), does not answer, refuses, or answers with something else.
    pub async fn orders(&self, query: &OrderQuery) -> Result<OrderPull<'_>, OpenlmisError> {
        let programs = self.program_ids(&query.programs)?;
        let watermark = query.since.clone().unwrap_or_else(|| Watermark::at(query.start.unwrap_or(Timestamp::MIN)));
        let from = watermark.from();
        let path = "api/orders";
        let (mut pulled, mut heads, mut limit) = (Pulled::default(), BTreeMap::new(), None::<Timestamp>);
        let each = if programs.is_empty() { vec![None] } else { programs.into_iter().map(Some).collect() };
        for program in each {
            let mut parameters = vec![("sort", "createdDate,asc")];
            parameters.extend(program.as_deref().map(|program| ("programId", program)));
            let listed = self.list::<Head>(path, &parameters).await?;
            limit = limit.or(listed.date);
            let read = map::part(path, listed.objects);
            pulled.findings.extend(read.findings);
            heads.extend(read.values.into_iter().map(|head| (head.id.clone(), head)));
        }
        let mut waiting = Vec::new();
        for (id, head) in heads {
            let modified = head.modified();
            let status = head.status.unwrap_or_default();
            let known = |modified: Timestamp| modified < from || watermark.knows(&id, modified);
            if status == DRAFT {
                pulled.drafts += 1;
            } else if modified.is_some_and(known) {
                pulled.known += 1;
            } else {
                waiting.push((modified.unwrap_or(Timestamp::MIN), id));
            }
            *pulled.found.entry(status).or_default() += 1;
        }
        let walk = Walk::new(waiting, watermark, limit, pulled);
        Ok(OrderPull { client: self, walk, references: References::default(), unproved: 0 })
    }

    /// One order with its shipments and proofs of delivery, or why there is none for this account.
    async fn order(&self, id: &str) -> Result<Fetched, OpenlmisError> {
        let path = format!("api/orders/{id}");
        let order = match self.document(&path).await {
            Ok(order) => order,
            Err(OpenlmisError::Forbidden { .. }) => return Ok(Fetched::Hidden),
            Err(OpenlmisError::NotFound { .. }) => return Ok(Fetched::Gone),
            Err(error) => return Err(error),
        };
        let modified = serde_json::from_str::<Head>(order.get()).ok().and_then(|head| head.modified());
        let problem = |error: serde_json::Error| answer(&path, &error.to_string());
        let mut fields = without_persons(&order).map_err(problem)?;
        for (name, list) in PARTS {
            let parts = match self.documents(list, &[("orderId", id)]).await {
                Ok(parts) => parts,
                Err(OpenlmisError::Forbidden { .. } | OpenlmisError::NotFound { .. }) => Vec::new(), // told as unproved
                Err(error) => return Err(error),
            };
            let parts =
                parts.iter().map(|part| without_persons(part)).collect::<Result<Vec<_>, _>>().map_err(problem)?;
            fields.insert(name.into(), to_raw_value(&parts).map_err(problem)?);
        }
        Ok(Fetched::Whole(to_raw_value(&fields).map_err(problem)?, modified))
    }
}

/// The fields of an object, each as it came, without those that name persons.
fn without_persons(object: &RawValue) -> Result<BTreeMap<String, Box<RawValue>>, serde_json::Error> {
    let mut fields: BTreeMap<String, Box<RawValue>> = serde_json::from_str(object.get())?;
    fields.retain(|name, _| !PERSONS.contains(&name.as_str()));
    Ok(fields)
}

/// What came with an order.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Parts {
    status: String,
    shipments: Vec<IgnoredAny>,
    proofs_of_delivery: Vec<IgnoredAny>,
}

impl Parts {
    /// Whether goods left and no shipment is listed, or arrived and no proof is: lists leave out what an account may not see.
    fn lacks_proof(&self) -> bool {
        match self.status.as_str() {
            "SHIPPED" => self.shipments.is_empty(),
            "RECEIVED" => self.shipments.is_empty() || self.proofs_of_delivery.is_empty(),
            _ => false,
        }
    }
}

impl OrderPull<'_> {
    /// The next document; nothing, when all is read. Reference data stands first (`programs`, `facilities`,
    /// `processingPeriods`, `orderables`, `stockCardLineItemReasons` and others), then `orders`, each with its `shipments`
    /// and `proofsOfDelivery`, every object as the server gave it but for fields that name persons.
    ///
    /// # Errors
    /// The server does not answer, refuses, or answers with something else.
    pub async fn next(&mut self) -> Result<Option<Document>, OpenlmisError> {
        let client = self.client;
        let read = self.walk.next(client.document_size, |id| async move { client.order(&id).await });
        let Some(batch) = read.await? else { return Ok(None) };
        let parts = batch.objects.iter().filter_map(|order| serde_json::from_str::<Parts>(order.get()).ok());
        self.unproved += parts.filter(Parts::lacks_proof).count();
        let keys = needed_by_orders(&batch.objects);
        let findings = self.references.read(client, &keys).await?;
        self.walk.pulled.findings.extend(findings);
        let bytes = self.references.document(&keys, "orders", &batch.objects);
        Ok(Some(self.walk.document(batch, bytes)))
    }

    /// What was found, so far.
    #[must_use]
    pub fn pulled(&self) -> &Pulled {
        &self.walk.pulled
    }

    /// Orders that were shipped or received, and whose shipments or proofs of delivery the account does not see.
    #[must_use]
    pub fn unproved(&self) -> usize {
        self.unproved
    }
}
