//! What the double serves: entities, their inventory, transactions.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use serde_json::{Value as Json, json};

/// What stands in stock of a material at an entity.
#[derive(Clone, Debug)]
pub struct Stock {
    pub entity: u64,
    pub material: u64,
    pub stock: i64,
    pub allocated: i64,
    pub updated: DateTime,
}

/// A movement of stock. Of a physical count the quantity is the counted stock.
#[derive(Clone, Debug)]
pub struct Transaction {
    pub entity: u64,
    pub material: u64,
    /// `Issue`, `Receipt`, `Stock count`, `Discard` or `Transfer`.
    pub kind: String,
    pub quantity: i64,
    pub opening: i64,
    pub closing: i64,
    /// When it was entered.
    pub entered: DateTime,
    /// When it happened, where that was said.
    pub actual: Option<Date>,
}

/// A store, a facility or a material: its id, the id that other systems know (often empty), its name.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) id: u64,
    pub(super) custom_id: String,
    pub(super) name: String,
}

/// Everything at the server.
#[derive(Clone, Debug, Default)]
pub struct Data {
    pub(super) entities: Vec<Named>,
    pub(super) materials: Vec<Named>,
    pub stocks: Vec<Stock>,
    pub transactions: Vec<Transaction>,
}

impl Data {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entity and gives its id.
    pub fn entity(&mut self, custom_id: &str, name: &str) -> u64 {
        let id = 1_000_001 + self.entities.len() as u64;
        self.entities.push(Named { id, custom_id: custom_id.into(), name: name.into() });
        id
    }

    /// Adds a material and gives its id. Names of materials repeat.
    pub fn material(&mut self, custom_id: &str, name: &str) -> u64 {
        let id = 2_000_001 + self.materials.len() as u64;
        self.materials.push(Named { id, custom_id: custom_id.into(), name: name.into() });
        id
    }

    pub(super) fn entity_json(own: &Named) -> Json {
        json!({"id": own.id, "nm": own.name, "ceid": own.custom_id, "be": false, "perm": 2})
    }

    /// A line of the inventory by the keys of the server.
    pub(super) fn stock_json(&self, own: &Stock) -> Json {
        let name = |list: &[Named], id: u64| list.iter().find(|named| named.id == id).map(|named| named.name.clone());
        let updated = Offset::UTC.to_timestamp(own.updated).map_or(0, jiff::Timestamp::as_millisecond);
        json!({
            "invId": own.entity * 1000 + own.material % 1000,
            "kId": own.entity, "enm": name(&self.entities, own.entity),
            "mId": own.material, "mnm": name(&self.materials, own.material),
            "stk": own.stock, "astk": own.allocated, "atpstk": (own.stock - own.allocated).max(0), "tstk": 0,
            "reord": 0, "max": 0, "crd": 0, "crw": 0, "crm": 0, "pdos": null, "t": updated, "lt": 0, "be": false,
            "fieldOfALaterRelease": "unknown",
        })
    }
}
