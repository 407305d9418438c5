//! What happens to places in the course of years: numbers from before a change follow the old link.

use crate::stocked::{done, project};
use crate::world::World;

/// The accepted values of a site: `org_unit month value`.
fn values(world: &World, site: &str) -> Vec<String> {
    let query = format!(
        "SELECT org_unit, period, value FROM observations \
         WHERE source_org_unit = '{site}' AND status = 'accepted' ORDER BY 2, 1"
    );
    let rows = done(world, ["sql", &query, "--format", "csv", "--quiet"]);
    rows.lines().skip(1).map(|line| line.replace(',', " ")).collect()
}

/// Every site reports 10 packs of 30 in the last month of 2025 and in the first of 2026.
fn world(sites: &[&str]) -> World {
    let world = World::new();
    drop(project(&world));
    let rows = sites.iter().flat_map(|site| [(site, "202512"), (site, "202601")]);
    let rows: Vec<String> = rows.map(|(site, month)| format!("{site},D7,{month},10")).collect();
    world.write("p/inbox/a.csv", format!("site,product,month,used\n{}\n", rows.join("\n")));
    world
}

#[track_caller]
fn accept<const N: usize>(world: &World, site: &str, target: &str, options: [&str; N]) {
    let args =
        ["--project", "p", "review", "accept", "org-unit", "lmis", site, target, "--reason", "told by the district"];
    let ran = crate::world::ran(world.mlatho().args(args).args(["--by", "Data manager"]).args(options));
    assert_eq!(ran.code, 0, "{}", ran.messages);
}

#[test]
fn a_place_with_a_new_id_keeps_its_past_under_the_old_one() {
    let world = world(&["A"]);
    accept(&world, "A", "OLD", []);
    done(&world, ["run"]);
    assert_eq!(values(&world, "A"), ["OLD 202512 300.0", "OLD 202601 300.0"]);
    accept(&world, "A", "NEW", ["--from", "2026-01-01"]);
    done(&world, ["run"]);
    assert_eq!(values(&world, "A"), ["OLD 202512 300.0", "NEW 202601 300.0"]);
}

#[test]
fn a_code_with_a_new_name_leads_where_the_old_one_led() {
    let world = world(&["A", "B"]);
    accept(&world, "A", "OU1", ["--to", "2025-12-31"]);
    accept(&world, "B", "OU1", ["--from", "2026-01-01"]);
    done(&world, ["run"]);
    // What A says afterwards, and B before, waits for somebody who knows.
    assert_eq!(
        (values(&world, "A"), values(&world, "B")),
        (vec!["OU1 202512 300.0".into()], vec!["OU1 202601 300.0".into()])
    );
}

#[test]
fn a_place_that_closes_has_no_counterpart_from_then_on() {
    let world = world(&["A"]);
    accept(&world, "A", "OU1", []);
    let closed =
        ["none", "org-unit", "lmis", "A", "--from", "2026-01-01", "--reason", "closed", "--by", "Data manager"];
    let ran = crate::world::ran(world.mlatho().args(["--project", "p", "review"]).args(closed));
    assert_eq!(ran.code, 0, "{}", ran.messages);
    done(&world, ["run"]);
    assert_eq!(values(&world, "A"), ["OU1 202512 300.0"]);
}

#[test]
fn places_that_become_one_are_apart_before() {
    let world = world(&["A", "B"]);
    accept(&world, "A", "OU1", []);
    accept(&world, "B", "OU2", []);
    for site in ["A", "B"] {
        accept(&world, site, "OU3", ["--relation", "many-to-one", "--from", "2026-01-01"]);
    }
    done(&world, ["run"]);
    assert_eq!(values(&world, "A"), ["OU1 202512 300.0", "OU3 202601 300.0"]);
    assert_eq!(values(&world, "B"), ["OU2 202512 300.0", "OU3 202601 300.0"]);
}

#[test]
fn a_place_that_is_divided_was_one_before() {
    let world = world(&["A"]);
    accept(&world, "A", "OU1", []);
    // The shares of one code come together: here as a sheet's rows stand in the file.
    let decisions = world.read("p/mappings/decisions.csv");
    let part = |target: &str, share: &str| {
        format!(
            "2026-02-01T08:00:00Z,Data manager,,org-unit,accept,lmis,A,,{target},,one-to-many,{share},1,,2026-01-01,,divided\n"
        )
    };
    let parts = [part("OU2", "2/5"), part("OU3", "3/5")].concat();
    world.write("p/mappings/decisions.csv", format!("{decisions}{parts}"));
    done(&world, ["run"]);
    assert_eq!(values(&world, "A"), ["OU1 202512 300.0", "OU2 202601 120.0", "OU3 202601 180.0"]);
}
