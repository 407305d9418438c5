//! Registers of org units as FHIR bundles, in and out.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use std::io::Cursor;

use mlatho_formats::mcsd::{OrgUnit, OrgUnitKind, read, write, write_register};
use mlatho_model::{Decimal, OrgUnitId};
use proptest::prelude::*;
use serde_json::{Value, json};

const MCSD: &str = "https://profiles.ihe.net/ITI/mCSD/CodeSystem/IHE.mCSD.Organization.Location.Types";

/// The list of a kind, one line for each org unit, and the findings as `row column code`.
fn register(document: &Value, kind: OrgUnitKind) -> (Vec<String>, Vec<String>) {
    let (units, findings) = read("f", Cursor::new(document.to_string()));
    let mut out = Vec::new();
    write_register(&mut out, &units, kind).unwrap();
    let findings = findings.iter().map(|it| format!("{} {} {}", it.place.row, it.place.column, it.code)).collect();
    (String::from_utf8(out).unwrap().lines().skip(1).map(str::to_owned).collect(), findings)
}

fn pair(id: &str, code: &str, location: &Value, organization: &Value) -> [Value; 2] {
    let one = |resource_type: &str, more: &Value| {
        let mut resource = json!({"resourceType": resource_type, "id": id, "name": id,
                                  "type": [{"coding": [{"system": MCSD, "code": code}]}]});
        resource.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"fullUrl": format!("http://h/fhir/{resource_type}/{id}"), "resource": resource})
    };
    [one("Location", location), one("Organization", organization)]
}

#[test]
fn pairs_are_one_and_lie_in_their_areas() {
    let of = |id: &str| json!({"managingOrganization": {"reference": format!("Organization/{id}")}});
    let mut clinic = of("clinic");
    clinic["name"] = "Clinic".into();
    clinic["position"] = json!({"longitude": 30.25, "latitude": -1.5});
    clinic["type"] = json!([{"coding": [{"system": "urn:ietf:rfc:3986", "code": "urn:ihe:iti:mcsd:2019:facility"}]},
                            {"coding": [{"code": "HC3", "display": "Health Centre III"}]}]);
    let entries = [
        pair("land", "jurisdiction", &of("land"), &json!({})),
        pair("north", "jurisdiction", &of("north"), &json!({"partOf": {"reference": "Organization/land"}})),
        // The parent stands with the Organization only; codes and other names with either.
        pair(
            "clinic",
            "facility",
            &clinic,
            &json!({"name": "Clinic Ltd", "identifier": [{"system": "x", "value": "77"}],
            "alias": ["Old Clinic"], "partOf": {"reference": "http://h/fhir/Organization/north/_history/2"}}),
        ),
    ]
    .concat();
    let bundle = json!({"resourceType": "Bundle", "entry": entries});
    assert_eq!(
        register(&bundle, OrgUnitKind::Facility),
        (vec!["clinic,Clinic,Health Centre III,,land,north,,,,-1.5,30.25,77,Old Clinic|Clinic Ltd".into()], vec![])
    );
    assert_eq!(register(&bundle, OrgUnitKind::Area).0, ["land,land,,,,,,,,,,,", "north,north,,,land,,,,,,,,"]);
}

#[test]
fn locations_of_openlmis_have_their_code_as_alias() {
    let identifier = json!([{"system": "https://l/api/facilityTypes", "value": "t"}, {"system": "https://l/api/programs", "value": "p"}]);
    let list = json!([
        {"resourceType": "Location", "id": "z", "alias": ["Z1"], "name": "Zone", "position": {"longitude": null, "latitude": null},
         "identifier": [{"system": "https://l/api/geographicLevels", "value": "v"}],
         "physicalType": {"coding": [{"code": "area"}]}},
        {"resourceType": "Location", "id": "f", "alias": ["HC01"], "identifier": identifier, "name": "Clinic",
         "physicalType": {"coding": [{"code": "si"}]}, "partOf": {"reference": "https://l/api/Location/z"}, "status": "inactive"}
    ]);
    assert_eq!(register(&list, OrgUnitKind::Facility), (vec!["f,Clinic,,,Zone,,,,,,,HC01,".into()], vec![]));
    assert_eq!(register(&list, OrgUnitKind::Area).0, ["z,Zone,,,,,,,,,,Z1,"]);
    assert!(!read("f", Cursor::new(list.to_string())).0[1].is_active);
}

#[test]
fn what_is_wrong_costs_only_itself() {
    let list = json!([
        {"resourceType": "Location", "id": "a", "name": "A", "partOf": {"reference": "Location/b"}},
        {"resourceType": "Location", "id": "b", "name": "B", "partOf": {"reference": "Location/a"}},
        {"resourceType": "Location", "id": "c", "name": "C", "partOf": {"reference": "Location/gone"}, "position": {"latitude": 91, "longitude": 3}},
        {"resourceType": "Location", "id": "c", "name": "C again"},
        {"resourceType": "Location", "id": "d"},
        {"resourceType": "Location", "name": "E"},
        {"resourceType": "Practitioner", "id": "p", "name": [{"family": "x"}]},
        {"resourceType": "Organization", "id": "o", "name": "Trust"},
        {"resourceType": "Location", "id": "g", "name": "G", "managingOrganization": {"reference": "Organization/o"}},
    ]);
    let (facilities, findings) = register(&list, OrgUnitKind::Facility);
    assert_eq!(facilities, ["c,C,,,,,,,,,,,", "g,G,,Trust,,,,,,,,,"]);
    assert_eq!(
        findings,
        [
            "5 name missing-name",
            "6 id missing-name",
            "3 position.latitude not-degrees",
            "4 id duplicate-id",
            "1 partOf org-unit-below-itself",
            "2 partOf org-unit-below-itself",
            "3 partOf unknown-parent",
        ]
    );
    assert_eq!(register(&json!({"resourceType": "Bundle"}), OrgUnitKind::Facility).1, ["0  no-org-units"]);
    assert_eq!(read("f", Cursor::new("<html>")).1[0].code, "broken-json");
}

#[test]
fn an_id_that_fhir_does_not_take_is_told() {
    let (mut units, _) = read("f", Cursor::new(r#"[{"resourceType":"Location","id":"a","name":"A"}]"#));
    units.push(OrgUnit { id: "a/b".parse().unwrap(), ..units[0].clone() });
    let mut out = Vec::new();
    let findings = write(&mut out, &units).unwrap();
    assert_eq!(findings.iter().map(|it| it.code).collect::<Vec<_>>(), ["not-a-fhir-id"]);
    let bundle: Value = serde_json::from_slice(&out).unwrap();
    let urls: Vec<&Value> = bundle["entry"].as_array().unwrap().iter().map(|entry| &entry["request"]["url"]).collect();
    assert_eq!(urls, ["Organization/a", "Location/a"]);
}

prop_compose! {
    fn org_unit(number: usize)(
        name in "[A-Za-zé]{1,8}", is_area in any::<bool>(), type_name in "[a-z]{0,4}", is_active in any::<bool>(),
        position in prop::option::of((-9_000i64..=9_000, -18_000i64..=18_000)),
        codes in prop::collection::btree_set("[A-Z0-9]{1,4}", 0..3), aliases in prop::collection::btree_set("[a-z]{1,4}", 0..3),
    ) -> OrgUnit {
        let position = position.map(|(a, b)| [a, b].map(|cents| Decimal::new(cents, 2).normalize()));
        let id: OrgUnitId = format!("u{number}").parse().unwrap();
        let parent = (number > 0).then(|| format!("u{}", (number - 1) / 2).parse().unwrap());
        let kind = if is_area { OrgUnitKind::Area } else { OrgUnitKind::Facility };
        OrgUnit { id, name, kind, parent, type_name, owner: String::new(), position,
                  codes: codes.into_iter().collect(), aliases: aliases.into_iter().collect(), is_active }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(units in (0usize..6).prop_flat_map(|count| (0..count).map(org_unit).collect::<Vec<_>>())) {
        let mut out = Vec::new();
        prop_assert!(write(&mut out, &units).unwrap().is_empty());
        let (read_again, findings) = read("f", Cursor::new(out));
        prop_assert_eq!(&read_again, &units);
        prop_assert!(units.is_empty() || findings.is_empty(), "{:?}", findings);
    }
}
