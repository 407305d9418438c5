#![doc = include_str!("README.md")]

mod client;
mod config;
mod error;
mod export;
mod inventory;
mod map;
mod pages;

use crate::connectors::Connector;
pub use crate::http::Read;
pub use client::Client;
pub use config::Config;
pub use error::{LogistimoError, LogistimoOwn};
pub use export::Export;
pub use inventory::Inventory;
pub use map::Entity;

/// What the connector can do.
pub(crate) const CONNECTOR: Connector = Connector {
    folder: "logistimo",
    system: "Logistimo",
    reads: "inventory; transactions as tables that the server writes in the background",
    writes: "nothing",
    signs_in: "user and password",
    goes_on: "after the last month of transactions; inventory is pulled whole",
    read_as: "logistimo-csv, logistimo-json",
    double: "logistimo",
};
