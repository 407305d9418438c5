//! JSON Patch: `add`, `replace` and `remove`.

use axum::response::Response;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::dhis2::call::{self, Call};
use crate::dhis2::state::State;

#[derive(Deserialize)]
struct Operation {
    op: String,
    path: String,
    #[serde(default)]
    value: Json,
}

pub(in crate::dhis2) fn patch(state: &mut State, call: &Call, kind: &str, id: &str) -> Response {
    if call.media_type() != "application/json-patch+json" {
        return call::status(415, "Unsupported Media Type", "ERROR", "Content-Type is not supported", None);
    }
    let operations: Vec<Operation> = match serde_json::from_slice(&call.body) {
        Ok(operations) => operations,
        Err(error) => return call::bad_request(&error.to_string()),
    };
    if state.metadata.kind_of(id) != Some(kind) {
        return call::not_found(&call.path);
    }
    let Some(mut object) = state.metadata.object(id).cloned() else { return call::not_found(&call.path) };
    for operation in operations {
        if apply(&mut object, &operation).is_none() {
            return call::bad_request(&format!("Invalid operation `{}` at `{}`", operation.op, operation.path));
        }
    }
    state.metadata.add(kind, object);
    state.recompile();
    super::done(200, "OK", id)
}

/// Nothing: the path leads nowhere, or the operation is not known.
fn apply(object: &mut Json, operation: &Operation) -> Option<()> {
    let (parent, last) = operation.path.rsplit_once('/')?;
    let parent = object.pointer_mut(parent)?;
    let name = last.replace("~1", "/").replace("~0", "~");
    match (operation.op.as_str(), parent) {
        ("add" | "replace", Json::Object(fields)) => {
            fields.insert(name, operation.value.clone());
        }
        ("remove", Json::Object(fields)) => {
            fields.remove(&name)?;
        }
        ("add", Json::Array(items)) if name == "-" => items.push(operation.value.clone()),
        ("add", Json::Array(items)) => {
            let at = name.parse().ok().filter(|at| *at <= items.len())?;
            items.insert(at, operation.value.clone());
        }
        ("replace", Json::Array(items)) => *items.get_mut(name.parse::<usize>().ok()?)? = operation.value.clone(),
        ("remove", Json::Array(items)) => {
            let at = name.parse().ok().filter(|at| *at < items.len())?;
            items.remove(at);
        }
        _ => return None,
    }
    Some(())
}
