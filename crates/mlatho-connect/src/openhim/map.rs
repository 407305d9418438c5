//! The forms of OpenHIM: what a mediator is registered as, and how it answers what was passed on to it.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value as Json, json};

/// Media type of an answer that OpenHIM takes apart.
pub const MEDIA_TYPE: &str = "application/json+openhim";

/// The header by which a request says that OpenHIM passed it on.
pub const TRANSACTION: &str = "x-openhim-transactionid";

/// A mediator as it is registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mediator {
    /// Its name among all others.
    pub urn: String,
    /// `x.y.z`; only a higher one changes what is registered.
    pub version: String,
    /// For people.
    pub name: String,
    /// What it can be asked for; at least one.
    pub endpoints: Vec<Endpoint>,
}

/// An address that requests can be passed on to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    pub name: String,
    pub host: String,
    pub port: u16,
    pub path: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// An answer to a request that was passed on, in OpenHIM's form. `status` is that of the answer as the client sees it,
/// `body` its JSON. Nothing is said of how it came about: orchestrations would be kept there, with what was posted.
#[must_use]
pub fn reply(urn: &str, status: u16, body: &Json, now: Timestamp) -> Json {
    let outcome = if status < 400 { "Successful" } else { "Failed" };
    json!({
        "x-mediator-urn": urn,
        "status": outcome,
        "response": {
            "status": status,
            "headers": {"content-type": "application/json"},
            "body": body.to_string(),
            "timestamp": now.to_string(),
        },
        "orchestrations": [],
        "properties": {},
    })
}
