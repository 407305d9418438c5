//! `mlatho explain`: a number back to its bytes, and on to where it was delivered.

use serde_json::Value;

use crate::stocked::{done, link, project, run, uid, unit};
use crate::world::{World, ran};

fn json(world: &World, args: &[&str]) -> Value {
    let mut command = world.mlatho();
    ran(command.env("USER", "Data manager").args(["--project", "p", "explain", "--format", "json"]).args(args)).json()
}

#[test]
fn a_number_is_led_back_to_its_bytes_and_on_to_its_delivery() {
    let world = World::new();
    let _server = project(&world);
    link(&world, 1, &[]);
    done(&world, ["run"]);
    let one = json(&world, &[&unit(1), "P1", "consumed", "202602"]);
    let row = &one["rows"][0];
    // 20 packs of 30. The third line of the file begins after `site,product,month,used` and `S1,D7,202601,10`.
    assert_eq!((&one["figures"][0]["value"], &row["value"]), (&"600".into(), &"600".into()));
    assert_eq!(row["raw"]["text"], "S1,D7,202602,20");
    let bytes = row["raw"]["bytes"].as_array().unwrap();
    let file = world.read("p/inbox/a.csv");
    let at = |place: usize| usize::try_from(bytes[place].as_u64().unwrap()).unwrap();
    assert_eq!(&file[at(0)..at(1)], "S1,D7,202602,20");
    assert_eq!((&row["position"], &row["column"]), (&3.into(), &"used".into()));
    assert_eq!((&row["raw"]["record"]["consumed"], &row["raw"]["record"]["org_unit"]), (&"20".into(), &"S1".into()));
    assert_eq!(row["receipt"]["origin"], "inbox/a.csv");
    assert_eq!(row["receipt"]["bytes"], file.len());
    assert_eq!((&row["source_org_unit"], &row["source_item"]), (&"S1".into(), &"D7".into()));
    let links = row["links"].as_array().unwrap();
    let of = |kind: &str| links.iter().find(|link| link["kind"] == kind).unwrap();
    assert_eq!((&of("item")["factor"], &of("org-unit")["decided_by"]), (&"30".into(), &"Data manager".into()));
    assert_eq!(of("org-unit")["reason"], "seen on the map");
    assert!(row["unit_rule"].as_str().unwrap().contains("30"), "{row}");
    assert_eq!(one["deliveries"][0]["value"], Value::Null);

    done(&world, ["publish", "--confirm"]);
    world.write("p/inbox/a.csv", file.replace("202602,20", "202602,21"));
    done(&world, ["run"]);
    let one = json(&world, &[&unit(1), "P1", "consumed", "202602"]);
    let versions: Vec<&Value> = one["rows"][0]["versions"].as_array().unwrap().iter().map(|v| &v["value"]).collect();
    assert_eq!(versions, ["600", "630"]);
    assert_eq!(one["figures"][0]["value"], "630");
    let delivery = &one["deliveries"][0];
    assert_eq!((&delivery["value"], &delivery["target"]), (&"600".into(), &"dhis2".into()));
    assert!(delivery["delivered_at"].is_string());

    let element = uid("de", 1).to_string();
    let cell = json(&world, &["--target", "dhis2", &unit(1), &element, "202602"]);
    assert_eq!((&cell[0]["item"], &cell[0]["figures"][0]["value"]), (&"P1".into(), &"630".into()));

    let shown = run(&world, ["explain", &unit(1), "P1", "consumed", "202602"]);
    assert!(shown.out.contains("S1,D7,202602,21") && !shown.out.contains("explain-"), "{}", shown.out);
    let rows = done(&world, ["explain", &unit(1), "P1", "consumed", "202602", "--format", "csv"]);
    assert_eq!(rows.lines().count(), 2);
    for args in [["explain", "nowhere", "P1", "consumed", "202602"], ["explain", &unit(1), "P1", "consumed", "soon"]] {
        let refused = run(&world, args);
        assert_eq!((refused.code, refused.out.as_str()), (1, ""), "{}", refused.messages);
    }
}
