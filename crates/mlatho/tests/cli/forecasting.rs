//! `mlatho forecast`.

use std::fmt::Write as _;

use crate::reading::gzip;
use crate::world::World;

const COLUMNS: &str = "origin,series_id,horizon,period,point,q0.025,q0.1,q0.25,q0.5,q0.75,q0.9,q0.975,kind,method";

/// Two years of three series: a steady one, a rare one, and one of nothing.
fn panel() -> String {
    let mut table = String::from("series_id,period,value,closing_balance\n");
    for at in 0..24 {
        let month = format!("{}{:02}", 2024 + at / 12, at % 12 + 1);
        let _ = writeln!(table, "steady,{month},20,5\nrare,{month},{},1\nnothing,{month},0,0", at % 4 / 3 * 6);
    }
    table
}

#[test]
fn forecasts_go_to_the_file_and_bad_rows_cost_themselves() {
    let world = World::new();
    world.write("panel.csv", format!("{}steady,202599,3,5\n", panel()));
    let args = ["--panel", "panel.csv", "--horizon", "2", "--out", "out.csv", "--findings", "found.csv"];
    let ran = world.run(["forecast", args[0], args[1], args[2], args[3], args[4], args[5], args[6], args[7]]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.messages);
    assert_eq!(ran.messages.lines().count(), 1, "{}", ran.messages);
    assert!(ran.messages.starts_with("panel.csv, row 74, column period: error [not-a-period]"), "{}", ran.messages);
    assert_eq!(world.read("found.csv").lines().count(), 2);
    let out = world.read("out.csv");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!((lines[0], lines.len()), (COLUMNS, 1 + 3 * 2 * 2));
    assert!(lines[1].starts_with("202512,steady,1,202601,20,"), "{}", lines[1]);
    assert!(lines[2].starts_with("202512,steady,2,202602,20,"), "{}", lines[2]);
    assert!(lines[3].contains(",demand,"), "{}", lines[3]);
    assert!(lines[9].starts_with("202512,nothing,1,202601,0,0,0,0,0,0,0,0,issues,"), "{}", lines[9]);
}

#[test]
fn for_people_there_is_a_table_and_for_scripts_csv_and_json() {
    let world = World::new();
    world.write("panel.csv.gz", gzip(panel().replace(',', ";").as_bytes()));
    let text = world.run(["forecast", "--panel", "panel.csv.gz", "--horizon", "1"]).well();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 7);
    assert!(lines[0].starts_with("Last known  Series   Period  Forecast  Low (80 %)  High (80 %)  Kind"), "{text}");
    assert!(lines[1].starts_with("    202512  steady   202601        20"), "{text}");
    let csv = world.run(["forecast", "--panel", "panel.csv.gz", "--horizon", "1", "--format", "csv"]).well();
    assert_eq!(csv.lines().next(), Some(COLUMNS));
    let json = world.run(["forecast", "--panel", "panel.csv.gz", "--horizon", "1", "--format", "json"]).json();
    assert_eq!((&json[0]["series_id"], &json[0]["point"]), (&"steady".into(), &"20".into()));
}

/// Origins a horizon apart, the last of them a horizon before the end. A series that never changes has no scale; of the
/// other, eight values are scored.
#[test]
fn a_backtest_scores_what_came() {
    let world = World::new();
    world.write("panel.csv", panel());
    let base = ["--panel", "panel.csv", "--horizon", "2", "--out", "out.csv"];
    let args = |more: [&'static str; 2]| [["forecast"].as_slice(), &base, &more].concat();
    let ran = crate::world::ran(world.mlatho().args(args(["--backtest", "4"])));
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.messages);
    let out = world.read("out.csv");
    let origins: std::collections::BTreeSet<&str> = out.lines().skip(1).map(|line| &line[..6]).collect();
    assert_eq!(Vec::from_iter(origins), ["202504", "202506", "202508", "202510"]);
    let lines: Vec<Vec<&str>> = ran.messages.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0][..4], ["Forecast", "from", "Values", "MASE"]);
    let parts: Vec<(&str, &str)> = lines[1..].iter().map(|line| (line[0], line[line.len() - 9])).collect();
    let expected =
        [("202504", "2"), ("202506", "2"), ("202508", "2"), ("202510", "2"), ("1", "4"), ("2", "4"), ("all", "8")];
    assert_eq!(parts, expected, "{}", ran.messages);
    let named = crate::world::ran(world.mlatho().args(args(["--origins", "202510,202504"])));
    assert_eq!((named.code, world.read("out.csv").lines().count()), (0, 1 + 2 * 12), "{}", named.messages);
}

#[test]
fn periods_that_the_panel_does_not_have_need_a_person() {
    let world = World::new();
    world.write("panel.csv", panel());
    let ran = world.run(["forecast", "--panel", "panel.csv", "--horizon", "2", "--origins", "202512,202612"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(
        ran.messages.starts_with(
            "error [forecast-unknown-origin]: “202612” is no period of the panel, which goes from 202401 to 202512."
        ),
        "{}",
        ran.messages
    );
    let ran = world.run(["forecast", "--panel", "panel.csv", "--horizon", "30", "--backtest", "1"]);
    assert_eq!(ran.code, 1);
    assert!(ran.messages.contains("[forecast-no-origin]"), "{}", ran.messages);
    world.write("other.csv", "a,b\n1,2\n");
    let ran = world.run(["forecast", "--panel", "other.csv", "--horizon", "2"]);
    assert_eq!(ran.code, 1);
    assert!(ran.messages.contains("[missing-column]: There is no column “series_id”"), "{}", ran.messages);
}

/// Weeks and quarters too; and what may tell about a series.
#[test]
fn other_periods_and_covariates() {
    let world = World::new();
    let weeks: Vec<String> = (1..=30).map(|week| format!("A,2026W{week},{}", week % 3)).collect();
    world.write("weeks.csv", format!("series_id,period,value\n{}\n", weeks.join("\n")));
    let climate: Vec<String> = (1..=30).map(|week| format!("*,2026W{week},rain,{week}")).collect();
    world.write("rain.csv", format!("key,period,name,value\n{}\n*,2026W31,rain,viel\n", climate.join("\n")));
    let args = ["--panel", "weeks.csv", "--covariates", "rain.csv", "--horizon", "1"];
    let ran = world.run(["forecast", args[0], args[1], args[2], args[3], args[4], args[5], "--format", "csv"]);
    assert_eq!(ran.code, 0);
    assert!(ran.messages.starts_with("rain.csv, row 32, column value: warning [not-a-number]"), "{}", ran.messages);
    assert!(ran.out.contains("\n2026W30,A,1,2026W31,"), "{}", ran.out);
}
