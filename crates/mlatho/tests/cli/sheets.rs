//! Workbooks that go out to be filled in and come back.

use calamine::{Data, Reader, Xlsx, open_workbook};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::reviewing::{codes, counting, decide, run, world};
use crate::world::World;

/// The first sheet of a workbook: its header, and its rows.
fn sheet(world: &World, name: &str) -> (Vec<String>, Vec<Vec<Data>>) {
    let mut book: Xlsx<_> = open_workbook(world.path(name)).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let mut rows = range.rows().map(<[Data]>::to_vec);
    let header = rows.next().unwrap().iter().map(ToString::to_string).collect();
    (header, rows.collect())
}

/// Saves a sheet as an office program would, under another name of the sheet and with its columns turned round.
fn save(world: &World, name: &str, header: &[String], rows: &[Vec<Data>]) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Sheet1").unwrap();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    for (to, from) in (0..).zip((0..header.len()).rev()) {
        sheet.write(0, to, &header[from]).unwrap();
        for (row, cells) in (1..).zip(rows) {
            match &cells[from] {
                Data::Float(number) => _ = sheet.write(row, to, *number).unwrap(),
                Data::DateTimeIso(text) => {
                    let parts: Vec<u16> = text.split('-').map(|part| part.parse().unwrap()).collect();
                    let (month, date) = (u8::try_from(parts[1]).unwrap(), u8::try_from(parts[2]).unwrap());
                    let date = ExcelDateTime::from_ymd(parts[0], month, date).unwrap();
                    sheet.write_with_format(row, to, &date, &day).unwrap();
                }
                Data::Empty => {}
                other => _ = sheet.write(row, to, other.to_string()).unwrap(),
            }
        }
    }
    world.write(name, book.save_to_buffer().unwrap());
}

fn text(text: &str) -> Data {
    Data::String(text.into())
}

#[test]
fn a_workbook_goes_out_and_comes_back() {
    let world = world();
    assert_eq!(run(&world, ["review", "links", "--out", "sheet.xlsx", "--quiet"]).code, 0);
    let (header, mut rows) = sheet(&world, "sheet.xlsx");
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let known = rows.iter().find(|row| row[at("source_id")] == text("S1")).unwrap();
    assert_eq!((&known[at("records")], &known[at("rank")]), (&Data::Float(3.0), &Data::Float(1.0)));
    // Sorted by code, what nobody fills in deleted.
    rows.sort_by_key(|row| row[at("source_id")].to_string());
    rows.retain(|row| row[at("rank")] == Data::Float(1.0));
    for row in &mut rows {
        row[at("reason")] = text("seen on the map");
        match row[at("source_id")].to_string().as_str() {
            "S1" => {
                row[at("verdict")] = text("accept");
                row[at("valid_from")] = Data::DateTimeIso("2026-02-01".into());
            }
            "S2" => row[at("verdict")] = text("perhaps"),
            "S3" => row[at("verdict")] = text("none"),
            _ => {
                row[at("verdict")] = text("accept");
                row[at("factor")] = Data::Float(540.0);
            }
        }
    }
    save(&world, "filled.xlsx", &header, &rows);
    let ran = decide(&world, ["take", "filled.xlsx", "--by", "District officer"]);
    assert_eq!(ran.code, 1);
    // The rows are D7, S1, S2 and S3 below the header.
    assert!(ran.messages.contains("filled.xlsx, row 4, column verdict"), "{}", ran.messages);
    assert!(ran.messages.contains("[sheet-cell]"), "{}", ran.messages);
    let kept = world.read("p/mappings/decisions.csv");
    assert_eq!(kept.lines().count(), 4, "{kept}");
    assert!(kept.contains(",540,,,,seen on the map"), "{kept}");
    assert!(kept.contains(",2026-02-01,,seen on the map"), "{kept}");
    assert_eq!(run(&world, ["run"]).code, 0);
    // From February on only.
    assert_eq!(counting(&world), "org_unit,item,period,value\nOU1,P1,202602,2700.0\nOU1,P1,202603,2700.0\n");
}

#[test]
fn what_an_office_program_does_to_codes_is_told() {
    let world = world();
    let inbox = world.read("p/inbox/a.csv").replace("S2,", "007,").replace("S3,", "1/3,");
    world.write("p/inbox/b.csv", inbox);
    assert_eq!(run(&world, ["run", "--quiet"]).code, 0);
    assert_eq!(run(&world, ["review", "links", "--kind", "org-unit", "--out", "sheet.xlsx", "--quiet"]).code, 0);
    let (header, mut rows) = sheet(&world, "sheet.xlsx");
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    for code in ["007", "1/3"] {
        assert!(rows.iter().any(|row| row[at("source_id")] == text(code)), "{code}");
    }
    rows.retain(|row| row[at("rank")] == Data::Float(1.0));
    for row in &mut rows {
        (row[at("verdict")], row[at("reason")]) = (text("none"), text("a store"));
        match row[at("source_id")].to_string().as_str() {
            "007" => row[at("source_id")] = Data::Float(7.0),
            "1/3" => row[at("source_id")] = Data::DateTimeIso("2026-03-01".into()),
            _ => row[at("verdict")] = Data::Empty,
        }
    }
    save(&world, "filled.xlsx", &header, &rows);
    let ran = decide(&world, ["take", "filled.xlsx"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.messages.matches("[sheet-changed]").count(), 2, "{}", ran.messages);
    assert!(!world.path("p/mappings/decisions.csv").exists());
}

#[test]
fn a_share_typed_into_the_workbook_stays_a_share() {
    let world = world();
    assert_eq!(run(&world, ["review", "links", "--kind", "org-unit", "--out", "sheet.xlsx", "--quiet"]).code, 0);
    let (header, mut rows) = sheet(&world, "sheet.xlsx");
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let row = rows.iter_mut().find(|row| row[at("source_id")] == text("S1")).unwrap();
    (row[at("verdict")], row[at("reason")]) = (text("accept"), text("half of it"));
    (row[at("relation")], row[at("share")]) = (text("one-to-many"), text("1/2"));
    save(&world, "filled.xlsx", &header, &rows);
    let ran = decide(&world, ["take", "filled.xlsx"]);
    // The share was read; that the other half lacks is told.
    assert!(
        ran.code == 1 && ran.messages.contains("1/2") && ran.messages.contains("[mapping-shares]"),
        "{}",
        ran.messages
    );
}

#[test]
fn the_workbook_explains_itself_in_the_language_of_the_person() {
    let world = world();
    let mut command = world.mlatho();
    command.env("MLATHO_LANGUAGE", "fr").args(["--project", "p", "review", "links", "--out", "sheet.xlsx", "--quiet"]);
    assert_eq!(crate::world::ran(&mut command).code, 0);
    let mut book: Xlsx<_> = open_workbook(world.path("sheet.xlsx")).unwrap();
    assert_eq!(book.sheet_names(), ["Correspondances", "Lisez-moi"]);
    let notes = book.worksheet_range("Lisez-moi").unwrap();
    let notes: Vec<String> = notes.rows().map(|row| format!("{}: {}", row[0], row[1])).collect();
    assert!(notes.iter().any(|note| note.contains("« Test »") && note.contains("4 codes")), "{notes:#?}");
    let (header, _) = sheet(&world, "sheet.xlsx");
    for column in header {
        assert!(notes.iter().any(|note| note.starts_with(&format!("{column}: "))), "{column}");
    }
    assert!(notes.iter().all(|note| !note.contains("sheet-")), "{notes:#?}");
}

#[test]
fn an_officer_sees_the_own_area() {
    let world = world();
    world.write(
        "p/registers/lmis.csv",
        "id,name,district\nS1,Kasolwe Health Centre III,Amuka District\nS2,Tenduka Dispensary,Vanzi\n",
    );
    let area = |name: &str| run(&world, ["review", "links", "--area", name, "--format", "csv"]);
    let of = |name: &str| -> Vec<String> {
        let ran = area(name);
        assert_eq!(ran.code, 0, "{}", ran.messages);
        // S3 and the item are nowhere.
        assert!(ran.messages.contains("2 codes are left out"), "{}", ran.messages);
        let mut rows = csv::Reader::from_reader(ran.out.as_bytes()).into_records().map(Result::unwrap);
        let mut codes: Vec<String> = rows.by_ref().map(|row| row[2].to_owned()).collect();
        codes.dedup();
        codes
    };
    assert_eq!((of("amuka"), of("Vanzi District")), (vec!["S1".to_owned()], vec!["S2".to_owned()]));
    let unknown = area("Amukka");
    assert!(unknown.code == 1 && unknown.messages.contains("[review-area-unknown]"), "{}", unknown.messages);
    assert_eq!(codes(&world).len(), 4);
}
