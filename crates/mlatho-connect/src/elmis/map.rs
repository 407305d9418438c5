//! eLMIS's JSON and ours. Fields that are not known are passed over.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::ElmisError;
use crate::http::{Read, answer, part};

/// Fields of a requisition that name persons; they are left out of what is kept.
const PERSONS: [&str; 3] = ["rnrSignatures", "approverName", "comments"];

/// A program.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Program {
    pub id: u64,
    pub code: String,
    #[serde(default)]
    pub name: Option<String>,
}

/// A facility.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Facility {
    pub id: u64,
    /// The key by which requisitions name it. Stock status names it by name and district instead.
    pub code: String,
    #[serde(default)]
    pub name: Option<String>,
}

/// A requisition as a list of them gives it. Times are milliseconds since 1970.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    pub(super) id: u64,
    #[serde(alias = "requisitionStatus")]
    pub(super) status: Option<String>,
    modified_date: Option<i64>,
    submitted_date: Option<i64>,
}

impl Head {
    /// When it was changed last; nothing, where the server does not say.
    pub(super) fn modified(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.modified_date.or(self.submitted_date)?).ok()
    }
}

/// One line of the stock status, as far as it names something.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StatusLine {
    #[serde(default)]
    pub(super) facility_name: String,
    #[serde(default)]
    pub(super) district: Option<String>,
    #[serde(default)]
    pub(super) product_code: String,
}

/// The objects of a named list, each read for itself: a bad one costs itself.
pub(super) fn list<T: DeserializeOwned>(path: &str, name: &str, body: &[u8]) -> Result<Read<T>, ElmisError> {
    let fields: BTreeMap<String, &RawValue> =
        serde_json::from_slice(body).map_err(|error| answer(path, &error.to_string()))?;
    let list = fields.get(name).ok_or_else(|| answer(path, &format!("there is no list `{name}`")))?;
    let objects: Vec<&RawValue> = serde_json::from_str(list.get()).map_err(|error| answer(path, &error.to_string()))?;
    Ok(part(path, objects.into_iter().map(|object| serde_json::from_str(object.get()))))
}

/// A requisition out of its wrapping, every field as it came, without those that name persons.
pub(super) fn requisition(path: &str, body: &[u8]) -> Result<Box<RawValue>, ElmisError> {
    #[derive(Deserialize)]
    struct Wrapped<'b> {
        #[serde(borrow)]
        rnr: BTreeMap<String, &'b RawValue>,
    }
    let problem = |error: serde_json::Error| answer(path, &error.to_string());
    let Wrapped { rnr: mut fields } = serde_json::from_slice(body).map_err(problem)?;
    if !fields.contains_key("id") {
        return Err(answer(path, "there is no requisition in it"));
    }
    fields.retain(|name, _| !PERSONS.contains(&name.as_str()));
    serde_json::value::to_raw_value(&fields).map_err(problem)
}
