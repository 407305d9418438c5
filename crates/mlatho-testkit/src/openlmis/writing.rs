//! Writing of requisitions: the guards that the server has, those that it lacks, and what it computes at each save.

use axum::response::Response;
use serde_json::{Map, Value as Json, json};

use super::data::{Data, Requisition};
use super::requisitions::{found, rank, tag, tagged, text};
use super::routes::{Call, forbidden, not_found, problem};
use crate::http::json as answer;

/// What persons write before a requisition is authorized.
const WRITTEN: [&str; 18] = [
    "beginningBalance",
    "totalReceivedQuantity",
    "totalConsumedQuantity",
    "stockOnHand",
    "totalStockoutDays",
    "stockAdjustments",
    "total",
    "requestedQuantity",
    "requestedQuantityExplanation",
    "numberOfNewPatientsAdded",
    "additionalQuantityRequired",
    "numberOfPatientsOnTreatmentNextMonth",
    "adjustedConsumption",
    "averageConsumption",
    "maximumStockQuantity",
    "calculatedOrderQuantity",
    "calculatedOrderQuantityIsa",
    "skipped",
];

/// What persons write afterwards.
const APPROVED: [&str; 2] = ["approvedQuantity", "remarks"];

/// Fields of a requisition that no body may change.
const FIXED: [&str; 5] = ["facility", "program", "processingPeriod", "emergency", "numberOfMonthsInPeriod"];

/// Takes a whole body. `If-Match` and `modifiedDate` are looked at only where they are given; patient fields of an
/// authorized requisition are passed over without a word.
pub(super) fn put(data: &mut Data, call: &Call, id: &str) -> Response {
    let (stored, version) = match found(data, call, id) {
        Ok(requisition) => (requisition.body.clone(), tag(requisition)),
        Err(reply) => return *reply,
    };
    let given = &call.body;
    if !given.is_object() || given["id"].as_str() != Some(id) {
        return problem(400, "requisition.error.ids.mismatch", "The id of the body and of the path differ");
    }
    if given["modifiedDate"].is_string() && given["modifiedDate"] != stored["modifiedDate"] {
        return problem(409, "requisition.error.dateModifiedMismatch", "The requisition was changed in the meantime");
    }
    let rank = rank(text(&stored, "status"));
    let right = match rank {
        1 => "REQUISITION_CREATE",
        2 => "REQUISITION_AUTHORIZE",
        3 => "REQUISITION_APPROVE",
        _ => return problem(400, "requisition.error.cannotUpdate", "A requisition with this status cannot be updated"),
    };
    if call.account.lacks.contains(right) {
        return forbidden(right);
    }
    if call.if_match.as_ref().is_some_and(|given| *given != version) {
        return problem(409, "requisition.error.eTagVersionMismatch", "The version of the requisition does not match");
    }
    let form = form(data, &stored);
    if let Some((field, message)) = invalid(&stored, given, &form) {
        return answer(400, &json!({ field: message }));
    }
    data.unguarded_writes += usize::from(call.if_match.is_none() || !given["modifiedDate"].is_string());
    let mut body = stored;
    let months = body["numberOfMonthsInPeriod"].as_u64().unwrap_or(1);
    let regular = body["emergency"] != true;
    for line in body["requisitionLineItems"].as_array_mut().into_iter().flatten() {
        let theirs = given["requisitionLineItems"].as_array().into_iter().flatten();
        let Some(new) = theirs.into_iter().find(|new| new["id"] == line["id"]) else { continue };
        let copied: &[&str] = if rank >= 3 { &APPROVED } else { &WRITTEN };
        if let Some(line) = line.as_object_mut() {
            let known: Vec<&str> = copied.iter().copied().filter(|name| line.contains_key(*name)).collect();
            known.iter().for_each(|name| drop(line.insert((*name).into(), new[*name].clone())));
            if rank < 3 && regular {
                compute(line, &form, months);
            }
        }
    }
    if rank < 3 && !given["draftStatusMessage"].is_null() {
        body["draftStatusMessage"] = given["draftStatusMessage"].clone();
    }
    write(data, call, id, body)
}

/// The form of a requisition; null where it has none.
fn form(data: &Data, stored: &Json) -> Json {
    let template = &stored["template"];
    let kept = || data.object("requisitionTemplates", text(template, "id")).cloned().unwrap_or_default();
    if template["columnsMap"].is_object() { template.clone() } else { kept() }
}

/// What is wrong with a body: the field, and the message.
fn invalid(stored: &Json, given: &Json, form: &Json) -> Option<(String, String)> {
    let same = |name: &&str| {
        let (old, new) = (&stored[*name], &given[*name]);
        old.is_null() || new.is_null() || old == new || (old["id"].is_string() && old["id"] == new["id"])
    };
    if let Some(name) = FIXED.iter().find(|name| !same(name)) {
        return Some(((*name).into(), format!("{name} cannot be changed")));
    }
    let lines = |body: &Json| body["requisitionLineItems"].as_array().cloned().unwrap_or_default();
    let (old, new) = (lines(stored), lines(given));
    let problem = |message: String| Some(("requisitionLineItems".into(), message));
    let lacks = |list: &[Json], line: &Json| !list.iter().any(|other| other["id"] == line["id"]);
    if new.iter().any(|line| lacks(&old, line)) {
        return problem("Line items cannot be added".into());
    }
    if old.iter().any(|line| lacks(&new, line)) {
        return problem("Line items cannot be removed".into());
    }
    let stock_cards = form["populateStockOnHandFromStockCards"] == true;
    for (line, other) in old.iter().filter_map(|line| Some((line, new.iter().find(|new| new["id"] == line["id"])?))) {
        if line["orderable"]["id"] != other["orderable"]["id"] {
            return problem("orderable cannot be changed".into());
        }
        let number = |name: &&&str| matches!(other[**name], Json::String(_) | Json::Object(_));
        let numeric = WRITTEN.iter().filter(|name| !matches!(**name, "requestedQuantityExplanation"));
        if let Some(name) = numeric.clone().find(number) {
            return problem(format!("{name} is not a number"));
        }
        for (name, column) in form["columnsMap"].as_object().into_iter().flatten() {
            if stock_cards && column["source"] == 3 && line[name] != other[name] {
                return problem(format!("{name} is taken from stock cards and cannot be changed"));
            }
        }
    }
    None
}

/// N, P, H and I as the server computes them, null counting as 0, where the form has their columns.
fn compute(line: &mut Map<String, Json>, form: &Json, months: u64) {
    let has = |name: &str| form["columnsMap"][name].is_object();
    let whole = |line: &Map<String, Json>, name: &str| line.get(name).and_then(Json::as_i64).unwrap_or(0);
    if has("adjustedConsumption") {
        let (consumed, out) = (whole(line, "totalConsumedQuantity"), whole(line, "totalStockoutDays"));
        let days = i64::try_from(months).unwrap_or(1) * 30;
        let adjusted = match days - out {
            _ if consumed == 0 => 0,
            0 => consumed,
            stocked => (consumed * days + stocked - 1) / stocked + whole(line, "additionalQuantityRequired").max(0),
        };
        line.insert("adjustedConsumption".into(), adjusted.into());
    }
    if has("averageConsumption") {
        let before = line.get("previousAdjustedConsumptions").and_then(Json::as_array).cloned().unwrap_or_default();
        let sum = whole(line, "adjustedConsumption") + before.iter().filter_map(Json::as_i64).sum::<i64>();
        let count = i64::try_from(before.len()).unwrap_or(0) + 1;
        line.insert("averageConsumption".into(), ((sum + count - 1) / count).into());
    }
    let periods = line.get("maxPeriodsOfStock").and_then(Json::as_f64).unwrap_or(0.0);
    if has("maximumStockQuantity") {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "quantities of tests are small"
        )]
        let most = (whole(line, "averageConsumption") as f64 * periods).round() as i64;
        line.insert("maximumStockQuantity".into(), most.into());
    }
    if has("calculatedOrderQuantity") {
        let order = whole(line, "maximumStockQuantity") - whole(line, "stockOnHand");
        line.insert("calculatedOrderQuantity".into(), order.max(0).into());
    }
}

/// Takes the patients table of any requisition: the server checks neither right nor status.
pub(super) fn patch_patients(data: &mut Data, call: &Call, id: &str) -> Response {
    let mut body = match found(data, call, id) {
        Ok(requisition) => requisition.body.clone(),
        Err(reply) => return *reply,
    };
    body["patientsData"] = call.body["patientsData"].clone();
    write(data, call, id, body)
}

fn write(data: &mut Data, call: &Call, id: &str, mut body: Json) -> Response {
    body["modifiedDate"] = json!(format!("{}Z", call.now.strftime("%Y-%m-%dT%H:%M:%S")));
    let stored = data.requisitions.iter_mut().find(|requisition| text(&requisition.body, "id") == id);
    let Some(stored) = stored else { return not_found(id) };
    *stored = Requisition { body, version: stored.version + 1 };
    tagged(stored)
}
