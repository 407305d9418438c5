//! Tables in, figures out; every expectation computed by hand or from `indicators.md`.

#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use std::collections::{BTreeMap, BTreeSet};

use mlatho_analysis::indicator::{COMPUTED, Figure, Indicator, Ledger, SHIPPED, State, write_figures};
use mlatho_model::{Decimal, Rational};
use proptest::prelude::*;

fn indicator(id: &str) -> Indicator {
    let (_, text) = SHIPPED.iter().find(|(name, _)| *name == id).unwrap();
    Indicator::parse(text).unwrap()
}

fn ledger(text: &str, services: &str) -> Ledger {
    let (mut ledger, findings) = Ledger::read("l.csv", text.as_bytes());
    assert_eq!(findings, []);
    if !services.is_empty() {
        assert_eq!(ledger.read_services("s.csv", services.as_bytes()), []);
    }
    ledger.complete();
    ledger
}

/// A figure as text: value, undefined or missing, and used/expected.
fn shown(figure: &Figure) -> String {
    let value = match figure.state {
        State::Known(number) => number.rounded(6, mlatho_model::Rounding::HalfEven).unwrap().to_string(),
        State::Missing => "missing".into(),
        State::Undefined => "undefined".into(),
    };
    format!("{value} {}/{}", figure.used, figure.expected)
}

/// The figure of all facilities (where `org_unit` is blank) or of one, by product or of all.
fn of(id: &str, ledger: &Ledger, org_unit: &str, item: &str, period: &str) -> String {
    let figures = indicator(id).figures(ledger);
    let name = |id: Option<&str>| id.unwrap_or_default().to_owned();
    let found = figures.iter().find(|figure| {
        name(figure.org_unit.as_ref().map(mlatho_model::OrgUnitId::as_str)) == org_unit
            && name(figure.item.as_ref().map(mlatho_model::ItemId::as_str)) == item
            && figure.period.to_string() == period
    });
    assert!(found.is_some(), "{id} {org_unit} {item} {period}: {figures:?}");
    shown(found.unwrap())
}

const HEAD: &str = "facility,product,period,opening_balance,received,consumed,adjustments,closing_balance,stockout_days,min_months,max_months,reported_at\n";

#[test]
fn shipped_definitions_are_complete() {
    let mut ids = BTreeSet::new();
    for (name, text) in SHIPPED {
        let indicator = Indicator::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(indicator.id, name);
        assert!(ids.insert(name));
        assert_eq!(indicator.name.keys().map(String::as_str).collect::<Vec<_>>(), ["en", "fr", "pt", "sw"], "{name}");
        assert!(indicator.name.values().all(|text| !text.trim().is_empty()) && !indicator.source.is_empty());
        let known: BTreeSet<&str> = COMPUTED.into_iter().chain(COLUMNS).collect();
        for column in indicator.columns() {
            assert!(known.contains(column), "{name} asks for {column}");
        }
    }
}

/// The columns of a ledger that the definitions may ask for.
const COLUMNS: [&str; 27] = [
    "opening_balance",
    "received",
    "consumed",
    "adjustments",
    "losses",
    "closing_balance",
    "stockout_days",
    "ordered",
    "shipped",
    "issued",
    "expired",
    "discarded_unopened",
    "min_months",
    "max_months",
    "price",
    "pack_size",
    "cyp_factor",
    "units_per_case",
    "units_per_month",
    "patients",
    "forecast",
    "orders",
    "emergency_orders",
    "calculated_order",
    "amc_reported",
    "accepted",
    "approved",
];

#[test]
fn stock_outs_and_balances_by_hand() {
    let lines = format!(
        "{HEAD}A,act,202601,10,20,25,0,5,0,,,\nA,rdt,202601,10,0,10,0,0,3,,,\nB,act,202601,10,5,5,0,11,,,,\nC,act,202601,,,,,,,,,\n"
    );
    let ledger = ledger(&lines, "");
    // Closing: 5, 0, 11, unknown.
    assert_eq!(of("S1", &ledger, "", "act", "202601"), "0 2/3");
    assert_eq!(of("S1", &ledger, "", "", "202601"), "0.333333 3/4");
    // B has stock left, and nobody knows whether it was out in between.
    assert_eq!(of("S2", &ledger, "B", "act", "202601"), "missing 0/1");
    assert_eq!(of("S2", &ledger, "", "", "202601"), "0.5 2/4");
    // 3 of 31 + 31 days
    assert_eq!(of("S3", &ledger, "A", "", "202601"), "0.048387 2/2");
    assert_eq!(of("S4", &ledger, "A", "", "202601"), "0.951613 2/2");
    // 10 + 5 − 5 is not 11; C is not counted
    assert_eq!(of("R4", &ledger, "", "", "202601"), "0.333333 3/4");
    // all products: A lacks one; B has its only one; of C nothing is known
    assert_eq!(of("S5", &ledger, "", "", "202601"), "0.5 2/3");
    let more_days_than_there_are = self::ledger(&format!("{HEAD}A,act,202602,,,,,5,30,,,\n"), "");
    assert_eq!(indicator("S3").figures(&more_days_than_there_are), []);
}

#[test]
fn the_classes_of_stock_by_the_golden_example() {
    // AMC 100 each month; months of stock 1.49, 1.5, 3.0, 3.01 with min 1.5 and max 3 (`indicators.md` D1)
    let stock = ["149", "150", "300", "301", "0"];
    let lines = stock.iter().enumerate().map(|(at, e)| format!("F{at},p,202601,,,100,,{e},0,1.5,3,\n"));
    let lines = lines.collect::<Vec<_>>().concat();
    let ledger = ledger(&format!("{HEAD}{lines}N,p,202601,,,0,,5,0,1.5,3,\n"), "");
    let plan = |id: &str| (0..5).map(|at| of(id, &ledger, &format!("F{at}"), "p", "202601")).collect::<Vec<_>>();
    assert_eq!(plan("L4"), ["0 1/1", "1 1/1", "1 1/1", "0 1/1", "0 1/1"]);
    assert_eq!(plan("L4c"), ["0 1/1", "1 1/1", "0 1/1", "0 1/1", "0 1/1"]);
    assert_eq!(plan("L5under"), ["1 1/1", "0 1/1", "0 1/1", "0 1/1", "0 1/1"]);
    assert_eq!(plan("L5over"), ["0 1/1", "0 1/1", "0 1/1", "1 1/1", "0 1/1"]);
    // stock and no use: undefined, and no observation of L4
    assert_eq!(of("L3", &ledger, "N", "p", "202601"), "undefined 1/1");
    assert_eq!(of("L4", &ledger, "", "p", "202601"), "0.4 5/5");
}

#[test]
fn adjusted_consumption_and_averages_by_hand() {
    // 100 × 30 ÷ 15 in April; then 30 and 40: (200 + 30 + 40) ÷ 3
    let lines = format!("{HEAD}A,p,202604,,,100,,,15,,,\nA,p,202605,,,30,,,0,,,\nA,p,202606,,,40,,90,0,,,\n");
    let ledger = ledger(&lines, "");
    assert_eq!(of("L1", &ledger, "A", "p", "202604"), "200 1/1");
    assert_eq!(of("L2", &ledger, "A", "p", "202606"), "90 1/1");
    assert_eq!(of("L3", &ledger, "A", "p", "202606"), "1 1/1");
    // 100 × 15 ÷ 15
    assert_eq!(of("T7", &ledger, "A", "p", "202604"), "100 1/1");
    let out_all_month = self::ledger(&format!("{HEAD}A,p,202604,,,0,,0,30,,,\n"), "");
    assert_eq!(of("L1", &out_all_month, "A", "p", "202604"), "undefined 0/1");
    assert_eq!(of("L2", &out_all_month, "A", "p", "202604"), "undefined 0/1");
}

#[test]
fn reports_that_did_not_come_count_as_expected() {
    let lines = format!(
        "{HEAD}A,p,202601,,,1,,,,,,2026-02-10\nB,p,202601,,,1,,,,,,2026-02-11\nA,p,202602,,,1,,,,,,2026-03-05T23:59:59\n"
    );
    let ledger = ledger(&lines, "");
    assert_eq!(of("R1", &ledger, "", "", "202601"), "1 2/2");
    assert_eq!(of("R1", &ledger, "", "", "202602"), "0.5 2/2");
    // due on 10 February, that day included (`indicators.md` D4)
    assert_eq!(of("R2", &ledger, "", "", "202601"), "0.5 2/2");
    assert_eq!(of("R2", &ledger, "", "", "202602"), "0.5 2/2");
}

#[test]
fn orders_and_services_by_hand() {
    let table = "facility,product,period,ordered,shipped,consumed,units_per_case,cyp_factor,stockout_days\n\
        A,p,202601,100,80,48,24,0.5,0\nB,p,202601,50,70,24,24,0.5,2\nC,p,202601,0,0,0,24,0.5,0\n";
    let services = "facility,element,period,value\nA,p,202601,4\nB,p,202601,1\nC,p,202601,0\nD,p,202601,7\n";
    let ledger = ledger(table, services);
    assert_eq!(of("O1", &ledger, "", "p", "202601"), "0.5 2/3"); // 80 < 100, 70 ≥ 50; nothing ordered by C; D unknown
    assert_eq!(of("O2", &ledger, "", "p", "202601"), "0.866667 3/4"); // (80 + 50 + 0) ÷ 150
    assert_eq!(of("F5", &ledger, "", "p", "202601"), "36 3/4"); // (48 + 24) ÷ 2
    assert_eq!(of("T1", &ledger, "", "p", "202601"), "0.6 3/4"); // (2 + 1 + 0) ÷ (4 + 1 + 0)
    assert_eq!(of("T1", &ledger, "C", "p", "202601"), "undefined 1/1"); // nothing by nothing
    assert_eq!(of("T1w", &ledger, "", "p", "202601"), "0.5 2/3"); // without B
    assert_eq!(of("T8", &ledger, "", "p", "202601"), "0.25 4/4"); // D has services only
    assert_eq!(of("T9", &ledger, "A", "p", "202601"), "96 1/1");
}

#[test]
fn the_table_by_hand_and_bad_rows() {
    let text = "facility,product,period,closing_balance\nA,p,202601,0\nA,p,January,1\nB,p,202601,4O\n,p,202601,1\n";
    let (mut ledger, findings) = Ledger::read("l.csv", text.as_bytes());
    let places: Vec<_> = findings.iter().map(|f| (f.code, f.place.row, &*f.place.column)).collect();
    assert_eq!(
        places,
        [("indicator-row", 3, "period"), ("indicator-row", 4, "closing_balance"), ("indicator-row", 5, "facility")]
    );
    ledger.complete();
    let mut out = Vec::new();
    write_figures(&mut out, &indicator("S1").figures(&ledger)).unwrap();
    let expected = "indicator,version,org_unit,item,period,value,state,numerator,denominator,used,expected\n\
        S1,1,,,202601,1,known,1,1,1,2\nS1,1,,p,202601,1,known,1,1,1,2\nS1,1,A,,202601,1,known,1,1,1,1\n\
        S1,1,A,p,202601,1,known,1,1,1,1\nS1,1,B,,202601,,missing,,,0,1\nS1,1,B,p,202601,,missing,,,0,1\n";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
    let (_, findings) = Ledger::read("l.csv", b"facility,period\n");
    assert_eq!((findings[0].code, &*findings[0].place.column), ("missing-column", "product"));
}

#[test]
fn bad_definitions_are_refused() {
    let text = SHIPPED[0].1;
    for (from, to) in [("version", "versoin"), ("reported = 1", "reported ="), ("any-line", "some-line")] {
        assert!(Indicator::parse(&text.replace(from, to)).is_err(), "{to}");
    }
}

/// Opening, received, consumed, closing, days out; some unknown.
fn lines() -> impl Strategy<Value = Vec<[Option<u32>; 5]>> {
    let number = || proptest::option::weighted(0.8, 0u32..500);
    proptest::collection::vec(
        (number(), number(), number(), number(), proptest::option::weighted(0.8, 0u32..31)),
        1..12,
    )
    .prop_map(|rows| rows.into_iter().map(|(a, b, c, e, x)| [a, b, c, e, x]).collect())
}

fn table(rows: &[[Option<u32>; 5]], scale: u32) -> String {
    let cell = |number: Option<u32>, scale: u32| number.map_or_else(String::new, |n| (n * scale).to_string());
    let row = |(at, [a, b, c, e, x]): (usize, &[Option<u32>; 5])| {
        let [a, b, c, e] = [*a, *b, *c, *e].map(|number| cell(number, scale));
        format!("F{at},p,202601,{a},{b},{c},0,{e},{},1,3,\n", cell(*x, 1))
    };
    format!("{HEAD}{}", rows.iter().enumerate().map(row).collect::<Vec<_>>().concat())
}

fn all(id: &str, ledger: &Ledger) -> Option<Figure> {
    indicator(id).figures(ledger).into_iter().find(|figure| figure.org_unit.is_none())
}

proptest! {
    /// `indicators.md` section 6.
    #[test]
    fn laws_of_the_figures(rows in lines(), scale in 1u32..20) {
        let plain = ledger(&table(&rows, 1), "");
        let scaled = ledger(&table(&rows, scale), "");
        let mut reversed_rows: Vec<String> = table(&rows, 1).lines().skip(1).map(str::to_owned).collect();
        reversed_rows.reverse();
        let reversed = ledger(&format!("{HEAD}{}\n", reversed_rows.join("\n")), "");
        let with_one_missing = ledger(&format!("{}Z,p,202601,,,,,,,,,\n", table(&rows, 1)), "");
        for id in ["S1", "S2", "S3", "S4", "L3", "L4", "R3", "R4"] {
            let state = |ledger: &Ledger| all(id, ledger).map(|figure| figure.state);
            // The order of lines does not matter, nor the unit in which all is counted.
            prop_assert_eq!(state(&plain), state(&reversed), "{}", id);
            prop_assert_eq!(state(&plain), state(&scaled), "{}", id);
            // Whoever reports nothing changes the coverage only.
            if let Some(figure) = all(id, &plain).filter(|_| id != "R3") {
                let with = all(id, &with_one_missing).unwrap();
                prop_assert_eq!(figure.state, with.state, "{}", id);
                prop_assert_eq!((figure.used, figure.expected + 1), (with.used, with.expected), "{}", id);
            }
        }
        if let (Some(out), Some(available)) = (all("S3", &plain), all("S4", &plain))
            && let (State::Known(out), State::Known(available)) = (out.state, available.state)
        {
            prop_assert_eq!(out.checked_add(available), Some(Rational::from(1)));
        }
        // A ratio of all lies between those of its facilities.
        let each: Vec<Rational> = indicator("S3").figures(&plain).iter().filter(|f| f.org_unit.is_some())
            .filter_map(|f| if let State::Known(number) = f.state { Some(number) } else { None }).collect();
        if let Some(State::Known(whole)) = all("S3", &plain).map(|figure| figure.state) {
            prop_assert!(each.iter().min() <= Some(&whole) && Some(&whole) <= each.iter().max());
        }
    }

    /// Nothing comes of nothing.
    #[test]
    fn no_figure_is_zero_where_all_is_missing(count in 1usize..6) {
        let rows = vec![[None; 5]; count];
        let ledger = ledger(&table(&rows, 1), "");
        let about_reports = ["R1", "R2", "R2m", "R3", "T8"];
        let mut states = BTreeMap::new();
        for (id, _) in SHIPPED.iter().filter(|(id, _)| !about_reports.contains(id)) {
            for figure in indicator(id).figures(&ledger) {
                states.insert((*id, format!("{:?}", figure.state)), figure.used);
            }
        }
        prop_assert!(states.iter().all(|((_, state), used)| state == "Missing" && *used == 0), "{:?}", states);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut text = HEAD.as_bytes().to_vec();
        text.extend(bytes);
        let (mut ledger, _) = Ledger::read("l.csv", &text);
        ledger.read_services("s.csv", &text);
        ledger.complete();
        for (id, _) in SHIPPED {
            drop(indicator(id).figures(&ledger));
        }
    }

    #[test]
    fn adjusting_never_lowers(consumed in 0i64..1000, days in 0u32..31) {
        let ledger = ledger(&format!("{HEAD}A,p,202601,,,{consumed},,,{days},,,\n"), "");
        let figure = indicator("L1").figures(&ledger).remove(0);
        if let State::Known(number) = figure.state {
            prop_assert!(number >= Decimal::from(consumed).into());
        }
    }
}
