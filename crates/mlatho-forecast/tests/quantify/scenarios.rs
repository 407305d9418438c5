//! Whole scenarios.

use mlatho_forecast::demand::LedgerMonth;
use mlatho_forecast::quantify::{Facility, History, Inputs, Outcome, Scenario, quantify, summary, tables};
use mlatho_model::Decimal;

use crate::number;

fn outcome(text: &str, ledgers: &Inputs) -> Outcome {
    quantify(&Scenario::parse(text).unwrap(), ledgers).unwrap()
}

fn no_ledgers() -> Inputs {
    Inputs::default()
}

const CHILDREN: &str = r#"
name = "Dolutegravir for children"
start = "202701"
months = 18
[[cohort]]
name = "children"
patients = 4000
loss = 0.01
incidence = { people = 200000, per_thousand = 1.5, linked = 0.8 }
switch = { start = "202702", half_after = 6 }
band = [
    { name = "6-9.9 kg", share = 0.25 },
    { name = "10-13.9 kg", share = 0.35 },
    { name = "14-19.9 kg", share = 0.4 },
]
[[cohort.regimen]]
name = "ABC/3TC + LPV/r"
share = 0.7
to = { "ABC/3TC/DTG" = 0.9 }
[[cohort.regimen]]
name = "AZT/3TC/NVP"
share = 0.3
to = { "ABC/3TC/DTG" = 1 }
[[product]]
id = "abc-3tc-dtg-60-30-5"
[product.cohort]
name = "children"
seen_to_computed = 0.9
[[product.cohort.use]]
regimen = "ABC/3TC/DTG"
daily = { "6-9.9 kg" = 3, "10-13.9 kg" = 4, "14-19.9 kg" = 5 }
"#;

/// Story F1. New patients: 200,000 × 1.5 × 0.8 ÷ 12,000 = 20 a month. Patients: 4,000 × 0.99 + 20 = 3,980, then
/// 3,960.2. A day 0.25 × 3 + 0.35 × 4 + 0.4 × 5 = 4.15 tablets, a month 126.16. In February 2027 the switch begins with
/// 2 % of the 0.7 × 0.9 + 0.3 = 0.93 who will switch: 3,960.2 × 126.16 × 0.0186 × 0.9 = 8,363.62 tablets.
#[test]
fn a_new_first_line_for_children() {
    let outcome = outcome(CHILDREN, &no_ledgers());
    let need = &outcome.products[0].need;
    assert_eq!(need.monthly[0], Decimal::ZERO);
    assert_eq!(need.monthly[1].round_dp(2), number("8363.62"));
    // In August half of them have switched: more than 24 times as many as in February, with 6 months of change between.
    let august = need.monthly[7] / need.monthly[1];
    assert!(august > number("24") && august < number("25"), "{august}");
    let parts: Vec<&str> = outcome.products[0].methods[0].need.parts.iter().map(|part| part.name).collect();
    assert_eq!(parts, ["all-patients", "on-regimen", "seen-to-computed"]);
    let total: Decimal = outcome.products[0].methods[0].need.parts.iter().map(|part| part.units).sum();
    assert_eq!(total, outcome.products[0].methods[0].need.total());
}

/// 100 a month at one facility, half of that in the month in which stock was there for half the days.
fn ledger() -> Inputs {
    let month = |issued: f64, out: f64| LedgerMonth {
        days: 30,
        opening: Some(500.0),
        received: Some(issued),
        issued: Some(issued),
        adjustments: Some(0.0),
        closing: Some(500.0),
        stockout_days: Some(out),
    };
    let mut months = vec![month(100.0, 0.0); 24];
    months[20] = month(50.0, 15.0);
    months[22] = LedgerMonth { days: 31, ..LedgerMonth::default() };
    let history = History { facilities: vec![Facility { name: "F".into(), first: 2025 * 12, months }] };
    Inputs { ledgers: [(("ledger.csv".to_owned(), "A".to_owned()), history)].into(), ..Inputs::default() }
}

const TWO_METHODS: &str = r#"
name = "base"
start = "202701"
months = 12
currency = "USD"
data_until = "202612"
[[product]]
id = "A"
consumption = { ledger = "ledger.csv", product = "A" }
target = { people = 60, units_per_person = 2, past = [[130, 100], [90, 100]] }
[[product.campaign]]
period = "202706"
people = 1000
coverage = 0.5
units_per_person = 1
[product.supply]
pack_size = 10
lead_months = 2
review_months = 3
buffer_months = 1
stock = 350
[product.price]
pack = 5
freight = 0.1
funder = "state"
"#;

#[test]
fn consumption_is_repaired_and_set_beside_a_target() {
    let outcome = outcome(TWO_METHODS, &ledger());
    let product = &outcome.products[0];
    let consumption = &product.methods[0];
    // 1,150 ÷ 12 less the silent month: 10 × 100 + 50 issued, 50 hidden, 100 not reported.
    let part = |name: &str| consumption.need.parts.iter().find(|part| part.name == name).unwrap().units;
    let near = |found: Decimal, wanted: i64| assert!((found - Decimal::from(wanted)).abs() < Decimal::TWO, "{found}");
    near(part("issued"), 1050);
    near(part("stock-outs"), 50);
    near(part("missing-reports"), 100);
    // The backtest of the ledger is almost perfect, so it weighs nearly the most it can, three quarters; that of the target off by √((30² + 10²) / 2) = 22.4.
    assert!(product.methods[0].weight > 0.7 && (product.methods[1].error.unwrap() - 500.0_f64.sqrt()).abs() < 1e-9);
    assert_eq!(product.need.parts[1].units, Decimal::from(500));
    let plan = &product.supply.as_ref().unwrap().plan;
    assert!(plan.months[5].demand > Decimal::from(580), "{:?}", plan.months[5]);
}

#[test]
fn a_budget_cuts_orders_and_shows_what_is_not_met() {
    let ledgers = ledger();
    let whole = outcome(TWO_METHODS, &ledgers);
    let cut = outcome(&TWO_METHODS.replacen("months = 12", "months = 12\nbudget = 220", 1), &ledgers);
    let unmet = |outcome: &Outcome| -> Decimal {
        outcome.products[0].supply.as_ref().unwrap().plan.months.iter().map(|month| month.unmet).sum()
    };
    let supplied = cut.products[0].supply.as_ref().unwrap();
    // A pack costs 5.50 landed: 220 pay for 40 packs of the first order.
    let funded: Vec<u64> = supplied.orders.iter().map(|order| order.funded).collect();
    assert_eq!(funded.iter().sum::<u64>(), 40);
    assert!(unmet(&whole) < unmet(&cut), "{} {}", unmet(&whole), unmet(&cut));
}

/// Both use 100 a month; one has 450 and the other 50 left, and nobody shall have less than two months. The third is of
/// another district, of the fourth the last stock is not known.
#[test]
fn a_district_helps_itself() {
    let facility = |name: &str, left: Option<f64>| {
        let month = LedgerMonth {
            days: 30,
            opening: Some(500.0),
            received: Some(100.0),
            issued: Some(100.0),
            adjustments: None,
            closing: left,
            stockout_days: Some(0.0),
        };
        Facility { name: name.into(), first: 2026 * 12, months: vec![month; 12] }
    };
    let all = [("rich", Some(450.0)), ("poor", Some(50.0)), ("far", Some(9000.0)), ("unknown", None)];
    let history = History { facilities: all.map(|(name, left)| facility(name, left)).into() };
    let district = |name: &str| (name.to_owned(), if name == "far" { "south" } else { "north" }.to_owned());
    let inputs = Inputs {
        ledgers: [(("ledger.csv".to_owned(), "A".to_owned()), history)].into(),
        districts: [("sites.csv".to_owned(), all.map(|(name, _)| district(name)).into())].into(),
        ..Inputs::default()
    };
    let text = TWO_METHODS.replace(
        "[product.supply]",
        "[product.redistribution]\ndistricts = \"sites.csv\"\nmin_months = 2\n[product.supply]",
    );
    let outcome = outcome(&text, &inputs);
    let moved: Vec<_> = outcome.products[0]
        .transfers
        .iter()
        .map(|it| (it.district.as_str(), it.from.as_str(), it.to.as_str()))
        .collect();
    assert_eq!(moved, [("north", "rich", "poor")]);
    assert_eq!(outcome.products[0].transfers[0].units, Decimal::from(150));
}

/// Two months are foreseen; the others are like their mean of 150.
#[test]
fn a_forecast_is_a_method() {
    let text = "name = \"x\"\nstart = \"202701\"\nmonths = 4\n[[product]]\nid = \"A\"\nforecast = { predictions = \"p.csv\" }\n";
    let january = 2027 * 12;
    let months = [(january, number("100")), (january + 1, number("200"))];
    let inputs = Inputs { predictions: [("p.csv".to_owned(), months.into())].into(), ..Inputs::default() };
    let need = &outcome(text, &inputs).products[0].need;
    assert_eq!(need.monthly, ["100", "200", "150", "150"].map(number));
    let bad = quantify(&Scenario::parse(text).unwrap(), &no_ledgers()).unwrap_err();
    assert!(bad.reason.contains("`p.csv` predicts no demand"), "{bad}");
}

#[test]
fn tables_add_up() {
    let ledgers = ledger();
    let scenario = Scenario::parse(TWO_METHODS).unwrap();
    let outcome = quantify(&scenario, &ledgers).unwrap();
    let both = [(scenario, outcome)];
    let made = tables(&both);
    let names: Vec<&str> = made.iter().map(|table| table.name).collect();
    assert_eq!(names, ["need", "methods", "parts", "plan", "budget", "triangulation", "transfers"]);
    for table in &made {
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.name);
    }
    let need = &made[0].rows;
    assert_eq!(need.len(), 12 * 4); // two methods, campaigns, need
    let sum: Decimal = need.iter().filter(|row| row[3] == "need").map(|row| number(&row[4])).sum();
    let parts: Decimal = made[2].rows.iter().filter(|row| row[2] == "need").map(|row| number(&row[4])).sum();
    assert!((sum - parts).abs() < number("0.001"));
    assert_eq!(number(&summary(&both)[0][2]), sum.round_dp(0));
}

#[test]
fn faults_are_told_with_their_line() {
    let fault = |text: &str| {
        let bad = Scenario::parse(text).unwrap_err();
        (bad.line, bad.reason)
    };
    let (line, reason) = fault(&TWO_METHODS.replace("stock = 350", "stok = 350"));
    assert!(line >= 16 && reason.contains("stok"), "{line} {reason}");
    let (line, reason) = fault(&TWO_METHODS.replace("freight = 0.1", "freight = 10"));
    assert!(line >= 16 && reason.contains("10 is not between 0 and 1"), "{line} {reason}");
    let said = |text: String, what: &str| assert!(fault(&text).1.contains(what), "{:?}", fault(&text));
    said(TWO_METHODS.replace("202706", "202806"), "outside the scenario");
    said(TWO_METHODS.replace("202706", "2027Q2"), "is not a month");
    said(TWO_METHODS.replace("buffer_months = 1\n", ""), "service_level");
    said(CHILDREN.replace("14-19.9 kg\" = 5", "20 kg\" = 5"), "has no band `20 kg`");
    said(CHILDREN.replace("share = 0.3\n", "share = 0.4\n"), "add up to 1.1");
    said(CHILDREN.replace("half_after = 6", ""), "half_after");
    said("name = \"x\"\nstart = \"202701\"\nmonths = 3\n[[product]]\nid = \"A\"\n".into(), "needs a method");
    let unread = quantify(&Scenario::parse(TWO_METHODS).unwrap(), &no_ledgers()).unwrap_err();
    assert!(unread.reason.contains("`ledger.csv` has no report of `A`"), "{unread}");
}
