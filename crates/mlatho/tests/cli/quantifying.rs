//! `mlatho quantify` on plain files.

use calamine::{Reader, Xlsx, open_workbook};

use crate::world::World;

/// 12 months of 100 at one facility.
fn ledger() -> String {
    let header =
        "facility,product,period,beginning_balance,received,consumed,adjustments,closing_balance,stockout_days\n";
    let months = (1..=12).map(|month| format!("F,ors,2026{month:02},500,100,100,0,500,0\n"));
    header.to_owned() + &months.collect::<String>()
}

const SCENARIO: &str = r#"
name = "base"
start = "202701"
months = 6
currency = "USD"
[[product]]
id = "ors"
[product.consumption]
ledger = "ledger.csv"
product = "ors"
[product.supply]
pack_size = 30
lead_months = 2
review_months = 3
buffer_months = 1
stock = 400
[product.price]
pack = 3
freight = 0.1
"#;

fn world() -> World {
    let world = World::new();
    world.write("ledger.csv", ledger());
    world.write("base.toml", SCENARIO);
    world
}

/// 6 × 100. Max is 600: 400 on hand, so 200 units or 7 packs; three months later 310 on hand, so 290 or 10 packs. 17
/// packs of 3 and a tenth are 56.10.
#[test]
fn need_plan_and_budget_are_written() {
    let world = world();
    let out = world.run(["quantify", "base.toml", "--out", "out", "--format", "csv"]).well();
    assert_eq!(
        out,
        "scenario,product,need,lowest,highest,packs,cost,currency,months_out,ask\nbase,ors,600,600,600,17,56.1,USD,0,\n"
    );
    let need = world.read("out/need.csv");
    assert!(need.starts_with("scenario,product,period,method,units\nbase,ors,202701,consumption,100\n"), "{need}");
    let plan = world.read("out/plan.csv");
    let row = plan.lines().nth(3).unwrap();
    assert_eq!(row, "base,ors,202703,200,210,100,100,0,0,310,3.1,300,600,0,0,");
    let budget = world.read("out/budget.csv");
    assert_eq!(budget.lines().nth(1).unwrap(), "base,ors,,1,202701,202703,7,21,2.1,0,23.1,7,23.1,USD", "{budget}");
    let mut book: Xlsx<_> = open_workbook(world.path("out/quantification.xlsx")).unwrap();
    assert_eq!(
        book.sheet_names(),
        ["summary", "need", "methods", "parts", "plan", "budget", "triangulation", "transfers"]
    );
    let sheet = book.worksheet_range("plan").unwrap();
    assert_eq!(sheet.get_value((3, 9)).unwrap().to_string(), "310");
}

#[test]
fn scenarios_stand_side_by_side() {
    let world = world();
    world.write(
        "more.toml",
        SCENARIO
            .replace("\"base\"", "\"more\"")
            .replace("\"ors\"\n[product.supply]", "\"ors\"\ngrowth = 0.21\n[product.supply]"),
    );
    let out = world.run(["quantify", "base.toml", "more.toml", "--format", "csv"]).well();
    let needs: Vec<&str> = out.lines().skip(1).map(|line| line.split(',').nth(2).unwrap()).collect();
    // 100 × (1 + 1.0160 + 1.0323 + 1.0488 + 1.0656 + 1.0827), growing by 21 % a year.
    assert_eq!(needs, ["600", "625"], "{out}");
    let twice = world.run(["quantify", "base.toml", "base.toml"]);
    assert_eq!(twice.code, 1, "{}", twice.messages);
}

/// Of two origins the later one counts, of two kinds demand, and both series together.
#[test]
fn a_forecast_goes_into_the_need() {
    let world = World::new();
    let rows = "origin,series_id,horizon,period,point,kind,method
202611,S1,1,202612,9,demand,x
202612,S1,1,202701,40,demand,x
202612,S2,1,202701,2.5,demand,x
202612,S2,1,202701,7,issues,x
202612,S2,2,soon,7,demand,x
";
    world.write("predictions.csv", rows);
    let scenario = "name = \"x\"\nstart = \"202701\"\nmonths = 2\n[[product]]\nid = \"A\"\n";
    world.write("s.toml", format!("{scenario}forecast = {{ predictions = \"predictions.csv\" }}\n"));
    let ran = world.run(["quantify", "s.toml", "--format", "csv"]);
    assert_eq!((ran.code, ran.out.lines().nth(1).unwrap()), (0, "x,A,85,85,85,,,,,"), "{}", ran.messages);
    assert!(
        ran.messages.contains("row 6, column period") && ran.messages.contains("[not-a-period]"),
        "{}",
        ran.messages
    );
}

#[test]
fn faults_say_where() {
    let world = world();
    world.write("bad.toml", SCENARIO.replace("pack_size = 30", "pack_sise = 30"));
    let bad = world.run(["quantify", "bad.toml"]);
    assert_eq!(bad.code, 1);
    assert!(bad.messages.starts_with("bad.toml, row 1"), "{}", bad.messages);
    assert!(bad.messages.contains("[scenario-invalid]") && bad.messages.contains("pack_sise"), "{}", bad.messages);
    let gone = world.run(["quantify", "gone.toml"]);
    assert_eq!(gone.code, 1, "{}", gone.messages);
    // A bad row costs itself, and a month that is there twice counts once.
    world.write(
        "ledger.csv",
        ledger() + "F,ors,202612,1,1,1,0,1,0\nF,ors,2026Q1,1,1,1,0,1,0\nF,ors,maybe,1,1,1,0,1,0\n",
    );
    let ran = world.run(["quantify", "base.toml", "--findings", "findings.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    let findings = world.read("findings.csv");
    for code in ["14,period,quantify-twice", "15,period,quantify-not-a-month", "16,period,not-a-period"] {
        assert!(findings.contains(code), "{findings}");
    }
    world.write("ledger.csv", "site,product,period\n");
    let headless = world.run(["quantify", "base.toml"]);
    assert_eq!(headless.code, 1);
    assert!(headless.messages.contains("[missing-column]"), "{}", headless.messages);
}

/// The scenarios that the documentation walks through, with its numbers.
#[test]
fn the_documented_stories_hold() {
    let world = World::new();
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/quantification");
    for name in ["children.toml", "implants.toml"] {
        world.write(name, std::fs::read(docs.join(name)).unwrap());
    }
    let children = world.run(["quantify", "children.toml", "--out", "f1"]);
    assert_eq!(children.code, 0, "{}", children.messages);
    let need = world.read("f1/need.csv");
    assert!(need.contains("ABC/3TC/DTG 60/30/5 mg,202702,need,8363.619248"), "{need}");
    let implants = world.run(["quantify", "implants.toml", "--out", "f2"]);
    assert_eq!(implants.code, 0, "{}", implants.messages);
    assert!(implants.messages.contains("Removals were probably entered as use."), "{}", implants.messages);
    assert!(world.read("f2/triangulation.csv").contains("implant,best,12200,0.769231,without-removals"));
    // 12,200 ÷ 12 a month by triangulation, 400,000 × 0.25 × 0.3 × 0.4 ÷ 12 × 0.85 = 850 by prevalence.
    let methods = world.read("f2/methods.csv");
    assert!(methods.contains("implant,triangulation,12200,"), "{methods}");
    assert!(methods.contains("implant,contraceptive,10200,"), "{methods}");
}
