//! `mlatho review export` and what `review take` takes over from other systems.

use serde_json::{Value, json};

use crate::world::{Ran, World, ran};

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
"#;

fn world() -> World {
    let world = World::new();
    world.write("p/mlatho.toml", PROJECT);
    world.write("p/registers/org_units.csv", "id,name,code\nOU1,Kasolwe,HF1\nOU2,Tenduka,HF2|T\nOU3,Gelwa,T\n");
    world.write("p/registers/lmis.csv", "id,name,code\nS1,Kasolwe HC,F1\nS2,Tenduka HC,F2\n");
    world.write("p/registers/items.csv", "id,name\nP1,AL\n");
    world.write(
        "p/mappings/org_units.csv",
        "source,source_id,source_name,org_unit,valid_to\nlmis,S1,Kasolwe HC,OU1,2026-12-31\n",
    );
    world.write("p/mappings/items.csv", "source,source_id,item,factor,unit\nlmis,D7,P1,540,tablet\n");
    world.write("p/mappings/elements.csv", "target,item,measure,data_element\n");
    world
}

fn review<const N: usize>(world: &World, args: [&str; N]) -> Ran {
    ran(world.mlatho().env("USER", "Data manager").args(["--project", "p", "review"]).args(args))
}

#[track_caller]
fn well(ran: &Ran) {
    assert_eq!(ran.code, 0, "{}", ran.messages);
}

/// Decisions without their time.
fn decisions(world: &World) -> Vec<String> {
    let kept = world.read("p/mappings/decisions.csv");
    kept.lines().skip(1).map(|row| row.split_once(',').unwrap().1.to_owned()).collect()
}

#[test]
fn links_go_out_as_a_concept_map_with_their_version() {
    let world = world();
    well(&review(&world, ["none", "org-unit", "lmis", "S9", "--reason", "a store"]));
    let told = review(&world, ["export", "--as", "concept-map", "--out", "map.json"]);
    well(&told);
    let map: Value = serde_json::from_str(&world.read("map.json")).unwrap();
    let version = map["version"].as_str().unwrap();
    assert!(version.len() == 32 && told.messages.contains(version) && told.messages.contains('3'), "{}", told.messages);
    assert_eq!(map["title"], "Test");
    assert_eq!(
        map["group"][0]["element"][0]["target"][0]["property"],
        json!([{"code": "valid-to", "valueDateTime": "2026-12-31"}])
    );
    assert_eq!(
        (&map["group"][0]["element"][1]["code"], &map["group"][0]["element"][1]["noMap"]),
        (&"S9".into(), &true.into())
    );
    assert_eq!(map["group"][1]["element"][0]["target"][0]["relationship"], "equivalent");
    // The same links give the same bytes, and other links another version.
    well(&review(&world, ["export", "--as", "concept-map", "--out", "again.json"]));
    assert_eq!(world.read("map.json"), world.read("again.json"));
    well(&review(&world, ["accept", "org-unit", "lmis", "S2", "OU2", "--reason", "seen"]));
    let other = review(&world, ["export", "--as", "concept-map", "--quiet"]).json();
    assert_ne!(other["version"], version);
}

#[test]
fn a_table_has_the_codes_of_both_sides() {
    let world = world();
    let table = review(&world, ["export", "--as", "csv", "--quiet"]).well();
    let rows: Vec<&str> = table.lines().collect();
    assert_eq!(
        rows,
        [
            "kind,source,source_id,source_code,source_name,target,target_code,target_name,relation,share,factor,unit,valid_from,valid_to,reason",
            "org-unit,lmis,S1,F1,Kasolwe HC,OU1,HF1,,equal,1,1,,,2026-12-31,",
            "item,lmis,D7,,,P1,,,equal,1,540,tablet,,,"
        ]
    );
}

#[test]
fn what_goes_out_of_one_project_comes_into_another_once() {
    let (from, to) = (world(), world());
    well(&review(&from, ["accept", "org-unit", "lmis", "S2", "OU2", "--reason", "seen", "--from", "2025-01-01"]));
    well(&review(&from, ["none", "org-unit", "lmis", "S9", "--reason", "a store"]));
    for (form, file) in [("concept-map", "links.json"), ("csv", "links.csv")] {
        well(&review(&from, ["export", "--as", form, "--out", file]));
        to.write(file, from.read(file));
    }
    to.write("p/mappings/org_units.csv", "source,source_id,org_unit\n");
    to.write("p/mappings/items.csv", "source,source_id,item\n");
    let without = review(&to, ["take", "links.json"]);
    assert!(without.code == 1 && without.messages.contains("[take-reason]"), "{}", without.messages);
    let taken = review(&to, ["take", "links.json", "--by", "District officer", "--reason", "agreed"]);
    well(&taken);
    let expected = [
        "District officer,,org-unit,accept,lmis,S1,Kasolwe HC,OU1,Kasolwe,equal,1,1,,,2026-12-31,agreed,import",
        "District officer,,org-unit,accept,lmis,S2,,OU2,Tenduka,equal,1,1,,2025-01-01,,agreed: seen,import",
        "District officer,,org-unit,accept,lmis,S9,,,,none,1,1,,,,agreed: a store,import",
        "District officer,,item,accept,lmis,D7,,P1,AL,equal,1,540,tablet,,,agreed,import",
    ];
    assert_eq!(decisions(&to), expected);
    // Neither the same file nor the same links in the other form add anything.
    for file in ["links.json", "links.csv"] {
        let again = review(&to, ["take", file, "--reason", "once more"]);
        well(&again);
        assert!(again.messages.contains("4 offered links say what holds already"), "{}", again.messages);
    }
    assert_eq!(decisions(&to), expected);
    // They are the same links.
    let group = |world: &World| review(world, ["export", "--as", "concept-map", "--quiet"]).json()["group"].clone();
    let ids = |group: &Value| {
        let elements = group.as_array().unwrap().iter().flat_map(|group| group["element"].as_array().unwrap().clone());
        elements.map(|element| (element["code"].clone(), element["target"][0]["code"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(ids(&group(&from)), ids(&group(&to)));
}

#[test]
fn what_a_person_decided_stays_and_is_told() {
    let world = world();
    well(&review(&world, ["accept", "org-unit", "lmis", "S2", "OU2", "--reason", "seen"]));
    let before = decisions(&world);
    let mapping =
        |code: &str, target: &str| json!({"code": code, "target": [{"code": target, "equivalence": "equal"}]});
    let elements = [mapping("S1", "OU2"), mapping("S2", "OU3"), mapping("S3", "OU3"), mapping("S4", "OU9")];
    let map = json!({"resourceType": "ConceptMap", "group": [{"source": "https://lmis.example/facility", "element": elements}]});
    world.write("map.json", map.to_string());
    let unknown = review(&world, ["take", "map.json", "--reason", "agreed"]);
    assert!(unknown.code == 1 && unknown.messages.contains("[concept-map-system]"), "{}", unknown.messages);
    let taken = review(&world, ["take", "map.json", "--reason", "agreed", "--kind", "org-unit", "--source", "lmis"]);
    assert_eq!(taken.code, 1);
    for told in [
        "map.json, row 1: error [take-differs]: The code “S1” is decided otherwise for some of these days, in p/mappings/org_units.csv:2;",
        "map.json, row 2: error [take-differs]: The code “S2” is decided otherwise for some of these days, in p/mappings/decisions.csv:2;",
        "row 4, column target: error [review-unknown-target]",
    ] {
        assert!(taken.messages.contains(told), "{}", taken.messages);
    }
    let after = decisions(&world);
    assert_eq!((&after[..1], after.len()), (&before[..], 2));
    assert!(after[1].contains(",S3,,OU3,Gelwa,") && after[1].ends_with(",import"), "{after:?}");
}

#[test]
fn a_table_that_names_codes_is_taken_where_they_are_unique() {
    let world = world();
    world.write(
        "links.csv",
        "kind;source;source_id;source_code;target;target_code;relation\n\
         org-unit;lmis;;F2;;HF2;equal\n\
         org-unit;lmis;S7;;;T;equal\n\
         org-unit;lmis;;F9;OU3;;equal\n\
         org-unit;lmis;S8;;OU3;;equal\n\
         org-unit;elsewhere;S8;;OU3;;equal\n",
    );
    let taken = review(&world, ["take", "links.csv", "--reason", "agreed"]);
    assert_eq!(taken.code, 1);
    for told in [
        "links.csv, row 3, column target_code: error [take-code]: The code “T” stands for 2 records",
        "links.csv, row 4, column source_code: error [take-code]: The code “F9” is in no list",
        "links.csv, row 6, column source: error [source-unknown]",
    ] {
        assert!(taken.messages.contains(told), "{}", taken.messages);
    }
    let kept = decisions(&world);
    assert_eq!(kept.len(), 2);
    assert!(kept[0].contains(",lmis,S2,,OU2,Tenduka,") && kept[1].contains(",lmis,S8,,OU3,Gelwa,"), "{kept:?}");
}

#[test]
fn decisions_from_before_imports_are_added_to() {
    let world = world();
    let header = "decided_at,decided_by,seconded_by,kind,verdict,source,source_id,source_name,target,target_name,relation,\
                  share,factor,unit,valid_from,valid_to,reason";
    let row = "2026-01-01T08:00:00Z,me,,org-unit,accept,lmis,S2,,OU2,,equal,1,1,,,,seen";
    world.write("p/mappings/decisions.csv", format!("{header}\r\n{row}\r\n"));
    well(&review(&world, ["none", "org-unit", "lmis", "S9", "--reason", "a store"]));
    let kept = world.read("p/mappings/decisions.csv");
    let lines: Vec<&str> = kept.lines().collect();
    assert_eq!((lines[0], lines[1]), (format!("{header},origin").as_str(), row));
    assert!(lines[2].ends_with(",a store,person") && lines.len() == 3, "{kept}");
    let rows = review(&world, ["export", "--as", "csv", "--quiet"]).well();
    assert!(rows.contains("org-unit,lmis,S2,F2,,OU2,HF2|T,"), "{rows}");
}
