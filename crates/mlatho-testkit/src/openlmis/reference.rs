//! Reference data: facilities, zones, programs, products with versions, periods, who must report.

use std::collections::BTreeMap;

use axum::http::HeaderValue;
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};

use super::data::Data;
use super::page::page;
use super::routes::{Call, bad_ids, not_found, problem};
use crate::http::json as reply;

/// Lists that are served as they stand.
const PLAIN: [&str; 17] = [
    "geographicZones",
    "geographicLevels",
    "programs",
    "processingSchedules",
    "requisitionGroups",
    "supervisoryNodes",
    "requisitionTemplates",
    "lots",
    "commodityTypes",
    "tradeItems",
    "orderableFulfills",
    "facilityTypes",
    "facilityOperators",
    "orderableDisplayCategories",
    "idealStockAmounts",
    "stockCardLineItemReasons",
    "organizations",
];

pub(super) fn answer(data: &Data, call: &Call, method: &str, segments: &[&str]) -> Response {
    match (method, segments) {
        ("GET", ["facilities"]) => facilities(data, call, &|facility| facility.clone()),
        ("GET", ["facilities", "full"]) => facilities(data, call, &|facility| facility.clone()),
        ("GET", ["facilities", "minimal"]) => {
            facilities(data, call, &|facility| json!({"id": facility["id"], "name": facility["name"]}))
        }
        ("POST", ["facilities", "search"]) => facilities(data, call, &|facility| facility.clone()),
        ("GET", ["facilities", id, "approvedProducts"]) => approved(data, call, id),
        ("GET", ["orderables"]) | ("POST", ["orderables", "search"]) => newest(data, call),
        ("POST", ["geographicZones", "search"]) => {
            let wanted =
                |zone: &&Json| call.wants("id", zone["id"].as_str()) && call.wants("code", zone["code"].as_str());
            page(call, data.list("geographicZones").iter().filter(wanted).cloned().collect())
        }
        ("GET", ["orderables", id]) => versioned(data, call, "orderables", id),
        ("GET", ["facilityTypeApprovedProducts"]) | ("POST", ["facilityTypeApprovedProducts", "search"]) => {
            page(call, data.list("facilityTypeApprovedProducts").to_vec())
        }
        ("GET", ["facilityTypeApprovedProducts", id]) => versioned(data, call, "facilityTypeApprovedProducts", id),
        ("GET", ["processingPeriods"]) => periods(data, call),
        ("GET", [list]) if PLAIN.contains(list) => page(call, data.list(list).to_vec()),
        ("GET", [list, id]) if PLAIN.contains(list) || matches!(*list, "facilities" | "processingPeriods") => {
            data.object(list, id).map_or_else(|| not_found(id), |object| reply(200, object))
        }
        ("GET" | "POST" | "PUT" | "PATCH" | "DELETE", [list, ..]) if PLAIN.contains(list) => {
            problem(405, "error.methodNotAllowed", "Request method is not supported")
        }
        _ => not_found(&segments.join("/")),
    }
}

fn facilities(data: &Data, call: &Call, form: &dyn Fn(&Json) -> Json) -> Response {
    if let Some(reply) = bad_ids(call, &["id", "zoneId"]) {
        return reply;
    }
    let wanted = |facility: &&Json| {
        let name = facility["name"].as_str().unwrap_or_default().to_lowercase();
        let part = call.parameter("name").unwrap_or_default().to_lowercase();
        let seen = !call.hides_facilities || call.account.sees(facility["id"].as_str().unwrap_or_default());
        seen && name.contains(&part)
            && call.wants("id", facility["id"].as_str())
            && call.wants("code", facility["code"].as_str())
            && call.wants("zoneId", facility["geographicZone"]["id"].as_str())
    };
    page(call, data.list("facilities").iter().filter(wanted).map(form).collect())
}

/// The newest version of each product; 304 where nothing changed since.
fn newest(data: &Data, call: &Call) -> Response {
    if let Some(reply) = bad_ids(call, &["id"]) {
        return reply;
    }
    let mut newest: BTreeMap<&str, &Json> = BTreeMap::new();
    for orderable in data.list("orderables") {
        let id = orderable["id"].as_str().unwrap_or_default();
        newest.entry(id).and_modify(|own| *own = newer(own, orderable)).or_insert(orderable);
    }
    let wanted = |orderable: &&&Json| {
        call.wants("id", orderable["id"].as_str()) && call.wants("code", orderable["productCode"].as_str())
    };
    let found: Vec<Json> = newest.values().filter(wanted).map(|orderable| (*orderable).clone()).collect();
    let changed = found.iter().filter_map(|orderable| orderable["meta"]["lastUpdated"].as_str()).max();
    let last = changed.map(str::to_owned);
    with_date(call, last.as_deref(), page(call, found))
}

fn newer<'a>(one: &'a Json, other: &'a Json) -> &'a Json {
    let version = |object: &Json| object["meta"]["versionNumber"].as_u64().unwrap_or(1);
    if version(other) > version(one) { other } else { one }
}

fn versioned(data: &Data, call: &Call, list: &str, id: &str) -> Response {
    let version = match call.parameter("versionNumber").map(str::parse) {
        None => None,
        Some(Ok(version)) => Some(version),
        Some(Err(_)) => return problem(400, "error.invalidFormat", "versionNumber is not a number"),
    };
    let Some(object) = data.versioned(list, id, version) else { return not_found(id) };
    let body = reply(200, object);
    if list == "orderables" { with_date(call, object["meta"]["lastUpdated"].as_str(), body) } else { body }
}

/// `Last-Modified`, and 304 for who has that already. Products only.
fn with_date(call: &Call, changed: Option<&str>, mut body: Response) -> Response {
    let moment = changed.and_then(|text| text.parse::<jiff::Timestamp>().ok());
    let Some(moment) = moment else { return body };
    let since = call.if_modified_since.as_deref();
    let since = since.and_then(|text| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok());
    if since.is_some_and(|since| moment <= since) && body.status() == 200 {
        return axum::http::StatusCode::NOT_MODIFIED.into_response();
    }
    let text = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&moment);
    if let Some(value) = text.ok().and_then(|text| HeaderValue::from_str(&text).ok()) {
        body.headers_mut().insert("last-modified", value);
    }
    body
}

fn approved(data: &Data, call: &Call, facility: &str) -> Response {
    let Some(facility) = data.object("facilities", facility) else { return not_found(facility) };
    let of_type = |product: &&Json| {
        product["facilityType"]["id"] == facility["type"]["id"]
            && call.wants("programId", product["program"]["id"].as_str())
    };
    page(call, data.list("facilityTypeApprovedProducts").iter().filter(of_type).cloned().collect())
}

fn periods(data: &Data, call: &Call) -> Response {
    if let Some(reply) = bad_ids(call, &["programId", "facilityId", "processingScheduleId"]) {
        return reply;
    }
    if call.parameter("programId").is_some() != call.parameter("facilityId").is_some() {
        return problem(400, "error.processingPeriod.search", "programId and facilityId are given together");
    }
    let text = |period: &Json, name: &str| period[name].as_str().unwrap_or_default().to_owned();
    let within = |period: &&Json| {
        call.wants("processingScheduleId", period["processingSchedule"]["id"].as_str())
            && call.parameter("startDate").is_none_or(|start| text(period, "endDate").as_str() >= start)
            && call.parameter("endDate").is_none_or(|end| text(period, "startDate").as_str() <= end)
    };
    page(call, data.list("processingPeriods").iter().filter(within).cloned().collect())
}
