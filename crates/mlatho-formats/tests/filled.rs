//! Tables that go out as workbooks and come back filled in.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use std::io::{Cursor, Read, Write};

use calamine::{Data, Reader, Xlsx};
use jiff::civil::date;
use mlatho_formats::workbook::{Column, Form, Notes, Sheet, Table, TableRow, read_tables, write_workbook};
use mlatho_model::Finding;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

const COLUMNS: [Column; 4] = [
    Column { name: "code", width: 10, form: Form::Text, to_fill: false },
    Column { name: "records", width: 8, form: Form::Number, to_fill: false },
    Column { name: "verdict", width: 8, form: Form::Choice(&["accept", "reject"]), to_fill: true },
    Column { name: "share", width: 8, form: Form::Text, to_fill: true },
];
const NEEDED: [&str; 3] = ["code", "verdict", "share"];

fn written(rows: &[[&str; 4]]) -> Vec<u8> {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
    let sheet = Sheet { name: "Links", columns: &COLUMNS, rows: &rows, held: 1 };
    let notes = [["About".to_owned(), "=what it is".to_owned()]];
    let mut bytes = Vec::new();
    let made = date(2026, 11, 29).at(13, 5, 0, 0);
    write_workbook(&mut bytes, &sheet, &Notes { name: "Read me", rows: &notes }, made).unwrap();
    bytes
}

fn read(bytes: &[u8]) -> (Vec<Table>, Vec<Finding>) {
    read_tables("sheet.xlsx", Cursor::new(bytes), &NEEDED).unwrap()
}

/// Sheet, row, code, verdict and share.
fn seen(tables: &[Table]) -> Vec<String> {
    let rows = tables.iter().flat_map(|table| table.rows().map(move |row| (table, row)));
    let cells = |(table, row): (&Table, TableRow<'_>)| {
        format!("{} {} {}", table.sheet, row.number, NEEDED.map(|column| row.cell(column)).join("|"))
    };
    rows.map(cells).collect()
}

#[test]
fn texts_stay_texts_and_numbers_are_numbers() {
    let bytes = written(&[["007", "12", "", "1/3"], ["=1+1", "many", "", ""], ["+254", "0.5", "", "2026-01-01"]]);
    let mut book = Xlsx::new(Cursor::new(&bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["Links", "Read me"]);
    let range = book.worksheet_range("Links").unwrap();
    let cell = |row, column| range.get((row, column)).unwrap().clone();
    assert_eq!((cell(1, 0), cell(1, 1)), (Data::String("007".into()), Data::Float(12.0)));
    assert_eq!((cell(1, 3), cell(2, 0)), (Data::String("1/3".into()), Data::String("=1+1".into())));
    assert_eq!((cell(2, 1), cell(3, 0)), (Data::String("many".into()), Data::String("+254".into())));
    for sheet in ["Links", "Read me"] {
        assert!(book.worksheet_formula(sheet).unwrap().is_empty(), "{sheet} has a formula");
    }
    assert_eq!(seen(&read(&bytes).0), ["Links 2 007||1/3", "Links 3 =1+1||", "Links 4 +254||2026-01-01"]);
}

#[test]
fn a_sheet_is_made_for_filling_in() {
    let bytes = written(&[["S1", "3", "", ""], ["S2", "1", "", ""]]);
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        parts.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("xSplit=\"1\" ySplit=\"1\""), "{sheet}");
    assert!(sheet.contains("<autoFilter ref=\"A1:D3\""), "{sheet}");
    assert!(sheet.contains("sqref=\"C2:C3\"><formula1>\"accept,reject\"</formula1>"), "{sheet}");
    assert!(part("docProps/core.xml").contains("2026-11-29T13:05:00Z"));
}

#[test]
fn a_sheet_without_rows_is_still_a_table() {
    let (tables, findings) = read(&written(&[]));
    assert_eq!((tables.len(), seen(&tables), findings), (1, vec![], vec![]));
}

/// Renamed, with a title, its columns moved and one added, its rows sorted and one blank between them; a second sheet
/// has a part of the rows, a third something else.
#[test]
fn what_people_do_to_sheets_does_no_harm() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Kasolwe").unwrap();
    sheet.write(0, 1, "District of Amuka").unwrap();
    for (column, name) in [(1, "share"), (2, "remarks"), (3, " verdict "), (5, "code")] {
        sheet.write(2, column, name).unwrap();
    }
    sheet.write(3, 5, "S2").unwrap();
    sheet.write(3, 1, 0.5).unwrap();
    sheet.write(3, 3, "accept").unwrap();
    sheet.write(5, 5, 7).unwrap();
    sheet.write(5, 2, "asked the officer").unwrap();
    let other = book.add_worksheet().set_name("Vanzi").unwrap();
    for (column, name) in (0..).zip(NEEDED) {
        other.write(0, column, name).unwrap();
    }
    other.write(1, 0, "S3").unwrap();
    book.add_worksheet().set_name("Notes").unwrap().write(0, 0, "call back").unwrap();
    let (tables, findings) = read(&book.save_to_buffer().unwrap());
    assert_eq!(seen(&tables), ["Kasolwe 4 S2|accept|0.5", "Kasolwe 6 7||", "Vanzi 2 S3||"]);
    assert_eq!(findings, []);
}

#[test]
fn days_numbers_and_formulas_read_as_a_person_sees_them() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(NEEDED) {
        sheet.write(0, column, name).unwrap();
    }
    let day = Format::new().set_num_format("d-mmm");
    sheet.write_with_format(1, 0, ExcelDateTime::from_ymd(2026, 3, 1).unwrap(), &day).unwrap();
    sheet.write(1, 1, Formula::new("IF(TRUE,\"accept\",\"\")").set_result("accept")).unwrap();
    sheet.write(1, 2, 30).unwrap();
    sheet.write(2, 0, true).unwrap();
    sheet.write(2, 1, Formula::new("C3&\"\"").set_result(" ")).unwrap();
    sheet.write(3, 1, Formula::new("B2")).unwrap();
    // Some programs leave the working out to the one that opens the file.
    let bytes = without_results(&book.save_to_buffer().unwrap());
    assert_eq!(seen(&read(&bytes).0), ["Sheet1 2 2026-03-01|accept|30", "Sheet1 3 true||", "Sheet1 4 |=B2|"]);
}

/// The workbook without the zeros that stand for results.
fn without_results(bytes: &[u8]) -> Vec<u8> {
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut changed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..parts.len() {
        let mut text = String::new();
        let mut part = parts.by_index(at).unwrap();
        part.read_to_string(&mut text).unwrap();
        let name = part.name().unwrap().into_owned();
        changed.start_file(&*name, zip::write::SimpleFileOptions::default()).unwrap();
        let from = "<f>B2</f><v>0</v>";
        assert!(!name.ends_with("sheet1.xml") || text.contains(from), "{text}");
        changed.write_all(text.replace(from, "<f>B2</f>").as_bytes()).unwrap();
    }
    changed.finish().unwrap().into_inner()
}

#[test]
fn a_lacking_column_is_told_with_what_was_found() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(1, 0, "code").unwrap();
    sheet.write(1, 1, "remarks").unwrap();
    let (tables, findings) = read(&book.save_to_buffer().unwrap());
    assert_eq!(tables, []);
    let told = Finding::error("missing-column").in_file("sheet.xlsx").at(2, "verdict");
    assert_eq!(findings, [told.with("column", "verdict").with("found", "code, remarks")]);
}

#[test]
fn a_csv_file_is_a_table_too() {
    let (tables, findings) = read(b"\xef\xbb\xbfverdict;share;code\r\naccept; 1/3;S1\r\n");
    assert_eq!((seen(&tables), findings), (vec![" 2 S1|accept|1/3".into()], vec![]));
    let (tables, findings) = read(b"");
    assert_eq!((tables.len(), findings[0].code), (0, "missing-column"));
}

#[test]
fn a_damaged_workbook_is_a_finding() {
    let bytes = written(&[["S1", "3", "accept", ""]]);
    for length in [4, 30, bytes.len() / 2, bytes.len() - 10] {
        let (tables, findings) = read(&bytes[..length]);
        assert_eq!((tables.len(), findings.len()), (0, 1), "{length}");
        assert_eq!(findings[0].code, "unreadable");
    }
}
