//! A small district with one trouble at a time: the cause that was put in comes first.

#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use mlatho_analysis::compare::{
    Cause, Comparison, Point, Prepared, Report, Rule, Side, Verdict, explain_together, read_points,
};
use mlatho_analysis::{Compared, worklist};

const MONTHS: [&str; 10] =
    ["202601", "202602", "202603", "202604", "202605", "202606", "202607", "202608", "202609", "202610"];

/// Two products: `act` with 100 cases a month and a test before it, `rdt` with 300. Ten facilities.
fn rules() -> [Rule; 2] {
    let rule = |item: &str, more: &str| {
        let text = format!(
            "name = \"{item}\"\nperiod_type = \"monthly\"\nminimum_services = 5\n{more}\n[[consumption]]\nitem = \"{item}\"\n\
             pack_size = 25\n[[services]]\nitem = \"{item}-cases\"\n[band]\nlow = 0.8\nhigh = 1.25\nsource = \"test\"\n"
        );
        Rule::parse(&text).unwrap()
    };
    [rule("act", "tests = [{ item = \"rdt-cases\" }]"), rule("rdt", "other_uses = [\"campaigns\"]")]
}

/// What is reported of one facility, product and month.
#[derive(Clone, Debug)]
struct Month {
    consumed: i64,
    cases: i64,
    adjustments: i64,
    stockout_days: i64,
    closing: i64,
}

/// Explains the months of facility F0 that were changed, for `act` and `rdt`; the other nine facilities are quiet.
fn explained(change: impl Fn(&str, usize, &mut Month), reports: &[Report]) -> [Vec<Comparison>; 2] {
    let mut stock = String::from("org_unit,item,measure,period,value\n");
    let mut services = stock.clone();
    for facility in 0..10 {
        for (at, period) in MONTHS.iter().enumerate() {
            // A season that all share, and a little unrest.
            let season = [10, 11, 12, 13, 12, 11, 10, 9, 8, 9][at];
            for (item, usual) in [("act", 10), ("rdt", 30)] {
                let cases = usual * season + (facility * 7 + i64::try_from(at).unwrap() * 3) % 5;
                let quiet = Month { consumed: cases, cases, adjustments: 0, stockout_days: 0, closing: 500 };
                let mut month = quiet.clone();
                if facility == 0 {
                    change(item, at, &mut month);
                }
                let Month { consumed, cases, adjustments, stockout_days, closing } = month;
                for (measure, value) in [
                    ("consumed", consumed),
                    ("adjustments", adjustments),
                    ("stockout_days", stockout_days),
                    ("closing_balance", closing),
                ] {
                    stock += &[&format!("F{facility}"), item, measure, period, &value.to_string()].join(",");
                    stock.push('\n');
                }
                services +=
                    &[&format!("F{facility}"), &format!("{item}-cases"), "", period, &cases.to_string()].join(",");
                services.push('\n');
            }
        }
    }
    let read = |side, text: &str| -> Vec<Point> {
        let (points, findings) = read_points(side, "t.csv", text.as_bytes());
        assert_eq!(findings, []);
        points
    };
    let (stock, services) = (read(Side::Consumption, &stock), read(Side::Services, &services));
    let rules = rules();
    let prepared = rules.iter().map(|rule| Prepared::new(rule, &stock, &services)).collect();
    let rows = explain_together(prepared, reports).into_iter().map(|(rows, _)| rows);
    rows.collect::<Vec<_>>().try_into().unwrap()
}

fn row<'a>(rows: &'a [Comparison], period: &str) -> &'a Comparison {
    rows.iter().find(|row| row.org_unit.as_str() == "F0" && row.period.to_string() == period).unwrap()
}

fn first(rows: &[Comparison], period: &str) -> Cause {
    row(rows, period).explanations[0].cause
}

#[test]
fn the_side_that_moved_tells_cases_from_consumption() {
    let [act, _] = explained(
        |item, at, month| {
            if item == "act" && (4..8).contains(&at) {
                month.cases /= 3;
            }
        },
        &[],
    );
    assert_eq!((row(&act, "202606").verdict, first(&act, "202606")), (Verdict::Above, Cause::UnderReportedCases));
    let [act, _] = explained(
        |item, at, month| {
            if item == "act" && (4..8).contains(&at) {
                month.cases *= 2;
            }
        },
        &[],
    );
    assert_eq!((row(&act, "202606").verdict, first(&act, "202606")), (Verdict::Below, Cause::OverReportedCases));
    let [act, _] = explained(
        |item, at, month| {
            if item == "act" && (4..8).contains(&at) {
                month.consumed *= 2;
            }
        },
        &[],
    );
    assert_eq!(first(&act, "202606"), Cause::PresumptiveTreatment);
    // Nothing else shows anything.
    assert!(act.iter().filter(|row| row.verdict != Verdict::Within).all(|row| row.org_unit.as_str() == "F0"));
}

#[test]
fn what_is_written_off_tells_leakage_from_other_use() {
    let taken = |at: usize, month: &mut Month| {
        if (3..7).contains(&at) {
            month.adjustments = -month.consumed / 4;
            month.consumed = month.consumed * 8 / 5;
        }
    };
    let [act, rdt] = explained(|_, at, month| taken(at, month), &[]);
    assert_eq!((first(&act, "202605"), first(&rdt, "202605")), (Cause::Leakage, Cause::Leakage));
    // Half the time and without a trace, of a product that has other uses.
    let [_, rdt] = explained(
        |item, at, month| {
            if item == "rdt" && at >= 4 {
                month.consumed = month.consumed * 8 / 5;
            }
        },
        &[],
    );
    assert_eq!(first(&rdt, "202608"), Cause::OtherUse);
}

#[test]
fn one_month_without_a_trace_cannot_be_told() {
    let [act, _] = explained(
        |item, at, month| {
            if item == "act" && at == 5 {
                month.consumed = month.consumed * 17 / 10;
            }
        },
        &[],
    );
    assert_eq!(first(&act, "202606"), Cause::CannotTell);
}

#[test]
fn days_out_of_stock_and_pack_sizes_are_named() {
    let [act, _] = explained(
        |item, at, month| {
            if item == "act" && at == 5 {
                (month.consumed, month.stockout_days, month.closing) = (month.consumed / 2, 15, 0);
            }
        },
        &[],
    );
    assert_eq!(first(&act, "202606"), Cause::StockOut);
    let [act, _] = explained(
        |item, at, month| {
            if item == "act" && at == 5 {
                month.consumed *= 25;
            }
        },
        &[],
    );
    assert_eq!(first(&act, "202606"), Cause::UnitError);
}

#[test]
fn two_products_under_each_others_name_are_found() {
    let usual = |item: &str| if item == "act" { 3 } else { 1 };
    let [act, rdt] = explained(
        |item, at, month| {
            if at >= 7 {
                month.consumed = month.consumed * usual(item) / (4 - usual(item));
            }
        },
        &[],
    );
    for rows in [&act, &rdt] {
        let found = &row(rows, "202609").explanations[0];
        assert_eq!(found.cause, Cause::WrongMapping);
        assert!(found.support.iter().any(|fact| fact.name == "swapped-with" && fact.about.is_some()));
    }
}

fn report(period: &str, days: i32) -> Report {
    Report {
        org_unit: "F0".parse().unwrap(),
        item: "act".parse().unwrap(),
        period: period.parse().unwrap(),
        days_after_end: Some(days),
        held: None,
        findings: Vec::new(),
    }
}

#[test]
fn reports_that_are_late_again_and_again_or_twice_are_called_for() {
    let mut reports: Vec<Report> = MONTHS.iter().map(|period| report(period, 5)).collect();
    reports[1].days_after_end = Some(20); // once, as a correction is
    reports[4].days_after_end = Some(25);
    reports[5].days_after_end = Some(15);
    reports[8].findings = vec!["duplicate-report".into()];
    let [act, rdt] = explained(|_, _, _| (), &reports);
    let rules = rules();
    let compared =
        [("act", &rules[0], &act), ("rdt", &rules[1], &rdt)].map(|(name, rule, rows)| Compared { name, rule, rows });
    let mut called: Vec<_> =
        worklist(&compared).into_iter().map(|entry| (entry.period.to_string(), entry.causes[0].0)).collect();
    called.sort();
    let expected = [
        ("202605".to_owned(), Cause::LateReport),
        ("202606".to_owned(), Cause::LateReport),
        ("202609".to_owned(), Cause::DuplicateReport),
    ];
    assert_eq!(called, expected);
}

#[test]
fn everybody_late_is_nobody_late() {
    let reports: Vec<Report> = MONTHS.iter().map(|period| report(period, 40)).collect();
    let [act, _] = explained(|_, _, _| (), &reports);
    assert!(act.iter().all(|row| row.explanations.is_empty()));
}
