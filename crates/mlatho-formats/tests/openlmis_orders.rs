//! Orders of OpenLMIS v3 with their shipments and proofs of delivery.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

mod common;

use common::{Seen, seen};
use mlatho_formats::Format;
use proptest::prelude::*;
use serde_json::{Value, json};

fn line(product: &str, field: &str, packs: Value) -> Value {
    let mut line = json!({"orderable": {"id": product, "versionNumber": 2}});
    line[field] = packs;
    line
}

/// An order of two products for March 2017: packs of 10 tablets, and packs of 12.
fn order() -> Value {
    json!({
        "id": "o1", "status": "RECEIVED", "createdDate": "2017-04-02T08:00:00Z",
        "requestingFacility": {"id": "f1"}, "processingPeriod": {"id": "p1"},
        "orderLineItems": [line("a", "orderedQuantity", json!(30)), line("b", "orderedQuantity", json!(5))],
        "shipments": [{"id": "s1", "lineItems": [
            // Two lots of the first product, and another product in place of the second.
            line("a", "quantityShipped", json!(20)), line("a", "quantityShipped", json!(8)),
            line("c", "quantityShipped", json!(4))]}],
        "proofsOfDelivery": [{"id": "d1", "status": "CONFIRMED", "lineItems": [
            {"orderable": {"id": "a", "versionNumber": 2}, "quantityAccepted": 18, "quantityRejected": 2, "rejectionReasonId": "r1"},
            {"orderable": {"id": "a", "versionNumber": 2}, "quantityAccepted": 8, "quantityRejected": 0},
            {"orderable": {"id": "c", "versionNumber": 2}, "quantityAccepted": null, "quantityRejected": 0}]}],
    })
}

fn document(order: &Value) -> Value {
    let product = |id: &str, code: &str, version: u64, net: u64| json!({"id": id, "productCode": code, "fullProductName": "Product", "netContent": net, "meta": {"versionNumber": version}});
    json!({
        "facilities": [{"id": "F1", "code": "HC01", "name": "Clinic"}],
        "processingPeriods": [{"id": "p1", "startDate": "2017-03-01", "endDate": "2017-03-31"}],
        "orderables": [product("a", "A", 1, 99), product("a", "A", 2, 10), product("b", "B", 2, 12), product("c", "C", 2, 12)],
        "stockCardLineItemReasons": [{"id": "r1", "name": "Damaged"}],
        "orders": [order],
    })
}

/// The document, in which orders stand behind what they point at.
fn text(document: &Value) -> String {
    let lists = document.as_object().unwrap().iter().filter(|(name, _)| *name != "orders");
    let lists: Vec<String> = lists.map(|(name, list)| format!("\"{name}\":{list},")).collect();
    format!("{{{}\"orders\":{}}}", lists.concat(), document["orders"])
}

fn read(document: &Value) -> Seen {
    seen(Format::OpenlmisRequisitions, None, text(document).as_bytes())
}

#[test]
fn packs_become_units_of_their_version_and_lots_one_line() {
    let seen = read(&document(&order()));
    assert_eq!(
        seen.records,
        [
            "1 HC01 A/order 201703 ordered=300 shipped=280 accepted=260 rejected=20 rejected: Damaged=20 \
             orderedQuantity=30 quantityShipped=28 quantityAccepted=26 quantityRejected=2",
            // Ordered and not in the shipment: nothing is said of it, and nothing is not zero.
            "2 HC01 B/order 201703 ordered=60 orderedQuantity=5",
            "3 HC01 C/order 201703 shipped=48 accepted=missing:blank rejected=0 \
             quantityShipped=4 quantityAccepted=missing:blank quantityRejected=0",
        ]
    );
    assert_eq!(seen.findings, [""; 0]);
}

#[test]
fn goods_on_their_way_are_no_delivery_and_drafts_no_order() {
    let mut way = order();
    way["proofsOfDelivery"][0]["status"] = json!("INITIATED");
    let first = &read(&document(&way)).records[0];
    assert!(first.contains(" shipped=280 accepted=suppressed:status rejected=suppressed:status "), "{first}");
    // A second proof that is confirmed counts, and the first not yet.
    let second = json!({"status": "CONFIRMED", "lineItems": [line("a", "quantityAccepted", json!(3))]});
    way["proofsOfDelivery"].as_array_mut().unwrap().push(second);
    let first = &read(&document(&way)).records[0];
    assert!(first.contains(" accepted=30 ") && !first.contains("rejected"), "{first}");
    for status in ["CREATING", "CANCELLED"] {
        let mut draft = order();
        draft["status"] = json!(status);
        let second = &read(&document(&draft)).records[1];
        assert_eq!(second, "2 HC01 B/order 201703 ordered=suppressed:status orderedQuantity=suppressed:status");
    }
}

#[test]
fn a_pack_of_unknown_size_is_withheld_and_told() {
    let mut unknown = document(&order());
    unknown["orderables"] = json!([{"id": "b", "productCode": "B", "netContent": 12, "meta": {"versionNumber": 2}}]);
    unknown["orders"][0]["shipments"] = json!([]);
    unknown["orders"][0]["proofsOfDelivery"] = json!([]);
    unknown["orders"][0]["orderLineItems"][1]["unitOfOrderable"] = json!({"id": "u"});
    let seen = read(&unknown);
    assert_eq!(
        seen.records,
        [
            "1 HC01 a/order 201703 ordered=suppressed:unit orderedQuantity=30",
            "2 HC01 B/order 201703 ordered=suppressed:unit orderedQuantity=5"
        ]
    );
    assert_eq!(seen.findings, ["1 netContent order-pack-size", "1 netContent order-pack-size"]);
}

#[test]
fn a_bad_part_costs_itself() {
    let mut no_place = order();
    no_place["requestingFacility"] = Value::Null;
    let mut no_period = order();
    no_period["processingPeriod"] = json!({"id": "p9"});
    let mut bad = order();
    bad["orderLineItems"] = json!([{"orderedQuantity": 1}, line("a", "orderedQuantity", json!("3O")), line("b", "orderedQuantity", json!(1e30))]);
    bad["shipments"] = json!("none");
    bad["proofsOfDelivery"] = Value::Null;
    let mut all = document(&bad);
    all["orders"] = json!([no_place, {"id": "listed"}, no_period, bad]);
    let seen = read(&all);
    assert_eq!(
        seen.records,
        [
            "1 HC01 A/order 201703 ordered=missing:not-a-number orderedQuantity=missing:not-a-number",
            "2 HC01 B/order 201703 ordered=missing:not-a-number orderedQuantity=missing:not-a-number"
        ]
    );
    assert_eq!(
        seen.findings,
        [
            "1 requestingFacility missing-org-unit",
            "1 orderLineItems order-without-lines",
            "1 processingPeriod unknown-processing-period",
            "1 orderable missing-item",
            "1 orderedQuantity not-a-number",
            "1 orderedQuantity not-a-number"
        ]
    );
}

#[test]
fn a_page_of_orders_says_what_was_ordered() {
    let mut alone = order();
    for part in ["shipments", "proofsOfDelivery"] {
        alone.as_object_mut().unwrap().remove(part);
    }
    alone["requestingFacility"] = json!({"id": "f1", "code": "HC01", "name": "Clinic"});
    alone["processingPeriod"] = json!({"id": "p1", "startDate": "2017-03-01", "endDate": "2017-03-31"});
    alone["orderLineItems"][0]["orderable"] = json!({"id": "a", "productCode": "A", "netContent": 10});
    let page = json!({"content": [alone], "totalElements": 1}).to_string();
    let seen = seen(Format::OpenlmisRequisitions, None, page.as_bytes());
    assert_eq!(seen.records[0], "1 HC01 A/order 201703 ordered=300 orderedQuantity=30");
}

proptest! {
    #[test]
    fn no_change_to_a_document_makes_a_panic(at in any::<usize>(), byte in any::<u8>(), cut in any::<usize>()) {
        let mut bytes = text(&document(&order())).into_bytes();
        let (place, cut) = (at % bytes.len(), cut % bytes.len());
        bytes[place] = byte;
        seen(Format::OpenlmisRequisitions, None, &bytes);
        seen(Format::OpenlmisRequisitions, None, &bytes[..cut]);
    }

    /// However the packs are divided into lots, their sum stays.
    #[test]
    fn lots_add_up(lots in prop::collection::vec(0u32..10_000, 1..20)) {
        let mut order = order();
        let lines: Vec<Value> = lots.iter().map(|packs| line("a", "quantityShipped", json!(packs))).collect();
        order["shipments"] = json!([{"lineItems": lines}]);
        let sum: u32 = lots.iter().sum();
        let told = format!(" shipped={} ", u64::from(sum) * 10);
        prop_assert!(read(&document(&order)).records[0].contains(&told));
    }
}
