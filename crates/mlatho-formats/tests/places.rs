//! Where records stand in files, byte by byte.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing has failed")]

use mlatho_formats::{Format, place_of};

#[track_caller]
fn at(format: Format, text: &str, position: u64) -> String {
    let place = place_of(format, text.as_bytes(), position).unwrap();
    String::from_utf8(text.as_bytes()[place].to_vec()).unwrap()
}

#[test]
fn rows_are_counted_as_an_editor_does() {
    let text = "site,name,used\r\nS1,\"Two\nlines\",4\r\nS2,Plain,5";
    assert_eq!(at(Format::Csv, text, 1), "site,name,used");
    assert_eq!(at(Format::Csv, text, 2), "S1,\"Two\nlines\",4");
    assert_eq!(at(Format::Csv, text, 4), "S2,Plain,5", "the second line of a row is a line too");
    assert_eq!(place_of(Format::Csv, text.as_bytes(), 4), Some(34..44));
    for beyond in [0, 5, u64::MAX] {
        assert_eq!(place_of(Format::Csv, text.as_bytes(), beyond), None);
    }
}

#[test]
fn elements_of_the_list_are_counted_and_no_others() {
    let text = r#"{"orgUnit": "dataValues", "more": [{"a": [1]}], "dataValues": [ {"value": "1 } ]"}, {"value": {"x": [2]}} ]}"#;
    assert_eq!(at(Format::Dhis2Json, text, 1), r#"{"value": "1 } ]"}"#);
    assert_eq!(at(Format::Dhis2Json, text, 2), r#"{"value": {"x": [2]}}"#);
    assert_eq!(place_of(Format::Dhis2Json, text.as_bytes(), 3), None);
    assert_eq!(at(Format::LogistimoJson, r#"[{"kId": 1}, {"kId": 2}]"#, 2), r#"{"kId": 2}"#);
    assert_eq!(at(Format::LogistimoJson, r#"{"results": [{"q": "\""}, {"kId": 2}]}"#, 2), r#"{"kId": 2}"#);
    // What is cut or no JSON is no panic.
    for cut in 0..text.len() {
        let _ = place_of(Format::Dhis2Json, &text.as_bytes()[..cut], 2);
    }
    assert_eq!(place_of(Format::Dhis2Json, b"]]}}\"\\", 1), None);
}

#[test]
fn elements_of_xml() {
    let text =
        r#"<dataValueSet><dataValues/><dataValue value="1"/><dataValue value="2"><c/></dataValue></dataValueSet>"#;
    assert_eq!(at(Format::Dhis2Xml, text, 1), r#"<dataValue value="1"/>"#);
    assert_eq!(at(Format::Dhis2Xml, text, 2), r#"<dataValue value="2"><c/></dataValue>"#);
    assert_eq!(place_of(Format::Dhis2Xml, text.as_bytes(), 3), None);
    assert_eq!(place_of(Format::Xlsx, text.as_bytes(), 1), None, "a sheet has rows and no bytes");
}
