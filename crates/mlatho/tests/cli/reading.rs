//! `mlatho read`.

use std::io::Write;

use crate::world::World;

const LAYOUT: &str = r#"
[columns]
org_unit = "Établissement"
item = "produit"
period = "mois"
[period]
type = "monthly"
format = "yyyyMM"
[[measures]]
column = "utilisé"
measure = "consumed"
unit = "pack"
"#;

const HEADER: &str = "source,position,org_unit,org_unit_name,item,item_name,measure,disaggregation,period,value,state,unit,status,reported_at";

#[test]
fn one_bad_row_among_good_ones() {
    let world = World::new();
    world.write("layout.toml", LAYOUT);
    world.write(
        "stock.csv",
        "Établissement,produit,mois,utilisé\nÉ1,ACT,202603,40\nÉ2,ACT,202603,4O\nÉ3,ACT,mars,9\nÉ4,ACT,202603,0\n",
    );
    let ran = world.run(["read", "stock.csv", "--as", "csv", "--layout", "layout.toml", "--findings", "findings.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    let rows: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        rows,
        [
            HEADER,
            "stock.csv,2,É1,,ACT,,consumed,,202603,40,reported,pack,,",
            "stock.csv,3,É2,,ACT,,consumed,,202603,,missing:not-a-number,pack,,",
            "stock.csv,5,É4,,ACT,,consumed,,202603,0,reported,pack,,",
        ]
    );
    assert!(
        ran.messages.starts_with("stock.csv, row 3, column utilisé: warning [not-a-number]: “4O”"),
        "{}",
        ran.messages
    );
    let findings = world.read("findings.csv");
    let lines: Vec<&str> = findings.lines().collect();
    assert_eq!(lines[0], "file,row,column,code,severity,message");
    assert!(lines[1].starts_with("stock.csv,3,utilisé,not-a-number,warning,"), "{findings}");
    assert!(lines[2].starts_with("stock.csv,4,mois,bad-period,error,"), "{findings}");
    assert_eq!(lines.len(), 3);
}

#[test]
fn quiet_is_quiet() {
    let world = World::new();
    world.write("rows.csv", "org_unit,item,period,value\nA,x,202601,1\nB,x,202601,?\n");
    let ran = world.run(["read", "rows.csv", "--as", "csv", "--quiet"]);
    assert_eq!((ran.code, ran.messages.as_str(), ran.out.lines().count()), (0, "", 3));
}

#[test]
fn semicolons_windows_1252_marks_and_gzip() {
    let world = World::new();
    world.write("layout.toml", LAYOUT);
    let read = |name: &str| {
        let told = world.run(["read", name, "--as", "csv", "--layout", "layout.toml"]).well();
        told.replace(name, "F").lines().skip(1).map(Into::into).collect::<Vec<String>>()
    };
    let table = "Établissement;produit;mois;utilisé\nThiès, É1;ACT;202603;40\n";
    let expected = ["F,2,\"Thiès, É1\",,ACT,,consumed,,202603,40,reported,pack,,"];
    world.write("utf8.csv", table);
    assert_eq!(read("utf8.csv"), expected);
    world.write("marked.csv", format!("\u{feff}{table}"));
    assert_eq!(read("marked.csv"), expected);
    let windows: Vec<u8> = table.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    world.write("windows.csv", &windows);
    assert_eq!(read("windows.csv"), expected);
    world.write("packed.csv.gz", gzip(&windows));
    assert_eq!(read("packed.csv.gz"), expected);
}

/// A stored gzip member, written by hand so that the test needs no packer.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    let length = u16::try_from(bytes.len()).unwrap();
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.write_all(bytes).unwrap();
    let crc = bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & 0u32.wrapping_sub(crc & 1)))
    });
    out.extend((!crc).to_le_bytes());
    out.extend(u32::from(length).to_le_bytes());
    out
}

#[test]
fn an_unknown_format_lists_those_there_are() {
    let world = World::new();
    world.write("x.csv", "");
    let ran = world.run(["read", "x.csv", "--as", "dbase"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let listed = world.run(["read", "--list"]).well();
    assert!(listed.lines().any(|name| name == "csv") && listed.lines().any(|name| name == "dhis2-json"));
    for name in listed.lines() {
        assert!(ran.messages.contains(name), "{name}: {}", ran.messages);
    }
}

#[test]
fn a_file_of_no_use_needs_a_person() {
    let world = World::new();
    world.write("empty.csv", "");
    world.write("other.csv", "a,b\n1,2\n");
    for (name, code) in [("empty.csv", "empty-file"), ("other.csv", "layout-needed")] {
        let ran = world.run(["read", name, "--as", "csv"]);
        assert_eq!(ran.code, 1, "{name}");
        assert!(ran.messages.contains(code), "{name}: {}", ran.messages);
    }
}

#[test]
fn rows_as_parquet() {
    let world = World::new();
    world.write("rows.csv", "org_unit,item,period,value\nA,x,202601,1\nB,x,202601,?\n");
    let ran = world.run(["read", "rows.csv", "--as", "csv", "--out", "rows.parquet"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(ran.messages.contains("row 3, column value: warning [not-a-number]"), "{}", ran.messages);
    let bytes = std::fs::read(world.path("rows.parquet")).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    assert!(!world.path("rows.parquet.part").exists());
}

#[test]
fn dhis2_exports_are_read_without_a_layout() {
    let world = World::new();
    let values = r#"{"dataValues": [
        {"dataElement": "deabcdefghi", "period": "202603", "orgUnit": "ouabcdefghi", "value": "7"},
        {"dataElement": "deabcdefghi", "period": "202603", "orgUnit": "ouabcdefghj", "value": "0"}]}"#;
    world.write("values.json", values);
    let rows = world.run(["read", "values.json", "--as", "dhis2-json"]).well();
    let cells: Vec<Vec<&str>> = rows.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let told: Vec<_> = cells.iter().map(|row| (row[2], row[8], row[9], row[10])).collect();
    assert_eq!(told, [("ouabcdefghi", "202603", "7", "reported"), ("ouabcdefghj", "202603", "0", "reported")]);
}

#[test]
fn a_layout_is_proposed_and_reads_the_file() {
    let world = World::new();
    world.write("stock.csv", "Site code;Product;Month;Opening balance;Used\nS1;ACT;202603;10;4\nS2;ACT;202603;;0\n");
    let ran = world.run(["read", "stock.csv", "--suggest-layout", "--out", "layout.toml"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    for told in ["opening_balance", "Site code", "3 numbers"] {
        assert!(ran.messages.contains(told), "{told}: {}", ran.messages);
    }
    let rows = world.run(["read", "stock.csv", "--as", "csv", "--layout", "layout.toml"]).well();
    assert_eq!(rows.lines().count(), 1 + 4, "{rows}");
    let shown = world.run(["read", "stock.csv", "--suggest-layout", "--quiet"]).well();
    assert_eq!(shown, world.read("layout.toml"));
    world.write("other.csv", "name,n\nx,4\n");
    let lacking = world.run(["read", "other.csv", "--suggest-layout"]);
    assert_eq!(lacking.code, 1);
    assert!(lacking.messages.contains("suggest-no-period"), "{}", lacking.messages);
}

#[test]
fn messages_and_requisitions_are_read_without_a_layout() {
    let world = World::new();
    world.write(
        "log.csv",
        "id,received_at,sender,sender_level,system,setup,text\n1,2026-03-02 07:30,+265991,hsa,cstock,hsa 261601,soh zi 10 la 0\n",
    );
    let rows = world.run(["read", "log.csv", "--as", "cstock-sms"]).well();
    let cells: Vec<Vec<&str>> = rows.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let told: Vec<_> = cells.iter().map(|row| (row[2], row[4], row[6], row[8], row[9])).collect();
    assert_eq!(
        told,
        [("261601", "zi", "closing_balance", "202603", "10"), ("261601", "la", "closing_balance", "202603", "0")]
    );
    world.write(
        "requisition.json",
        r#"{"id": "r", "status": "APPROVED", "facility": {"code": "HC01"},
            "processingPeriod": {"startDate": "2017-03-01", "endDate": "2017-03-31"},
            "requisitionLineItems": [{"orderable": {"productCode": "C100"}, "stockOnHand": 7}]}"#,
    );
    let rows = world.run(["read", "requisition.json", "--as", "openlmis-requisitions"]).well();
    assert!(rows.contains(",HC01,,C100,,closing_balance,,201703,7,reported,dispensing-unit,APPROVED,"), "{rows}");
}

#[test]
fn a_database_is_read_in_a_process_of_its_own() {
    let world = World::new();
    // The beginning of an Access file and nothing more.
    let mut damaged = vec![0, 1, 0, 0];
    damaged.extend(b"Standard Jet DB\0");
    damaged.resize(8192, 0xff);
    world.write("stock.mdb", &damaged);
    let ran = world.run(["read", "stock.mdb", "--as", "scm-access"]);
    assert_eq!((ran.code, ran.out.lines().count()), (1, 1), "{}", ran.messages);
    assert!(ran.messages.starts_with("stock.mdb: error [unreadable]"), "{}", ran.messages);
    let lines = world.run(["read-confined", "stock.mdb", "--as", "scm-access"]);
    assert_eq!((lines.code, lines.out.lines().last()), (0, Some("\"e\"")));
}
