//! Which request goes where, and the small system resources.

use std::sync::Arc;
use std::time::Duration;

use axum::response::Response;
use serde_json::{Value as Json, json};

use super::call::{self, Call};
use super::server::Shared;
use super::state::{Job, State, moment};
use super::{analytics, completeness, data_values, export, locks, metadata_import, query};

/// The answer, and how long the server works before it gives it.
pub(super) fn answer(shared: &Arc<Shared>, call: Call) -> (Response, Duration) {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let first = segments.first().map_or("", |first| plain(first));
    let reply = match (call.method.as_str(), first, segments.get(1..).unwrap_or_default()) {
        ("POST", "dataValueSets", []) => return data_values::post(shared, call),
        ("POST", "resourceTables", ["analytics"]) => analytics::rebuild(shared, &call),
        ("GET", "dataValueSets", []) => export::get(shared, &call),
        (method, first, rest) => {
            let mut state = shared.lock();
            match (method, first, rest) {
                ("GET", "system", rest) => system(&state, &call, rest),
                ("GET", "me", []) => me(&call),
                ("GET", "analytics", rest) => analytics::get(&state, &call, rest),
                ("GET", "lockExceptions", []) => locks::exceptions(&state, &call),
                ("GET", "dataApprovals", ["multiple" | "approvals"]) => locks::approvals(&state, &call),
                (_, "completeDataSetRegistrations", []) => completeness::answer(&mut state, &call),
                ("GET", "metadata", []) => query::whole(&state, &call),
                ("POST", "metadata", []) => metadata_import::post(&mut state, &call),
                ("POST" | "PUT", "maintenance", rest) => metadata_import::maintain(&mut state, &call, rest),
                ("GET", kind, []) => query::list(&state, &call, kind),
                ("GET", kind, ["gist"]) => query::gist(&state, &call, kind),
                ("GET", kind, [id]) => query::one(&state, &call, kind, plain(id)),
                ("POST", kind, []) => metadata_import::create(&mut state, &call, kind),
                ("PATCH", kind, [id]) => metadata_import::patch(&mut state, &call, kind, id),
                ("PUT", kind, [id]) => metadata_import::replace(&mut state, &call, kind, id),
                ("DELETE", kind, [id]) => metadata_import::delete(&mut state, &call, kind, id),
                ("POST" | "DELETE", kind, [id, collection, item]) => {
                    metadata_import::membership(&mut state, &call, kind, id, collection, item)
                }
                _ => call::not_found(&call.path),
            }
        }
    };
    (reply, Duration::ZERO)
}

/// A path segment without its format: `dataElements.json`.
pub(super) fn plain(segment: &str) -> &str {
    let formats = [".json", ".xml", ".csv", ".adx"];
    formats.iter().find_map(|format| segment.strip_suffix(format)).unwrap_or(segment)
}

fn system(state: &State, call: &Call, rest: &[&str]) -> Response {
    match rest {
        ["info" | "info.json"] => call::json(200, &info(state, call)),
        ["id" | "id.json"] => {
            let limit = call.parameter("limit").and_then(|text| text.parse().ok()).unwrap_or(1).min(10_000);
            let seed = state.log.count();
            let codes: Vec<String> =
                (0..limit).map(|number: usize| super::metadata::uid(&format!("id {seed} {number}"))).collect();
            call::json(200, &json!({"codes": codes}))
        }
        // Unknown or forgotten: an empty list, and an empty 200, not 404 [C].
        ["tasks", kind, id] => {
            let job = state.jobs.iter().find(|job| job.kind == *kind && job.id == *id);
            call::json(200, &job.map_or_else(|| json!([]), notices))
        }
        ["taskSummaries", kind, id] => {
            let job = state.jobs.iter().find(|job| job.kind == *kind && job.id == *id);
            match job.and_then(|job| job.summary.as_ref()) {
                Some(summary) => call::json(200, summary),
                None => call::with_type(200, "application/json", String::new()),
            }
        }
        _ => call::not_found(&call.path),
    }
}

/// Newest first `[C]`. The texts are `[U]`.
fn notices(job: &Job) -> Json {
    let notice = |uid: &str, message: &str, completed: bool| {
        json!({"uid": uid, "level": "INFO", "category": job.kind, "time": moment(job.started),
            "message": message, "completed": completed, "id": uid})
    };
    let begun = notice("startedaaaa", "Process started", false);
    if job.completed { json!([notice("finishedaaa", "Import done", true), begun]) } else { json!([begun]) }
}

/// Version and calendar are visible to everyone, the rest to superusers `[C]`. Which of the rest is hidden is `[U]`.
fn info(state: &State, call: &Call) -> Json {
    let mut info = json!({
        "version": state.config.version.to_string(),
        "calendar": state.config.calendar.name(),
        "dateFormat": "yyyy-mm-dd",
        "serverDate": moment(state.now),
        "serverTimeZoneId": "Etc/UTC",
        "contextPath": call.base_url,
        "lastAnalyticsTableSuccess": state.analytics.as_ref().map(|snapshot| moment(snapshot.taken())),
    });
    if call.user.is_super()
        && let Some(fields) = info.as_object_mut()
    {
        fields.insert("revision".into(), "3f8c14a".into());
        fields.insert("instanceBaseUrl".into(), call.base_url.as_str().into());
    }
    info
}

fn me(call: &Call) -> Response {
    let user = &call.user;
    let references = |ids: &[mlatho_model::Uid]| ids.iter().map(|id| json!({"id": id})).collect::<Vec<_>>();
    let whole = json!({
        "id": user.id,
        "username": user.name,
        "name": user.name,
        "displayName": user.name,
        "authorities": user.authorities,
        "userGroups": references(&user.groups),
        "organisationUnits": references(&user.org_units),
        "dataViewOrganisationUnits": references(&user.data_view_org_units),
    });
    call::json(200, &query::fields_of(user, &whole, call.parameter("fields")))
}
