//! DHIS2 data value sets in their four forms, in and out.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

mod common;

use common::seen;
use mlatho_formats::dhis2::{AdxWriter, CsvWriter, DataValue, JsonWriter};
use mlatho_formats::{Format, Layout};
use mlatho_model::{Period, PeriodType};
use proptest::prelude::*;

#[test]
fn json_with_shared_fields_numbers_and_deletions() {
    let set = br#"{"dataSet":"ds","period":"202603","orgUnit":"OU1","dataValues":[
        {"dataElement":"DE1","value":"10","unknown":{"a":[1]}},
        {"dataElement":"DE1","value":10.5,"period":"2026Q1","orgUnit":"OU2","categoryOptionCombo":"C"},
        {"dataElement":"DE2","value":null,"attributeOptionCombo":"A","categoryOptionCombo":"C"},
        {"dataElement":"DE2","value":"7","deleted":true},
        {"value":"7"},
        {"dataElement":"DE3","value":"yes"}]}"#;
    let seen = seen(Format::Dhis2Json, None, set);
    assert_eq!(
        seen.records,
        [
            "1 OU1 DE1 202603 DE1=10",
            "2 OU2 DE1/C 2026Q1 DE1=10.5",
            "3 OU1 DE2/C/A 202603 DE2=missing:blank",
            "4 OU1 DE2 202603 DE2=missing:withdrawn",
            "6 OU1 DE3 202603 DE3=missing:not-a-number",
        ]
    );
    assert_eq!(seen.findings, ["5 dataElement missing-data-element", "6 value not-a-number"]);
}

/// DHIS2 as an LMIS: the measure stands in the category option combo, in the name of the element, or in a table.
#[test]
fn elements_stand_for_measures_of_items() {
    let layout = r#"
        [columns]
        item_pattern = "^(?<item>.+)__(?<measure>.+)$"
        [[measures]]
        column = "ART & PMTCT Consumption"
        measure = "consumed"
        [[elements]]
        category = "COC1"
        measure = "closing_balance"
        unit = "pack"
        [[elements]]
        element = "UID1"
        item = "TLD"
        measure = "stockout_days"
        [[elements]]
        element = "UID1"
        category = "COC2"
        item = "TLD"
        measure = "received"
    "#;
    let set = br#"{"period":"201701B","orgUnit":"OU","dataValues":[
        {"dataElement":"TLE","categoryOptionCombo":"COC1","attributeOptionCombo":"A","value":"0"},
        {"dataElement":"UID1","categoryOptionCombo":"F","value":"3"},
        {"dataElement":"UID1","categoryOptionCombo":"COC2","value":"40"},
        {"dataElement":"ABC__ART & PMTCT Consumption","value":"7"},
        {"dataElement":"Births","categoryOptionCombo":"F","value":"9"}]}"#;
    assert_eq!(
        seen(Format::Dhis2Json, Some(layout), set).records,
        [
            "1 OU TLE/A 201701B closing_balance=0",
            "2 OU TLD/F 201701B stockout_days=3",
            "3 OU TLD 201701B received=40",
            "4 OU ABC 201701B consumed=7",
            "5 OU Births/F 201701B Births=9",
        ]
    );
    let entry = "[[elements]]\nmeasure = \"consumed\"\n";
    assert!(Layout::parse(entry).unwrap_err().reason.contains("needs element, category or both"));
    let twice = format!("{entry}element = \"A\"\n").repeat(2);
    assert!(Layout::parse(&twice).unwrap_err().reason.contains("two entries for A"));
}

#[test]
fn cut_json_keeps_what_came() {
    let seen = seen(
        Format::Dhis2Json,
        None,
        br#"{"dataValues":[{"dataElement":"D","period":"2026","orgUnit":"O","value":"1"},{"dataEl"#,
    );
    assert_eq!(seen.records, ["1 O D 2026 D=1"]);
    assert_eq!(seen.findings, ["1  bad-json"]);
}

#[test]
fn csv_by_position_and_by_name() {
    let by_position = b"\"DE\",\"202603\",\"OU\",\"C\",\"\",\"5\",\"john\",\"2012-01-01\",\"note\",\"false\"\n";
    assert_eq!(seen(Format::Dhis2Csv, None, by_position).records, ["1 OU DE/C 202603 DE=5"]);
    let by_name = b"value,orgunit,period,dataelement\n5,OU,202603,DE\n";
    assert_eq!(seen(Format::Dhis2Csv, None, by_name).records, ["2 OU DE 202603 DE=5"]);
}

#[test]
fn xml_with_a_namespace() {
    let set = br#"<?xml version="1.0"?><d:dataValueSet xmlns:d="http://dhis2.org/schema/dxf/2.0" period="202603" orgUnit="O&amp;U">
        <d:dataValue dataElement="DE" value="5"/><d:dataValue dataElement="DE" period="2026" orgUnit="B" value="6" deleted="true"></d:dataValue></d:dataValueSet>"#;
    assert_eq!(seen(Format::Dhis2Xml, None, set).records, ["1 O&U DE 202603 DE=5", "2 B DE 2026 DE=missing:withdrawn"]);
}

#[test]
fn adx_with_categories_and_annotation() {
    let set = br#"<adx xmlns="urn:ihe:qrph:adx:2015"><group orgUnit="OU" period="2026-01-01/P3M" dataSet="DS">
        <dataValue dataElement="DE" value="5" sex="F" age="1"/>
        <dataValue dataElement="DE" value="6"><annotation>a &lt; b</annotation></dataValue></group>
        <group orgUnit="OU" period="2026-02-01/P7D"><dataValue dataElement="DE" value="7"/></group></adx>"#;
    assert_eq!(
        seen(Format::Adx, None, set).records,
        ["1 OU DE/age=1;sex=F 2026Q1 DE=5", "2 OU DE 2026Q1 DE=6", "3 OU DE 2026SunW5 DE=7"]
    );
}

#[test]
fn csv_and_adx_refuse_what_they_cannot_say() {
    let period: Period = "2026NovQ1".parse().unwrap();
    let mut value = DataValue {
        data_element: "DE",
        category_option_combo: "",
        attribute_option_combo: "",
        org_unit: "OU",
        period,
        value: "1",
        comment: "",
        follow_up: false,
        deleted: false,
    };
    assert!(AdxWriter::new("DS").push(&value).is_err());
    value.deleted = true;
    assert!(CsvWriter::new(Vec::new()).unwrap().push(&value).is_err());
}

proptest! {
    /// What is written is read back: any texts, any period that the form can say.
    #[test]
    fn written_sets_read_back(
        texts in prop::collection::vec(("[A-Za-z0-9 &<>\"'\\\\,é]{1,12}", -1_000_000i64..1_000_000, 0usize..23, 0i64..20_000), 1..20),
    ) {
        let mut expected = Vec::new();
        let mut json = JsonWriter::new("");
        let mut csv = CsvWriter::new(Vec::new()).unwrap();
        let mut adx = AdxWriter::new("DS");
        for (index, (text, number, kind, day)) in texts.iter().enumerate() {
            let kind = PeriodType::ALL[*kind];
            let day = jiff::civil::date(2000, 1, 1).checked_add(jiff::Span::new().days(*day)).unwrap();
            let period = Period::containing(kind, day).unwrap();
            let (data_element, number) = (format!("D{index}{}", text.trim()), number.to_string());
            let value = DataValue {
                data_element: &data_element, category_option_combo: "C", attribute_option_combo: "", org_unit: "O",
                period, value: &number, comment: text, follow_up: false, deleted: false,
            };
            json.push(&value);
            csv.push(&value).unwrap();
            let in_adx = adx.push(&value).is_ok();
            expected.push((format!("O {data_element}/C {period} {data_element}={number}"), in_adx));
        }
        let csv_bytes = csv.into_inner().unwrap();
        let mut adx_bytes = Vec::new();
        adx.finish(&mut adx_bytes).unwrap();
        let without_position = |lines: Vec<String>| {
            let mut lines: Vec<String> =
                lines.into_iter().map(|line| line.split_once(' ').map(|(_, rest)| rest.to_owned()).unwrap()).collect();
            lines.sort();
            lines
        };
        let mut all: Vec<String> = expected.iter().map(|(line, _)| line.clone()).collect();
        all.sort();
        let mut in_adx: Vec<String> = expected.into_iter().filter(|(_, ok)| *ok).map(|(line, _)| line).collect();
        in_adx.sort();
        prop_assert_eq!(without_position(seen(Format::Dhis2Json, None, &json.finish()).records), all.clone());
        prop_assert_eq!(without_position(seen(Format::Dhis2Csv, None, &csv_bytes).records), all);
        prop_assert_eq!(without_position(seen(Format::Adx, None, &adx_bytes).records), in_adx);
    }
}
