//! `mlatho review release`: a state of the mappings gets a name, and what goes out cites it.

use std::collections::BTreeSet;

use mlatho_testkit::dhis2::Server;
use serde_json::Value;

use crate::stocked::{done, held, link, project, run};
use crate::world::World;

/// What the writing requests since the start cite.
fn cited(server: &Server) -> BTreeSet<String> {
    let writes = server.requests().into_iter().filter(|request| request.method == "POST");
    writes.map(|request| request.mappings).collect()
}

/// The version of the mappings, as the plan names it.
fn version(world: &World) -> String {
    let plan: Value = serde_json::from_str(&done(world, ["publish", "--format", "json", "--quiet"])).unwrap();
    plan["mappings"]["version"].as_str().unwrap().to_owned()
}

/// Entries of the audit log, all of which are sound.
fn entries(world: &World) -> u64 {
    let told: Value = serde_json::from_str(&done(world, ["verify", "--format", "json", "--quiet"])).unwrap();
    assert_eq!(told["faults"], serde_json::json!([]), "{told}");
    told["entries"].as_u64().unwrap()
}

#[test]
fn what_goes_out_cites_the_mappings_by_which_it_came_about() {
    let world = World::new();
    let server = project(&world);
    link(&world, 3, &[]);
    done(&world, ["run"]);
    let first = version(&world);
    let shown = run(&world, ["publish", "--confirm", "--out", "files"]);
    assert!(shown.messages.contains(&first) && shown.messages.contains("nobody has released"), "{}", shown.messages);
    assert_eq!(cited(&server), [first.clone()].into());
    assert_eq!(world.read("files/MAPPINGS.txt"), format!("{first}\n"));

    let (reason, before) = (["--reason", "looked through"], entries(&world));
    done(&world, ["review", "release", "2026-11", reason[0], reason[1]]);
    let listed: Value = serde_json::from_str(&done(&world, ["review", "release", "--format", "json"])).unwrap();
    let [one] = listed.as_array().unwrap().as_slice() else { panic!("{listed}") };
    assert_eq!((&one["name"], &one["version"]), (&"2026-11".into(), &first.as_str().into()));
    assert_eq!((&one["released_by"], &one["reason"]), (&"Data manager".into(), &"looked through".into()));

    // The audit log has one entry more, and a run adds none for it.
    assert_eq!(entries(&world), before + 1);

    world.write("p/inbox/b.csv", "site,product,month,used\nS2,D7,202602,8\n");
    done(&world, ["run"]);
    assert_eq!(entries(&world), before + 1);
    let shown = run(&world, ["publish", "--confirm"]);
    assert!(shown.messages.contains("release “2026-11”"), "{}", shown.messages);
    assert_eq!(cited(&server), [first.clone(), format!("{first} 2026-11")].into());

    let again = run(&world, ["review", "release", "2026-12", reason[0], reason[1]]);
    assert!(again.code == 1 && again.messages.contains("[release-same]"), "{}", again.messages);
    link(&world, 1, &[]);
    let taken = run(&world, ["review", "release", "2026-11", reason[0], reason[1]]);
    assert!(taken.code == 1 && taken.messages.contains("[release-name]"), "{}", taken.messages);
    let behind = run(&world, ["publish"]);
    assert!(behind.code == 0 && behind.messages.contains("[mapping-behind]"), "{}", behind.messages);
}

#[test]
fn a_target_may_take_released_mappings_only() {
    let world = World::new();
    let server = project(&world);
    let strict = world.read("p/mlatho.toml").replace("name = \"dhis2\"\n", "name = \"dhis2\"\nreleased_only = true\n");
    world.write("p/mlatho.toml", strict);
    link(&world, 3, &[]);
    done(&world, ["run"]);
    let refused = run(&world, ["publish", "--confirm"]);
    assert!(refused.code == 1 && refused.messages.contains("[mapping-unreleased]"), "{}", refused.messages);
    done(&world, ["review", "release", "first", "--reason", "looked through"]);
    done(&world, ["publish", "--confirm"]);
    let there = held(&server);
    assert_eq!(there.len(), 4);

    link(&world, 1, &[]);
    done(&world, ["review", "release", "second", "--reason", "S1 is clinic 1"]);
    let behind = run(&world, ["publish", "--confirm"]);
    assert!(behind.code == 1 && behind.messages.contains("[mapping-behind-refused]"), "{}", behind.messages);
    assert_eq!(held(&server), there);
    done(&world, ["run"]);
    done(&world, ["publish", "--confirm"]);
    assert_ne!(held(&server), there);
}

#[test]
fn a_list_of_releases_that_was_spoilt_is_told() {
    let world = World::new();
    let _server = project(&world);
    world.write("p/mappings/releases.csv", "name,version,released_at,released_by,reason\nA,0,yesterday,B,C\n");
    let ran = run(&world, ["review", "release"]);
    assert!(ran.code == 1 && ran.messages.contains("[release-row]"), "{}", ran.messages);
}
