//! Saving of requisitions: what the server looks at, and what it does not.

use axum::body::Bytes;
use axum::response::Response;
use serde_json::{Value as Json, json};

use super::config::{Account, Config};
use super::data::Data;
use super::routes::error;
use crate::http::json as answer;

/// What persons type into the line of a product before a requisition is authorized.
const PRODUCT: [&str; 8] = [
    "beginningBalance",
    "quantityReceived",
    "quantityDispensed",
    "stockInHand",
    "stockOutDays",
    "newPatientCount",
    "quantityRequested",
    "skipped",
];
/// What approvers type afterwards.
const APPROVED: [&str; 2] = ["quantityApproved", "remarks"];
/// What persons type into the line of a regimen.
const REGIMEN: [&str; 3] = ["patientsOnTreatment", "patientsToInitiateTreatment", "patientsStoppedTreatment"];

/// `PUT /requisitions/{id}/save.json`. The lines that come are copied by the code of their product or regimen, every column
/// that the form takes from persons, so that a field that a line lacks becomes null; other lines stay as they are. Nothing
/// tells whether somebody else saved meanwhile. Of an authorized requisition only what approvers type is copied, and
/// everything else is passed over with 200.
pub(super) fn save(config: &Config, data: &mut Data, account: &Account, id: &str, body: &Bytes) -> Response {
    let Ok(given) = serde_json::from_slice::<Json>(body) else { return error(400, "unreadable") };
    let lists = ["fullSupplyLineItems", "nonFullSupplyLineItems"].map(|name| given[name].as_array());
    let [Some(products), Some(_)] = lists else { return error(500, "unexpected.exception") };
    let id = id.parse::<u64>().ok();
    let Some(own) = data.requisitions.iter_mut().find(|own| Some(own.id) == id) else {
        return error(400, "requisition.not.found");
    };
    let (right, copied): (_, &[&str]) = match own.status.as_str() {
        "INITIATED" => ("CREATE_REQUISITION", &PRODUCT),
        "SUBMITTED" => ("AUTHORIZE_REQUISITION", &PRODUCT),
        "AUTHORIZED" | "IN_APPROVAL" => ("APPROVE_REQUISITION", &APPROVED),
        _ => return error(400, "rnr.operation.unauthorized"),
    };
    if !account.sees(own.facility) || account.lacks.contains(right) {
        return error(400, "rnr.operation.unauthorized");
    }
    let taken = |name: &&&str| !config.not_in_form.contains(**name);
    for given in products {
        let line = own.lines.iter_mut().find(|line| given["productCode"] == line.product);
        if let Some(line) = line {
            copied.iter().filter(taken).for_each(|name| line.numbers[*name] = given[*name].clone());
        }
    }
    for given in given["regimenLineItems"].as_array().into_iter().flatten().filter(|_| copied.len() == PRODUCT.len()) {
        let line = own.regimens.iter_mut().find(|(code, _)| given["code"] == **code);
        if let Some((_, fields)) = line {
            REGIMEN.iter().filter(taken).for_each(|name| fields[*name] = given[*name].clone());
        }
    }
    own.modified += 1000;
    answer(200, &json!({"success": "rnr.save.success"}))
}
