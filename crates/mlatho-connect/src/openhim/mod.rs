#![doc = include_str!("README.md")]

mod client;
mod config;
mod error;
mod map;

use crate::connectors::Connector;
pub use client::Client;
pub use config::Config;
pub use error::{OpenhimError, OpenhimOwn};
pub use map::{Endpoint, MEDIA_TYPE, Mediator, TRANSACTION, reply};

/// What the connector can do.
pub(crate) const CONNECTOR: Connector = Connector {
    folder: "openhim",
    system: "OpenHIM",
    reads: "documents that it passes on to `mlatho serve`; its configuration with each heartbeat",
    writes: "the registration of mlatho as a mediator, heartbeats",
    signs_in: "user and password, by Basic",
    goes_on: "registers again where it is not known; a document that is passed on twice is kept once",
    read_as: "adx, fhir-measure-report, data-elements-json",
    double: "openhim",
};
