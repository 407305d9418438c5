//! Checks that are data, and the scorecard.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where its own input is wrong")]

use jiff::civil::date;
use mlatho_quality::{
    Context, DaysInMonth, LedgerLine, Rules, ServiceLine, Table, check_ledger, check_rules, read_table, scorecard,
    write_scorecard,
};

fn ledger(csv: &str) -> Vec<LedgerLine> {
    let (Table::Ledger(lines), _) = read_table("l.csv", csv.as_bytes()) else { panic!("ledger") };
    lines
}

fn services(rows: &str) -> Vec<ServiceLine> {
    let csv = format!("facility,element,period,value\n{rows}");
    let (Table::Services(lines), _) = read_table("s.csv", csv.as_bytes()) else { panic!("services") };
    lines
}

/// `item,period,check,value,expected` of what the rules find.
fn found(rules: &str, ledger: &[LedgerLine], services: &[ServiceLine]) -> Vec<String> {
    let rules = Rules::parse(rules).unwrap();
    let (found, ran) = check_rules(&rules, ledger, services);
    assert_eq!(ran.iter().filter(|ran| !ran.holds).count(), found.len());
    let number = |number: Option<mlatho_model::Decimal>| number.map_or("–".to_owned(), |number| number.to_string());
    let row = |one: &mlatho_quality::QualityFinding| {
        format!("{},{},{},{},{}", one.item.as_str(), one.period, one.check(), number(one.value), number(one.expected))
    };
    found.iter().map(row).collect()
}

#[test]
fn compare_at_both_sides_of_the_bound() {
    let rule = r#"
[[checks]]
code = "more-than-double"
text = { en = "More than double the first visits." }
[checks.compare]
left = { elements = ["ANC 4"] }
relation = "at-most"
right = { words = [["anc 1"]] }
factor = 2
tolerance = "0.1"
"#;
    // 2 × (3 + 2) = 10, and a tenth more: 11.
    let at = services("F1,ANC 4,202601,11\nF1,ANC 1 early,202601,3\nF1,ANC 1 late,202601,2\n");
    assert_eq!(found(rule, &[], &at), [""; 0]);
    let over = services("F1,ANC 4,202601,12\nF1,ANC 1 early,202601,3\nF1,ANC 1 late,202601,2\n");
    assert_eq!(found(rule, &[], &over), ["ANC 4,202601,more-than-double,12,10"]);
    // What is not known is not zero.
    assert_eq!(found(rule, &[], &services("F1,ANC 4,202601,12\nF1,ANC 1 early,202601,\n")), [""; 0]);
    assert_eq!(found(rule, &[], &services("F1,ANC 4,202601,12\n")), [""; 0]);
}

#[test]
fn a_total_needs_all_its_parts() {
    let rule = r#"
[[checks]]
code = "total-not-sum"
text = { en = "The total is not the sum of its parts.", fr = "Le total n’est pas la somme." }
severity = "error"
[checks.compare]
left = { elements = ["total"] }
relation = "equal"
right = { elements = ["men", "women"] }
"#;
    let whole = "F1,total,202601,9\nF1,men,202601,4\nF1,women,202601,";
    assert_eq!(found(rule, &[], &services(&format!("{whole}5\n"))), [""; 0]);
    assert_eq!(found(rule, &[], &services(&format!("{whole}6\n"))), ["total,202601,total-not-sum,9,10"]);
    assert_eq!(found(rule, &[], &services(&format!("{whole}\n"))), [""; 0]);
}

#[test]
fn range_ratio_required_and_the_period_before() {
    let rules = r#"
[[checks]]
code = "too-many-days"
text = { en = "…" }
range = { of = { measure = "stockout_days" }, max = 15 }
[[checks]]
code = "order-without-need"
text = { en = "…" }
ratio = { of = { measure = "ordered" }, to = { measure = "consumed" }, max = 3 }
[[checks]]
code = "use-not-reported"
text = { en = "…" }
required = { measure = "consumed" }
when = [{ of = { measure = "received" }, at_least = 1 }]
[[checks]]
code = "five-times-last-month"
text = { en = "…" }
compare = { left = { measure = "consumed" }, relation = "at-most", right = { measure = "consumed", previous = true }, factor = 5 }
"#;
    let lines = ledger(
        "facility,product,period,received,consumed,stockout_days,ordered\n\
         F1,ACT,202601,0,10,15,30\nF1,ACT,202602,0,50,16,151\nF1,ACT,202603,1,,0,5\nF1,RDT,202603,0,,0,5\n",
    );
    let expected =
        ["ACT,202602,too-many-days,16,15", "ACT,202602,order-without-need,151,150", "ACT,202603,use-not-reported,–,–"];
    assert_eq!(found(rules, &lines, &[]), expected);
    let more = ledger("facility,product,period,consumed\nF1,ACT,202601,10\nF1,ACT,202602,51\n");
    assert_eq!(found(rules, &more, &[]), ["ACT,202602,five-times-last-month,51,50"]);
}

#[test]
fn services_and_stock_of_one_org_unit_meet() {
    let rule = r#"
[[checks]]
code = "tests-beyond-stock"
text = { en = "…" }
compare = { left = { elements = ["tests done"] }, relation = "at-most", right = { measure = "consumed", products = ["RDT"] } }
"#;
    let lines = ledger("facility,product,period,consumed\nF1,RDT,202601,10\nF1,ACT,202601,90\n");
    assert_eq!(found(rule, &lines, &services("F1,tests done,202601,10\nF2,tests done,202601,99\n")), [""; 0]);
    assert_eq!(
        found(rule, &lines, &services("F1,tests done,202601,11\n")),
        ["tests done,202601,tests-beyond-stock,11,10"]
    );
}

#[test]
fn what_comes_with_the_program_knows_the_elements_of_who() {
    let lines = services(
        "F1,MAL - Malaria suspects tested (RDT)_Male,202601,4\nF1,MAL - RDT stock out days_default,202601,28\n\
         F2,MAL - Malaria suspects tested (RDT)_Male,202601,4\nF2,MAL - RDT stock out days_default,202601,27\n\
         F2,MAL - RDT positive malaria cases_Male,202601,5\n",
    );
    let (found, _) = check_rules(&Rules::builtin(), &[], &lines);
    let told: Vec<_> = found.iter().map(|one| (one.org_unit.as_str(), one.code)).collect();
    assert_eq!(told, [("F1", "reported-through-stock-out"), ("F2", "more-positives-than-tests")]);
}

#[test]
fn a_file_that_cannot_be_used_says_where_and_why() {
    let why = |text: &str| Rules::parse(text).map(|_| ()).unwrap_err();
    assert_eq!(why("[[checks]]\ncode = \"a\"\nrage = 1\n").line, 3);
    let reason = |text: &str| why(text).reason;
    let range = "range = { of = { measure = \"consumed\" }, max = 1 }\n";
    assert!(reason(&format!("[[checks]]\ncode = \"own\"\n{range}")).contains("text.en"));
    assert!(reason(&format!("[[checks]]\ncode = \"Own\"\n{range}")).contains("lower-case"));
    assert!(reason("[[checks]]\ncode = \"outlier\"\n").contains("exactly one"));
    let two =
        "[[checks]]\ncode = \"outlier\"\nrange = { of = { measure = \"consumed\", elements = [\"x\"] }, max = 1 }\n";
    assert!(reason(two).contains("one measure"));
    let upside = "[[checks]]\ncode = \"outlier\"\nrange = { of = { measure = \"consumed\" }, min = 2, max = 1 }\n";
    assert!(reason(upside).contains("above max"));
    assert!(
        reason("[[checks]]\ncode = \"outlier\"\nrange = { of = { measure = \"use\" }, max = 1 }\n")
            .contains("no measure")
    );
}

#[test]
fn a_scorecard_by_hand() {
    // F1 reports two products; RDT of March is missing, and its February does not add up and is a day late.
    let mut lines = ledger(
        "facility,product,period,beginning_balance,received,consumed,closing_balance,reported_at\n\
         F1,ACT,202601,50,0,10,40,2026-02-10\nF1,ACT,202602,40,0,10,30,2026-03-10\nF1,ACT,202603,30,0,10,20,2026-04-01\n\
         F1,ACT,202604,20,0,20,0,2026-05-01\nF1,RDT,202601,9,0,3,6,2026-02-10\nF1,RDT,202602,6,0,3,4,2026-03-11\n",
    );
    let context = Context { today: date(2026, 6, 10), days_in_month: DaysInMonth::Calendar };
    let found = check_ledger(&mut lines, context);
    let mut out = Vec::new();
    write_scorecard(&mut out, &scorecard(&lines, &[], &found, &[])).unwrap();
    let expected = "org_unit,period,expected,reported,completeness,timeliness,doubted,internal_consistency,consistency_over_time,external_consistency\n\
        F1,202601,2,2,1,1,0,1,,\n\
        F1,202602,2,2,1,0.5,1,0.5,,\n\
        F1,202603,2,1,0.5,1,0,1,,\n\
        F1,202604,2,1,0.5,1,0,1,2.0000,\n";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}
