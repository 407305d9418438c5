//! Documents of eLMIS, Logistimo and FHIR.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

mod common;

use std::io::Write;

use common::{Seen, seen};
use mlatho_formats::{Format, resource_about_persons};
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(format: Format, document: &Value) -> Seen {
    seen(format, None, document.to_string().as_bytes())
}

/// The first of March 2017 at midnight in Lusaka, two hours east.
const MARCH: i64 = 1_488_319_200_000;
/// The last second of that March there.
const END_OF_MARCH: i64 = 1_490_997_599_000;

fn elmis() -> Value {
    json!({"requisition": {
        "id": 7, "agentCode": "HF1", "programCode": "ARV", "periodStartDate": MARCH, "periodEndDate": END_OF_MARCH,
        "requisitionStatus": "APPROVED", "emergency": false, "submittedTime": 1_491_343_200_000i64,
        "products": [{
            "productCode": "ARV1", "product": "Product", "beginningBalance": 50, "quantityReceived": 100,
            "quantityDispensed": 100, "totalLossesAndAdjustments": 0, "stockInHand": 50, "stockOutDays": 0,
            "newPatientCount": 5, "normalizedConsumption": 250, "amc": 200, "maxMonthsOfStock": 3,
            "maxStockQuantity": 600, "calculatedOrderQuantity": 550, "quantityRequested": 500,
            "quantityApproved": null, "reportingDays": 30, "dosesPerMonth": 30, "dosesPerDispensingUnit": 1}],
        "regimens": [{"code": "1S3", "patientsOnTreatment": 40, "patientsToInitiateTreatment": 3}],
        "patientQuantifications": [{"category": "Newborn", "total": 2}],
    }})
}

#[test]
fn elmis_lines_regimens_and_dates_of_another_zone() {
    let seen = read(Format::ElmisJson, &elmis());
    // 100 × 30/30 + 5 = 105 plain, 250 by doses: both are the vendor's own. H = 3 × 200, I = 600 − 50.
    assert_eq!(
        seen.records,
        [
            "1 HF1 ARV1 201703 opening_balance=50 received=100 consumed=100 adjustments=0 closing_balance=50 \
          stockout_days=0 new_patients=5 adjusted_consumption_reported=250 amc_reported=200 ordered=500 \
          approved=missing:blank maxStockQuantity=600 calculatedOrderQuantity=550 reportingDays=30 \
          normalizedConsumption recomputed=105 maxStockQuantity recomputed=600 calculatedOrderQuantity recomputed=550",
            "2 HF1 1S3 201703 patientsOnTreatment=40 patientsToInitiateTreatment=3",
            "3 HF1 Newborn 201703 total=2"
        ]
    );
    assert_eq!(seen.findings, [""; 0]);
}

#[test]
fn elmis_periods_by_id_and_drafts_are_withheld() {
    let document = json!({
        "periods": [{"id": 9, "startDate": "2017-01-01", "endDate": "2017-03-31"}],
        "requisitions": [
            {"facilityCode": "HF1", "periodId": 9, "status": "INITIATED", "fullSupplyLineItems": [{"productCode": "A", "stockInHand": 4}]},
            {"facilityCode": "HF1", "periodId": 10, "status": "APPROVED", "fullSupplyLineItems": [{"productCode": "A", "stockInHand": 4}]},
            {"facilityCode": "HF1", "periodId": 9, "status": "APPROVED", "products": [{"productCode": "B", "stockInHand": 4, "skipped": true}]}],
    });
    let seen = read(Format::ElmisJson, &document);
    assert_eq!(
        seen.records,
        ["1 HF1 A 2017Q1 closing_balance=suppressed:status", "3 HF1 B 2017Q1 closing_balance=not-applicable"]
    );
    assert_eq!(seen.findings, ["2 periodId unknown-processing-period"]);
}

#[test]
fn elmis_stock_status_names_facilities_without_code() {
    let line = json!({"reportYear": 2017, "reportMonth": 3, "facilityName": "Clinic", "district": "North",
        "productCode": "A", "product": "Product", "stockInHand": 0, "amc": 0, "mos": 0});
    let mut quarterly = line.clone();
    quarterly["reportMonth"] = Value::Null;
    quarterly["reportQuarter"] = json!(2);
    quarterly["amc"] = json!(10);
    let seen = read(Format::ElmisJson, &json!({"report": [line, quarterly, {"productCode": "A"}]}));
    assert_eq!(
        seen.records,
        [
            "1 Clinic, North A 201703 closing_balance=0 amc_reported=0 mos_reported=missing:blank",
            "2 Clinic, North A 2017Q2 closing_balance=0 amc_reported=10 mos_reported=0"
        ]
    );
    assert_eq!(seen.findings, ["3  missing-org-unit"]);
}

#[test]
fn a_login_page_is_no_data() {
    let seen = seen(Format::ElmisJson, None, b"<!DOCTYPE html><html><body>Login</body></html>");
    assert_eq!((seen.records.len(), seen.findings), (0, vec!["0  broken-json".to_owned()]));
}

fn inventory() -> Value {
    json!({"results": [{"kId": 12, "enm": "Store", "mId": 34, "mnm": "Vaccine", "stk": 0, "astk": 5, "reord": 10,
                        "crm": 12.5, "t": 1_488_319_200_000i64, "be": true}], "size": 1})
}

#[test]
fn logistimo_inventory() {
    let seen = read(Format::LogistimoJson, &inventory());
    assert_eq!(seen.records, ["1 12 34 201702 closing_balance=0 amc_reported=12.5 allocated stock=5 minimum stock=10"]);
    assert_eq!(
        read(Format::LogistimoJson, &json!([{"kId": 1}, {"mId": 2}, {"kId": 1, "mId": 2}])).findings,
        ["1 mId missing-item", "2 kId missing-org-unit", "3 t bad-period"]
    );
}

const TRANSACTIONS: &str = "\
Entity ID,Custom Entity ID,Entity name,Material ID,Material name,Type,Quantity,Opening stock,Closing stock,Time,Actual date
1,HF1,Clinic,9,ORS,Receipt,100,20,120,2017-03-02 10:00,
1,HF1,Clinic,9,ORS,Issue,30,120,90,2017-03-20 10:00,2017-03-19
1,HF1,Clinic,9,ORS,Stock count,85,90,85,2017-03-30 10:00,
1,HF1,Clinic,9,ORS,Discard,5,85,80,2017-03-31 10:00,
2,,Post,9,ORS,Loan,5,85,80,2017-03-31 10:00,
";

#[test]
fn logistimo_transactions_and_the_stock_of_the_month() {
    let seen = seen(Format::LogistimoCsv, None, TRANSACTIONS.as_bytes());
    assert_eq!(
        seen.records,
        [
            "2 HF1 9 201703 received=100",
            "3 HF1 9 201703 issued=30",
            "4 HF1 9 201703 adjustments=-5",
            "5 HF1 9 201703 adjustments=-5",
            "5 HF1 9 201703 opening_balance=20 closing_balance=80"
        ]
    );
    assert_eq!(seen.findings, ["6 type unknown-transaction-type"]);
}

#[test]
fn logistimo_headers_of_another_language_are_asked_for() {
    let export = "Kituo,Dawa,Akiba,Tarehe\n1,9,40,05/03/2017\n";
    assert_eq!(seen(Format::LogistimoCsv, None, export.as_bytes()).findings, ["1 entity_id header-needed"]);
    let layout = r#"
        [period]
        type = "monthly"
        format = "dd/MM/yyyy"
        [logistimo.headers]
        entity_id = "Kituo"
        material_id = "Dawa"
        stock = "Akiba"
        updated = "Tarehe"
    "#;
    assert_eq!(
        seen(Format::LogistimoCsv, Some(layout), export.as_bytes()).records,
        ["2 1 9 201703 closing_balance=40"]
    );
}

fn bundle() -> Value {
    let report = |measure: &str, groups: Value| {
        json!({"fullUrl": "x", "resource": {
        "resourceType": "MeasureReport", "id": "m", "status": "complete", "measure": measure,
        "reporter": {"reference": "Location/hf1"}, "period": {"start": "2017-03-01", "end": "2017-03-31T23:59:59Z"},
        "group": groups}})
    };
    json!({"resourceType": "Bundle", "entry": [
        report("http://lmis/Measure/stock_on_hand", json!([
            {"code": {"text": "ACT"}, "measureScore": {"value": 0}},
            {"code": {"text": "programName"}, "measureScore": {"value": 1}},
            {"code": {"text": "RDT"}}])),
        report("stock_status", json!([{"code": {"coding": [{"code": "ACT"}]}, "measureScore": {"value": 2}}])),
        {"resource": {"resourceType": "Location"}},
        {"resource": {"resourceType": "Patient", "name": "x"}}]})
}

#[test]
fn fhir_measure_reports() {
    let seen = read(Format::FhirMeasureReport, &bundle());
    assert_eq!(
        seen.records,
        [
            "1 hf1 ACT 201703 closing_balance=0",
            "3 hf1 RDT 201703 closing_balance=missing:blank",
            "4 hf1 ACT 201703 stock_status=2"
        ]
    );
    assert_eq!(seen.findings, ["5 resourceType not-a-measure-report"]);
}

#[test]
fn what_may_be_about_persons_is_found_wherever_it_stands() {
    let found = |document: &Value| resource_about_persons(document.to_string().as_bytes()).unwrap();
    assert_eq!(found(&bundle()).as_deref(), Some("Patient"));
    let mut clean = bundle();
    clean["entry"].as_array_mut().unwrap().retain(|entry| entry["resource"]["resourceType"] != "Patient");
    clean["entry"][0]["resource"]["subject"] = json!({"reference": "Location/hf1"});
    assert_eq!(found(&clean), None);
    let mut contained = clean.clone();
    contained["entry"][0]["resource"]["contained"] = json!([{"resourceType": "Practitioner"}]);
    assert_eq!(found(&contained).as_deref(), Some("Practitioner"));
    let mut individual = clean.clone();
    individual["entry"][0]["resource"]["type"] = "individual".into();
    assert_eq!(found(&individual).as_deref(), Some("MeasureReport individual"));
    clean["entry"][0]["resource"]["subject"] = json!({"reference": "https://fhir.example.org/Patient/7"});
    assert_eq!(found(&clean).as_deref(), Some("Patient"));
    for broken in ["no JSON", "{\"resourceType\": \"Bundle\"", "{} {}"] {
        assert!(resource_about_persons(broken.as_bytes()).is_err(), "{broken}");
    }
}

fn seen_text(document: &str) -> Seen {
    seen(Format::DataElementsJson, None, document.as_bytes())
}

fn data_elements() -> Value {
    json!({"description": "March", "values": [
        {"value": 40, "dataElementCode": "ACT_USED", "organizationUnitCode": "HF1", "period": "202603"},
        {"value": "", "dataElementCode": "ACT_USED", "organizationUnitCode": "HF2", "period": "202603"},
        {"value": "4O", "dataElementCode": "ACT_USED", "organizationUnitCode": "HF3", "period": 202_603},
        {"value": 1, "dataElementCode": "ACT_USED", "period": "202603"}]})
}

#[test]
fn data_elements_by_code_and_products_by_letter() {
    let seen = read(Format::DataElementsJson, &data_elements());
    let expected = [
        "1 HF1 ACT_USED 202603 ACT_USED=40",
        "2 HF2 ACT_USED 202603 ACT_USED=missing:blank",
        "3 HF3 ACT_USED 202603 ACT_USED=missing:not-a-number",
    ];
    assert_eq!(seen.records, expected);
    assert_eq!(seen.findings, ["3 value not-a-number", "4 orgUnit missing-org-unit"]);

    let before = json!({"description": "June", "reporting-period": "201906", "facilities": [
        {"facility-code": "HF1", "values": [
            {"product-code": "AL-6-a", "value": 5}, {"product-code": "AL-6-b", "value": "0"},
            {"product-code": "AL-6-d", "value": null}, {"product-code": "AL-6-x", "value": 1}]},
        {"values": [{"product-code": "AL-6-a", "value": 5}]}]});
    let seen = read(Format::DataElementsJson, &before);
    let expected = [
        "1 HF1 AL-6 201906 closing_balance=5",
        "2 HF1 AL-6 201906 consumed=0",
        "3 HF1 AL-6 201906 stockout_days=missing:blank",
    ];
    assert_eq!(seen.records, expected);
    assert_eq!(seen.findings, ["4 product-code missing-item", "5 facility-code missing-org-unit"]);
    // In the order in which such a layer writes it, and without a period.
    let document = before.to_string();
    let (facilities, rest) = document.split_once(",\"reporting-period\"").unwrap();
    let first = format!("{{\"reporting-period\"{},{}}}", rest.trim_end_matches('}'), &facilities[1..]);
    assert_eq!(seen_text(&first).records, expected);
    let without = seen_text(&format!("{facilities}}}"));
    assert_eq!((without.records.len(), without.findings[0].as_str()), (0, "1 reporting-period bad-period"));
    assert_eq!(read(Format::DataElementsJson, &json!({"a": 1})).findings, ["0  no-data-values"]);
}

proptest! {
    /// Valid documents with a byte changed, cut off at any place.
    #[test]
    fn no_change_to_a_document_makes_a_panic(at in any::<usize>(), byte in any::<u8>(), cut in any::<usize>()) {
        for (format, document) in [
            (Format::ElmisJson, elmis().to_string()),
            (Format::LogistimoJson, inventory().to_string()),
            (Format::LogistimoCsv, TRANSACTIONS.to_owned()),
            (Format::FhirMeasureReport, bundle().to_string()),
            (Format::DataElementsJson, data_elements().to_string()),
        ] {
            let mut bytes = document.into_bytes();
            let (place, cut) = (at % bytes.len(), cut % bytes.len());
            bytes[place] = byte;
            let _ = resource_about_persons(&bytes);
            seen(format, None, &bytes);
            seen(format, None, &bytes[..cut]);
        }
    }
}

#[test]
fn what_unpacks_to_far_more_than_itself_is_refused() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"dataelement,period,orgunit,value\nD,202603,A,1\n").unwrap();
    let blank_lines = vec![b'\n'; 1 << 20];
    for _ in 0..201 {
        packed.write_all(&blank_lines).unwrap();
    }
    let bytes = packed.finish().unwrap();
    assert!(bytes.len() < 2 << 20, "201 MB are beyond 100 times their packed size");
    let seen = seen(Format::Dhis2Csv, None, &bytes);
    assert_eq!(seen.records, ["2 A D 202603 D=1"]);
    assert!(matches!(&seen.findings[..], [only] if only.ends_with(" unreadable")), "{:?}", seen.findings);
}
