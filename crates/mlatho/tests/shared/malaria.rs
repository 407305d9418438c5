//! Malaria reports: a DHIS2 pivot of Malawi with units in 972 columns, and a long table of Lao PDR.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

use mlatho_formats::Format;
use mlatho_model::Decimal;

use crate::rows::{Rows, read};

const PIVOT: &str = r#"
shape = "wide-by-org-unit"
[columns]
period = "periodcode"
pattern = "^(?<item>NMCP OPD Confirmed Malaria Cases Through [A-Za-z]+) (?<org_unit>.+)$"
[period]
type = "monthly"
[[measures]]
measure = "cases"
"#;

/// The numbers of a table by month, zones and all, in plain Rust.
fn by_month(folder: &std::path::Path, name: &str) -> (Vec<String>, BTreeMap<String, Vec<Option<Decimal>>>) {
    let mut reader = csv::Reader::from_path(folder.join(name)).unwrap();
    let header = reader.headers().unwrap().iter().skip(4).map(Into::into).collect();
    let months = reader.records().map(|record| {
        let record = record.unwrap();
        let numbers = record.iter().skip(4).map(|cell| cell.trim().parse::<Decimal>().ok());
        (record[2].to_owned(), numbers.collect())
    });
    (header, months.collect())
}

#[test]
fn zones_are_totals_twins_are_told_and_blanks_are_missing() {
    let Some(folder) = crate::data_set("malawi-malaria") else { return };
    let (header, months) = by_month(&folder, "rdt_2015_2020.csv");
    assert_eq!((header.len(), months.len()), (972, 72));
    let Rows { rows, findings } = read(Format::Csv, Some(PIVOT), File::open(folder.join("rdt_2015_2020.csv")).unwrap());

    let zones: Vec<usize> = (0..972).filter(|at| header[*at].ends_with(" Zone")).collect();
    let names: BTreeSet<String> = zones.iter().map(|at| header[*at].rsplit(" RDT ").next().unwrap().into()).collect();
    let told = |code: &'static str| findings.iter().filter(move |finding| finding.code == code);
    let totals: BTreeSet<String> = told("total-among-parts").map(|finding| finding.place.column.to_string()).collect();
    assert_eq!((zones.len(), totals), (5, names));
    assert_eq!(told("duplicate-column").count(), 3);
    assert_eq!(findings.len(), 5 + 3);

    // Every other cell comes out, once, and the sums of the months are those of the facilities.
    assert_eq!(rows.len(), (972 - 5) * 72);
    for (month, numbers) in &months {
        let facilities = (0..972).filter(|at| !zones.contains(at)).map(|at| numbers[at]);
        let of_month: Vec<_> = rows.iter().filter(|row| row.period == *month).collect();
        let sum: Decimal = of_month.iter().filter_map(|row| row.value.parse::<Decimal>().ok()).sum();
        assert_eq!(sum, facilities.clone().flatten().sum::<Decimal>(), "{month}");
        let blank = of_month.iter().filter(|row| row.state == "missing:blank").count();
        assert_eq!(blank, facilities.filter(Option::is_none).count(), "{month}");
    }
    let reported = rows.iter().filter(|row| row.state == "reported").map(|row| row.org_unit.as_str());
    let reporting: BTreeSet<&str> = reported.collect();
    let all: BTreeSet<&str> = rows.iter().map(|row| row.org_unit.as_str()).collect();
    assert!(all.contains("Kanjedza Police  Clinic"), "leading blanks go");
    assert!(all.len() - reporting.len() > 200, "units that never report are there, without a number");
}

#[test]
fn the_zones_of_the_microscopy_table_are_totals_too() {
    let Some(folder) = crate::data_set("malawi-malaria") else { return };
    let file = File::open(folder.join("microscopy_2015_2020.csv")).unwrap();
    let Rows { findings, .. } = read(Format::Csv, Some(PIVOT), file);
    let totals = findings.iter().filter(|finding| finding.code == "total-among-parts");
    assert!(totals.clone().all(|finding| finding.place.column.ends_with(" Zone")));
    assert_eq!(totals.count(), 5);
}

const LONG: &str = r#"
[columns]
org_unit = "orgUnit"
org_unit_name = "orgUnitName"
item = "dataElementName"
period = "period"
value = "value"
status = "level"
item_pattern = "^MAL - (?<item>RDT) (?<measure>stock out days)_default$"
[period]
type = "monthly"
[[measures]]
column = "stock out days"
measure = "stockout_days"
unit = "day"
[[measures]]
measure = "cases"
"#;

#[test]
fn twelve_provinces_with_stock_out_days_as_a_logistics_measure() {
    let Some(folder) = crate::data_set("lao-malaria") else { return };
    let Rows { rows, findings } = read(Format::Csv, Some(LONG), File::open(folder.join("lao_open.csv.gz")).unwrap());
    assert_eq!((rows.len(), findings.len()), (351_749, 0));
    let mut raw =
        csv::Reader::from_reader(flate2::read::GzDecoder::new(File::open(folder.join("lao_open.csv.gz")).unwrap()));
    let provinces_of: BTreeMap<String, String> =
        raw.records().map(Result::unwrap).map(|row| (row[0].to_owned(), row[3].to_owned())).collect();
    let provinces: BTreeSet<&str> = rows.iter().map(|row| provinces_of[&row.org_unit].as_str()).collect();
    assert_eq!(provinces.len(), 12);
    let days: Vec<_> = rows.iter().filter(|row| row.measure == "stockout_days").collect();
    assert_eq!(days.len(), 6_718);
    assert!(days.iter().all(|row| row.item == "RDT" && row.period.as_str() >= "202403"));
    assert!(!rows.iter().any(|row| row.item.contains("stock out days")));
}

const DELIVERIES: &str = r#"
[columns]
org_unit = "Country"
item = "Molecule/Test Type"
[period]
fixed = "2015"
[[measures]]
column = "Freight Cost (USD)"
measure = "freight"
"#;

#[test]
fn texts_among_numbers_are_missing_numbers() {
    let Some(folder) = crate::data_set("scms-delivery-history") else { return };
    let file = File::open(folder.join("SCMS_Delivery_History_Dataset.csv.gz")).unwrap();
    let Rows { rows, findings } = read(Format::Csv, Some(DELIVERIES), file);
    assert_eq!(rows.len(), 10_324);
    let texts = rows.iter().filter(|row| row.state == "missing:not-a-number").count();
    assert_eq!(texts, findings.iter().filter(|finding| finding.code == "not-a-number").count());
    assert_eq!(texts * 100 / rows.len(), 39, "two of five cells hold a text");
}

#[test]
fn a_proposed_layout_reads_the_tables() {
    for (set, file, numbers) in [
        ("uganda-malaria", "uganda_open.csv", 5_252 * 6),
        ("malawi-malaria", "rdt_2015_2020.csv", 45_800),
        ("lao-malaria", "lao_open.csv.gz", 351_749),
    ] {
        let Some(folder) = crate::data_set(set) else { continue };
        let path = folder.join(file);
        let suggestion = mlatho_formats::suggest(file, File::open(&path).unwrap()).unwrap();
        let Rows { rows, .. } = read(suggestion.format, Some(&suggestion.layout), File::open(&path).unwrap());
        assert_eq!(rows.iter().filter(|row| row.state == "reported").count(), numbers, "{file}: {}", suggestion.layout);
    }
}
