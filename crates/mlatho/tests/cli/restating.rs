//! `mlatho review restate`: what was sent by a link that was wrong is found, sent anew and withdrawn.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::stocked::{done, held, link, project, run, uid, unit};
use crate::world::World;

/// The corrected links that are left.
fn links(world: &World) -> Vec<Value> {
    let ran = run(world, ["review", "restate", "--format", "json", "--quiet"]);
    ran.json()["links"].as_array().unwrap().clone()
}

/// `action org_unit period delivered` of every value, sorted.
fn cells(links: &[Value]) -> Vec<String> {
    let text = |cell: &Value, name: &str| cell[name].as_str().unwrap_or("-").to_owned();
    let told = |cell: &Value| ["action", "org_unit", "period", "delivered"].map(|name| text(cell, name)).join(" ");
    let mut cells: Vec<String> =
        links.iter().flat_map(|link| link["cells"].as_array().unwrap().iter().map(told)).collect();
    cells.sort();
    cells
}

/// `kind org_unit period old` of what publishing would do, sorted.
fn plan(world: &World) -> Vec<String> {
    let plan = done(world, ["publish", "--format", "csv", "--quiet"]);
    let mut rows: Vec<String> = plan
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            [cells[0], cells[3], cells[4], if cells[5] == "–" { "-" } else { cells[5] }].join(" ")
        })
        .collect();
    rows.sort();
    rows
}

#[test]
fn values_of_a_wrong_link_are_found_sent_anew_and_withdrawn() {
    let world = World::new();
    let server = project(&world);
    link(&world, 3, &[]);
    done(&world, ["run"]);
    done(&world, ["publish", "--confirm"]);
    // Packs of 30.
    let [two, three] = [2, 3].map(unit);
    let sent = [
        format!("{two} 202601 210"),
        format!("{three} 202601 300"),
        format!("{three} 202602 600"),
        format!("{three} 202603 900"),
    ];
    assert_eq!(held(&server), sent);
    assert_eq!(links(&world), [] as [Value; 0]);

    link(&world, 1, &[]);
    let one = unit(1);
    let expected = [
        format!("new {one} 202601 -"),
        format!("new {one} 202602 -"),
        format!("new {one} 202603 -"),
        format!("withdraw {three} 202601 300"),
        format!("withdraw {three} 202602 600"),
        format!("withdraw {three} 202603 900"),
    ];
    let waiting = links(&world);
    assert_eq!(cells(&waiting), expected);
    let told = &waiting[0];
    assert_eq!((&told["kind"], &told["code"], &told["follows"]), (&"org-unit".into(), &"S1".into(), &false.into()));
    assert_eq!((&told["old"][0], &told["new"][0]), (&three.as_str().into(), &one.as_str().into()));
    assert_eq!((&told["observations"], &told["periods"][2]), (&3.into(), &"202603".into()));
    assert_eq!(
        (&told["corrected"]["by"], &told["corrected"]["decided_by"]),
        (&"decision".into(), &"Data manager".into())
    );
    let shown = run(&world, ["review", "restate"]);
    assert!(shown.out.contains("does not follow yet") && !shown.out.contains("column-"), "{}", shown.out);
    assert!(shown.messages.contains("mlatho run"), "{}", shown.messages);

    done(&world, ["run"]);
    let waiting = links(&world);
    assert_eq!((cells(&waiting).as_slice(), &waiting[0]["follows"]), (&expected[..], &true.into()));
    assert_eq!(waiting[0]["observations"], 3);
    assert_eq!(plan(&world), expected);
    done(&world, ["publish", "--confirm"]);
    let now = [
        format!("{one} 202601 300"),
        format!("{one} 202602 600"),
        format!("{one} 202603 900"),
        format!("{two} 202601 210"),
    ];
    assert_eq!(held(&server), now);
    assert_eq!(links(&world), [] as [Value; 0]);
    assert!(run(&world, ["review", "restate"]).messages.contains("Nothing is left"));
}

#[test]
fn a_value_to_which_others_add_is_changed_and_not_withdrawn() {
    let world = World::new();
    let server = project(&world);
    link(&world, 2, &[]); // to which S2 belongs
    done(&world, ["run"]);
    done(&world, ["publish", "--confirm"]);
    let (one, two) = (unit(1), unit(2));
    assert!(held(&server).contains(&format!("{two} 202601 510")));
    link(&world, 1, &[]);
    let expected = [
        format!("changed {two} 202601 510"),
        format!("new {one} 202601 -"),
        format!("new {one} 202602 -"),
        format!("new {one} 202603 -"),
        format!("withdraw {two} 202602 600"),
        format!("withdraw {two} 202603 900"),
    ];
    assert_eq!(cells(&links(&world)), expected);
    done(&world, ["run"]);
    assert_eq!(cells(&links(&world)), expected);
    assert_eq!(plan(&world), expected);
    done(&world, ["publish", "--confirm"]);
    assert!(held(&server).contains(&format!("{two} 202601 210")));
    assert_eq!(links(&world), [] as [Value; 0]);
}

#[test]
fn only_the_days_that_were_corrected_are_restated() {
    let world = World::new();
    let _server = project(&world);
    link(&world, 3, &[]);
    done(&world, ["run"]);
    done(&world, ["publish", "--confirm"]);
    link(&world, 1, &["--from", "2026-03-01"]);
    let waiting = links(&world);
    let expected = [format!("new {} 202603 -", unit(1)), format!("withdraw {} 202603 900", unit(3))];
    assert_eq!(cells(&waiting), expected);
    assert_eq!((&waiting[0]["from"], &waiting[0]["to"]), (&"2026-03-01".into(), &Value::Null));
    done(&world, ["run"]);
    assert_eq!(cells(&links(&world)), expected);
    assert_eq!(plan(&world), expected);
}

#[test]
fn a_factor_in_a_mapping_file_is_a_link_too() {
    let world = World::new();
    let server = project(&world);
    link(&world, 1, &[]);
    done(&world, ["run"]);
    done(&world, ["publish", "--confirm"]);
    world.write("p/mappings/items.csv", "source,source_id,item,factor\nlmis,D7,P1,60\n");
    let (one, two) = (unit(1), unit(2));
    let expected = [
        format!("changed {one} 202601 300"),
        format!("changed {one} 202602 600"),
        format!("changed {one} 202603 900"),
        format!("changed {two} 202601 210"),
    ];
    let waiting = links(&world);
    assert_eq!(cells(&waiting), expected);
    let told = &waiting[0];
    assert_eq!((&told["old"][0], &told["new"][0]), (&"P1 × 30".into(), &"P1 × 60".into()));
    assert_eq!((&told["kind"], &told["corrected"]["by"]), (&"item".into(), &"mapping-file".into()));
    done(&world, ["run"]);
    assert_eq!(cells(&links(&world)), expected);
    assert_eq!(links(&world)[0]["cells"][0]["wanted"], "600");
    assert_eq!(plan(&world), expected);
    done(&world, ["publish", "--confirm"]);
    assert!(held(&server).contains(&format!("{two} 202601 420")));
    assert_eq!(links(&world), [] as [Value; 0]);
}

#[test]
fn a_code_without_a_counterpart_withdraws_and_each_value_is_a_row() {
    let world = World::new();
    let _server = project(&world);
    link(&world, 3, &[]);
    done(&world, ["run"]);
    done(&world, ["publish", "--confirm"]);
    done(&world, ["review", "none", "org-unit", "lmis", "S1", "--reason", "a district store"]);
    let ran = run(&world, ["review", "restate", "--format", "csv", "--quiet"]).well();
    let rows: BTreeSet<String> = ran
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            [cells[2], cells[3], cells[4], cells[7]].join(" ")
        })
        .collect();
    assert!(ran.starts_with("kind,source,code,old_target,new_target,from,to,observations,"), "{ran}");
    assert_eq!((ran.lines().count(), rows.first().unwrap().as_str()), (4, format!("S1 {}  3", unit(3)).as_str()));
}

#[test]
fn a_value_that_may_not_change_stays_on_the_list() {
    let world = World::new();
    let server = project(&world);
    link(&world, 3, &[]);
    done(&world, ["run"]);
    done(&world, ["publish", "--confirm"]);
    link(&world, 1, &[]);
    done(&world, ["run"]);
    // On 1 August, data of June is the last that may be changed.
    server.change_metadata(|metadata| metadata.set(uid("ds", 1), "expiryDays", 40.into()));
    let before = cells(&links(&world));
    assert_eq!(before.len(), 6);
    done(&world, ["publish", "--confirm"]);
    assert_eq!(cells(&links(&world)), before);
    server.change_metadata(|metadata| metadata.set(uid("ds", 1), "expiryDays", 0.into()));
    done(&world, ["publish", "--confirm"]);
    assert_eq!(links(&world), [] as [Value; 0]);
}

#[test]
fn two_codes_that_were_taken_for_each_other_change_places() {
    let world = World::new();
    let server = project(&world);
    link(&world, 1, &[]); // it is clinic 2, and S2 is clinic 1
    done(&world, ["run"]);
    done(&world, ["publish", "--confirm"]);
    let (one, two) = (unit(1), unit(2));
    world.write("p/mappings/org_units.csv", format!("source,source_id,org_unit\nlmis,S2,{one}\n"));
    link(&world, 2, &[]);
    let expected = [
        format!("changed {one} 202601 300"),
        format!("changed {two} 202601 210"),
        format!("new {two} 202602 -"),
        format!("new {two} 202603 -"),
        format!("withdraw {one} 202602 600"),
        format!("withdraw {one} 202603 900"),
    ];
    let all = |links: &[Value]| cells(links).into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
    let waiting = links(&world);
    assert_eq!((waiting.len(), all(&waiting).as_slice()), (2, &expected[..]));
    assert!(run(&world, ["review", "restate"]).messages.contains("6 delivered or new values"));
    done(&world, ["run"]);
    assert_eq!((all(&links(&world)), plan(&world)), (expected.to_vec(), expected.to_vec()));
    done(&world, ["publish", "--confirm"]);
    assert!(held(&server).contains(&format!("{two} 202601 300")));
    assert_eq!(links(&world), [] as [Value; 0]);
}

#[test]
fn what_was_read_and_never_sent_only_has_to_be_read_anew() {
    let world = World::new();
    let _server = project(&world);
    link(&world, 3, &[]);
    done(&world, ["run"]);
    link(&world, 1, &[]);
    let waiting = links(&world);
    assert_eq!((waiting.len(), &waiting[0]["observations"], cells(&waiting).len()), (1, &3.into(), 0));
    done(&world, ["run"]);
    assert_eq!(links(&world), [] as [Value; 0]);
}
