//! CSV and Excel tables of every shape.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

mod common;

use std::io::Write;

use common::seen;
use mlatho_formats::{Format, Layout};
use proptest::prelude::*;

const LONG: &str = r#"
    missing = ["-", "N/A"]
    [columns]
    org_unit = "Site"
    item = "product"
    period = 3
    status = "status"
    [period]
    type = "monthly"
    format = "yyyyMM"
    [[measures]]
    column = "used"
    measure = "consumed"
    [[measures]]
    column = "left"
    measure = "closing_balance"
"#;

#[test]
fn long_rows_hold_several_measures() {
    let seen = seen(
        Format::Csv,
        Some(LONG),
        b"site,product,month,status,used,left\nS1,ACT,202603,OK,40,0\nS2,ACT,202603,OK,-,\nS3,ACT,202613,OK,1,1\n,ACT,202603,OK,1,1\nS5,ACT,202603,OK,4O,1.50\n",
    );
    assert_eq!(
        seen.records,
        [
            "2 S1 ACT 202603 consumed=40 closing_balance=0",
            "3 S2 ACT 202603 consumed=missing:blank closing_balance=missing:blank",
            "6 S5 ACT 202603 consumed=missing:not-a-number closing_balance=1.50",
        ]
    );
    assert_eq!(seen.findings, ["4 month bad-period", "5 site missing-org-unit", "6 used not-a-number"]);
}

#[test]
fn delimiter_encoding_and_marks_are_found() {
    let windows = b"site;product;month;status;used;left\r\n\xc9cole;ACT;202603;OK;\"1\";2\r\n";
    assert_eq!(seen(Format::Csv, Some(LONG), windows).records, ["2 École ACT 202603 consumed=1 closing_balance=2"]);
    let marked = "\u{feff}site\tproduct\tmonth\tstatus\tused\tleft\nÉcole\tACT\t202603\tOK\t1\t2\n";
    assert_eq!(
        seen(Format::Csv, Some(LONG), marked.as_bytes()).records,
        ["2 École ACT 202603 consumed=1 closing_balance=2"]
    );
}

#[test]
fn a_row_with_too_many_cells_costs_itself() {
    let seen = seen(
        Format::Csv,
        Some(LONG),
        b"site,product,month,status,used,left\nS1,ACT,202603,OK,1,200,5\nS2,ACT,202603,OK,1\n",
    );
    assert_eq!(seen.records, ["3 S2 ACT 202603 consumed=1 closing_balance=missing:blank"]);
    assert_eq!(seen.findings, ["2  too-many-cells"]);
}

#[test]
fn a_column_that_is_not_there_is_told_once() {
    let seen = seen(Format::Csv, Some(LONG), b"site,product,month,status,used\nS1,ACT,202603,OK,1\n");
    assert_eq!((seen.records.len(), seen.findings), (0, vec!["1 left missing-column".into()]));
}

#[test]
fn a_packed_file_that_is_cut_is_told_in_every_form() {
    let pack = |text: &str| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap()
    };
    let rows = pack("org_unit,item,measure,period,value\nA,x,consumed,202603,1\nB,x,consumed,202603,2\n");
    let log = pack("id,received_at,sender,text\n1,2026-03-01,a,soh zi 1\n");
    for (format, whole) in [(Format::Csv, rows), (Format::CstockSms, log)] {
        for kept in [12, whole.len() - 9] {
            let findings = seen(format, None, &whole[..kept]).findings;
            assert!(findings.iter().any(|finding| finding.ends_with(" unreadable")), "{format} {kept}: {findings:?}");
        }
    }
}

#[test]
fn wide_by_item_with_a_pattern() {
    let layout = r#"
        shape = "wide-by-item"
        [columns]
        org_unit = "district"
        pattern = "^(?<item>pill|iud)_(?<measure>.+)$"
        [period]
        type = "monthly"
        from = ["year", "month"]
        [[measures]]
        column = "dispensed"
        measure = "consumed"
    "#;
    let seen = seen(
        Format::Csv,
        Some(layout),
        b"district,month,year,pill_women,iud_women,pill_dispensed\nABOBO,2,2019,17.0,,5\n",
    );
    assert_eq!(seen.records, ["2 ABOBO pill 201902 women=17.0 consumed=5", "2 ABOBO iud 201902 women=missing:blank"]);
}

#[test]
fn wide_by_period_and_by_org_unit() {
    let by_period = r#"
        shape = "wide-by-period"
        [columns]
        org_unit = 1
        item = 2
        first_value = 3
        [period]
        type = "monthly"
        format = "MMM yyyy"
        [[measures]]
        measure = "consumed"
        unit = "pack"
    "#;
    let seen_by_period = seen(Format::Csv, Some(by_period), b"site,item,Jan 2026,Feb 2026\nS1,ACT,4,5\n");
    assert_eq!(seen_by_period.records, ["2 S1 ACT 202601 consumed=4", "2 S1 ACT 202602 consumed=5"]);
    let by_org_unit = r#"
        shape = "wide-by-org-unit"
        [columns]
        item = "item"
        first_value = 2
        [period]
        fixed = "2026Q1"
        [[measures]]
        measure = "received"
    "#;
    let seen_by_org_unit = seen(Format::Csv, Some(by_org_unit), b"item,S1,S2\nACT,4,0\n");
    assert_eq!(seen_by_org_unit.records, ["2 S1 ACT 2026Q1 received=4", "2 S2 ACT 2026Q1 received=0"]);
}

#[test]
fn two_header_rows_fill_to_the_right() {
    let layout = r#"
        shape = "wide-by-item"
        header_rows = 2
        [columns]
        org_unit = 1
        pattern = "^(?<item>.+) \\| (?<measure>.+)$"
        [period]
        fixed = "202603"
    "#;
    let seen = seen(Format::Csv, Some(layout), b",ACT,,RDT,\nsite,consumed,received,consumed,received\nS1,1,2,3,4\n");
    assert_eq!(seen.records, ["3 S1 ACT 202603 consumed=1 received=2", "3 S1 RDT 202603 consumed=3 received=4"]);
}

#[test]
fn without_a_layout_only_rows_of_our_own_are_read() {
    let rows = b"org_unit,item,measure,period,value,state\nS1,ACT,consumed,202603,4,reported\nS2,ACT,consumed,202603,,missing:blank\n";
    assert_eq!(
        seen(Format::Csv, None, rows).records,
        ["2 S1 ACT 202603 consumed=4", "3 S2 ACT 202603 consumed=missing:blank"]
    );
    assert_eq!(seen(Format::Csv, None, b"a,b\n1,2\n").findings, ["1  layout-needed"]);
    assert_eq!(seen(Format::Csv, None, b"").findings, ["0  empty-file"]);
}

#[test]
fn layouts_that_contradict_themselves_are_refused() {
    let bad = [
        "shape = \"tall\"",
        "colums = 1",
        "header_rows = 3",
        "shape = \"wide-by-item\"",
        "[columns]\npattern = \"(\"",
        "[period]\nformat = \"yyyyMM\"",
        "[period]\ntype = \"monthly\"\nformat = \"MM\"",
        "encoding = \"klingon\"",
    ];
    for text in bad {
        assert!(Layout::parse(text).is_err(), "{text}");
    }
    assert_eq!(Layout::parse("shape = \"long\"\ncolums = 1").unwrap_err().line, 2);
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in Format::ALL {
            seen(format, Some(LONG), &bytes);
            seen(format, None, &bytes);
        }
    }

    #[test]
    fn no_cells_make_a_table_panic(text in "(site|product|month|status|used|left|[\",;\n ]|[0-9]{1,6}|é){0,60}") {
        seen(Format::Csv, Some(LONG), format!("site,product,month,status,used,left\n{text}").as_bytes());
        seen(Format::Csv, None, format!("org_unit,item,measure,period,value,state\n{text}").as_bytes());
    }
}
