//! Data value sets that the DHIS2 project tests itself with, in JSON, XML and CSV.

use std::fs;

use mlatho_formats::Format;

use crate::rows::{Rows, read};

/// How many data values a set has, counted in its text.
fn values(format: Format, text: &str) -> usize {
    match format {
        Format::Dhis2Json => text.matches("\"dataElement\"").count(),
        Format::Dhis2Xml => text.matches("<dataValue ").count(),
        _ => {
            text.lines().filter(|line| !line.trim().is_empty() && !line.to_lowercase().contains("dataelement")).count()
        }
    }
}

#[test]
fn every_data_value_of_every_set_is_read() {
    let Some(folder) = crate::data_set("dhis2-fixtures") else { return };
    let mut sets = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let format = match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") if name != "metadata.json" => Format::Dhis2Json,
            Some("xml") => Format::Dhis2Xml,
            Some("csv") => Format::Dhis2Csv,
            _ => continue,
        };
        let text = fs::read_to_string(&path).unwrap();
        let Rows { rows, findings } = read(format, None, fs::File::open(&path).unwrap());
        let told = findings.iter().filter(|finding| finding.code != "not-a-number").count();
        assert_eq!(rows.len() + told, values(format, &text), "{name}: {findings:?}");
        assert!(
            findings.iter().all(|finding| !matches!(finding.code, "unreadable" | "bad-json")),
            "{name}: {findings:?}"
        );
        sets += 1;
    }
    assert_eq!(sets, 24);
}

#[test]
fn a_deleted_value_is_withdrawn_and_no_number() {
    let Some(folder) = crate::data_set("dhis2-fixtures") else { return };
    let Rows { rows, .. } =
        read(Format::Dhis2Xml, None, fs::File::open(folder.join("dataValueSetADeleted.xml")).unwrap());
    assert!(rows.iter().any(|row| row.state == "missing:withdrawn" && row.value.is_empty()), "{rows:?}");
}
