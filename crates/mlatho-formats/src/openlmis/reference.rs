//! Reference data that travels in the same document as the requisitions which point at it.

use std::collections::HashMap;

use mlatho_model::Period;
use serde_json::{Map, Value};

use crate::json::{LONGEST_TEXT, at, date, period_between, text};

/// Lists of reference data, as they are named in a document; they stand before the requisitions and orders.
pub(super) const LISTS: [&str; 6] = [
    "facilities",
    "orderables",
    "processingPeriods",
    "facilityTypeApprovedProducts",
    "requisitionTemplates",
    "stockCardLineItemReasons",
];

/// Entries beyond this many are not kept: no country has as many products and facilities.
const MOST: usize = 500_000;

/// Objects by list, id and version.
#[derive(Debug, Default)]
pub(super) struct Reference(HashMap<(String, String, String), Value>);

impl Reference {
    /// Keeps an object of a list.
    pub(super) fn keep(&mut self, list: &str, object: Value) {
        let (id, version) = (text(&object, &["id"]), version(&object));
        if !id.is_empty() && self.0.len() < MOST {
            self.0.insert((list.into(), id.to_lowercase(), version), object);
        }
    }

    /// The object that a field points at: the field itself where it says more than an id, else the kept object of that
    /// id, in the version that is named where versions are kept.
    pub(super) fn find<'v>(&'v self, list: &str, field: &'v Value) -> &'v Value {
        let points_only = |object: &Map<String, Value>| {
            object.keys().all(|key| matches!(key.as_str(), "id" | "href" | "versionNumber" | "meta"))
        };
        let id = match field {
            Value::Object(object) if !points_only(object) => return field,
            _ => id(field).to_lowercase(),
        };
        let key = |version: String| (list.to_owned(), id.clone(), version);
        let found = self.0.get(&key(version(field))).or_else(|| self.0.get(&key(String::new())));
        found.unwrap_or(field)
    }
}

fn version(object: &Value) -> String {
    text(object, &["versionNumber", "meta.versionNumber"])
}

/// The id of a reference, which may be a bare text or number.
pub(super) fn id(field: &Value) -> String {
    match field {
        Value::String(id) if id.len() <= LONGEST_TEXT => id.trim().into(),
        Value::Number(id) => id.to_string(),
        _ => text(field, &["id"]),
    }
}

/// The code of the facility that a field points at, else its id; and its name.
pub(super) fn facility(reference: &Reference, field: &Value) -> (String, String) {
    let facility = reference.find("facilities", field);
    let code = Some(text(facility, &["code"])).filter(|code| !code.is_empty()).unwrap_or_else(|| id(facility));
    (code, text(facility, &["name"]))
}

/// The period that a field points at. `Err` holds what is there in its place.
pub(super) fn period(reference: &Reference, field: &Value) -> Result<Period, String> {
    let span = reference.find("processingPeriods", field);
    let days = date(at(span, "startDate")).zip(date(at(span, "endDate")));
    let shown = || days.map_or_else(|| id(span), |(start, end)| format!("{start}/{end}"));
    days.and_then(|(start, end)| period_between(start, end)).ok_or_else(shown)
}

/// The code of a product, else its id.
pub(super) fn product_code(orderable: &Value) -> String {
    let code = text(orderable, &["productCode", "code"]);
    if code.is_empty() { id(orderable) } else { code }
}

/// Seconds of a moment such as `2017-01-01T01:53:43Z`, with or without a zone, for comparison only.
pub(super) fn seconds(text: &str) -> u64 {
    let zoned = text.parse::<jiff::Timestamp>().ok();
    let plain = || text.parse::<jiff::civil::DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    let moment = zoned.or_else(|| plain().map(|zoned| zoned.timestamp()));
    moment.and_then(|moment| u64::try_from(moment.as_second()).ok()).unwrap_or(0)
}

/// The columns of a template that are not shown.
pub(super) fn hidden_columns(template: &Value) -> Vec<String> {
    let Value::Object(columns) = at(template, "columnsMap") else { return vec![] };
    let hidden = columns.iter().filter(|(_, column)| column.get("isDisplayed") == Some(&Value::Bool(false)));
    hidden.map(|(name, _)| name.clone()).collect()
}
