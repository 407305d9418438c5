//! Reference data that travels in the same document as the requisitions which point at it.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::json::{LONGEST_TEXT, at, text};

/// Lists of reference data, as they are named in a document; they stand before the requisitions.
pub(super) const LISTS: [&str; 5] =
    ["facilities", "orderables", "processingPeriods", "facilityTypeApprovedProducts", "requisitionTemplates"];

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

/// The columns of a template that are not shown.
pub(super) fn hidden_columns(template: &Value) -> Vec<String> {
    let Value::Object(columns) = at(template, "columnsMap") else { return vec![] };
    let hidden = columns.iter().filter(|(_, column)| column.get("isDisplayed") == Some(&Value::Bool(false)));
    hidden.map(|(name, _)| name.clone()).collect()
}
