//! Requisitions of OpenLMIS v3 in their forms, and the figures of their lines.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

mod common;

use common::{Seen, seen};
use mlatho_formats::Format;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A requisition of HC01 for March 2017 with these lines.
fn requisition(status: &str, lines: &Value) -> Value {
    json!({
        "id": "r1", "status": status, "emergency": false, "numberOfMonthsInPeriod": 1,
        "facility": {"id": "f", "code": "HC01", "name": "Clinic"},
        "processingPeriod": {"id": "p", "startDate": "2017-03-01", "endDate": "2017-03-31", "durationInMonths": 1},
        "statusHistory": [{"status": "SUBMITTED", "createdDate": "2017-04-09T10:00:00Z"}],
        "requisitionLineItems": lines,
    })
}

fn orderable(code: &str) -> Value {
    json!({"id": "o", "productCode": code, "fullProductName": "Product", "netContent": 10,
           "packRoundingThreshold": 7, "roundToZero": false, "meta": {"versionNumber": 2}})
}

fn read(document: &Value) -> Seen {
    seen(Format::OpenlmisRequisitions, None, document.to_string().as_bytes())
}

#[test]
fn every_number_and_those_computed_from_them() {
    let line = json!({
        "id": "l1", "orderable": orderable("C100"), "beginningBalance": 0, "totalReceivedQuantity": 200,
        "totalConsumedQuantity": 100, "totalLossesAndAdjustments": -5, "stockOnHand": 95, "totalStockoutDays": 15,
        "adjustedConsumption": 200, "averageConsumption": 105, "previousAdjustedConsumptions": [10],
        "maxPeriodsOfStock": 1.5, "calculatedOrderQuantity": 63, "requestedQuantity": null, "approvedQuantity": 108,
        "packsToShip": 11, "numberOfNewPatientsAdded": null, "remarks": "call someone", "unknownField": {"a": [1]},
    });
    let seen = read(&requisition("APPROVED", &json!([line])));
    // N = 100 × 30/15; P = ⌈(200 + 10)/2⌉; H = 105 × 1.5 = 157.5 half up; I = 158 − 95; packs = 10 and 8 over 7.
    assert_eq!(
        seen.records,
        ["1 HC01 C100 201703 opening_balance=0 received=200 consumed=100 adjustments=-5 closing_balance=95 \
          stockout_days=15 new_patients=missing:blank adjusted_consumption_reported=200 amc_reported=105 \
          ordered=missing:blank approved=108 calculatedOrderQuantity=63 packsToShip=11 \
          adjustedConsumption recomputed=200 averageConsumption recomputed=105 \
          maximumStockQuantity recomputed=158 calculatedOrderQuantity recomputed=63 packsToShip recomputed=11"]
    );
    assert_eq!(seen.findings, [""; 0]);
}

#[test]
fn pages_lists_and_single_requisitions_are_one() {
    let one = requisition("APPROVED", &json!([{"orderable": orderable("A"), "stockOnHand": 3}]));
    let expected = read(&one).records;
    assert_eq!(expected.len(), 1);
    assert_eq!(read(&json!([one])).records, expected);
    assert_eq!(read(&json!({"content": [one], "totalElements": 1, "last": true})).records, expected);
}

#[test]
fn references_are_looked_up_in_their_version() {
    let reference = |version: u64, net: u64| json!({"id": "O1", "productCode": "C100", "netContent": net, "meta": {"versionNumber": version}});
    let document = json!({
        "facilities": [{"id": "F1", "code": "HC01"}],
        "processingPeriods": [{"id": "p", "startDate": [2017, 1, 1], "endDate": [2017, 3, 31]}],
        "orderables": [reference(1, 10), reference(2, 50)],
        "requisitions": [{
            "id": "r", "status": "RELEASED", "facility": {"id": "f1"}, "processingPeriod": {"id": "p"},
            "requisitionLineItems": [
                {"orderable": {"id": "o1", "versionNumber": 2}, "approvedQuantity": 100},
                {"orderable": {"id": "o1", "versionNumber": 1}, "approvedQuantity": 100},
                {"orderable": {"id": "gone", "versionNumber": 1}, "approvedQuantity": 100}]}],
    });
    let seen = read(&document);
    assert_eq!(
        seen.records,
        [
            "1 HC01 C100 2017Q1 approved=100 packsToShip recomputed=2",
            "2 HC01 C100 2017Q1 approved=100 packsToShip recomputed=10",
            "3 HC01 gone 2017Q1 approved=100"
        ]
    );
}

#[test]
fn what_does_not_count_is_no_number() {
    let lines = json!([{"orderable": orderable("A"), "stockOnHand": 0, "requestedQuantity": 5},
                       {"orderable": orderable("B"), "stockOnHand": 0, "skipped": true}]);
    let skipped = "2 HC01 B 201703 closing_balance=not-applicable";
    assert_eq!(
        read(&requisition("SUBMITTED", &lines)).records,
        [
            "1 HC01 A 201703 closing_balance=suppressed:status ordered=suppressed:status \
          packsToShip recomputed=suppressed:status",
            skipped
        ]
    );
    let records = read(&requisition("SKIPPED", &lines)).records;
    assert_eq!(records, ["1 HC01 A 201703 closing_balance=not-applicable ordered=not-applicable", skipped]);
    let mut emergency = requisition("RELEASED", &lines);
    emergency["emergency"] = json!(true);
    assert_eq!(read(&emergency).records, ["1 HC01 A 201703 closing_balance=suppressed:emergency ordered=5", skipped]);
    let submitted = "[requisitions]\npublish_from = \"SUBMITTED\"";
    let text = requisition("SUBMITTED", &lines).to_string();
    let seen = seen(Format::OpenlmisRequisitions, Some(submitted), text.as_bytes());
    assert_eq!(seen.records[0], "1 HC01 A 201703 closing_balance=0 ordered=5 packsToShip recomputed=1");
}

#[test]
fn a_hidden_column_is_not_applicable_and_a_blank_one_missing() {
    let mut requisition = requisition(
        "APPROVED",
        &json!([{"orderable": orderable("A"), "stockOnHand": null, "totalStockoutDays": null}]),
    );
    requisition["template"] =
        json!({"columnsMap": {"stockOnHand": {"isDisplayed": true}, "totalStockoutDays": {"isDisplayed": false}}});
    assert_eq!(
        read(&requisition).records,
        ["1 HC01 A 201703 closing_balance=missing:blank stockout_days=not-applicable"]
    );
}

#[test]
fn adjustments_are_signed_by_their_reason() {
    let line = json!({"orderable": orderable("A"), "stockAdjustments": [
        {"reasonId": "in", "quantity": 15}, {"reasonId": "out", "quantity": 20}, {"reasonId": "other", "quantity": 1}]});
    let mut requisition = requisition("APPROVED", &json!([line]));
    requisition["stockAdjustmentReasons"] = json!([
        {"reasonId": "in", "name": "Transfer In", "reasonType": "CREDIT"},
        {"reasonId": "out", "name": "Expired", "reasonType": "DEBIT"}]);
    let seen = read(&requisition);
    assert_eq!(seen.records, ["1 HC01 A 201703 adjustment: Transfer In=15 adjustment: Expired=-20"]);
    assert_eq!(seen.findings, ["1 stockAdjustments unknown-adjustment-reason"]);
}

#[test]
fn a_bad_part_costs_itself() {
    let mut other =
        requisition("APPROVED", &json!([{"orderable": {}}, {"orderable": orderable("B"), "stockOnHand": "4O"}, 7]));
    let mut no_period = other.clone();
    no_period["processingPeriod"] = json!({"id": "p"});
    let mut no_facility = other.clone();
    no_facility["facility"] = Value::Null;
    other["numberOfMonthsInPeriod"] = json!(3);
    let text = json!([no_period, no_facility, {"id": "x"}, "text", null, other]).to_string();
    let seen = seen(Format::OpenlmisRequisitions, None, text.strip_suffix(']').unwrap().as_bytes());
    assert_eq!(seen.records, ["8 HC01 B 201703 closing_balance=missing:not-a-number"]);
    assert_eq!(
        seen.findings,
        [
            "1 processingPeriod unknown-processing-period",
            "4 facility missing-org-unit",
            "6 requisitionLineItems requisition-without-lines",
            "6 requisitionLineItems requisition-without-lines",
            "6 requisitionLineItems requisition-without-lines",
            "7 numberOfMonthsInPeriod months-disagree",
            "7 orderable missing-item",
            "8 stockOnHand not-a-number",
            "9 orderable missing-item",
            "6  broken-json"
        ]
    );
}

#[test]
fn more_days_out_of_stock_than_there_are_give_no_rate() {
    let line = json!({"orderable": orderable("A"), "totalConsumedQuantity": 12, "totalStockoutDays": 40, "adjustedConsumption": -36});
    let seen = read(&requisition("APPROVED", &json!([line])));
    assert_eq!(
        seen.records,
        ["1 HC01 A 201703 consumed=12 stockout_days=40 adjusted_consumption_reported=-36 \
          adjustedConsumption recomputed=missing:blank"]
    );
    assert_eq!(seen.findings, ["1 totalStockoutDays stockout-days-over-period"]);
}

proptest! {
    #[test]
    fn no_change_to_a_document_makes_a_panic(at in 0usize..900, byte in any::<u8>(), cut in 0usize..900) {
        let line = json!({"orderable": orderable("A"), "stockOnHand": 3, "totalConsumedQuantity": 7, "stockAdjustments": [{"reasonId": "in", "quantity": 1e20}],
                          "totalStockoutDays": 9, "previousAdjustedConsumptions": [1], "maxPeriodsOfStock": 3});
        let mut bytes = requisition("APPROVED", &json!([line, line])).to_string().into_bytes();
        let place = at % bytes.len();
        bytes[place] = byte;
        seen(Format::OpenlmisRequisitions, None, &bytes);
        seen(Format::OpenlmisRequisitions, None, &bytes[..cut.min(bytes.len())]);
    }

    #[test]
    fn no_numbers_overflow(numbers in prop::collection::vec(prop_oneof![any::<i64>().prop_map(|n| json!(n)), any::<u64>().prop_map(|n| json!(n)), any::<f64>().prop_map(|n| json!(n))], 8)) {
        let names = ["totalConsumedQuantity", "totalStockoutDays", "additionalQuantityRequired", "adjustedConsumption",
                     "averageConsumption", "maxPeriodsOfStock", "stockOnHand", "approvedQuantity"];
        let mut line = json!({"orderable": orderable("A"), "previousAdjustedConsumptions": [numbers[0]]});
        for (name, number) in names.iter().zip(&numbers) {
            line[name] = number.clone();
        }
        let mut requisition = requisition("APPROVED", &json!([line]));
        requisition["numberOfMonthsInPeriod"] = numbers[7].clone();
        prop_assert_eq!(read(&requisition).records.len(), 1);
    }
}
