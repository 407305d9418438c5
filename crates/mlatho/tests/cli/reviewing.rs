//! `mlatho review`: from codes without a mapping to links that hold.

use serde_json::Value;

use crate::world::{Ran, World};

const PROJECT: &str = r#"
version = 1
name = "Test"

[[registers]]
kind = "org-unit"
file = "registers/org_units.csv"

[[registers]]
kind = "org-unit"
source = "lmis"
file = "registers/lmis.csv"

[[registers]]
kind = "item"
file = "registers/items.csv"

[[sources]]
name = "lmis"
side = "lmis"
format = "csv"
files = ["inbox/*.csv"]
layout = "layout.toml"
"#;

const LAYOUT: &str = r#"
shape = "long"
[columns]
org_unit = "site"
org_unit_name = "site_name"
item = "product"
item_name = "product_name"
period = "month"
[period]
type = "monthly"
format = "yyyyMM"
[[measures]]
column = "used"
measure = "consumed"
"#;

/// Three sites: the first reports most. None of them, nor the product, has a mapping.
pub(crate) fn world() -> World {
    let world = World::new();
    world.write("p/mlatho.toml", PROJECT);
    world.write("p/layout.toml", LAYOUT);
    for (file, columns) in [("org_units", "org_unit"), ("items", "item")] {
        world.write(format!("p/mappings/{file}.csv"), format!("source,source_id,{columns}\n"));
    }
    world.write("p/mappings/elements.csv", "target,item,measure,data_element\n");
    world.write(
        "p/registers/org_units.csv",
        "id,name,district\nOU1,Kasolwe HC III,Amuka\nOU2,Tenduka Disp.,Amuka\nOU3,Gelwa Clinic,Vanzi\n",
    );
    world.write("p/registers/lmis.csv", "id,name,district\nS1,Kasolwe Health Centre III,Amuka District\n");
    world.write("p/registers/items.csv", "id,name\nP1,Artemether 20mg + Lumefantrine 120mg tablet\n");
    let product = "D7,Artemether/Lumefantrine 20/120mg tabs 30x18";
    let site = "S1,Kasolwe Health Centre III";
    let rows = [
        "site,site_name,product,product_name,month,used".to_owned(),
        format!("{site},{product},202601,5"),
        format!("{site},{product},202602,5"),
        format!("{site},{product},202603,5"),
        format!("S2,Tenduka Dispensary,{product},202601,7"),
        format!("S3,Orimba Store,{product},202601,9"),
    ];
    world.write("p/inbox/a.csv", rows.join("\n"));
    assert_eq!(run(&world, ["run"]).code, 0);
    world
}

pub(crate) fn run<const N: usize>(world: &World, args: [&str; N]) -> Ran {
    let mut command = world.mlatho();
    crate::world::ran(command.env("USER", "Data manager").args(["--project", "p"]).args(args))
}

pub(crate) fn decide<const N: usize>(world: &World, args: [&str; N]) -> Ran {
    crate::world::ran(world.mlatho().env("USER", "Data manager").args(["--project", "p", "review"]).args(args))
}

pub(crate) fn cases(world: &World) -> Vec<Value> {
    let ran = run(world, ["review", "links", "--format", "json", "--quiet"]);
    ran.json()["cases"].as_array().unwrap().clone()
}

pub(crate) fn codes(world: &World) -> Vec<String> {
    cases(world).iter().map(|case| case["code"].as_str().unwrap().to_owned()).collect()
}

/// Org unit, item and value of what counts.
pub(crate) fn counting(world: &World) -> String {
    let query = "SELECT org_unit, item, period, value FROM observations WHERE status = 'accepted' ORDER BY 1, 2, 3";
    run(world, ["sql", query, "--format", "csv"]).well()
}

#[test]
fn what_waits_is_listed_with_candidates_and_what_is_decided_holds() {
    let world = world();
    let waiting = cases(&world);
    let best = |code: &str| {
        let case = waiting.iter().find(|case| case["code"] == code).unwrap();
        case["candidates"][0]["target"].as_str().map(str::to_owned)
    };
    assert_eq!((best("S1"), best("D7")), (Some("OU1".into()), Some("P1".into())));
    let case = waiting.iter().find(|case| case["code"] == "S1").unwrap();
    assert_eq!((&case["records"], &case["known"]["district"]), (&3.into(), &"Amuka District".into()));
    assert_eq!(case["candidates"][0]["known"]["district"], "Amuka");
    let listed = run(&world, ["review", "links"]).out;
    assert!(listed.contains("Name in the project") && !listed.contains("column-"), "{listed}");
    let factor = waiting.iter().find(|case| case["code"] == "D7").unwrap()["candidates"][0]["proposed_factor"].clone();
    assert!(factor.as_str().unwrap().starts_with("540: "), "{factor}"); // 30 strips of 18

    let ran = decide(&world, ["accept", "org-unit", "lmis", "S1", "OU1", "--reason", "same place"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    let ran = decide(&world, ["none", "org-unit", "lmis", "S3", "--reason", "a district store"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    let ran = decide(&world, ["accept", "item", "lmis", "D7", "P1", "--reason", "packs counted", "--factor", "540"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    assert_eq!(run(&world, ["run"]).code, 0);
    assert_eq!(
        counting(&world),
        "org_unit,item,period,value\nOU1,P1,202601,2700.0\nOU1,P1,202602,2700.0\nOU1,P1,202603,2700.0\n"
    );
    assert_eq!(codes(&world), ["S2"]);
    let kept = world.read("p/mappings/decisions.csv");
    assert_eq!(kept.lines().count(), 4);
    assert!(kept.lines().nth(1).unwrap().contains(",Data manager,,org-unit,accept,lmis,S1,"), "{kept}");
}

#[test]
fn a_rejected_pair_is_shown_last_with_the_reason() {
    let world = world();
    let ran = decide(&world, ["reject", "org-unit", "lmis", "S1", "OU1", "--reason", "another Kasolwe"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    let waiting = cases(&world);
    let case = waiting.iter().find(|case| case["code"] == "S1").unwrap();
    let last = case["candidates"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["target"], &last["rejected"]), (&"OU1".into(), &"another Kasolwe".into()));
}

#[test]
fn an_item_needs_a_factor_and_a_target_that_is_there() {
    let world = world();
    let ran = decide(&world, ["accept", "item", "lmis", "D7", "P1", "--reason", "same"]);
    assert_eq!(ran.code, 1);
    assert!(ran.messages.contains("[review-factor]"), "{}", ran.messages);
    let ran = decide(&world, ["accept", "org-unit", "lmis", "S1", "OU9", "--reason", "same"]);
    assert!(ran.messages.contains("[review-unknown-target]"), "{}", ran.messages);
    let ran = decide(&world, ["none", "org-unit", "lmiss", "S1", "--reason", "a slip of the pen"]);
    assert!(ran.code == 1 && ran.messages.contains("[source-unknown]"), "{}", ran.messages);
    assert!(!world.path("p/mappings/decisions.csv").exists());
}

#[test]
fn links_that_would_not_agree_are_refused_together() {
    let world = world();
    world.write("p/mappings/org_units.csv", "source,source_id,org_unit\nlmis,S1,OU2\n");
    let ran = decide(&world, ["accept", "org-unit", "lmis", "S1", "OU1", "--reason", "same place"]);
    assert_eq!(ran.code, 1);
    assert!(ran.messages.contains("[mapping-overlap]"), "{}", ran.messages);
    assert!(!world.path("p/mappings/decisions.csv").exists());
}

#[test]
fn a_sheet_goes_out_and_comes_back() {
    let world = world();
    assert_eq!(run(&world, ["review", "links", "--kind", "org-unit", "--out", "sheet.csv", "--quiet"]).code, 0);
    let mut reader = csv::Reader::from_reader(world.read("sheet.csv").into_bytes().leak() as &[u8]);
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    for row in &mut rows {
        let verdict = match (row[at("source_id")].as_str(), row[at("target")].as_str()) {
            ("S1", "OU1") | ("S2", "OU2") => "accept",
            ("S3", _) if row[at("rank")] == "1" => "none",
            _ => "",
        };
        row[at("verdict")] = verdict.into();
        row[at("reason")] = "known".into();
        if row[at("source_id")] == "S2" && !verdict.is_empty() {
            row[at("target")] = "OU3".into(); // moved on the way
        }
    }
    let sheet = std::iter::once(header.iter().map(str::to_owned).collect()).chain(rows);
    let sheet: Vec<String> = sheet.map(|row: Vec<String>| format!("\"{}\"", row.join("\",\""))).collect();
    world.write("filled.csv", sheet.join("\n"));
    let ran = decide(&world, ["take", "filled.csv"]);
    assert_eq!(ran.code, 1);
    assert!(ran.messages.contains("[sheet-changed]"), "{}", ran.messages);
    let kept = world.read("p/mappings/decisions.csv");
    assert_eq!(kept.lines().count(), 3, "{kept}");
    assert_eq!(run(&world, ["run"]).code, 0);
    assert_eq!(codes(&world).iter().filter(|code| code.starts_with('S')).collect::<Vec<_>>(), ["S2"]);
}

#[test]
fn a_sure_band_is_accepted_by_two_who_saw_a_sample() {
    let world = world();
    // Names are only worth much where a register has many of them.
    let (mut ours, mut theirs) = (vec!["id,name,district".to_owned()], vec!["id,name,district".to_owned()]);
    for (at, first) in ["Kaso", "Ten", "Ori", "Gel", "Muba", "Sika", "Luno", "Peta"].into_iter().enumerate() {
        for (row, last) in ["lwe", "duka", "mba", "wasa", "nzi", "riko"].into_iter().enumerate() {
            let number = at * 6 + row + 1;
            ours.push(format!("OU{number},{first}{last} HC III,Area {at}"));
            theirs.push(format!("S{number},{first}{last} Health Centre III,Area {at} District"));
        }
    }
    world.write("p/registers/org_units.csv", ours.join("\n"));
    world.write("p/registers/lmis.csv", theirs.join("\n"));
    let ran = run(&world, ["review", "band", "--format", "csv"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    // Of the 48 codes of the register, most of which have not reported yet, twenty are looked at.
    let sample: Vec<Vec<&str>> = ran.out.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert!(sample.len() == 20 && ran.messages.contains("48"), "{}\n{}", ran.out, ran.messages);
    assert!(sample.iter().all(|row| row[0].strip_prefix('S') == row[2].strip_prefix("OU")), "{}", ran.out);
    let name = ran.messages.split("--accept ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let accept = |name: &str, second: &str| {
        decide(&world, ["band", "--accept", name, "--second", second, "--reason", "sample was right"])
    };
    let alone = accept(&name, "Data manager");
    assert!(alone.code == 1 && alone.messages.contains("[review-second]"), "{}", alone.messages);
    let other = accept("0000000000000000", "District officer");
    assert!(other.code == 1 && other.messages.contains("[review-band-changed]"), "{}", other.messages);
    assert!(!world.path("p/mappings/decisions.csv").exists());
    assert_eq!(accept(&name, "District officer").code, 0);
    let kept = world.read("p/mappings/decisions.csv");
    assert!(kept.contains(",Data manager,District officer,org-unit,accept,lmis,S1,"), "{kept}");
    assert_eq!(run(&world, ["run"]).code, 0);
    assert!(!codes(&world).contains(&"S1".into()));
}

#[test]
fn decisions_about_other_codes_teach_and_name_their_model() {
    let world = world();
    let learned =
        |world: &World| run(world, ["review", "links", "--format", "json", "--quiet"]).json()["learned"].clone();
    assert_eq!(learned(&world), serde_json::json!([]));
    assert_eq!(decide(&world, ["accept", "org-unit", "lmis", "S1", "OU2", "--reason", "it moved in"]).code, 0);
    let told = learned(&world);
    assert_eq!((&told[0]["source"], &told[0]["decisions"]), (&"lmis".into(), &1.into()));
    let revision = told[0]["revision"].as_str().unwrap().to_owned();
    assert_eq!(learned(&world), told);
    // OU2 is taken, so that it is no partner of S2 any more.
    let waiting = cases(&world);
    let case = waiting.iter().find(|case| case["code"] == "S2").unwrap();
    let taken = case["candidates"].as_array().unwrap().iter().find(|one| one["target"] == "OU2");
    assert!(taken.is_none_or(|taken| taken["probability"].as_f64().unwrap() < 0.01), "{case}");
    assert_eq!(decide(&world, ["none", "org-unit", "lmis", "S3", "--reason", "a district store"]).code, 0);
    let ran = run(&world, ["review", "links"]);
    assert!(ran.messages.contains("Candidates of lmis are weighed by 2 decisions"), "{}", ran.messages);
    assert!(!ran.messages.contains(&revision), "{}", ran.messages);
}

#[test]
fn check_looks_at_registers_and_decisions() {
    let world = world();
    assert_eq!(decide(&world, ["none", "org-unit", "lmis", "S3", "--reason", "a district store"]).code, 0);
    let checked = run(&world, ["check"]);
    for told in ["registers/org_units.csv", "3 records", "decisions", "1 decision"] {
        assert!(checked.out.contains(told), "{told}: {}", checked.out);
    }
    let kept = world.read("p/mappings/decisions.csv");
    world.write("p/mappings/decisions.csv", format!("{kept}someday,me,,org-unit,accept,lmis,S1,,OU1,,,,,,,,\n"));
    let bad = run(&world, ["check"]);
    assert!(bad.messages.contains("decisions.csv, row 3"), "{}", bad.messages);
    world.write("p/mlatho.toml", PROJECT.replace("source = \"lmis\"\n", ""));
    let twice = run(&world, ["check"]);
    assert!(twice.messages.contains("[register-twice]"), "{}", twice.messages);
}
