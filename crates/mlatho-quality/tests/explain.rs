//! What is told of planted faults: the cause, the right number, and nothing about the neighbours; every number computed
//! by hand.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where its own input is wrong")]

use std::fmt::Write as _;

use jiff::civil::date;
use mlatho_model::{Arg, Decimal, Severity};
use mlatho_quality::{Context, DaysInMonth, QualityFinding, Table, check_ledger, check_services, read_table};
use proptest::prelude::*;

const CONTEXT: Context = Context { today: date(2026, 6, 10), days_in_month: DaysInMonth::Calendar };
const HEADER: &str = "facility,product,period,beginning_balance,received,consumed,closing_balance\n";

/// A sound year: 40 to 46 consumed a month, a delivery of 250 every other month, 300 in stock at first.
fn year(facility: &str) -> Vec<[i64; 4]> {
    let mut stock = 300;
    let shift = i64::try_from(facility.len()).unwrap();
    (0..12)
        .map(|month| {
            let received = if month % 2 == 0 { 90 } else { 0 };
            let consumed = 40 + shift + (month * 3 + shift) % 7;
            let line = [stock, received, consumed, stock + received - consumed];
            stock = line[3];
            line
        })
        .collect()
}

fn table(facilities: &[(&str, Vec<[i64; 4]>)]) -> String {
    let mut csv = HEADER.to_owned();
    for (facility, lines) in facilities {
        for (month, [opening, received, consumed, closing]) in lines.iter().enumerate() {
            let month = month + 1;
            writeln!(csv, "{facility},ACT,2025{month:02},{opening},{received},{consumed},{closing}").unwrap();
        }
    }
    csv
}

fn check(csv: &str) -> Vec<QualityFinding> {
    match read_table("table.csv", csv.as_bytes()) {
        (Table::Ledger(mut lines), findings) if findings.is_empty() => check_ledger(&mut lines, CONTEXT),
        (Table::Services(mut lines), findings) if findings.is_empty() => check_services(&mut lines, CONTEXT),
        other => panic!("no clean table: {other:?}"),
    }
}

/// Month, code, value and expected value of what is told, but for notes.
fn told(found: &[QualityFinding]) -> Vec<(String, &'static str, Option<i64>, Option<i64>)> {
    let whole = |number: Option<Decimal>| number.map(|number| i64::try_from(number).unwrap());
    let alarms = found.iter().filter(|finding| finding.severity > Severity::Info);
    let mut told: Vec<_> =
        alarms.map(|one| (one.period.to_string(), one.code, whole(one.value), whole(one.expected))).collect();
    told.sort();
    told
}

fn one(lines: Vec<[i64; 4]>) -> Vec<QualityFinding> {
    check(&table(&[("F1", lines)]))
}

#[test]
fn a_sound_year_has_no_findings() {
    assert_eq!(one(year("F1")), []);
}

#[test]
fn a_number_in_packs_is_told_with_the_number_in_units() {
    let mut lines = year("F1");
    let right = lines[4][2];
    lines[4][2] = right * 12;
    let expected = |code| ("202505".to_owned(), code, Some(right * 12), Some(right));
    let found = one(lines);
    assert_eq!(told(&found), [expected("stock-balance"), expected("unit-factor")]);
    let cause = found.iter().find(|finding| finding.code == "unit-factor").unwrap();
    assert!(cause.evidence.contains(&("factor", Arg::from("12"))));
    assert!(cause.probability.unwrap() > Decimal::new(9, 1));
}

#[test]
fn a_closing_that_followed_a_wrong_consumption_is_not_held_against_the_next_line() {
    let mut lines = year("F1");
    let right = lines[4][2];
    lines[4][2] = right * 12;
    lines[4][3] -= right * 11;
    let found = one(lines);
    let codes: Vec<_> = told(&found).into_iter().map(|(month, code, ..)| (month, code)).collect();
    assert_eq!(codes, [("202505".to_owned(), "sign"), ("202505".to_owned(), "unit-factor")]);
    let cause = found.iter().find(|finding| finding.code == "unit-factor").unwrap();
    assert_eq!(cause.expected, Some(right.into()));
}

#[test]
fn the_next_opening_tells_a_wrong_closing_from_a_wrong_flow() {
    let mut lines = year("F1");
    let right = lines[6][3];
    lines[6][3] = right + 17;
    assert_eq!(told(&one(lines)), [("202507".to_owned(), "stock-balance", Some(right + 17), Some(right))]);
}

#[test]
fn digits_signs_and_zeros() {
    let mut lines = year("F1");
    // 2 × 4 = 8 changes; 52 is 25 with its digits exchanged.
    assert_eq!(lines[1][2], 40 + 2 + 5);
    lines[1][2] = 74;
    lines[4][2] = -lines[4][2];
    lines[8][2] = 0;
    let (sign, zero) = (year("F1")[4][2], year("F1")[8][2]);
    let expected = [
        ("202502", "digit-swap", 74, 47),
        ("202502", "stock-balance", 74, 47),
        ("202505", "sign", -sign, sign),
        ("202505", "stock-balance", -sign, sign),
        ("202509", "stock-balance", 0, zero),
        ("202509", "zeroed-period", 0, zero),
    ];
    let expected = expected.map(|(month, code, value, right)| (month.to_owned(), code, Some(value), Some(right)));
    assert_eq!(told(&one(lines)), expected);
}

#[test]
fn a_copied_report_and_an_exchanged_pair_of_months() {
    let mut lines = year("F1");
    lines[5] = lines[4];
    let found = one(lines);
    assert_eq!(told(&found), [("202506".to_owned(), "copied-report", None, None)]);
    assert!(found[0].evidence.contains(&("other_period", Arg::from("202505"))));

    let mut lines = year("F1");
    lines.swap(5, 6);
    let months: Vec<_> = told(&one(lines)).into_iter().map(|(month, code, ..)| (month, code)).collect();
    assert_eq!(months, [("202506".to_owned(), "shifted-period"), ("202507".to_owned(), "shifted-period")]);
}

#[test]
fn a_report_under_the_next_month_is_told_where_its_own_month_has_none() {
    let csv = table(&[("F1", year("F1"))]);
    let moved: Vec<String> = csv.lines().map(|line| line.replace("202505", "202506")).collect();
    let found = check(&moved.join("\n"));
    let months: Vec<_> = told(&found).into_iter().map(|(month, code, ..)| (month, code)).collect();
    assert_eq!(months[..], [("202506".to_owned(), "duplicate-report"), ("202506".to_owned(), "shifted-period")]);
    let shifted = found.iter().find(|finding| finding.code == "shifted-period").unwrap();
    assert!(shifted.evidence.contains(&("other_period", Arg::from("202505"))));
}

#[test]
fn two_facilities_that_changed_places_are_told_with_each_other() {
    let (mut one, mut two) = (year("F1"), year("Facility 2"));
    std::mem::swap(&mut one[7], &mut two[7]);
    let found = check(&table(&[("F1", one), ("Facility 2", two)]));
    let others: Vec<_> =
        found.iter().map(|finding| (finding.org_unit.as_str(), finding.code, &finding.evidence[0].1)).collect();
    assert_eq!(others.len(), 2);
    assert!(others.contains(&("F1", "org-unit-swap", &Arg::from("Facility 2"))));
    assert!(others.contains(&("Facility 2", "org-unit-swap", &Arg::from("F1"))));
}

#[test]
fn a_line_copied_from_another_facility_is_told_with_that_one() {
    let (mut one, two) = (year("F1"), year("Facility 2"));
    one[7] = two[7];
    let found = check(&table(&[("F1", one), ("Facility 2", two)]));
    let told: Vec<_> =
        found.iter().map(|finding| (finding.org_unit.as_str(), finding.code, &finding.evidence[0].1)).collect();
    assert_eq!(told, [("F1", "copied-neighbour", &Arg::from("Facility 2"))]);
}

#[test]
fn a_blank_raises_nothing_and_hides_nothing() {
    let csv = table(&[("F1", year("F1"))]);
    // The opening of May is blank: its balance and the junction with April are not looked at.
    let blank: Vec<String> = csv
        .lines()
        .map(|line| match line.split_once(",202505,") {
            Some((start, rest)) => format!("{start},202505,,{}", rest.split_once(',').unwrap().1),
            None => line.to_owned(),
        })
        .collect();
    let found = check(&blank.join("\n"));
    assert_eq!(told(&found).iter().map(|(_, code, ..)| *code).collect::<Vec<_>>(), ["missing-or-zero"]);
}

fn services(counts: &[i64]) -> String {
    let lines =
        counts.iter().enumerate().map(|(at, count)| format!("F1,cases,{}{:02},{count}\n", 2024 + at / 12, at % 12 + 1));
    "facility,element,period,value\n".to_owned() + &lines.collect::<String>()
}

#[test]
fn counts_are_judged_by_their_own_series() {
    let steady: Vec<i64> = (0..24).map(|month| 200 + (month * 37) % 23).collect();
    assert_eq!(told(&check(&services(&steady))), []);
    // A decimal point moved: ten times as many.
    let mut counts = steady.clone();
    counts[20] *= 10;
    let right = Some(steady[20]);
    assert_eq!(told(&check(&services(&counts))), [("202509".to_owned(), "unit-factor", Some(steady[20] * 10), right)]);
    // A zero among 24 counts of two hundred.
    let mut counts = steady.clone();
    counts[20] = 0;
    let found = check(&services(&counts));
    assert_eq!(
        told(&found).iter().map(|(month, code, ..)| (&**month, *code)).collect::<Vec<_>>(),
        [("202509", "zeroed-period")]
    );
    // Half and double of what is expected is no error of a sure kind.
    let mut counts: Vec<i64> = (0..24).map(|month| 200 + (month * 89) % 211).collect();
    counts[20] = 600;
    assert_eq!(told(&check(&services(&counts))), []);
    // Zeros are nothing new where every third count is one.
    let rare: Vec<i64> = (0..24).map(|month| if month % 3 == 0 { 0 } else { 20 }).collect();
    assert_eq!(told(&check(&services(&rare))), []);
}

#[test]
fn late_partial_and_shifted_levels_are_notes() {
    let csv = "facility,product,period,consumed,reported_at\nF1,ACT,202601,5,2026-02-10\nF1,ACT,202602,5,2026-03-11\n";
    let found = check(csv);
    assert_eq!(found.iter().map(|one| (one.code, one.severity)).collect::<Vec<_>>(), [("late-report", Severity::Info)]);
    assert_eq!(found[0].period.to_string(), "202602", "10 days after the end, the last one included");

    let mut counts: Vec<i64> = (0..24).map(|month| 200 + (month * 37) % 23).collect();
    counts[12..].iter_mut().for_each(|count| *count *= 4);
    let found = check(&services(&counts));
    let shift = found.iter().find(|one| one.code == "level-shift").unwrap();
    assert_eq!((shift.period.to_string().as_str(), shift.severity), ("202501", Severity::Info));
}

proptest! {
    /// The same lines in another order give the same findings.
    #[test]
    fn the_order_of_lines_does_not_matter(faults in proptest::collection::vec((0usize..12, 0usize..4, 0i64..500), 0..4), turn in 0usize..12) {
        let mut lines = year("F1");
        for (month, column, number) in faults {
            lines[month][column] = number;
        }
        let csv = table(&[("F1", lines)]);
        let mut turned: Vec<&str> = csv.lines().skip(1).collect();
        turned.rotate_left(turn);
        prop_assert_eq!(told(&check(&csv)), told(&check(&(HEADER.to_owned() + &turned.join("\n")))));
    }

    /// Nothing depends on the unit: with ten times every quantity the same is found.
    #[test]
    fn scaling_every_quantity_changes_no_finding(faults in proptest::collection::vec((0usize..12, 0usize..4, 1i64..500), 0..3)) {
        let mut lines = year("F1");
        for (month, column, number) in faults {
            lines[month][column] = number;
        }
        let larger = lines.iter().map(|line| line.map(|number| number * 10)).collect();
        let where_ = |found: &[QualityFinding]| told(found).into_iter().map(|(month, ..)| month).collect::<std::collections::BTreeSet<_>>();
        prop_assert_eq!(where_(&one(lines)), where_(&one(larger)));
    }
}
