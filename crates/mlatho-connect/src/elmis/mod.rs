#![doc = include_str!("README.md")]

mod client;
mod config;
mod error;
mod map;
mod requisitions;
mod stock_status;
pub mod write;

use crate::connectors::Connector;
pub use crate::http::Read;
pub use crate::requisition::{Document, Pulled, Status, Watermark};
pub use client::Client;
pub use config::Config;
pub use error::{ElmisError, ElmisOwn};
pub use map::{Facility, Program};
pub use requisitions::{RequisitionPull, RequisitionQuery};
pub use stock_status::StockStatus;

/// What the connector can do.
pub(crate) const CONNECTOR: Connector = Connector {
    folder: "elmis",
    system: "eLMIS, OpenLMIS v1 and v2",
    reads: "requisitions with regimens and patients; stock status by month or quarter",
    writes: "new patients and patients on treatment into requisitions that were begun",
    signs_in: "user and password, by Basic and to a session",
    goes_on: "after the last document, by the time of changes; stock status is asked for again, and kept where it changed",
    read_as: "elmis-json",
    double: "elmis",
};
