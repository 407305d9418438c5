//! `mlatho convert` with the project's mappings.

use crate::world::World;

/// A new project with links for one org unit and one item: packs of 30, into tablets.
pub(crate) fn project(world: &World) {
    assert_eq!(world.run(["init", "p"]).code, 0);
    let append = |name: &str, row: &str| world.write(name, format!("{}{row}\n", world.read(name)));
    append("p/mappings/org_units.csv", "lmis,F1,,ouabcdefghi,Clinic 1,,,,,");
    append("p/mappings/items.csv", "lmis,ACT,,act,,30,tablet,,,,,");
    append("p/mappings/elements.csv", "dhis2,act,consumed,,dsabcdefghi,deabcdefghi,,,,,");
    world.write(
        "stock.csv",
        "facility_code,product_code,period,consumed,closing_balance\nF1,ACT,202603,4,2\nF1,ACT,202604,x,2\nF9,ACT,202603,5,1\n",
    );
}

#[test]
fn good_rows_become_an_import_file_and_bad_ones_are_told() {
    let world = World::new();
    project(&world);
    let ran =
        world.run(["convert", "stock.csv", "--source", "lmis", "--out", "sent", "--project", "p", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    assert!(ran.messages.contains("stock.csv, row 3, column consumed: warning [not-a-number]"), "{}", ran.messages);
    let counts: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    // Three records; F9 has no mapping; the element exists for consumption only, and one consumption is no number.
    assert_eq!((&counts["lines"], &counts["unmapped_org_unit"], &counts["values"]), (&3.into(), &1.into(), &1.into()));
    let files: Vec<_> = world.path("sent").read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let sent: serde_json::Value = serde_json::from_slice(&std::fs::read(&files[0]).unwrap()).unwrap();
    let value = &sent["dataValues"][0];
    assert_eq!(
        (&value["value"], &value["period"], &value["orgUnit"]),
        (&"120".into(), &"202603".into(), &"ouabcdefghi".into())
    );
    assert_eq!(sent["dataValues"].as_array().unwrap().len(), 1);
}

#[test]
fn mappings_saved_by_a_spreadsheet_are_read() {
    let world = World::new();
    project(&world);
    let convert = || {
        world.run([
            "convert",
            "stock.csv",
            "--source",
            "lmis",
            "--out",
            "sent",
            "--project",
            "p",
            "--format",
            "json",
            "-q",
        ])
    };
    let before = convert().json();
    for name in ["p/mappings/org_units.csv", "p/mappings/items.csv", "p/mappings/elements.csv"] {
        world.write(name, format!("\u{feff}{}", world.read(name).replace(',', ";").replace('\n', "\r\n")));
    }
    assert_eq!(convert().json(), before);
}
