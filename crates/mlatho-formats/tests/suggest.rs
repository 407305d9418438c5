//! Layouts proposed for tables: they must read what they were proposed for.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

mod common;

use std::fmt::Write;
use std::io::Cursor;

use common::{Seen, seen};
use mlatho_formats::{Format, Suggestion, suggest};
use proptest::prelude::*;
use rust_xlsxwriter::{Format as Style, Workbook};

fn suggested(bytes: &[u8]) -> Suggestion {
    suggest("f", Cursor::new(bytes)).unwrap()
}

/// The whole file by the layout that is proposed for it.
fn read_as_suggested(bytes: &[u8]) -> (Suggestion, Seen) {
    let suggestion = suggested(bytes);
    let seen = seen(suggestion.format, Some(&suggestion.layout), bytes);
    (suggestion, seen)
}

fn codes(suggestion: &Suggestion) -> Vec<&str> {
    suggestion.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn a_ledger_with_several_measures() {
    let (suggestion, seen) = read_as_suggested(
        b"Site Code;Product;Month;Opening balance;Quantity received;Used;Stock on hand;Remarks\nS1;ACT;202603;10;5;4;11;ok\nS2;ACT;202603;;5;4;-;\n",
    );
    assert_eq!(
        seen.records,
        [
            "2 S1 ACT 202603 opening_balance=10 received=5 consumed=4 closing_balance=11",
            "3 S2 ACT 202603 opening_balance=missing:blank received=5 consumed=4 closing_balance=missing:blank"
        ]
    );
    assert_eq!((suggestion.rows, suggestion.numbers, suggestion.missing, suggestion.findings.len()), (2, 6, 2, 0));
    let meanings: Vec<&str> = suggestion.columns.iter().map(|column| column.meaning.as_str()).collect();
    assert_eq!(
        meanings,
        ["org_unit", "item", "period", "opening_balance", "received", "consumed", "closing_balance", ""]
    );
    assert_eq!(suggestion.columns[0].example, "S1");
}

#[test]
fn year_and_month_and_french_headers() {
    let (_, seen) = read_as_suggested(
        "annee,mois,code site,produit,quantité reçue,consommée\n2019,2,S1,ACT,5,4\n2019,3,S1,ACT,5,4\n".as_bytes(),
    );
    assert_eq!(seen.records, ["2 S1 ACT 201902 received=5 consumed=4", "3 S1 ACT 201903 received=5 consumed=4"]);
}

#[test]
fn months_in_columns() {
    let (_, seen) = read_as_suggested(b"facility,item,Jan 2026,Feb 2026,Mar 2026\nS1,ACT,4,5,\nS2,ACT,1,2,3\n");
    assert_eq!(
        seen.records[..3],
        ["2 S1 ACT 202601 value=4", "2 S1 ACT 202602 value=5", "2 S1 ACT 202603 value=missing:blank"]
    );
    assert_eq!((seen.records.len(), seen.findings.len()), (6, 0));
}

#[test]
fn org_units_in_columns_with_a_common_beginning() {
    let names = ["Balaka Clinic", "Closed Clinic", "Dedza Clinic", "Mua Hospital", "Zomba Hospital"];
    let mut table = format!("periodid,periodname,periodcode,Cases by RDT {}\n", names.join(",Cases by RDT "));
    for month in 1..=4 {
        writeln!(table, "20260{month},x,20260{month},{month},,2,3,{}", month * 7).unwrap();
    }
    let (suggestion, seen) = read_as_suggested(table.as_bytes());
    assert_eq!(
        seen.records[..2],
        ["2 Balaka Clinic  202601 Cases by RDT=1", "2 Closed Clinic  202601 Cases by RDT=missing:blank"]
    );
    assert_eq!((seen.records.len(), codes(&suggestion)), (20, vec![]));
}

#[test]
fn services_in_columns_and_long_values() {
    let (_, seen) = read_as_suggested(b"district,period,anc_first,births\nNorth,2026Q1,4,5\nSouth,2026Q1,6,7\n");
    assert_eq!(seen.records[..2], ["2 North anc_first 2026Q1 anc_first=4", "2 North births 2026Q1 births=5"]);
    let (_, seen) = read_as_suggested(b"dataelement,period,orgunit,value\nDE1,202603,OU1,7\nDE2,202603,OU1,0\n");
    assert_eq!(seen.records, ["2 OU1 DE1 202603 value=7", "3 OU1 DE2 202603 value=0"]);
}

#[test]
fn items_and_measures_glued_in_one_header() {
    let (_, seen) = read_as_suggested(
        b"district,year,pill_received,iud_received,pill_stock_end,iud_stock_end,iud_women\nNorth,2016,1,2,3,4,5\n",
    );
    assert_eq!(
        seen.records,
        ["2 North pill 2016 received=1 closing_balance=3", "2 North iud 2016 received=2 closing_balance=4 women=5"]
    );
}

#[test]
fn a_workbook_with_titles_and_two_header_rows() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Stock").unwrap();
    let plain = Style::new();
    sheet.merge_range(0, 0, 0, 5, "Monthly report", &plain).unwrap();
    sheet.merge_range(2, 0, 3, 0, "Facility", &plain).unwrap();
    sheet.merge_range(2, 1, 3, 1, "Month", &plain).unwrap();
    sheet.merge_range(2, 2, 2, 3, "ACT", &plain).unwrap();
    sheet.merge_range(2, 4, 2, 5, "RDT", &plain).unwrap();
    for (column, text) in [(2, "Received"), (3, "Used"), (4, "Received"), (5, "Used")] {
        sheet.write(3, column, text).unwrap();
    }
    for (row, site) in [(4, "S1"), (5, "S2")] {
        sheet.write(row, 0, site).unwrap();
        sheet.write(row, 1, "202603").unwrap();
        for column in 2..6 {
            sheet.write(row, column, row * 10 + u32::from(column)).unwrap();
        }
    }
    let (suggestion, seen) = read_as_suggested(&book.save_to_buffer().unwrap());
    assert_eq!(suggestion.format, Format::Xlsx);
    assert_eq!(
        seen.records,
        [
            "5 S1 ACT 202603 received=42 consumed=43",
            "5 S1 RDT 202603 received=44 consumed=45",
            "6 S2 ACT 202603 received=52 consumed=53",
            "6 S2 RDT 202603 received=54 consumed=55"
        ]
    );
}

#[test]
fn what_is_lacking_is_told() {
    let suggestion = suggested(b"name,colour,n\nx,red,4\ny,blue,5\n");
    assert_eq!(codes(&suggestion)[..2], ["suggest-no-org-unit", "suggest-no-period"]);
    assert_eq!(suggest("f", Cursor::new(b"")).unwrap_err().code, "empty-file");
    assert_eq!(suggest("f", Cursor::new(b"one\ntwo\n")).unwrap_err().code, "no-table");
    assert_eq!(suggest("f", Cursor::new(b"PK\x03\x04 no book")).unwrap_err().code, "unreadable");
}

proptest! {
    #[test]
    fn no_bytes_make_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = suggest("f", Cursor::new(&bytes));
    }

    /// Whatever is proposed is a layout that can be read back.
    #[test]
    fn every_proposal_is_a_layout(cells in prop::collection::vec(prop::collection::vec("(site|period|month|year|value|used|202603|Mar 2026|[a-z\"|\\\\ ]{0,6}|[0-9]{1,4}|)", 1..6), 1..8)) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for row in &cells {
            writer.write_record(row).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        if let Ok(suggestion) = suggest("f", Cursor::new(&bytes)) {
            seen(suggestion.format, Some(&suggestion.layout), &bytes);
        }
    }
}
