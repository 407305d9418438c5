//! The repository as the memory of what was sent.

use jiff::Timestamp;
use mlatho_connect::dhis2::ValueKey;
use mlatho_model::Uid;
use mlatho_store::{DeliveryBatch, Repository, Sent, StoreError};

use super::log::{BatchId, BatchReceipt, PublicationLog, SentValue};

/// Keeps what was sent in the catalogue of the repository.
pub struct RepositoryLog<'a> {
    repository: &'a Repository,
    now: Timestamp,
}

impl<'a> RepositoryLog<'a> {
    /// `now` is written beside what is sent.
    #[must_use]
    pub const fn new(repository: &'a Repository, now: Timestamp) -> Self {
        Self { repository, now }
    }
}

/// Nothing, where the texts are no key.
pub(super) fn parsed(place: &str, key: &str) -> Option<ValueKey> {
    let (period, org_unit) = place.split_once('/')?;
    let (period, org_unit) = (period.parse().ok()?, org_unit.parse().ok()?);
    let mut parts = key.split('/');
    let mut uid = || parts.next()?.parse::<Uid>().ok();
    let (data_element, category_option_combo, attribute_option_combo) = (uid()?, uid()?, uid()?);
    Some(ValueKey { data_element, period, org_unit, category_option_combo, attribute_option_combo })
}

fn stored(value: &SentValue) -> Sent {
    let ValueKey { data_element, period, org_unit, category_option_combo, attribute_option_combo } = value.key;
    Sent {
        set: value.data_set.to_string(),
        place: format!("{period}/{org_unit}"),
        key: format!("{data_element}/{category_option_combo}/{attribute_option_combo}"),
        value: value.value.as_deref().map(Into::into),
        confirmed: value.confirmed,
    }
}

fn batch(id: &BatchId) -> DeliveryBatch {
    DeliveryBatch { target: id.target.clone(), plan: id.plan.clone(), number: id.number, set: id.data_set.to_string() }
}

impl PublicationLog for RepositoryLog<'_> {
    type Error = StoreError;

    async fn load(&self, target: &str, take: &mut (dyn FnMut(SentValue) + Send)) -> Result<(), StoreError> {
        let mut parse = |sent: Sent| {
            if let (Some(key), Ok(data_set)) = (parsed(&sent.place, &sent.key), sent.set.parse()) {
                let value = sent.value.map(Into::into);
                take(SentValue { data_set, key, value, confirmed: sent.confirmed });
            }
        };
        self.repository.sent(target, &mut parse).await
    }

    async fn intend(&mut self, id: &BatchId, values: &[SentValue]) -> Result<(), StoreError> {
        let values: Vec<Sent> = values.iter().map(stored).collect();
        self.repository.intend(&batch(id), &values, self.now).await
    }

    async fn settle(
        &mut self,
        id: &BatchId,
        confirmed: &[SentValue],
        receipt: &BatchReceipt,
    ) -> Result<(), StoreError> {
        let values: Vec<Sent> = confirmed.iter().map(stored).collect();
        let counts = serde_json::json!({
            "sent": receipt.sent,
            "confirmed": receipt.confirmed,
            "refused": receipt.refused,
            "differing": receipt.differing,
            "requests": receipt.requests,
            "mappings": receipt.mappings,
        });
        let replies: Vec<serde_json::Value> = receipt
            .replies
            .iter()
            .map(|(http, outcome, body)| {
                serde_json::json!({ "http": http, "outcome": format!("{outcome:?}"), "body": body })
            })
            .collect();
        let report = serde_json::Value::from(replies).to_string();
        self.repository.settle(&batch(id), &values, &counts, &report, self.now).await
    }
}
