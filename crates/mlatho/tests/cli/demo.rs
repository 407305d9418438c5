//! `mlatho demo` at its smallest, with each way in which its data comes.

use std::collections::BTreeMap;

use crate::world::World;

/// The comparisons that a demo wrote, by rule, and its messages.
fn demo(world: &World, sources: &str) -> (BTreeMap<String, String>, String) {
    let folder = format!("demo-{sources}");
    let ran = world.run([
        "demo",
        "--no-serve",
        "--facilities",
        "20",
        "--months",
        "6",
        "--sources",
        sources,
        "--data-dir",
        &folder,
    ]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    let results = world.path(format!("{folder}/project/data/results"));
    let tables = results.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let tables = tables.filter(|path| path.extension().is_some_and(|extension| extension == "csv"));
    let name = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let tables = tables.map(|path| (name(&path), std::fs::read_to_string(&path).unwrap())).collect();
    (tables, ran.messages)
}

#[test]
fn servers_and_files_tell_the_same_and_are_linked_by_matching() {
    let world = World::new();
    let (both, messages) = demo(&world, "both");
    assert!(both.contains_key("malaria-act.csv") && both["malaria-act.csv"].contains(",within,"), "{both:?}");
    // What was delivered is not sent again.
    assert!(messages.contains("dhis2: 0 values sent"), "{messages}");
    for sources in ["files", "api"] {
        assert_eq!(demo(&world, sources).0, both, "{sources}");
    }
    // No link of the LMIS was given: each was decided, by matching or by the stand-in for a person.
    let given = world.read("demo-both/project/mappings/org_units.csv");
    let decided = world.read("demo-both/project/mappings/decisions.csv");
    let links = decided.lines().filter(|row| row.contains(",org-unit,accept,lmis,")).count();
    assert!(!given.contains("lmis,") && links >= 20 && messages.contains("(0 wrong"), "{links}: {messages}");
}
