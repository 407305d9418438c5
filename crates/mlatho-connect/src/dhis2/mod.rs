#![doc = include_str!("README.md")]

mod client;
mod codes;
mod config;
mod error;
mod map;
mod push;
mod read;
mod report;
mod request;
mod version;

use crate::connectors::Connector;
pub use client::{Client, Me, SystemInfo};
pub use codes::Action;
pub use config::{Config, Credentials};
pub use error::{Dhis2Error, Dhis2Own};
pub use map::{DataValue, ValueKey, canonical, read_values, same_value};
pub use push::{Progress, PushMode, Pusher, Refused, SendReport};
pub use read::{
    Approval, ApprovalSlice, CategoryCombo, CategoryOption, DataElement, DataSet, InputPeriod, LockException, OrgUnit,
    Pulled, ValueQuery, Watermark,
};
pub use report::{Conflict, Outcome, PushOutcome};
pub use version::{BadVersion, Engine, Version};

/// What the connector can do.
pub(crate) const CONNECTOR: Connector = Connector {
    folder: "dhis2",
    system: "DHIS2 2.38 and later",
    reads: "metadata, data values",
    writes: "data values, to both import engines: previewed, confirmed, read back",
    signs_in: "personal access token; user and password",
    goes_on: "the span of days is pulled whole; sent values are not sent again",
    read_as: "dhis2-json",
    double: "dhis2",
};
