//! Supply Chain Manager files, Access 2000 and 2007: whole, cut and damaged.

use std::io::Cursor;

use mlatho_formats::Format;
use mlatho_model::Decimal;

use crate::rows::{Rows, read};

fn file(name: &str) -> Option<Vec<u8>> {
    Some(std::fs::read(crate::data_set("scm")?.join(name)).unwrap())
}

fn access(bytes: &[u8]) -> Rows {
    read(Format::ScmAccess, None, Cursor::new(bytes))
}

#[test]
fn both_files_give_every_item_and_the_cases_of_the_report() {
    for name in ["scm.mdb", "scm.accdb"] {
        let Some(bytes) = file(name) else { return };
        let Rows { rows, findings } = access(&bytes);
        let sum = |measure: &str| -> Decimal {
            rows.iter().filter(|row| row.measure == measure).map(|row| row.value.parse::<Decimal>().unwrap()).sum()
        };
        let of_items = rows.iter().filter(|row| row.item == "MK0001");
        assert!(of_items.clone().all(|row| row.org_unit == "F001" && row.period == "201606"), "{name}");
        let mut lines: Vec<&str> = of_items.map(|row| row.line.as_str()).collect();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines.len(), 1000, "{name}: none is merged with another");
        // Sums by the README: Open_Bal, Receipts, Dispensed, Closing_Bal, days, adjusted, required, average, visits.
        for (measure, total) in [
            ("opening_balance", 100_000),
            ("received", 500_500),
            ("consumed", 60_000),
            ("issued", 0),
            ("adjustments", 0),
            ("closing_balance", 540_500),
            ("stockout_days", 2_000),
            ("adjusted_consumption_reported", 72_000),
            ("ordered", 80_000),
            ("amc_reported", 70_000),
            ("New_Visits", 3_000),
            ("ctf_lngCasesNew", 12),
        ] {
            assert_eq!(sum(measure), total.into(), "{name} {measure}");
        }
        let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["several-lines-of-one-product"], "{name}");
        assert!(!format!("{rows:?}").contains("clerk"), "{name}: staff are never read");
    }
}

#[test]
fn a_damaged_file_is_told_and_never_partly_silent() {
    let Some(bytes) = file("scm.mdb") else { return };
    let whole = access(&bytes).rows.len();
    for share in [0, 1, 2, 5, 10, 25, 50, 75, 90, 99] {
        let cut = access(&bytes[..bytes.len() * share / 100]);
        assert!(cut.rows.len() == whole || !cut.findings.is_empty(), "{share} %: {} rows", cut.rows.len());
    }
    // Every byte of some pages turned round, one page after the other.
    for page in (0..bytes.len() / 4096).step_by(3) {
        let mut damaged = bytes.clone();
        damaged[page * 4096..][..4096].iter_mut().for_each(|byte| *byte = !*byte);
        let read = access(&damaged);
        assert!(read.rows.len() >= whole || !read.findings.is_empty(), "page {page}: {} rows", read.rows.len());
    }
    // Single bits, spread over the file by a fixed stride.
    for at in (0..bytes.len()).step_by(997) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        access(&damaged);
    }
}

#[test]
fn another_map_reads_another_program() {
    let Some(bytes) = file("scm.mdb") else { return };
    let layout = r#"
        [access.lines]
        table = "CTF_Item"
        id = "ci_ctrItemID"
        org_unit = "Fac_Code"
        period_end = "P_Date"
        product = "lngProductID"
        name = "Prod_Name"
        detail = "No_Such_Column"
        services = []
        stocked_out = "fStockedOut"
        flags = []
        measures = { Closing_Bal = "closing_balance" }
    "#;
    let Rows { rows, .. } = read(Format::ScmAccess, Some(layout), Cursor::new(&bytes));
    assert_eq!(rows.iter().filter(|row| row.measure == "closing_balance" && row.item == "LA 1x6").count(), 1000);
    let gone = layout.replace("CTF_Item", "Items");
    let Rows { rows, findings } = read(Format::ScmAccess, Some(&gone), Cursor::new(&bytes));
    assert_eq!((rows.len(), findings[0].code), (0, "missing-table"));
}
