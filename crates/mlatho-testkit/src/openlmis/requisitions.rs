//! Requisitions: search, and one with its `ETag`.

use axum::http::HeaderValue;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::Value as Json;

use super::data::{Data, Requisition};
use super::page::page;
use super::routes::{Call, bad_ids, forbidden, not_found, problem};
use crate::http::json as answer;

/// Rank of a status; see `lmis.md` 1.4.
pub(super) fn rank(status: &str) -> i8 {
    match status {
        "INITIATED" | "REJECTED" => 1,
        "SUBMITTED" => 2,
        "AUTHORIZED" | "IN_APPROVAL" => 3,
        "APPROVED" => 4,
        "RELEASED" => 5,
        "RELEASED_WITHOUT_ORDER" => 6,
        _ => -1,
    }
}

pub(super) fn text<'a>(body: &'a Json, name: &str) -> &'a str {
    body[name].as_str().unwrap_or_default()
}

/// Without lines. Requisitions that the account may not see are left out, and nothing says so.
pub(super) fn search(data: &Data, call: &Call) -> Response {
    if let Some(reply) = bad_ids(call, &["facility", "program", "processingPeriod", "supervisoryNode"]) {
        return reply;
    }
    let moment = |name: &str| match call.parameter(name).map(str::parse::<Timestamp>) {
        None => Ok(None),
        Some(Ok(moment)) => Ok(Some(moment)),
        Some(Err(_)) => Err(format!("{name} is not a moment with a zone")),
    };
    let bounds = ["modifiedDateFrom", "modifiedDateTo", "initiatedDateFrom", "initiatedDateTo"].map(moment);
    let [Ok(modified_from), Ok(modified_to), Ok(initiated_from), Ok(initiated_to)] = bounds else {
        let problems: Vec<String> = bounds.into_iter().filter_map(Result::err).collect();
        return problem(400, "error.invalidFormat.date", &problems.join("; "));
    };
    for status in call.parameters("requisitionStatus") {
        if rank(status) == -1 && status != "SKIPPED" {
            return problem(400, "error.invalidFormat.status", &format!("{status} is no status"));
        }
    }
    let wanted = |body: &&Json| {
        let of = |name: &str| text(body, name).parse::<Timestamp>().ok();
        let between = |name: &str, from: Option<Timestamp>, to: Option<Timestamp>| {
            let own = of(name);
            from.is_none_or(|from| own.is_some_and(|own| own >= from))
                && to.is_none_or(|to| own.is_some_and(|own| own <= to))
        };
        call.account.sees(text(&body["facility"], "id"))
            && call.wants("facility", body["facility"]["id"].as_str())
            && call.wants("program", body["program"]["id"].as_str())
            && call.wants("processingPeriod", body["processingPeriod"]["id"].as_str())
            && call.wants("requisitionStatus", body["status"].as_str())
            && call.wants("emergency", Some(if body["emergency"] == true { "true" } else { "false" }))
            && between("modifiedDate", modified_from, modified_to)
            && between("createdDate", initiated_from, initiated_to)
    };
    let found = data.requisitions.iter().map(|requisition| &requisition.body).filter(wanted);
    page(call, found.map(|body| basic(data, body)).collect())
}

/// A requisition as a search gives it: references expanded a little, no lines.
fn basic(data: &Data, body: &Json) -> Json {
    let mut basic = body.clone();
    if let Some(fields) = basic.as_object_mut() {
        for name in ["requisitionLineItems", "availableProducts", "stockAdjustmentReasons", "template"] {
            fields.remove(name);
        }
        expand(data, fields);
    }
    basic
}

fn expand(data: &Data, fields: &mut serde_json::Map<String, Json>) {
    for (name, list) in [("facility", "facilities"), ("program", "programs"), ("processingPeriod", "processingPeriods")]
    {
        let whole = fields.get(name).and_then(|field| data.object(list, text(field, "id"))).cloned();
        fields.extend(whole.map(|whole| (name.to_owned(), whole)));
    }
}

pub(super) fn found<'a>(data: &'a Data, call: &Call, id: &str) -> Result<&'a Requisition, Box<Response>> {
    let of_id = |requisition: &&Requisition| text(&requisition.body, "id") == id;
    let requisition = data.requisitions.iter().find(of_id).ok_or_else(|| Box::new(not_found(id)))?;
    let seen = call.account.sees(text(&requisition.body["facility"], "id"));
    if seen { Ok(requisition) } else { Err(Box::new(forbidden("REQUISITION_VIEW"))) }
}

/// The v2 form, with the row version as a weak tag without quotes.
pub(super) fn one(data: &Data, call: &Call, id: &str) -> Response {
    match found(data, call, id) {
        Ok(requisition) => tagged(requisition),
        Err(reply) => *reply,
    }
}

pub(super) fn tagged(requisition: &Requisition) -> Response {
    let mut reply = answer(200, &requisition.body);
    if let Ok(tag) = HeaderValue::from_str(&tag(requisition)) {
        reply.headers_mut().insert("etag", tag);
    }
    reply
}

pub(super) fn tag(requisition: &Requisition) -> String {
    format!("W/{}", requisition.version)
}

/// The first form: facility, program, period and products written out.
pub(super) fn expanded(data: &Data, call: &Call, id: &str) -> Response {
    let mut body = match found(data, call, id) {
        Ok(requisition) => requisition.body.clone(),
        Err(reply) => return *reply,
    };
    if let Some(fields) = body.as_object_mut() {
        expand(data, fields);
    }
    for line in body["requisitionLineItems"].as_array_mut().into_iter().flatten() {
        let version = line["orderable"]["versionNumber"].as_u64();
        let whole = data.versioned("orderables", text(&line["orderable"], "id"), version).cloned();
        if let (Some(fields), Some(whole)) = (line.as_object_mut(), whole) {
            fields.insert("orderable".into(), whole);
        }
    }
    answer(200, &body)
}
