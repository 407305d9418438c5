//! `mlatho quality`.

use serde_json::json;

use crate::reading::gzip;
use crate::world::World;

/// February: 120 + 0 − 40 = 80, not 90. March is no period here. April is missing, and May opens with another number.
const LEDGER: &str = "facility,product,period,beginning_balance,received,consumed,adjustments,losses,closing_balance
F1,ACT,202601,100,50,30,0,0,120
F1,ACT,202602,120,0,40,0,0,90
F1,ACT,mars,90,0,10,0,0,80
F2,ACT,202601,10,0,4,0,0,6
F2,ACT,202602,7,0,4,0,0,3
";

const COLUMNS: &str = "facility,item,period,check,severity,value,expected,probability,evidence";

/// The first seven columns: what is found where, and the numbers.
fn found(csv: &str) -> Vec<String> {
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some(COLUMNS));
    lines.map(|line| line.split(',').take(7).collect::<Vec<_>>().join(",")).collect()
}

const EXPECTED: [&str; 2] =
    ["F1,ACT,202602,stock-balance,error,90,80", "F2,ACT,202602,opening-not-previous-closing,warning,7,6"];

#[test]
fn contradictions_go_to_the_file() {
    let world = World::new();
    world.write("ledger.csv", LEDGER);
    let ran = world.run(["quality", "--ledger", "ledger.csv", "--out", "found.csv", "--findings", "all.csv"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.messages);
    assert!(
        ran.messages.starts_with("ledger.csv, row 4, column period: error [not-a-period]: “mars”"),
        "{}",
        ran.messages
    );
    assert_eq!(found(&world.read("found.csv")), EXPECTED);
    let all = world.read("all.csv");
    let codes: Vec<&str> = all.lines().skip(1).map(|line| line.split(',').nth(3).unwrap()).collect();
    assert_eq!(codes, ["not-a-period", "stock-balance", "opening-not-previous-closing"]);
}

#[test]
fn several_files_are_one_ledger_and_services_are_known_by_their_columns() {
    let world = World::new();
    let (january, february): (Vec<&str>, Vec<&str>) = LEDGER.lines().skip(1).partition(|line| line.contains("202601"));
    let header = LEDGER.lines().next().unwrap();
    world.write("january.csv", format!("{header}\n{}\n", january.join("\n")));
    world.write("february.csv", format!("{header}\n{}\n", february.join("\n")));
    world.write("services.csv", "facility,element,period,value\nF1,cases,202601,-3\nF1,cases,202602,\n");
    let expected = [EXPECTED[0], EXPECTED[1], "F1,cases,202601,sign,error,-3,3"];
    let args = ["--ledger", "january.csv", "--ledger", "february.csv", "--ledger", "services.csv"];
    let ran = world.run(["quality", args[0], args[1], args[2], args[3], args[4], args[5], "--format", "csv"]);
    assert_eq!((ran.code, found(&ran.out)), (0, expected.map(Into::into).to_vec()));
    let ran = world.run(["quality", "--ledger", "january.csv", "february.csv", "services.csv", "--format", "csv"]);
    assert_eq!((ran.code, found(&ran.out)), (0, expected.map(Into::into).to_vec()));
}

#[test]
fn semicolons_windows_1252_and_gzip() {
    let world = World::new();
    let table = LEDGER.replace(',', ";").replace("F1", "Thiès, F1");
    let windows: Vec<u8> = table.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    world.write("ledger.csv.gz", gzip(&windows));
    let ran = world.run(["quality", "--ledger", "ledger.csv.gz", "--format", "json"]);
    assert!(ran.messages.starts_with("ledger.csv.gz, row 4, column period: "), "{}", ran.messages);
    let found: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(found[0]["facility"], json!("Thiès, F1"));
    assert_eq!(found[0]["check"], json!("stock-balance"));
    assert_eq!(
        [&found[0]["value"], &found[0]["expected"], &found[0]["probability"]],
        [90, 80, 1].map(|n| json!(n)).each_ref()
    );
}

#[test]
fn for_people_each_finding_is_a_sentence() {
    let world = World::new();
    world.write("ledger.csv", LEDGER.lines().filter(|line| !line.contains("mars")).collect::<Vec<_>>().join("\n"));
    insta::assert_snapshot!(world.run(["quality", "--ledger", "ledger.csv"]).well());
}

const RULES: &str = r#"
[[checks]]
code = "half-consumed"
severity = "info"
text = { en = "More than half of the beginning balance was consumed.", sw = "Zaidi ya nusu imetumika." }
ratio = { of = { measure = "consumed" }, to = { measure = "beginning_balance" }, max = "0.5" }
"#;

#[test]
fn checks_of_a_rule_file_and_a_scorecard() {
    let world = World::new();
    world.write("ledger.csv", LEDGER);
    world.write("own.toml", RULES);
    let args =
        ["quality", "--ledger", "ledger.csv", "--rules", "own.toml", "--scorecard", "card.csv", "--format", "csv"];
    let ran = world.run(args);
    let [balance, opening] = EXPECTED;
    // 4 of 7; half of 7 is 3.5.
    assert_eq!(found(&ran.out), [balance, opening, "F2,ACT,202602,half-consumed,info,4,3.5"]);
    assert_eq!(world.read("card.csv").lines().count(), 1 + 4);
    let ran = world.run(["quality", "--ledger", "ledger.csv", "--rules", "own.toml"]);
    assert!(ran.out.contains("F2, ACT, 202602: More than half of the beginning balance was consumed."), "{}", ran.out);

    world.write("own.toml", RULES.replace("ratio", "ration"));
    let ran = world.run(["quality", "--ledger", "ledger.csv", "--rules", "own.toml"]);
    assert_eq!(ran.code, 1);
    assert!(ran.messages.starts_with("own.toml, row 6: error [checks-invalid]: "), "{}", ran.messages);
}

#[test]
fn a_table_of_something_else_needs_a_person() {
    let world = World::new();
    world.write("other.csv", "a,b\n1,2\n");
    let ran = world.run(["quality", "--ledger", "other.csv", "--out", "found.csv"]);
    assert_eq!(ran.code, 1);
    assert!(ran.messages.contains("[missing-column]: There is no column “facility”"), "{}", ran.messages);
}

const OWN: &str = r#"
[[checks]]
code = "more-used-than-left"
severity = "error"
text = { en = "More was used than is left." }
ratio = { of = { measure = "consumed" }, to = { measure = "closing_balance" }, max = 1 }
"#;

#[test]
fn a_project_checks_with_its_own_rules_and_holds_what_breaks_them() {
    let world = World::new();
    crate::converting::project(&world);
    world.write("p/inbox/lmis/stock.csv", world.read("stock.csv"));
    world.write("p/rules/own.toml", OWN);
    let checked = world.run(["check", "--project", "p", "--format", "csv"]).out;
    assert!(checked.contains("\nrule,own,ok,1 checks\n"), "{checked}");
    assert_eq!(world.run(["run", "--project", "p"]).code, 0);
    let sql = |query: &str| world.run(["sql", query, "--project", "p", "--format", "csv"]).well();
    // 4 packs of 30 tablets are used, 2 are left. Of April the use is no number, and nothing can be said.
    let rule = "SELECT code, period FROM findings WHERE code = 'rule-broken'";
    assert_eq!(sql(rule), "code,period\nrule-broken,202603\n");
    let held = "SELECT DISTINCT period FROM observations WHERE status = 'held'";
    assert_eq!(sql(held), "period\n202603\n");

    assert_eq!(world.run(["run", "--project", "p"]).code, 0);

    world.write("p/rules/own.toml", OWN.replace("ratio", "ration"));
    let ran = world.run(["check", "--project", "p", "--format", "csv"]);
    assert!(ran.out.contains("\nrule,own,error,"), "{}", ran.out);
}
