//! `mlatho compare` on plain files.

use serde_json::json;

use crate::reading::gzip;
use crate::world::World;

pub(crate) const RULE: &str = r#"
name = "ACT against malaria cases"
period_type = "monthly"
minimum_services = 10
[[consumption]]
item = "act"
units_per_case = 2
[[services]]
item = "cases"
[band]
low = 0.8
high = 1.25
source = "default tolerance"
"#;

/// In January 160 ÷ 2 treatments for 100 cases; in February 15; in March nobody knows; in April 200 for 100.
const CONSUMPTION: &str = "org_unit,item,period,value,state
A,act,202601,160,reported
A,act,202602,30,reported
A,act,202603,,missing:blank
A,act,202604,400,reported
A,act,April,1,reported
";

const SERVICES: &str = "org_unit,item,period,value,state
A,cases,202601,100,reported
A,cases,202602,100,reported
A,cases,202603,100,reported
A,cases,202604,100,reported
";

const COLUMNS: &str = "org_unit,period,consumption,services,expected,ratio,band_low,band_high,verdict,explanations";

fn world() -> World {
    let world = World::new();
    world.write("c.csv", CONSUMPTION);
    world.write("s.csv", SERVICES);
    world.write("rule.toml", RULE);
    world
}

const FILES: [&str; 7] = ["compare", "--consumption", "c.csv", "--services", "s.csv", "--rule", "rule.toml"];

fn first_nine(csv: &str) -> Vec<String> {
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some(COLUMNS));
    lines.map(|line| line.split(',').take(9).collect::<Vec<_>>().join(",")).collect()
}

const EXPECTED: [&str; 4] = [
    "A,202601,80,100,100,0.8,0.8,1.25,within",
    "A,202602,15,100,100,0.15,0.8,1.25,below",
    "A,202603,,100,100,,0.8,1.25,undefined",
    "A,202604,200,100,100,2,0.8,1.25,above",
];

#[test]
fn ratios_go_to_the_file_and_a_bad_row_costs_itself() {
    let world = world();
    let ran = crate::world::ran(world.mlatho().args(FILES).args(["--out", "ratios.csv"]));
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.messages);
    assert!(ran.messages.starts_with("c.csv, row 6, column period: error [compare-row]: "), "{}", ran.messages);
    let ratios = world.read("ratios.csv");
    assert_eq!(first_nine(&ratios), EXPECTED);
    // Within the band there is nothing to explain; outside it something is always said.
    assert!(ratios.lines().nth(1).unwrap().ends_with(",within,[]"));
    assert!(ratios.lines().nth(2).unwrap().contains("\"\"cause\"\":"), "{ratios}");
}

#[test]
fn a_rule_that_comes_with_the_program_is_named() {
    let world = World::new();
    world.write("c.csv", "org_unit,item,period,value\nA,sp,202601,300\n");
    world.write("s.csv", "org_unit,item,period,value\nA,iptp-doses,202601,100\n");
    let args =
        ["compare", "--consumption", "c.csv", "--services", "s.csv", "--rule", "malaria-iptp", "--format", "csv"];
    // three tablets for each dose
    assert_eq!(first_nine(&world.run(args).out), ["A,202601,100,100,100,1,0.8,1.25,within"]);
}

#[test]
fn semicolons_and_gzip() {
    let world = world();
    world.write("c.csv", gzip(format!("\u{feff}{}", CONSUMPTION.replace(',', ";")).as_bytes()));
    world.write("s.csv", SERVICES.replace(',', "\t"));
    let ran = crate::world::ran(world.mlatho().args(FILES).args(["--format", "csv"]));
    assert_eq!((ran.code, first_nine(&ran.out)), (0, EXPECTED.map(Into::into).to_vec()));
}

#[test]
fn for_programs_numbers_are_numbers() {
    let world = world();
    world.write("c.csv", CONSUMPTION.replace("A,act,April,1,reported\n", ""));
    let rows = crate::world::ran(world.mlatho().args(FILES).args(["--format", "json"])).json();
    assert_eq!(rows[0]["ratio"], json!(0.8));
    assert_eq!(rows[0]["explanations"], json!([]));
    assert_eq!((&rows[2]["consumption"], &rows[2]["ratio"]), (&json!(null), &json!(null)));
    assert!(rows[1]["explanations"][0]["cause"].is_string());
}

#[test]
fn for_people_there_is_a_table() {
    let world = world();
    world.write("c.csv", CONSUMPTION.replace("A,act,April,1,reported\n", ""));
    let english = crate::world::ran(world.mlatho().args(FILES)).well();
    let french = crate::world::ran(world.mlatho().args(FILES).env("MLATHO_LANGUAGE", "fr")).well();
    insta::assert_snapshot!(format!("{english}\n{french}"));
}

#[test]
fn what_cannot_be_compared_needs_a_person() {
    let world = world();
    let told = |args: &[&str]| crate::world::ran(world.mlatho().args(args));
    world.write("rule.toml", RULE.replace("minimum_services = 10", "minimum_service = 10"));
    let ran = told(&FILES);
    assert_eq!(ran.code, 1);
    assert!(ran.messages.starts_with("rule.toml, row 4: error [rule-invalid]: "), "{}", ran.messages);
    world.write("rule.toml", RULE.replace("item = \"cases\"", "item = \"visits\""));
    let ran = told(&FILES);
    assert_eq!(ran.code, 1);
    assert!(ran.messages.contains("[compare-nothing]"), "{}", ran.messages);
    world.write("rule.toml", RULE);
    world.write("s.csv", "org_unit,period,value\n");
    let ran = told(&FILES);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.messages.contains("s.csv, row 1, column item: error [missing-column]"), "{}", ran.messages);
}

#[test]
fn the_trend_is_drawn_in_the_language_of_the_person() {
    let world = world();
    world.write("c.csv", CONSUMPTION.replace("A,act,April,1,reported\n", ""));
    let args = ["--out", "ratios.csv", "--svg", "trend.svg"];
    let drawn = |language: &str| {
        let ran = crate::world::ran(world.mlatho().args(FILES).args(args).env("MLATHO_LANGUAGE", language));
        assert_eq!((ran.code, ran.out.as_str(), ran.messages.as_str()), (0, "", ""));
        world.read("trend.svg")
    };
    let (english, french) = (drawn("en"), drawn("fr"));
    for svg in [&english, &french] {
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""), "{svg}");
        assert!(svg.ends_with("</svg>\n") && svg.contains("ACT against malaria cases"), "{svg}");
    }
    assert!(english.contains("Consumption") && french.contains("Consommation"));
    assert_eq!(first_nine(&world.read("ratios.csv")), EXPECTED);
}
