//! M1: is the consumption of malaria commodities reasonable against diagnosed cases? M4: whom does a district call?

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Deserialize;

use crate::world::World;

const PROJECT: &str = r#"
version = 1
name = "Malaria"

[[sources]]
name = "lmis"
side = "lmis"
format = "csv"
files = ["inbox/lmis.csv"]
layout = "lmis.toml"

[[sources]]
name = "hmis"
side = "hmis"
format = "csv"
files = ["inbox/hmis.csv"]
layout = "hmis.toml"
"#;

const LMIS: &str = r#"
shape = "long"
[columns]
org_unit = "site"
item = "product"
period = "month"
[period]
type = "monthly"
format = "yyyyMM"
[[measures]]
column = "opening"
measure = "opening_balance"
[[measures]]
column = "received"
measure = "received"
[[measures]]
column = "used"
measure = "consumed"
[[measures]]
column = "closing"
measure = "closing_balance"
"#;

const HMIS: &str = r#"
shape = "long"
[columns]
org_unit = "facility"
item = "disease"
period = "month"
[period]
type = "monthly"
format = "yyyyMM"
[[measures]]
column = "tests"
measure = "tests"
[[measures]]
column = "cases"
measure = "cases"
"#;

const RULE: &str = r#"
name = "ACT against malaria cases"
period_type = "monthly"
minimum_services = 10
[[consumption]]
item = "al"
units_per_case = 24
[[services]]
item = "malaria"
measure = "cases"
[[tests]]
item = "malaria"
measure = "tests"
[band]
low = 0.8
high = 1.25
source = "default tolerance"
"#;

const MONTHS: [&str; 6] = ["202601", "202602", "202603", "202604", "202605", "202606"];

/// Blisters used in each of the six months by the sites S1 to S4, which are the facilities A to D. Every facility has 50
/// cases among 80 tests a month; a blister treats one.
///
/// - A uses what its cases take.
/// - B uses twice as much from April on.
/// - C writes 500 for 50 in March; its balance then does not add up.
/// - D sends no report for May.
fn used(site: usize) -> [Option<u32>; 6] {
    match site {
        2 => [50, 50, 50, 100, 100, 100].map(Some),
        3 => [50, 50, 500, 50, 50, 50].map(Some),
        4 => [Some(50), Some(50), Some(50), Some(50), None, Some(50)],
        _ => [Some(50); 6],
    }
}

/// The project after its run.
fn world() -> World {
    let world = World::new();
    world.write("p/mlatho.toml", PROJECT);
    world.write("p/lmis.toml", LMIS);
    world.write("p/hmis.toml", HMIS);
    world.write("p/rules/malaria.toml", RULE);
    let sites = (1..=4).zip(["A", "B", "C", "D"]);
    let org_units = sites.clone().map(|(site, unit)| format!("lmis,S{site},{unit}\nhmis,{unit},{unit}\n"));
    world.write(
        "p/mappings/org_units.csv",
        format!("source,source_id,org_unit\n{}", org_units.collect::<Vec<_>>().concat()),
    );
    // The LMIS counts blisters of 24 tablets.
    world.write("p/mappings/items.csv", "source,source_id,item,factor\nlmis,AL6x4,al,24\nhmis,malaria,malaria,1\n");
    world.write("p/mappings/elements.csv", "target,item,measure,data_set,data_element\n");
    let mut lmis = String::from("site,product,month,opening,received,used,closing\n");
    let mut hmis = String::from("facility,disease,month,tests,cases\n");
    for (site, unit) in sites {
        for (month, used) in MONTHS.iter().zip(used(site)) {
            writeln!(hmis, "{unit},malaria,{month},80,50").unwrap();
            // What truly left the shelf is filled up again each month, so that 400 blisters stand at its end.
            let left = if site == 3 { 50 } else { used.unwrap_or(50) };
            if let Some(used) = used {
                writeln!(lmis, "S{site},AL6x4,{month},400,{left},{used},400").unwrap();
            }
        }
    }
    world.write("p/inbox/lmis.csv", lmis);
    world.write("p/inbox/hmis.csv", hmis);
    world.run(["--project", "p", "run"]);
    world
}

#[derive(Deserialize)]
struct Row {
    org_unit: String,
    period: String,
    consumption: Option<f64>,
    expected: Option<f64>,
    ratio: Option<f64>,
    verdict: String,
    explanations: String,
}

#[derive(Deserialize)]
struct Entry {
    org_unit: String,
    period: String,
    verdict: String,
    causes: String,
}

fn table<T: for<'de> Deserialize<'de>>(world: &World, name: &str) -> Vec<T> {
    let text = world.read(&format!("p/data/results/{name}.csv"));
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

fn first_cause(list: &str) -> String {
    let causes: serde_json::Value = serde_json::from_str(list).unwrap();
    causes[0]["cause"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn m1_consumption_against_diagnosed_cases() {
    let world = world();
    let rows: BTreeMap<(String, String), Row> = table::<Row>(&world, "malaria")
        .into_iter()
        .map(|row| ((row.org_unit.clone(), row.period.clone()), row))
        .collect();
    assert_eq!(rows.len(), 24);
    let row = |unit: &str, month: &str| &rows[&(unit.to_owned(), month.to_owned())];
    // 50 blisters of 24 tablets are 50 courses for 50 cases.
    for month in MONTHS {
        let a = row("A", month);
        assert_eq!((a.consumption, a.ratio, a.verdict.as_str()), (Some(50.0), Some(1.0), "within"));
    }
    for month in &MONTHS[3..] {
        let b = row("B", month);
        assert_eq!((b.consumption, b.expected, b.ratio), (Some(100.0), Some(50.0), Some(2.0)));
        assert_eq!((b.verdict.as_str(), first_cause(&b.explanations).as_str()), ("above", "presumptive-treatment"));
        // 100 treatments for 80 tests.
        assert!(b.explanations.contains(r#"{"evidence":"treatments-per-test","value":1.25}"#), "{}", b.explanations);
    }
    // The country from April to June: four facilities, of which one lacks a report in May: 250 ÷ 200 and 200 ÷ 150.
    let total = |month: &str| {
        let known = rows.values().filter(|row| row.period == month && row.consumption.is_some());
        known.fold((0.0, 0.0), |sum, row| (sum.0 + row.consumption.unwrap(), sum.1 + row.expected.unwrap()))
    };
    assert_eq!((total("202604"), total("202605")), ((250.0, 200.0), (200.0, 150.0)));
}

#[test]
fn m4_whom_a_district_calls() {
    let world = world();
    let list: Vec<Entry> = table(&world, "worklist");
    let shown: Vec<String> = list
        .iter()
        .map(|entry| format!("{} {} {} {}", entry.org_unit, entry.period, entry.verdict, first_cause(&entry.causes)))
        .collect();
    // Each facility once before any again; the latest month of B is the most urgent, for all three lie 50 apart.
    assert_eq!(
        shown,
        [
            "B 202606 above presumptive-treatment",
            "C 202603 undefined data-entry",
            "B 202605 above presumptive-treatment",
            "B 202604 above presumptive-treatment",
        ]
    );
    // What is held back or not reported is no zero.
    let rows: Vec<Row> = table(&world, "malaria");
    for (unit, month) in [("C", "202603"), ("D", "202605")] {
        let row = rows.iter().find(|row| row.org_unit == unit && row.period == month).unwrap();
        assert_eq!((row.consumption, row.ratio, row.verdict.as_str()), (None, None, "undefined"), "{unit}");
    }
}
