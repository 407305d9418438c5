//! `mlatho match`.

use serde_json::json;

use crate::world::World;

const LEFT: &str = "id,name,district\nL1,Kasolwe Health Centre III,Amuka District\nL2,Tenduka Dispensary,Amuka District\nL3,Orimba Health Post,Vanzi District\n";
const RIGHT: &str = "id,name,district\nR1,Kasolwe HC III,Amuka\nR2,Tenduka Disp.,Amuka\nR4,Gelwa Clinic,Vanzi\n";

fn world() -> World {
    let world = World::new();
    world.write("left.csv", LEFT);
    world.write("right.csv", RIGHT);
    world
}

/// Left id, right id, rank, assigned and decision.
fn links(csv: &str) -> Vec<[String; 5]> {
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let header = "left_id,right_id,rank,score_bits,probability,assigned,decision,evidence";
    assert_eq!(rows.headers().unwrap().iter().collect::<Vec<_>>().join(","), header);
    rows.records().map(Result::unwrap).map(|row| [0, 1, 2, 5, 6].map(|at| row[at].to_owned())).collect()
}

#[test]
fn links_go_to_the_file_and_what_they_amount_to_to_the_person() {
    let world = world();
    let ran =
        world.run(["match", "--kind", "facility", "--left", "left.csv", "--right", "right.csv", "--out", "links.csv"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.messages);
    assert!(ran.messages.contains("have no partner"), "{}", ran.messages);
    let links = links(&world.read("links.csv"));
    let partner = |left: &str| links.iter().find(|row| row[0] == left && row[3] == "true").map(|row| row[1].as_str());
    assert_eq!([partner("L1"), partner("L2"), partner("L3")], [Some("R1"), Some("R2"), Some("")]);
    let none = links.iter().find(|row| row[0] == "L3" && row[1].is_empty()).unwrap();
    assert_eq!(none[4], "none");
}

#[test]
fn a_bad_row_is_told_and_costs_itself() {
    let world = world();
    world.write("left.csv", format!("{LEFT}L1,Kasolwe again,Amuka\n,No id,Amuka\n"));
    let ran =
        world.run(["match", "--left", "left.csv", "--right", "right.csv", "--format", "csv", "--findings", "all.csv"]);
    assert_eq!(ran.code, 0);
    assert!(ran.messages.contains("left.csv, row 5, column id: error [duplicate-id]"), "{}", ran.messages);
    assert!(ran.messages.contains("left.csv, row 6, column id: error [missing-name]"), "{}", ran.messages);
    assert_eq!(world.read("all.csv").lines().count(), 3);
    assert!(links(&ran.out).iter().any(|row| row[0] == "L1" && row[1] == "R1"));
}

#[test]
fn a_list_without_names_needs_a_person() {
    let world = world();
    world.write("left.csv", "id,title\nL1,Kasolwe\n");
    let ran = world.run(["match", "--left", "left.csv", "--right", "right.csv", "--out", "links.csv"]);
    assert_eq!(ran.code, 1);
    assert!(ran.messages.contains("[missing-column]: There is no column “name”"), "{}", ran.messages);
}

#[test]
fn evidence_is_a_list_that_sums_to_the_score() {
    let ran = world().run(["match", "--left", "left.csv", "--right", "right.csv", "--format", "json", "--quiet"]);
    for row in ran.json().as_array().unwrap() {
        let parts = row["evidence"].as_array().unwrap();
        let sum: f64 = parts.iter().map(|part| part["bits"].as_f64().unwrap()).sum();
        assert!((sum - row["score_bits"].as_f64().unwrap()).abs() < 0.001, "{row}");
    }
}

#[test]
fn areas_are_matched_by_their_own_kind() {
    let world = World::new();
    world.write("left.csv", "id,name\nL1,Amuka District\nL2,Vanzi District\n");
    world.write("right.csv", "id;name\nR1;VANZI\nR2;Amuka County\n");
    let ran = world.run(["match", "--kind", "area", "--left", "left.csv", "--right", "right.csv", "--format", "csv"]);
    let links = links(&ran.out);
    let partner = |left: &str| links.iter().find(|row| row[0] == left && row[2] == "1").map(|row| row[1].as_str());
    assert_eq!([partner("L1"), partner("L2")], [Some("R2"), Some("R1")]);
}

#[test]
fn an_audit_puts_dead_and_wrong_links_first() {
    let world = world();
    world.write("links.csv", "left_id,right_id\nL1,R2\nL2,R9\n");
    let args = ["--audit", "links.csv", "--left", "left.csv", "--right", "right.csv", "--format", "json"];
    let ran = world.run(["match", args[0], args[1], args[2], args[3], args[4], args[5], args[6], args[7]]);
    assert_eq!(ran.code, 0);
    assert!(ran.messages.contains("[link-dead-id]: The crosswalk names “R9”"), "{}", ran.messages);
    let rows: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!([&rows[0]["right_id"], &rows[0]["suspicion"]], [&json!("R9"), &json!("1.0000")]);
    assert_eq!([&rows[1]["left_id"], &rows[1]["better_right_id"]], [&json!("L1"), &json!("R1")]);
}

#[test]
fn products_and_elements_are_matched_too() {
    let world = World::new();
    world.write("left.csv", "id,name\nL1,\"Paracetamol 500mg, tab, 1000s\"\nL2,Surgical gloves size 7\n");
    world.write("right.csv", "id,name\nR1,Paracetamol 500 mg tablet\nR2,Amoxicillin 250 mg capsule\n");
    let told =
        world.run(["match", "--kind", "product", "--left", "left.csv", "--right", "right.csv", "--format", "csv"]);
    let found = links(&told.out);
    assert_eq!(found.first().map(|row| [&*row[0], &*row[1], &*row[3]]), Some(["L1", "R1", "true"]));
    assert!(told.out.contains("1000: packs of 1000 to single units"), "{}", told.out);
    assert!(found.iter().any(|row| row[0] == "L2" && row[1].is_empty()), "{}", told.out);

    world.write("wanted.csv", "id,name,measure\nW1,Paracetamol 500mg,consumed\n");
    world
        .write("elements.csv", "id,name\nE1,Paracetamol 500mg - received\nE2,Paracetamol 500mg - quantity dispensed\n");
    let args = ["match", "--kind", "element", "--left", "wanted.csv", "--right", "elements.csv", "--format", "csv"];
    let found = links(&world.run(args).out);
    assert_eq!(found.first().map(|row| [&*row[1], &*row[4]]), Some(["E2", "review"]));

    let audit =
        world.run(["match", "--kind", "product", "--left", "left.csv", "--right", "right.csv", "--audit", "x.csv"]);
    assert_eq!(audit.code, 1);
    assert!(audit.messages.contains("[audit-kind]"), "{}", audit.messages);
}

#[test]
fn a_register_may_be_a_fhir_bundle() {
    let world = world();
    let location = |id: &str, name: &str| json!({"resource": {"resourceType": "Location", "id": id, "name": name}});
    let person = json!({"resource": {"resourceType": "Practitioner", "id": "p", "name": [{"text": "nobody"}]}});
    let entries = [location("F1", "Kasolwe HC III"), location("F2", "Tenduka Disp."), person];
    world.write("right.json", json!({"resourceType": "Bundle", "type": "searchset", "entry": entries}).to_string());
    let ran = world.run(["match", "--left", "left.csv", "--right", "right.json", "--format", "csv"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    let links = links(&ran.out);
    let partner = |left: &str| links.iter().find(|row| row[0] == left && row[3] == "true").map(|row| row[1].as_str());
    assert_eq!([partner("L1"), partner("L2")], [Some("F1"), Some("F2")]);
}

#[test]
fn what_was_reviewed_holds_and_a_row_that_says_nothing_is_told() {
    let world = world();
    world.write("reviewed.csv", "left_id,right_id,verdict\nL1,R4,accept\nL2,,accept\nL3,R2,perhaps\n");
    let args = ["--left", "left.csv", "--right", "right.csv", "--format", "csv", "--reviewed", "reviewed.csv"];
    let ran = world.run(["match", args[0], args[1], args[2], args[3], args[4], args[5], args[6], args[7]]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    assert!(ran.messages.contains("row 4, column verdict: warning [review-verdict]: “perhaps”"), "{}", ran.messages);
    let links = links(&ran.out);
    let partner = |left: &str| links.iter().find(|row| row[0] == left && row[3] == "true").map(|row| row[1].as_str());
    assert_eq!([partner("L1"), partner("L2")], [Some("R4"), Some("")]);
}
