//! `mlatho indicators` on plain files.

use serde_json::json;

use crate::world::{World, ran};

const LEDGER: &str = "facility;product;period;opening_balance;received;consumed;closing_balance;stockout_days
A;act;202601;100;0;60;40;0
B;act;202601;10;0;10;0;12
C;act;202601;;;;;
";

fn world() -> World {
    let world = World::new();
    world.write("l.csv", LEDGER);
    world.write("s.csv", "facility,element,period,value\nA,act,202601,30\n");
    world
}

#[test]
fn figures_of_all_shipped_definitions_go_to_the_file() {
    let world = world();
    let told = ran(world.mlatho().args(["indicators", "--ledger", "l.csv", "--services", "s.csv", "--out", "i.csv"]));
    assert_eq!((told.code, told.out.as_str(), told.messages.as_str()), (0, "", ""));
    let figures = world.read("i.csv");
    let head = "indicator,version,org_unit,item,period,value,state,numerator,denominator,used,expected";
    assert_eq!(figures.lines().next(), Some(head));
    // B is out of stock, A is not, of C nothing is known; 12 of 62 days; C sent a report, though an empty one.
    for row in [
        "S1,1,,act,202601,0.5,known,1,2,2,3",
        "S1,1,C,act,202601,,missing,,,0,1",
        "S3,1,,act,202601,0.193548,known,12,62,2,3",
        "L3,1,B,act,202601,0,known,0,16.315789,1,1",
        "R1,1,,,202601,1,known,3,3,3,3",
    ] {
        assert!(figures.lines().any(|line| line == row), "{row}\n{figures}");
    }
}

#[test]
fn own_definitions_and_bad_ones() {
    let world = world();
    let own = "id = \"U\"\nversion = 2\nunit = \"ratio\"\ndirection = \"none\"\nnumerator = \"consumed\"\n\
        denominator = \"services\"\ntotals = [\"facilities\"]\nsource = \"test\"\n[name]\nen = \"Use\"\n";
    world.write("own.toml", own);
    let args =
        ["indicators", "--ledger", "l.csv", "--services", "s.csv", "--definitions", "own.toml", "--format", "json"];
    let figures = ran(world.mlatho().args(args)).json();
    let whole = figures.as_array().unwrap().iter().find(|figure| figure["org_unit"].is_null()).unwrap();
    assert_eq!((&whole["value"], &whole["used"], &whole["expected"]), (&json!(2), &json!(1), &json!(3)));
    world.write("own.toml", own.replace("\"consumed\"", "\"consumed +\""));
    let told = ran(world.mlatho().args(args));
    assert_eq!(told.code, 1);
    assert!(told.messages.starts_with("own.toml, row 5: error [indicator-invalid]: "), "{}", told.messages);
}

#[test]
fn for_people_there_are_totals_with_names() {
    let world = world();
    let english = ran(world.mlatho().args(["indicators", "--ledger", "l.csv"])).well();
    assert!(english.contains("S1 Stock-out at the end of the period") && english.contains("2/3"), "{english}");
    let french = ran(world.mlatho().args(["indicators", "--ledger", "l.csv"]).env("MLATHO_LANGUAGE", "fr")).well();
    assert!(french.contains("S1 Rupture de stock en fin de période"), "{french}");
}
