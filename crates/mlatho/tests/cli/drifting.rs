//! Registers that change: what `mlatho review drift`, `run`, `status` and `check` say of it.

use serde_json::Value;

use crate::stocked::{done, link, project, run, unit};
use crate::world::World;

const REGISTERS: &str = r#"
[[registers]]
kind = "org-unit"
file = "registers/org_units.csv"

[[registers]]
kind = "org-unit"
source = "lmis"
file = "registers/lmis.csv"
"#;

/// The project with lists of both sides, S1 being clinic 1, everything delivered once.
fn world() -> (World, mlatho_testkit::dhis2::Server) {
    let world = World::new();
    let server = project(&world);
    world.write("p/mlatho.toml", format!("{}\n{REGISTERS}", world.read("p/mlatho.toml")));
    let [one, two, three] = [1, 2, 3].map(unit);
    let rows = [
        format!("{one},Kasolwe HC III,Amuka,1.0,32.0"),
        format!("{two},Tenduka Disp.,Amuka,,"),
        format!("{three},Gelwa Clinic,Vanzi,,"),
    ];
    world.write("p/registers/org_units.csv", format!("id,name,district,lat,lon\n{}\n", rows.join("\n")));
    world.write("p/registers/lmis.csv", "id,name,district\nS1,Kasolwe Health Centre III,Amuka\nS2,Tenduka,Amuka\n");
    link(&world, 1, &[]);
    done(&world, ["run"]);
    done(&world, ["publish", "--confirm"]);
    (world, server)
}

/// Clinic 1 has another name, and lies 11 km from where it was; clinic 2 has another id; clinic 3 is gone, clinic 4 new.
fn changed(world: &World) {
    let rows = [
        format!("{},Luno Hospital,Amuka,1.0,32.1", unit(1)),
        "ouabcdefghi,Tenduka Disp.,Amuka,,".to_owned(),
        format!("{},Orimba,Vanzi,,", unit(4)),
    ];
    world.write("p/registers/org_units.csv", format!("id,name,district,lat,lon\n{}\n", rows.join("\n")));
}

fn drift(world: &World) -> String {
    run(world, ["review", "drift", "--format", "csv", "--quiet"]).well()
}

#[test]
fn changes_are_listed_with_what_hangs_on_them() {
    let (world, _server) = world();
    let header = "kind,source,change,id,name,was,is,links,values,cells\n";
    assert_eq!(drift(&world), header);
    changed(&world);
    let [one, two, three, four] = [1, 2, 3, 4].map(unit);
    // S1 reports in three months, S2 in one; all of it was delivered.
    let expected = [
        header.to_owned(),
        format!("org-unit,,renamed,{one},Luno Hospital,Kasolwe HC III,Luno Hospital,1,3,3\n"),
        format!("org-unit,,moved,{one},Luno Hospital,\"1, 32\",\"1, 32.1\",1,3,3\n"),
        format!("org-unit,,re-created,{two},Tenduka Disp.,{two},ouabcdefghi,1,1,1\n"),
        format!("org-unit,,gone,{three},Gelwa Clinic,Gelwa Clinic,,0,0,0\n"),
        format!("org-unit,,new,{four},Orimba,,Orimba,0,0,0\n"),
    ];
    assert_eq!(drift(&world), expected.concat());
    let told = run(&world, ["review", "drift", "--format", "json", "--quiet"]).json();
    let line = &told["registers"][0]["changes"][0]["links"][0];
    assert_eq!((&line["source"], &line["code"], &line["target"]), (&"lmis".into(), &"S1".into(), &one.into()));
    let shown = done(&world, ["review", "drift"]);
    assert!(shown.contains("5 changes") && !shown.contains("column-"), "{shown}");

    // Nothing was kept by looking. The run tells it once, and keeps the new version.
    let ran = run(&world, ["run", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let counts = serde_json::json!({"changes": 5, "links": 2, "reopened": 0, "dead": 1});
    assert_eq!(report["drift"], counts, "{}", ran.messages);
    for code in ["drift-renamed", "drift-moved", "drift-re-created", "link-target-gone"] {
        assert!(ran.messages.contains(&format!("[{code}]")), "{code}: {}", ran.messages);
    }
    assert!(!ran.messages.contains("[drift-gone]"), "{}", ran.messages); // no link leads there
    let again = run(&world, ["run", "--format", "json"]);
    let report: Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!(report["drift"], serde_json::json!({"changes": 0, "links": 0, "reopened": 0, "dead": 1}));
    // The version before can still be read.
    assert_eq!(drift(&world), expected.concat());
    let status = run(&world, ["status", "--format", "json", "--quiet"]).json();
    assert_eq!((&status["registers"][0]["changes"], &status["dead_links"]), (&5.into(), &1.into()));
    assert!(done(&world, ["status"]).contains("5 changes"));
}

#[test]
fn pulling_everything_looks_at_the_registers_too() {
    let (world, _server) = world();
    changed(&world);
    let one = run(&world, ["pull", "lmis", "--format", "json", "--quiet"]).json();
    assert!(one.get("drift").is_none(), "{one}");
    let all = run(&world, ["pull"]);
    assert!(all.code == 0 && all.messages.contains("5 changes touch 2 links"), "{}", all.messages);
    let again = run(&world, ["pull", "--format", "json", "--quiet"]).json();
    assert_eq!(again["drift"]["changes"], 0);
}

#[test]
fn a_register_that_goes_back_is_compared_with_what_it_was_last() {
    let (world, _server) = world();
    let first = world.read("p/registers/org_units.csv");
    changed(&world);
    done(&world, ["run"]);
    world.write("p/registers/org_units.csv", first);
    done(&world, ["run"]);
    let told = drift(&world);
    assert!(told.contains(&format!("renamed,{},Kasolwe HC III,Luno Hospital,Kasolwe HC III", unit(1))), "{told}");
    assert!(told.contains(&format!("re-created,ouabcdefghi,Tenduka Disp.,ouabcdefghi,{}", unit(2))), "{told}");
}

#[test]
fn the_list_of_a_source_is_looked_at_too() {
    let (world, _server) = world();
    world.write("p/registers/lmis.csv", "id,name,district\nS1,Orimba,Amuka\nS2,Tenduka,Amuka\n");
    let expected = "org-unit,lmis,renamed,S1,Orimba,Kasolwe Health Centre III,Orimba,1,3,3\n";
    assert!(drift(&world).ends_with(expected), "{}", drift(&world));
}

#[test]
fn a_link_whose_target_is_gone_is_told_until_it_ends() {
    let (world, _server) = world();
    assert_eq!(run(&world, ["check"]).messages.matches("[link-target-gone]").count(), 0);
    changed(&world);
    let checked = run(&world, ["check"]);
    assert!(
        checked.messages.contains("org_units.csv, row 2, column source_id: warning [link-target-gone]"),
        "{}",
        checked.messages
    );
    world.write(
        "p/mappings/org_units.csv",
        format!("source,source_id,org_unit,valid_to\nlmis,S2,{},2025-12-31\n", unit(2)),
    );
    assert_eq!(run(&world, ["check"]).messages.matches("[link-target-gone]").count(), 0);
}

#[test]
fn a_register_that_cannot_be_read_costs_itself() {
    let (world, _server) = world();
    std::fs::remove_file(world.path("p/registers/lmis.csv")).unwrap();
    changed(&world);
    let ran = run(&world, ["run", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &report["drift"]["changes"]), (0, &5.into()), "{}", ran.messages);
    assert!(ran.messages.contains("lmis.csv: error [file-unusable]"), "{}", ran.messages);
}

#[test]
fn a_fhir_bundle_drifts_like_a_table() {
    let (world, _server) = world();
    let bundle = |name: &str| {
        let location = |number: u32, name: &str| serde_json::json!({"resource": {"resourceType": "Location", "id": unit(number), "name": name, "status": "active"}});
        let entries = [location(1, name), location(2, "Tenduka")];
        serde_json::json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string()
    };
    world
        .write("p/mlatho.toml", world.read("p/mlatho.toml").replace("registers/org_units.csv", "registers/units.json"));
    world.write("p/registers/units.json", bundle("Kasolwe HC III"));
    done(&world, ["run"]);
    world.write("p/registers/units.json", bundle("Kasolwe Hospital"));
    let told = drift(&world);
    assert!(
        told.ends_with(&format!("renamed,{},Kasolwe Hospital,Kasolwe HC III,Kasolwe Hospital,1,3,3\n", unit(1))),
        "{told}"
    );
}

/// Two lists of 48 places whose names are alike and rare, every one linked to its own.
fn many(world: &World) -> Vec<String> {
    let (mut ours, mut theirs) = (vec!["id,name,district".to_owned()], vec!["id,name,district".to_owned()]);
    let mut links = vec!["source,source_id,org_unit".to_owned()];
    for (at, first) in ["Kaso", "Ten", "Ori", "Gel", "Muba", "Sika", "Luno", "Peta"].into_iter().enumerate() {
        for (row, last) in ["lwe", "duka", "mba", "wasa", "nzi", "riko"].into_iter().enumerate() {
            let number = at * 6 + row + 1;
            ours.push(format!("OU{number},{first}{last} HC III,Area {at}"));
            theirs.push(format!("S{number},{first}{last} Health Centre III,Area {at} District"));
            links.push(format!("lmis,S{number},OU{number}"));
        }
    }
    world.write("p/registers/org_units.csv", ours.join("\n"));
    world.write("p/registers/lmis.csv", theirs.join("\n"));
    world.write("p/mappings/org_units.csv", links.join("\n"));
    ours
}

#[test]
fn a_link_that_is_no_longer_sure_waits_again_until_somebody_decides() {
    let world = World::new();
    let _server = project(&world);
    world.write("p/mlatho.toml", format!("{}\n{REGISTERS}", world.read("p/mlatho.toml")));
    let ours = many(&world);
    done(&world, ["run"]);
    let cases = || {
        let ran = run(&world, ["review", "links", "--format", "json", "--quiet"]);
        ran.json()["cases"].as_array().unwrap().clone()
    };
    assert_eq!(cases(), [] as [Value; 0]);
    let renamed = ours.join("\n").replace("Kasolwe HC III", "Xyloquartz Clinic");
    world.write("p/registers/org_units.csv", renamed);
    let ran = run(&world, ["run", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        report["drift"],
        serde_json::json!({"changes": 1, "links": 1, "reopened": 1, "dead": 0}),
        "{}",
        ran.messages
    );
    let waiting = cases();
    assert_eq!(waiting.len(), 1);
    let case = &waiting[0];
    assert_eq!((&case["code"], &case["linked"], &case["records"]), (&"S1".into(), &"OU1".into(), &3.into()));
    assert!(done(&world, ["review", "links"]).contains("OU1"));
    assert!(done(&world, ["status"]).contains("1 links are in doubt"));
    // What changes next does not hide it.
    world.write("p/registers/org_units.csv", world.read("p/registers/org_units.csv").replace("Tenriko", "Tenrika"));
    done(&world, ["run"]);
    assert!(cases().iter().any(|case| case["code"] == "S1"));
    let kept = ["review", "accept", "org-unit", "lmis", "S1", "OU1", "--reason", "only the name is new"];
    done(&world, kept);
    assert!(!cases().iter().any(|case| case["code"] == "S1"));
}
