//! Orders, shipments and proofs of delivery.

use axum::response::Response;
use serde_json::Value as Json;

use super::data::Data;
use super::page::page;
use super::routes::{Call, bad_ids, forbidden, not_found, problem};
use crate::http::json as answer;

const STATUSES: [&str; 8] =
    ["CREATING", "ORDERED", "FULFILLING", "SHIPPED", "RECEIVED", "TRANSFER_FAILED", "IN_ROUTE", "READY_TO_PACK"];

/// Whether the account may see an order: it must see who asked for it or who supplies it.
fn sees(call: &Call, order: &Json) -> bool {
    let of = |name: &str| call.account.sees(order[name]["id"].as_str().unwrap_or_default());
    of("requestingFacility") || of("supplyingFacility")
}

pub(super) fn list(data: &Data, call: &Call) -> Response {
    if let Some(reply) =
        bad_ids(call, &["programId", "processingPeriodId", "requestingFacilityId", "supplyingFacilityId"])
    {
        return reply;
    }
    if let Some(bad) = call.parameters("status").find(|status| !STATUSES.contains(status)) {
        return problem(400, "fulfillment.error.order.invalidStatus", &format!("{bad} is no status of an order"));
    }
    let wanted = |order: &&Json| {
        sees(call, order)
            && call.wants("status", order["status"].as_str())
            && call.wants("programId", order["program"]["id"].as_str())
            && call.wants("requestingFacilityId", order["requestingFacility"]["id"].as_str())
    };
    page(call, data.list("orders").iter().filter(wanted).map(|order| basic(data, order)).collect())
}

/// An order as the list gives it: places written out, no lines.
fn basic(data: &Data, order: &Json) -> Json {
    let mut basic = expanded(data, order);
    basic.as_object_mut().map(|fields| fields.remove("orderLineItems"));
    basic
}

/// An order with its facilities, program and period written out.
fn expanded(data: &Data, order: &Json) -> Json {
    let mut order = order.clone();
    for (names, list) in [
        (&["facility", "requestingFacility", "receivingFacility", "supplyingFacility"][..], "facilities"),
        (&["program"][..], "programs"),
        (&["processingPeriod"][..], "processingPeriods"),
    ] {
        for name in names {
            if let Some(whole) = data.object(list, order[*name]["id"].as_str().unwrap_or_default()) {
                order[*name] = whole.clone();
            }
        }
    }
    order
}

fn order_of<'a>(data: &'a Data, shipment: &Json) -> Option<&'a Json> {
    data.object("orders", shipment["order"]["id"].as_str().unwrap_or_default())
}

fn shipment_of<'a>(data: &'a Data, proof: &Json) -> Option<&'a Json> {
    data.object("shipments", proof["shipment"]["id"].as_str().unwrap_or_default())
}

pub(super) fn shipments(data: &Data, call: &Call) -> Response {
    let wanted = |shipment: &&Json| {
        order_of(data, shipment).is_some_and(|order| sees(call, order))
            && call.wants("orderId", shipment["order"]["id"].as_str())
    };
    page(call, data.list("shipments").iter().filter(wanted).cloned().collect())
}

pub(super) fn proofs(data: &Data, call: &Call) -> Response {
    let wanted = |proof: &&Json| {
        let shipment = shipment_of(data, proof);
        shipment.and_then(|shipment| order_of(data, shipment)).is_some_and(|order| sees(call, order))
            && call.wants("shipmentId", proof["shipment"]["id"].as_str())
            && call.wants("orderId", shipment.and_then(|shipment| shipment["order"]["id"].as_str()))
    };
    page(call, data.list("proofsOfDelivery").iter().filter(wanted).cloned().collect())
}

pub(super) fn one(data: &Data, call: &Call, list: &str, id: &str) -> Response {
    let Some(object) = data.object(list, id) else { return not_found(id) };
    let order = match list {
        "orders" => Some(object),
        "shipments" => order_of(data, object),
        _ => shipment_of(data, object).and_then(|shipment| order_of(data, shipment)),
    };
    if !order.is_some_and(|order| sees(call, order)) {
        return forbidden("ORDERS_VIEW");
    }
    if list == "orders" { answer(200, &expanded(data, object)) } else { answer(200, object) }
}
