//! What clients send, as it is understood.

use axum::http::StatusCode;
use mlatho_pipeline::reconcile::Query;
use mlatho_text::Texts;
use serde_json::{Map, Value};

use super::problem::Problem;

/// Queries of one batch.
pub(super) const BATCH: usize = 100;
/// Bytes of one text.
const LONGEST: usize = 1000;
/// Records and properties of one request for values.
const VALUES: usize = 2000;

/// One query of a batch.
#[derive(Debug)]
pub(super) struct Asking {
    /// The name that the client gave it.
    pub(super) key: String,
    pub(super) query: Query,
    /// Candidates that are wanted at most.
    pub(super) limit: usize,
}

/// Values of records that are wanted.
#[derive(Debug)]
pub(super) struct Extension {
    pub(super) ids: Vec<String>,
    pub(super) properties: Vec<String>,
}

/// Why a request cannot be understood, or is too much.
#[derive(Debug)]
pub(super) enum Wrong {
    /// Neither of the fields that the API knows.
    Form,
    /// Not the JSON that the API wants: this field, or this query.
    Json(String),
    TooMany,
    TooLong(String),
}

impl Wrong {
    pub(super) fn told(self, texts: &Texts) -> Problem {
        let bad = StatusCode::BAD_REQUEST;
        match self {
            Self::Form => Problem::new(bad, "reconcile-form", texts),
            Self::Json(query) => Problem::with(bad, "reconcile-json", texts, &[("query", query.into())]),
            Self::TooMany => {
                let most = [("most", BATCH.into())];
                Problem::with(StatusCode::PAYLOAD_TOO_LARGE, "reconcile-too-many", texts, &most)
            }
            Self::TooLong(query) => {
                let args = [("query", query.into()), ("most", LONGEST.into())];
                Problem::with(bad, "reconcile-too-long", texts, &args)
            }
        }
    }
}

/// A batch of queries by their keys. `kind` is the type that every record has.
pub(super) fn batch(text: &str, kind: &str) -> Result<Vec<Asking>, Wrong> {
    let batch: Map<String, Value> = serde_json::from_str(text).map_err(|_| Wrong::Json("queries".into()))?;
    if batch.len() > BATCH {
        return Err(Wrong::TooMany);
    }
    batch.into_iter().map(|(key, query)| asking(key, &query, kind)).collect()
}

fn asking(key: String, query: &Value, kind: &str) -> Result<Asking, Wrong> {
    if !query.is_object() {
        return Err(Wrong::Json(key));
    }
    let mut found =
        Query { name: texts(query.get("query")).into_iter().next().unwrap_or_default(), ..Query::default() };
    for property in query.get("properties").and_then(Value::as_array).into_iter().flatten() {
        let Some(pid) = property.get("pid").and_then(Value::as_str) else { return Err(Wrong::Json(key)) };
        let values = texts(property.get("v"));
        // Of what a record has once, the first value counts.
        let value = if matches!(pid, "code" | "aliases") { values.join("|") } else { first(values) };
        found.properties.push((pid.to_owned(), value));
    }
    let types = texts(query.get("type"));
    let is_wish = query.get("type_strict").and_then(Value::as_str) == Some("should");
    if types.iter().any(|wanted| wanted == kind) || !is_wish {
        found.types = types;
    } else if !found.properties.iter().any(|(property, _)| property == "type") {
        // A wish for a type says something of what is meant, and rules nothing out.
        found.properties.extend(types.into_iter().next().map(|wanted| ("type".to_owned(), wanted)));
    }
    let all = found.properties.iter().flat_map(|(property, value)| [property, value]).chain(&found.types);
    if all.chain([&found.name]).any(|text| text.len() > LONGEST) {
        return Err(Wrong::TooLong(key));
    }
    let limit = query.get("limit").and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
    Ok(Asking { key, query: found, limit: limit.unwrap_or(usize::MAX) })
}

fn first(values: Vec<String>) -> String {
    values.into_iter().next().unwrap_or_default()
}

/// The texts of a value, or of a list of them. Of another entity, its name.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Number(number)) => vec![number.to_string()],
        Some(Value::Bool(truth)) => vec![truth.to_string()],
        Some(Value::Array(values)) => values.iter().flat_map(|value| texts(Some(value))).collect(),
        Some(Value::Object(entity)) => texts(entity.get("name").or_else(|| entity.get("id"))),
        Some(Value::Null) | None => Vec::new(),
    }
}

/// Which values are wanted.
pub(super) fn extension(text: &str) -> Result<Extension, Wrong> {
    let wrong = || Wrong::Json("extend".into());
    let wanted: Value = serde_json::from_str(text).map_err(|_| wrong())?;
    let list = |name: &str| wanted.get(name).and_then(Value::as_array).ok_or_else(wrong);
    let id = |property: &Value| property.get("id").and_then(Value::as_str).map(str::to_owned).ok_or_else(wrong);
    let properties = list("properties")?.iter().map(id).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<String> = list("ids")?.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if ids.len().saturating_mul(properties.len()) > VALUES {
        return Err(Wrong::TooMany);
    }
    Ok(Extension { ids, properties })
}
