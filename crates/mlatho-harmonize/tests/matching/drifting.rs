//! What changed from one version of a register to the next.

use std::collections::{BTreeMap, BTreeSet};

use mlatho_harmonize::Kind;
use mlatho_harmonize::matching::{Change, Drift, List, drift};
use proptest::prelude::*;

const HEADER: &str = "id,name,district,type,owner,lat,lon";

fn list(text: &str) -> List {
    let (list, findings) = List::read("register.csv", text.as_bytes());
    assert_eq!(findings, []);
    list
}

/// `id change was is`, one text for each change.
fn told(found: &[Drift]) -> Vec<String> {
    found.iter().map(|one| format!("{} {}: {} > {}", one.id, one.change.name(), one.was, one.is)).collect()
}

#[test]
fn every_change_is_told_with_both_sides() {
    let before = list(&format!(
        "{HEADER}\n\
         A,Kasolwe HC II,Amuka,HC II,Public,1.0,32.0\n\
         B,Tenduka,Amuka,Dispensary,,,\n\
         C,Gelwa Clinic,Vanzi,,,,\n\
         D,Orimba,Vanzi,,,,\n"
    ));
    let after = list(&format!(
        "{HEADER}\n\
         E,Orimba,Vanzi,,,,\n\
         F,Luno,Vanzi,,,,\n\
         A,Kasolwe HC III,Amuka,HC III,Mission,1.0,32.1\n\
         B,tenduka ,Vanzi,Dispensary,Public,,\n"
    ));
    // A is 0.1 degrees of longitude, 11 km, away; the owner of B was not known before; its case is no rename.
    let expected = [
        "A renamed: Kasolwe HC II > Kasolwe HC III",
        "A type-changed: HC II > HC III",
        "A owner-changed: Public > Mission",
        "A moved: 1, 32 > 1, 32.1",
        "B re-parented: Amuka > Vanzi",
        "C gone: Gelwa Clinic > ",
        "D re-created: D > E",
        "F new:  > Luno",
    ];
    assert_eq!(told(&drift(Kind::OrgUnit, &before, &after)), expected);
}

#[test]
fn less_than_a_kilometre_is_no_move_and_what_was_not_known_no_change() {
    let before = list("id,name,lat,lon\nA,Kasolwe,1.0,32.0\nB,Gelwa,,\nC,Luno,0,0\n");
    // 0.008 degrees of latitude are 0.89 km. Zero and zero is how registers write that they do not know.
    let after = list("id,name,lat,lon,level1,type\nA,Kasolwe,1.008,32.0,R,T\nB,Gelwa,2.0,33.0,R,T\nC,Luno,3,3,R,T\n");
    assert_eq!(drift(Kind::OrgUnit, &before, &after), []);
}

#[test]
fn a_column_of_areas_that_is_added_moves_nobody() {
    let before = list("id,name,district\nA,Kasolwe,Amuka\n");
    let after = list("id,name,region,district\nA,Kasolwe,North,Amuka\n");
    assert_eq!(drift(Kind::OrgUnit, &before, &after), []);
}

#[test]
fn twins_are_not_taken_for_each_other() {
    let before = list("id,name,district\nA,Health Post,Amuka\nB,Health Post,Amuka\n");
    let one = list("id,name,district\nC,Health Post,Amuka\n");
    let changes = |after: &List| drift(Kind::OrgUnit, &before, after).iter().map(|one| one.change).collect::<Vec<_>>();
    assert_eq!(changes(&one), [Change::Gone, Change::Gone, Change::New]);
    let elsewhere = list("id,name,district\nA,Health Post,Amuka\nC,Health Post,Vanzi\n");
    assert_eq!(changes(&elsewhere), [Change::Gone, Change::New]);
}

#[test]
fn of_items_strength_form_and_pack_are_looked_at() {
    let before = list("id,name,strength,form,pack\nP1,Paracetamol,500 mg,tablet,1000\nP2,ORS,,sachet,100\n");
    let after = list("id,name,strength,form,pack\nP1,Paracetamol,500 mg,tablet,100\nP9,ORS,,sachet,100\n");
    let expected = ["P1 type-changed: 500 mg tablet 1000 > 500 mg tablet 100", "P2 re-created: P2 > P9"];
    assert_eq!(told(&drift(Kind::Item, &before, &after)), expected);
}

/// A record: id, name, district, type, owner, latitude.
type Row = [String; 6];

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let pick = |texts: &'static [&'static str]| prop::sample::select(texts).prop_map(str::to_owned);
    let row = (
        pick(&["A", "B", "C", "D", "E", "F", "G", "H"]),
        pick(&["Kasolwe", "KASOLWE", "Gelwa Clinic", "Orimba"]),
        pick(&["", "Amuka", "Vanzi"]),
        pick(&["", "HC II", "Clinic"]),
        pick(&["", "Public", "Mission"]),
        pick(&["", "1", "1.004", "2"]),
    );
    let unique = |rows: Vec<(String, String, String, String, String, String)>| {
        let by_id: BTreeMap<String, Row> = rows
            .into_iter()
            .map(|(id, name, area, kind, owner, at)| (id.clone(), [id, name, area, kind, owner, at]))
            .collect();
        by_id.into_values().collect()
    };
    prop::collection::vec(row, 0..8).prop_map(unique)
}

fn register(rows: &[Row]) -> List {
    let line = |row: &Row| format!("{},{}\n", row.join(","), if row[5].is_empty() { "" } else { "32" });
    list(&format!("{HEADER}\n{}", rows.iter().map(line).collect::<String>()))
}

/// The old rows with the changes made.
fn applied(old: &[Row], new: &[Row], found: &[Drift]) -> Vec<Row> {
    let mut rows: BTreeMap<String, Row> = old.iter().map(|row| (row[0].clone(), row.clone())).collect();
    for one in found {
        let mut set = |column: usize, text: &str| text.clone_into(&mut rows.get_mut(&one.id).unwrap()[column]);
        match one.change {
            Change::New | Change::Gone | Change::Recreated => {
                rows.remove(&one.id);
                if let Some(after) = one.after {
                    rows.insert(new[after][0].clone(), new[after].clone());
                }
            }
            Change::Renamed => set(1, &one.is),
            Change::Reparented => set(2, &one.is),
            Change::Retyped => set(3, &one.is),
            Change::Reowned => set(4, &one.is),
            Change::Moved => set(5, one.is.split(", ").next().unwrap()),
        }
    }
    rows.into_values().collect()
}

proptest! {
    #[test]
    fn a_list_has_not_changed_from_itself(rows in rows()) {
        prop_assert_eq!(drift(Kind::OrgUnit, &register(&rows), &register(&rows)), vec![]);
    }

    #[test]
    fn the_changes_lead_from_the_old_list_to_the_new(old in rows(), new in rows()) {
        let found = drift(Kind::OrgUnit, &register(&old), &register(&new));
        let reached = applied(&old, &new, &found);
        let ids = |rows: &[Row]| rows.iter().map(|row| row[0].clone()).collect::<Vec<_>>();
        prop_assert_eq!(ids(&reached), ids(&new));
        for (one, other) in reached.iter().zip(&new) {
            prop_assert_eq!(one[1].to_lowercase(), other[1].to_lowercase());
            for column in 2..5 {
                let known = !one[column].is_empty() && !other[column].is_empty();
                prop_assert!(!known || one[column] == other[column], "{one:?} {other:?}");
            }
        }
        prop_assert_eq!(drift(Kind::OrgUnit, &register(&reached), &register(&new)), vec![]);
    }

    /// New, gone and re-created exclude each other and everything else; no change is told twice.
    #[test]
    fn each_record_has_one_fate(old in rows(), new in rows()) {
        let found = drift(Kind::OrgUnit, &register(&old), &register(&new));
        let whole = |one: &&Drift| one.change <= Change::Recreated;
        let mut before = BTreeSet::new();
        let mut after = BTreeSet::new();
        for one in found.iter().filter(whole) {
            prop_assert!(one.before.is_none_or(|row| before.insert(row)));
            prop_assert!(one.after.is_none_or(|row| after.insert(row)));
        }
        for one in found.iter().filter(|one| !whole(one)) {
            prop_assert!(!before.contains(&one.before.unwrap()) && !after.contains(&one.after.unwrap()));
        }
        let told: BTreeSet<_> = found.iter().map(|one| (&one.id, one.change)).collect();
        prop_assert_eq!(told.len(), found.len());
    }

    #[test]
    fn the_order_of_rows_does_not_matter(old in rows(), new in rows(), turn in 0usize..8) {
        let found = drift(Kind::OrgUnit, &register(&old), &register(&new));
        let (mut old, mut new) = (old, new);
        old.reverse();
        let by = turn % new.len().max(1);
        new.rotate_left(by);
        prop_assert_eq!(told(&found), told(&drift(Kind::OrgUnit, &register(&old), &register(&new))));
    }
}
