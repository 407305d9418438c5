//! Ledgers in, findings out; every expectation computed by hand.
#![expect(clippy::panic, reason = "a test ends where its own input is wrong")]

use jiff::civil::date;
use mlatho_model::{Decimal, MissingReason, Severity, Status, Value};
use mlatho_quality::{
    Context, DaysInMonth, Gate, LedgerLine, QualityFinding, Table, check_ledger, check_line, check_services,
    read_table, write_findings,
};
use proptest::prelude::*;

const CONTEXT: Context = Context { today: date(2026, 6, 10), days_in_month: DaysInMonth::Calendar };

fn ledger(csv: &str) -> Vec<LedgerLine> {
    match read_table("ledger.csv", csv.as_bytes()) {
        (Table::Ledger(lines), findings) if findings.is_empty() => lines,
        other => panic!("no clean ledger: {other:?}"),
    }
}

fn check(csv: &str) -> Vec<QualityFinding> {
    check_ledger(&mut ledger(csv), CONTEXT)
}

fn codes(found: &[QualityFinding]) -> Vec<&str> {
    found.iter().map(|finding| finding.code).collect()
}

const FULL: &str =
    "facility,product,period,beginning_balance,received,consumed,adjustments,losses,closing_balance,stockout_days\n";

/// The same columns under the names of the measures.
fn full(rows: &str) -> String {
    FULL.replace("beginning_balance", "opening_balance") + rows
}

#[test]
fn a_sound_ledger_has_no_findings() {
    let rows = "S1,ACT,202601,100,50,30,-5,2,113,0\nS1,ACT,202602,113,0,13,0,0,100,27\nS2,ACT,202601,0,0,0,0,0,0,31\n";
    assert_eq!(check(&full(rows)), []);
}

#[test]
fn the_contract_calls_the_opening_beginning_balance() {
    let found = check(&format!("{FULL}S1,ACT,202601,100,50,30,-5,2,112,0\n"));
    assert_eq!(codes(&found), ["stock-balance"]);
}

#[test]
fn balance_by_hand() {
    let found = check(&full("S1,ACT,202601,100,50,30,-5,2,112,0\n"));
    assert_eq!(codes(&found), ["stock-balance"]);
    // 100 + 50 − 30 − 5 − 2 = 113
    assert_eq!((found[0].value, found[0].expected), (Some(112.into()), Some(113.into())));
    assert!(found[0].evidence.contains(&("difference", Decimal::NEGATIVE_ONE.into())));
    assert_eq!(Gate::default().decide(&found), Status::Held);
}

#[test]
fn a_column_that_does_not_exist_is_no_blank() {
    let header = "facility,product,period,opening_balance,received,consumed,closing_balance";
    assert_eq!(check(&format!("{header}\nS1,ACT,202601,100,50,30,120\n")), []);
    // The same line with a blank cell: the number may be missing, so the balance is not held against it.
    let found = check(&format!("{header},adjustments\nS1,ACT,202601,100,50,30,90,\n"));
    assert_eq!(codes(&found), ["missing-or-zero"]);
    assert_eq!(found[0].expected, Some(Decimal::from(-30)));
    assert_eq!(found[0].severity, Severity::Warning);
    // A column that every balance needs.
    let without = "facility,product,period,opening_balance,consumed,closing_balance\nS1,ACT,202601,100,30,90\n";
    assert_eq!(check(without), []);
}

#[test]
fn two_blanks_say_nothing() {
    assert_eq!(check(&full("S1,ACT,202601,100,,,0,0,90,0\n")), []);
}

#[test]
fn a_blank_after_a_zero_is_doubtful() {
    let found = check(&full("S1,ACT,202601,9,0,0,0,0,9,0\nS1,ACT,202602,9,,,0,0,9,0\n"));
    assert_eq!(codes(&found), ["missing-or-zero", "missing-or-zero"]);
    // Where the balance decides, it is told once.
    let found = check(&full("S1,ACT,202601,9,0,0,0,0,9,0\nS1,ACT,202602,9,0,,0,0,9,0\n"));
    assert_eq!(codes(&found), ["missing-or-zero"]);
    assert_eq!(found[0].expected, Some(Decimal::ZERO));
}

#[test]
fn opening_is_compared_with_the_period_directly_before_only() {
    let found = check(&full("S1,ACT,202601,10,0,0,0,0,10,0\nS1,ACT,202602,12,0,0,0,0,12,0\n"));
    assert_eq!(codes(&found), ["opening-not-previous-closing"]);
    assert_eq!((found[0].value, found[0].expected), (Some(12.into()), Some(10.into())));
    let found = check(&full("S1,ACT,202601,10,0,0,0,0,10,0\nS1,ACT,202604,12,0,0,0,0,12,0\n"));
    assert_eq!(codes(&found), ["missing-report"]);
    assert_eq!(found[0].period, "202602".parse().unwrap());
    assert!(found[0].evidence.contains(&("periods", 2usize.into())));
    assert_eq!(Gate::default().decide(&found), Status::Accepted);
}

#[test]
fn duplicates_are_told_once_for_each_later_line() {
    let found =
        check(&full("S1,ACT,202601,10,0,0,0,0,10,0\nS1,ACT,202601,10,0,0,0,0,10,0\nS1,ACT,202601,9,0,0,0,0,9,0\n"));
    assert_eq!(codes(&found), ["duplicate-report", "duplicate-report"]);
    assert!(found[0].evidence.contains(&("numbers", "same".into())));
    assert!(found[1].evidence.contains(&("numbers", "different".into())));
}

#[test]
fn signs_and_consumption_without_stock() {
    let found = check(&full("S1,ACT,202601,0,0,10,0,0,-10,0\n"));
    assert_eq!(codes(&found), ["sign", "consumption-without-stock"]);
    assert_eq!((found[1].value, found[1].expected), (Some(10.into()), Some(Decimal::ZERO)));
    // An adjustment may be negative.
    assert_eq!(check(&full("S1,ACT,202601,20,0,10,-10,0,0,0\n")), []);
}

#[test]
fn impossible_dates_by_hand() {
    let header = "facility,product,period,stockout_days,reported_at\n";
    let found = check(&format!(
        "{header}S1,ACT,202607,0,\nS1,ACT,202602,29,2026-01-31\nS1,ACT,202601,31,2026-01-01T09:00:00\n"
    ));
    assert_eq!(
        codes(&found),
        ["impossible-date"; 3].as_slice().iter().chain(&["missing-report"]).copied().collect::<Vec<_>>()
    );
}

#[test]
fn thirty_days_to_every_month_where_the_source_counts_so() {
    let lines = ledger("facility,product,period,stockout_days\nS1,ACT,202602,30\nS1,ACT,2026Q1,91\nS1,ACT,2026W9,8\n");
    let context = Context { days_in_month: DaysInMonth::Thirty, ..CONTEXT };
    let mut found = Vec::new();
    for line in &lines {
        check_line(line, context, &mut found);
    }
    let days: Vec<_> = found.iter().map(|finding| finding.value.unwrap()).collect();
    assert_eq!(days, [Decimal::from(91), Decimal::from(8)]);
}

#[test]
fn services_are_told_by_their_header() {
    let csv =
        "facility,element,period,value\nS1,cases,202601,5\nS1,cases,202601,5\nS1,cases,202602,-1\nS1,cases,202612,\n";
    let (Table::Services(mut lines), findings) = read_table("services.csv", csv.as_bytes()) else { panic!("services") };
    assert_eq!(findings, []);
    assert_eq!(lines[3].value, Value::Missing(MissingReason::Blank));
    assert_eq!(codes(&check_services(&mut lines, CONTEXT)), ["duplicate-report", "sign", "impossible-date"]);
}

#[test]
fn a_bad_row_costs_that_row() {
    let csv = "facility,product,period,consumed\n,ACT,202601,1\nS1,ACT,2026x,1\nS1,ACT,202601,1O\nS1,ACT,202602,7\n";
    let (Table::Ledger(lines), findings) = read_table("l.csv", csv.as_bytes()) else { panic!("ledger") };
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0].consumed, Value::Missing(MissingReason::NotANumber));
    let places: Vec<_> = findings.iter().map(|finding| (finding.place.row, finding.code)).collect();
    assert_eq!(places, [(2, "missing-name"), (3, "not-a-period"), (4, "not-a-number")]);
    let (_, findings) = read_table("l.csv", b"facility,period\n");
    assert_eq!((findings[0].code, &*findings[0].place.column), ("missing-column", "product"));
}

#[test]
fn findings_are_written_with_their_evidence() {
    let mut out = Vec::new();
    write_findings(&mut out, &check(&full("S1,ACT,202601,1.5,0,0,0,0,2,0\n"))).unwrap();
    let expected = "facility,item,period,check,severity,value,expected,probability,evidence\n\
        S1,ACT,202601,stock-balance,error,2,1.5,1,\"{\"\"opening_balance\"\":1.5,\"\"received\"\":0,\"\"consumed\"\":0,\
        \"\"adjustments\"\":0,\"\"losses\"\":0,\"\"difference\"\":0.5,\"\"measure\"\":\"\"closing_balance\"\"}\"\n";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

proptest! {
    #[test]
    fn a_line_that_adds_up_passes_and_any_other_does_not(
        opening in 0i64..10_000, received in 0i64..10_000, consumed in 0i64..10_000, losses in 0i64..100, off in -5i64..5,
    ) {
        let adjustments = (consumed + losses - opening - received).max(0);
        let closing = opening + received - consumed + adjustments - losses;
        let line = format!("S1,ACT,202601,{opening},{received},{consumed},{adjustments},{losses},{},0\n", closing + off);
        let found = check(&full(&line));
        prop_assert_eq!(found.iter().any(|finding| finding.code == "stock-balance"), off != 0);
        prop_assert!(found.iter().filter(|finding| finding.code == "stock-balance").all(|finding| finding.expected == Some(closing.into())));
    }

    #[test]
    fn no_input_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut input = b"facility,product,period,consumed,reported_at\n".to_vec();
        input.extend(bytes);
        if let (Table::Ledger(mut lines), _) = read_table("x.csv", &input) {
            check_ledger(&mut lines, CONTEXT);
        }
    }
}
