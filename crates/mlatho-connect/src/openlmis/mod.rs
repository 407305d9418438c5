#![doc = include_str!("README.md")]

mod client;
mod config;
mod error;
mod map;
mod orders;
mod pages;
mod references;
mod request;
mod requisitions;
mod stock;
mod token;
mod visibility;
pub mod write;

use crate::connectors::Connector;
pub use crate::http::Read;
pub use crate::requisition::{Document, Pulled, Status, Watermark};
pub use client::Client;
pub use config::{Config, Credentials};
pub use error::{OpenlmisError, OpenlmisOwn};
pub use map::{
    CardLevel, Facility, Orderable, Period, Program, RangeSummary, Schedule, StockSummary, Zone, distinct_cards,
};
pub use orders::{OrderPull, OrderQuery};
pub use requisitions::{RequisitionPull, RequisitionQuery};
pub use visibility::Visibility;

/// What the connector can do.
pub(crate) const CONNECTOR: Connector = Connector {
    folder: "openlmis",
    system: "OpenLMIS v3",
    reads: "requisitions with what they point at; orders with shipments and proofs of delivery; reference data, stock",
    writes: "new patients and additional quantities into draft requisitions",
    signs_in: "API key; user and password with a client",
    goes_on: "after the last document, by the time of changes",
    read_as: "openlmis-requisitions",
    double: "openlmis",
};
