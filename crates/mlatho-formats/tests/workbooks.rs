//! Tables as people make them: titles above, merged cells, totals, marks and texts among numbers.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

mod common;

use std::fmt::Write;

use common::seen;
use mlatho_formats::{Format, Layout};
use proptest::prelude::*;
use rust_xlsxwriter::{Format as Style, Workbook};

/// A monthly report: facility and month above, two header rows with merged cells, districts merged over their rows.
fn report() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Report").unwrap();
    let plain = Style::new();
    sheet.merge_range(0, 0, 0, 5, "Monthly report of stock", &plain).unwrap();
    sheet.write(1, 0, "Month").unwrap();
    sheet.write(1, 1, "Mar 2026").unwrap();
    sheet.merge_range(3, 0, 4, 0, "District", &plain).unwrap();
    sheet.merge_range(3, 1, 4, 1, "Site", &plain).unwrap();
    sheet.merge_range(3, 2, 3, 3, "ACT", &plain).unwrap();
    sheet.merge_range(3, 4, 3, 5, "RDT", &plain).unwrap();
    sheet.write(4, 6, "Remarks").unwrap();
    for (column, text) in [(2, "Used"), (3, "Left"), (4, "Used"), (5, "Left")] {
        sheet.write(4, column, text).unwrap();
    }
    sheet.merge_range(5, 0, 6, 0, "North", &plain).unwrap();
    for (row, site, numbers) in [(5, "S1", [1, 2, 3, 4]), (6, "S2", [5, 6, 7, 0]), (7, "", [6, 8, 10, 4])] {
        sheet.write(row, 1, site).unwrap();
        for (column, number) in (2..).zip(numbers) {
            sheet.write(row, column, number).unwrap();
        }
    }
    sheet.write(7, 0, "Total").unwrap();
    sheet.write(8, 1, "S3").unwrap();
    sheet.write(8, 2, "Freight included").unwrap();
    sheet.write(8, 3, "S/O").unwrap();
    sheet.write(8, 4, "nil").unwrap();
    sheet.write(8, 5, "N/A").unwrap();
    sheet.write(8, 6, "see Total").unwrap();
    book.save_to_buffer().unwrap()
}

const REPORT: &str = r#"
    shape = "wide-by-item"
    sheet = "Report"
    first_row = 4
    header_rows = 2
    [cells]
    period = "B2"
    [columns]
    org_unit = "Site"
    org_unit_name = "District"
    pattern = "^(?<item>ACT|RDT) . (?<measure>.+)$"
    [period]
    type = "monthly"
    format = "MMM yyyy"
    [[measures]]
    column = "Used"
    measure = "consumed"
    [[measures]]
    column = "Left"
    measure = "closing_balance"
"#;

#[test]
fn a_monthly_report_with_titles_merged_cells_and_totals() {
    let seen = seen(Format::Xlsx, Some(REPORT), &report());
    assert_eq!(
        seen.records,
        [
            "6 S1 ACT 202603 consumed=1 closing_balance=2",
            "6 S1 RDT 202603 consumed=3 closing_balance=4",
            "7 S2 ACT 202603 consumed=5 closing_balance=6",
            "7 S2 RDT 202603 consumed=7 closing_balance=0",
            "9 S3 ACT 202603 consumed=missing:not-a-number closing_balance=0",
            "9 S3 RDT 202603 consumed=0 closing_balance=not-applicable",
        ]
    );
    assert_eq!(seen.findings, ["8  total-among-parts", "9 ACT | Used not-a-number"]);
}

#[test]
fn merged_names_hold_for_all_their_rows_and_merged_numbers_do_not() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, text) in [(0, "site"), (1, "item"), (2, "left")] {
        sheet.write(0, column, text).unwrap();
    }
    sheet.merge_range(1, 0, 2, 0, "1501", &Style::new()).unwrap();
    sheet.merge_range(1, 2, 2, 2, "", &Style::new()).unwrap();
    sheet.write(1, 2, 40).unwrap();
    for (row, item) in [(1, "A"), (2, "B")] {
        sheet.write(row, 1, item).unwrap();
    }
    let layout = r#"
        period = { fixed = "202603" }
        columns = { org_unit = "site", item = "item" }
        measures = [{ column = "left", measure = "closing_balance" }]
    "#;
    assert_eq!(
        seen(Format::Xlsx, Some(layout), &book.save_to_buffer().unwrap()).records,
        ["2 1501 A 202603 closing_balance=40", "3 1501 B 202603 closing_balance=missing:blank"]
    );
}

const LONG: &str = r#"
    period = { fixed = "202603" }
    columns = { org_unit = "site", item = "item" }
    measures = [{ column = "used", measure = "consumed" }]
"#;

#[test]
fn total_rows_are_left_out_unless_they_are_kept() {
    let table = "no,site,item,used\n1,North Clinic,ACT,4\n2,Total Care Clinic,ACT,5\n,TOTAL,ACT,9\nGrand total,,,9\n3,Total for North,ACT,9\n";
    let left = seen(Format::Csv, Some(LONG), table.as_bytes());
    assert_eq!(left.records, ["2 North Clinic ACT 202603 consumed=4", "3 Total Care Clinic ACT 202603 consumed=5"]);
    assert_eq!(left.findings, ["4  total-among-parts", "5  total-among-parts", "6  total-among-parts"]);
    let kept = seen(Format::Csv, Some(&format!("totals = \"keep\"\n{LONG}")), table.as_bytes());
    assert_eq!((kept.records.len(), kept.findings), (4, vec!["5 site missing-org-unit".to_owned()]));
}

#[test]
fn what_stands_above_a_csv_table() {
    let layout = r#"
        first_row = 4
        cells = { org_unit = "B1", period = "B2", status = "C1" }
        columns = { item = "item" }
        measures = [{ column = "used", measure = "consumed" }]
        [period]
        type = "monthly"
        format = "MM/yyyy"
    "#;
    let table = "Facility,HF 1,Final\nMonth,03/2026\n\nitem,used\nACT,4\n";
    assert_eq!(seen(Format::Csv, Some(layout), table.as_bytes()).records, ["5 HF 1 ACT 202603 consumed=4"]);
    let windows = table.replace('\n', "\r\n");
    assert_eq!(seen(Format::Csv, Some(layout), windows.as_bytes()).records, ["5 HF 1 ACT 202603 consumed=4"]);
    let bad = seen(Format::Csv, Some(layout), table.replace("03/2026", "March").as_bytes());
    assert_eq!((bad.records.len(), bad.findings), (0, vec!["2  bad-period".to_owned()]));
}

#[test]
fn bad_cells_and_patterns_are_refused() {
    for text in [
        "cells = { period = \"22\" }",
        "cells = { period = \"B0\" }",
        "cells = { period = \"ABCD1\" }",
        "columns = { item_pattern = \"(\" }",
    ] {
        assert!(Layout::parse(text).is_err(), "{text}");
    }
}

#[test]
fn an_item_is_taken_apart() {
    let layout = r#"
        [columns]
        org_unit = "ou"
        item = "element"
        value = "value"
        item_pattern = "^(?<item>.+)__(?<measure>.+?)(?:_(?<disaggregation>[A-Z]))?$"
        [period]
        fixed = "201701B"
        [[measures]]
        measure = "value"
        [[measures]]
        column = "Closing Balance"
        measure = "closing_balance"
        unit = "pack"
    "#;
    let table = "ou,element,value\nA,ABC__Closing Balance,3\nA,ABC__Quantity Required_F,4\nA,Births,5\n";
    assert_eq!(
        seen(Format::Csv, Some(layout), table.as_bytes()).records,
        ["2 A ABC 201701B closing_balance=3", "3 A ABC/F 201701B Quantity Required=4", "4 A Births 201701B value=5"]
    );
}

const BY_UNIT: &str = r#"
    shape = "wide-by-org-unit"
    [columns]
    period = "month"
    pattern = "^Cases (?<org_unit>.+)$"
    [period]
    type = "monthly"
    [[measures]]
    measure = "cases"
"#;

/// Two zones of three facilities each, and six months.
fn by_unit(zone_error: u64) -> String {
    let mut table = "month,Cases A,Cases B,Cases Z1,Cases C,Cases D,Cases E,Cases Z2,Cases F,note\n".to_owned();
    for month in 1..=6u64 {
        let of = [10, 20, 30, 40, 50, 60].map(|base| base + base * month % 7);
        let (one, two) = (of[0] + of[1] + of[2] + zone_error * month, of[3] + of[4] + of[5]);
        let cells = [of[0], of[1], one, of[2], of[3], of[4], two, of[5]].map(|number| number.to_string());
        writeln!(table, "20260{month},{},x", cells.join(",")).unwrap();
    }
    table
}

#[test]
fn totals_among_the_columns_are_seen_by_their_numbers() {
    let seen = seen(Format::Csv, Some(BY_UNIT), by_unit(0).as_bytes());
    assert_eq!(seen.records.len(), 6 * 6);
    assert!(!seen.records.iter().any(|record| record.contains(" Z")));
    assert_eq!(seen.findings, ["1 Z2 total-among-parts", "1 Z1 total-among-parts"]);
    let keep = format!("totals = \"keep\"\n{BY_UNIT}");
    assert_eq!(self::seen(Format::Csv, Some(&keep), by_unit(0).as_bytes()).records.len(), 6 * 8);
    // What does not add up is no total, and two rows tell nothing.
    assert_eq!(self::seen(Format::Csv, Some(BY_UNIT), by_unit(5).as_bytes()).records.len(), 6 * 8);
    let short: Vec<&str> = by_unit(0).lines().take(3).map(|line| &*line.to_owned().leak()).collect();
    assert_eq!(self::seen(Format::Csv, Some(BY_UNIT), short.join("\n").as_bytes()).records.len(), 2 * 8);
}

#[test]
fn two_columns_of_one_name_are_told_and_kept_apart() {
    let seen = seen(Format::Csv, Some(BY_UNIT), b"month,Cases Dziwe,Cases  dziwe\n202601,4,\n");
    assert_eq!(seen.records, ["2 Dziwe  202601 cases=4", "2 dziwe  202601 cases=missing:blank"]);
    assert_eq!(seen.findings, ["1 Cases  dziwe duplicate-column"]);
}

#[test]
fn a_workbook_that_would_fill_the_memory_is_refused() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    archive.start_file("xl/sharedStrings.xml", options).unwrap();
    let block = vec![b' '; 1 << 20];
    for _ in 0..201 {
        std::io::Write::write_all(&mut archive, &block).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20);
    assert_eq!(seen(Format::Xlsx, Some(REPORT), &bytes).findings, ["0  unreadable"]);
    assert_eq!(seen(Format::Xlsx, Some(REPORT), b"PK").findings, ["0  unreadable"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_change_to_a_workbook_makes_a_panic(at in any::<usize>(), byte in any::<u8>(), cut in any::<usize>()) {
        let mut bytes = report();
        let (place, cut) = (at % bytes.len(), cut % bytes.len());
        bytes[place] = byte;
        seen(Format::Xlsx, Some(REPORT), &bytes);
        seen(Format::Xlsx, Some(REPORT), &bytes[..cut]);
    }

    /// Facilities whose numbers have nothing to do with each other are never taken for totals.
    #[test]
    fn facilities_are_no_totals(rows in prop::collection::vec(prop::array::uniform8(0u32..10_000), 4..20)) {
        let mut table = "month,Cases A,Cases B,Cases C,Cases D,Cases E,Cases F,Cases G,Cases H\n".to_owned();
        for (index, row) in rows.iter().enumerate() {
            let cells: Vec<String> = row.iter().map(u32::to_string).collect();
            writeln!(table, "{},{}", 202_601 + index % 12, cells.join(",")).unwrap();
        }
        prop_assert_eq!(seen(Format::Csv, Some(BY_UNIT), table.as_bytes()).records.len(), rows.len() * 8);
    }
}
