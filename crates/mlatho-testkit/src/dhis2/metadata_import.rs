//! Writing metadata: the import of whole documents, single objects, JSON Patch, memberships and maintenance.

mod option_combos;
mod patch;

use axum::response::Response;
use mlatho_model::Uid;
use serde_json::{Map, Value as Json, json};

use super::call::{self, Call};
use super::config::Engine;
use super::metadata::Metadata;
use super::state::State;
use super::structure::{id_of, list, text};

pub(super) use patch::patch;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Strategy {
    CreateAndUpdate,
    Create,
    Update,
    Delete,
}

#[derive(Default)]
struct Stats {
    created: usize,
    updated: usize,
    deleted: usize,
    ignored: usize,
}

/// Columns that must not be null `[C]`.
const REQUIRED: [(&str, &[&str]); 7] = [
    ("categoryOptions", &["name", "shortName"]),
    ("categories", &["name", "shortName", "dataDimensionType"]),
    ("dataElements", &["name", "shortName", "valueType", "domainType", "aggregationType"]),
    ("dataSets", &["name", "shortName", "periodType"]),
    ("indicatorTypes", &["name", "factor"]),
    ("indicators", &["name", "shortName", "indicatorType", "numerator", "denominator"]),
    ("visualizations", &["name", "type"]),
];

/// `POST /api/metadata`. Any status but OK is 409 with WARNING `[C]`.
pub(super) fn post(state: &mut State, call: &Call) -> Response {
    if !call.user.has("F_METADATA_IMPORT") {
        return call::forbidden();
    }
    let types: Map<String, Json> = match serde_json::from_slice(&call.body) {
        Ok(types) => types,
        Err(error) => return call::bad_request(&error.to_string()),
    };
    let strategy = match call.parameter("importStrategy") {
        Some("CREATE") => Strategy::Create,
        Some("UPDATE") => Strategy::Update,
        Some("DELETE") => Strategy::Delete,
        _ => Strategy::CreateAndUpdate,
    };
    let by_code = matches!(call.parameter("identifier"), Some("CODE" | "AUTO"));
    let mut after = state.metadata.clone();
    let (mut counts, mut problems, mut failed) = (Stats::default(), Vec::new(), false);
    let offered: Vec<(String, Json)> = types
        .into_iter()
        .flat_map(|(kind, objects)| {
            match objects {
                Json::Array(objects) => objects,
                _ => Vec::new(),
            }
            .into_iter()
            .map(move |object| (kind.clone(), object))
        })
        .collect();
    for (kind, mut object) in offered.clone() {
        let known = known(&state.metadata, &kind, &object, by_code);
        if text(&object, "id").is_none()
            && let Some(fields) = object.as_object_mut()
        {
            let fresh = super::metadata::uid(&format!("{kind} {fields:?}"));
            fields.insert("id".into(), known.clone().unwrap_or(fresh).into());
        }
        let id = known.clone().or(text(&object, "id").map(str::to_owned)).unwrap_or_default();
        let errors = errors(state, &offered, &kind, &object, known.as_deref(), strategy);
        if !errors.is_empty() {
            failed = true;
            counts.ignored += 1;
            problems
                .push(json!({"klass": kind, "objectReports": [{"klass": kind, "uid": id, "errorReports": errors}]}));
            continue;
        }
        match (strategy, known) {
            (Strategy::Delete, _) => {
                counts.deleted += 1;
                after.remove(&id);
            }
            (_, known) => {
                *(if known.is_some() { &mut counts.updated } else { &mut counts.created }) += 1;
                if let Some(fields) = object.as_object_mut() {
                    fields.insert("id".into(), id.into());
                }
                after.add(&kind, object); // absent properties are null afterwards [C]
            }
        }
    }
    if failed && call.parameter("atomicMode") != Some("NONE") {
        let total = counts.created + counts.updated + counts.deleted + counts.ignored;
        counts = Stats { ignored: total, ..Stats::default() };
    } else if call.parameter("importMode") != Some("VALIDATE") {
        state.metadata = after;
        if state.config.version.engine() == Engine::A {
            option_combos::make_all(&mut state.metadata); // 2.43 makes none [O] (W33)
        }
        state.recompile();
    }
    report(failed, &counts, &problems)
}

fn report(failed: bool, stats: &Stats, reports: &[Json]) -> Response {
    let total = stats.created + stats.updated + stats.deleted + stats.ignored;
    let (code, name, outer, inner) =
        if failed { (409, "Conflict", "WARNING", "ERROR") } else { (200, "OK", "OK", "OK") };
    let message = if failed { "One or more errors occurred, please see full details in import report." } else { "" };
    let body = json!({"httpStatus": name, "httpStatusCode": code, "status": outer, "message": message,
        "response": {"responseType": "ImportReport", "status": inner,
            "stats": {"created": stats.created, "updated": stats.updated, "deleted": stats.deleted,
                "ignored": stats.ignored, "total": total},
            "typeReports": reports}});
    call::json(code, &body)
}

/// The UID of the object that is meant, if there is one.
fn known(metadata: &Metadata, kind: &str, object: &Json, by_code: bool) -> Option<String> {
    let id = text(object, "id").filter(|id| metadata.object(id).is_some());
    let by_code = || {
        let code = text(object, "code").filter(|_| by_code)?;
        let same = metadata.objects(kind).find(|known| text(known, "code") == Some(code))?;
        text(same, "id")
    };
    id.or_else(by_code).map(str::to_owned)
}

fn error(code: &str, message: &str) -> Json {
    json!({"errorCode": code, "message": message})
}

fn errors(
    state: &State,
    offered: &[(String, Json)],
    kind: &str,
    object: &Json,
    known: Option<&str>,
    strategy: Strategy,
) -> Vec<Json> {
    let mut errors = Vec::new();
    match (strategy, known) {
        (Strategy::Create, Some(id)) => errors.push(error("E5000", &format!("Found matching object {id}"))),
        (Strategy::Update | Strategy::Delete, None) => errors.push(error("E5001", "No matching object for reference")),
        (Strategy::Delete, Some(id)) => errors.extend(holds_data(state, kind, id)),
        _ => {}
    }
    if strategy == Strategy::Delete {
        return errors;
    }
    let required = REQUIRED.iter().find(|(own, _)| *own == kind).map_or(&[][..], |(_, names)| names);
    for name in required.iter().filter(|name| object.get(**name).is_none_or(Json::is_null)) {
        errors.push(error("E4000", &format!("Missing required property `{name}`.")));
    }
    let mut references = Vec::new();
    collect_references(object, true, &mut references);
    for id in references {
        let offers = offered.iter().any(|(_, other)| text(other, "id") == Some(id));
        if !offers && state.metadata.object(id).is_none() {
            errors.push(error("E5002", &format!("Invalid reference [{id}]")));
        }
    }
    errors
}

/// Soft-deleted values keep their element from being deleted too `[O]` (W2).
fn holds_data(state: &State, kind: &str, id: &str) -> Option<Json> {
    let id: Uid = id.parse().ok().filter(|_| kind == "dataElements")?;
    let holds = state.values.cells().any(|(_, rows)| rows.iter().any(|row| row.series.data_element == id));
    holds.then(|| error("E4030", &format!("Object could not be deleted because it is associated with data: {id}")))
}

/// The UIDs of all `{"id": …}` below an object that refer to something else.
fn collect_references<'a>(json: &'a Json, is_top: bool, found: &mut Vec<&'a str>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| collect_references(item, false, found)),
        Json::Object(fields) => {
            if !is_top && fields.len() == 1 {
                found.extend(fields.get("id").and_then(Json::as_str).filter(|id| id.parse::<Uid>().is_ok()));
            }
            let inner = fields.iter().filter(|(name, _)| !matches!(name.as_str(), "sharing" | "period" | "user"));
            inner.for_each(|(_, value)| collect_references(value, false, found));
        }
        _ => {}
    }
}

/// `POST /api/<type>`. The UID of the new object is in `response.uid` `[O]` (W4).
pub(super) fn create(state: &mut State, call: &Call, kind: &str) -> Response {
    let mut object: Json = match serde_json::from_slice(&call.body) {
        Ok(object @ Json::Object(_)) => object,
        _ => return call::bad_request("Unexpected input"),
    };
    let id = text(&object, "id").map_or_else(|| super::metadata::uid(&format!("{kind} {object}")), str::to_owned);
    let errors = errors(state, &[], kind, &object, None, Strategy::CreateAndUpdate);
    if state.metadata.object(&id).is_some() || !errors.is_empty() {
        return report(
            true,
            &Stats { ignored: 1, ..Stats::default() },
            &[json!({"objectReports": [{"errorReports": errors}]})],
        );
    }
    if let Some(fields) = object.as_object_mut() {
        fields.insert("id".into(), id.as_str().into());
    }
    state.metadata.add(kind, object);
    if state.config.version.engine() == Engine::A {
        option_combos::make_all(&mut state.metadata);
    }
    state.recompile();
    done(201, "Created", &id)
}

fn done(code: u16, name: &str, id: &str) -> Response {
    let body = json!({"httpStatus": name, "httpStatusCode": code, "status": "OK",
        "response": {"responseType": "ObjectReport", "uid": id, "errorReports": []}});
    call::json(code, &body)
}

/// `PUT`: the object as it is given; what it does not say is null afterwards `[C]`.
pub(super) fn replace(state: &mut State, call: &Call, kind: &str, id: &str) -> Response {
    let mut object: Json = match serde_json::from_slice(&call.body) {
        Ok(object @ Json::Object(_)) => object,
        _ => return call::bad_request("Unexpected input"),
    };
    if state.metadata.kind_of(id) != Some(kind) {
        return call::not_found(&call.path);
    }
    if let Some(fields) = object.as_object_mut() {
        fields.insert("id".into(), id.into());
    }
    state.metadata.add(kind, object);
    state.recompile();
    done(200, "OK", id)
}

pub(super) fn delete(state: &mut State, call: &Call, kind: &str, id: &str) -> Response {
    if state.metadata.kind_of(id) != Some(kind) {
        return call::not_found(&call.path);
    }
    if let Some(error) = holds_data(state, kind, id) {
        return call::conflict("E4030", text(&error, "message").unwrap_or_default());
    }
    state.metadata.remove(id);
    state.recompile();
    done(200, "OK", id)
}

/// `POST|DELETE /api/<type>/{uid}/<collection>/{itemUid}` `[D]`.
pub(super) fn membership(
    state: &mut State,
    call: &Call,
    kind: &str,
    id: &str,
    collection: &str,
    item: &str,
) -> Response {
    let there = state.metadata.kind_of(id) == Some(kind) && state.metadata.object(item).is_some();
    let Some(object) = state.metadata.object_mut(id).filter(|_| there) else {
        return call::not_found(&call.path);
    };
    let members = object.entry(collection).or_insert_with(|| json!([]));
    if let Some(members) = members.as_array_mut() {
        members.retain(|member| text(member, "id") != Some(item));
        if call.method == "POST" {
            members.push(json!({"id": item}));
        }
    }
    state.recompile();
    done(200, "OK", id)
}

/// `categoryOptionComboUpdate`, for all combos or one.
pub(super) fn maintain(state: &mut State, call: &Call, rest: &[&str]) -> Response {
    if !call.user.has("F_PERFORM_MAINTENANCE") {
        return call::forbidden();
    }
    match rest {
        ["categoryOptionComboUpdate"] => option_combos::make_all(&mut state.metadata),
        ["categoryOptionComboUpdate", "categoryCombo", id] => option_combos::make(&mut state.metadata, id),
        _ => return call::not_found(&call.path),
    }
    state.recompile();
    call::with_type(204, "application/json", String::new())
}

/// References in a list, in order.
fn members(object: &Json, name: &str) -> Vec<Uid> {
    list(object, name).iter().filter_map(id_of).collect()
}
