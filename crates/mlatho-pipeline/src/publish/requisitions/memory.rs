//! What was written into requisitions, in the repository's outbox.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use mlatho_connect::openlmis::write::{Cell, Change, Found, Outcome, Planned, Receipt, Sent};
use mlatho_model::Decimal;
use mlatho_store::{DeliveryBatch, Repository, Sent as Stored, StoreError};
use serde_json::{Value as Json, json};

/// What was written into the requisitions of a target before.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) sent: Sent,
    /// Numbers that may have arrived, with the requisition that they were meant for.
    intended: BTreeSet<(Cell, Decimal, String)>,
    confirmed: BTreeMap<Cell, Decimal>,
}

fn stored(cell: &Cell, value: Decimal, requisition: &str, confirmed: bool) -> Stored {
    Stored {
        set: requisition.into(),
        place: format!("{}/{}", cell.period, cell.facility),
        key: json!([cell.program, cell.product, cell.column.name()]).to_string(),
        value: Some(value.normalize().to_string()),
        confirmed,
    }
}

/// Nothing, where the texts are no cell.
fn read(stored: &Stored) -> Option<(Cell, Decimal)> {
    let (period, facility) = stored.place.split_once('/')?;
    let (program, product, column): (String, String, String) = serde_json::from_str(&stored.key).ok()?;
    let (period, column) = (period.parse().ok()?, column.parse().ok()?);
    let cell = Cell { program, period, facility: facility.into(), product, column };
    Some((cell, stored.value.as_deref()?.parse().ok()?))
}

impl Memory {
    pub(super) async fn load(repository: &Repository, target: &str) -> Result<Self, StoreError> {
        let mut memory = Self::default();
        let mut take = |stored: Stored| {
            let Some((cell, value)) = read(&stored) else { return };
            memory.sent.entry(cell.clone()).or_default().push(value);
            if stored.confirmed {
                memory.confirmed.insert(cell, value);
            } else {
                memory.intended.insert((cell, value, stored.set));
            }
        };
        repository.sent(target, &mut take).await?;
        Ok(memory)
    }

    /// Confirms numbers that an interrupted run sent and that turned out to stand there.
    pub(super) async fn adopt(
        &self,
        repository: &Repository,
        target: &str,
        plan: &str,
        there: &[(Cell, Decimal)],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let arrived = self.intended.iter().filter(|(cell, value, _)| {
            there.contains(&(cell.clone(), *value)) && self.confirmed.get(cell) != Some(value)
        });
        for (cell, value, requisition) in arrived {
            let batch = DeliveryBatch { target: target.into(), plan: plan.into(), number: 0, set: requisition.clone() };
            let values = [stored(cell, *value, requisition, true)];
            let counts = json!({"sent": 0, "confirmed": 1, "refused": 0, "differing": 0, "requests": 0});
            repository.settle(&batch, &values, &counts, "[]", now).await?;
        }
        Ok(())
    }
}

/// The numbers of a requisition as they are about to be written.
pub(super) fn intended(planned: &Planned) -> Vec<Stored> {
    let of = |change: &Change| stored(&change.cell, change.new, &planned.requisition, false);
    planned.changes.iter().map(of).collect()
}

/// The numbers that were read back as written.
pub(super) fn confirmed(planned: &Planned, receipt: &Receipt) -> Vec<Stored> {
    let pairs = planned.changes.iter().zip(&receipt.found).filter(|_| receipt.outcome == Outcome::Written);
    pairs.map(|(change, _)| stored(&change.cell, change.new, &planned.requisition, true)).collect()
}

/// The receipt of a requisition: what was approved, what was sent, what was found.
pub(super) fn receipt(planned: &Planned, receipt: &Receipt) -> String {
    let number = |number: Option<Decimal>| number.map_or(Json::Null, |number| number.to_string().into());
    let found = receipt.found.iter().map(Some).chain(std::iter::repeat(None));
    let line = |(change, found): (&Change, Option<&Found>)| {
        json!({
            "cell": change.cell.to_string(),
            "old": number(change.old),
            "new": number(Some(change.new)),
            "order_before": number(change.before.quantity()),
            "order_after": number(change.after.quantity()),
            "read_back": number(found.and_then(|found| found.value)),
            "order_read_back": number(found.and_then(|found| found.order)),
        })
    };
    let lines: Vec<Json> = planned.changes.iter().zip(found).map(line).collect();
    let (outcome, message) = match &receipt.outcome {
        Outcome::Refused { status, message } => ("refused", format!("{status} {message}")),
        Outcome::Written => ("written", String::new()),
        Outcome::Changed => ("changed", String::new()),
        Outcome::NotTaken => ("not-taken", String::new()),
    };
    json!({
        "requisition": receipt.requisition,
        "outcome": outcome,
        "message": message,
        "version_before": receipt.version_before,
        "version_after": receipt.version_after,
        "sent": receipt.sent,
        "others_changed": receipt.touched,
        "lines": lines,
    })
    .to_string()
}
