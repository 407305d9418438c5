//! The order in which engine B looks (`dhis2.md` section 8): of many faults the first in the order is named.

use serde_json::{Value as Json, json};

use crate::world::*;

/// Decode, access, membership, time, approval, duplicates.
const ORDER: [&str; 15] = [
    "E8104", "E8010", "E8011", "E8012", "E8020", "E8022", "E8021", "E8023", "E8024", "E8025", "E8031", "E8030",
    "E8033", "E8032", "E8128",
];
const OUTSIDE: &str = "ouOutside01";
const MALE: &str = "ocMale00001";
/// The option of the default combo.
const NO_SPLIT: &str = "xYerKDKCefk";

#[tokio::test]
async fn the_first_fault_in_the_order_is_named() {
    let mut config = config(B);
    config.users[1].org_units = vec![uid(COUNTRY)];
    let server = mlatho_testkit::dhis2::Server::start(config, metadata()).unwrap();
    server.change_metadata(|metadata| {
        metadata.org_unit(uid(OUTSIDE), "Outside", None);
        metadata.set(uid(SET), "sharing", json!({"public": "r-r-----"})); // E8010
        metadata.set(uid("coFemale001"), "sharing", json!({"public": "r-r-----"})); // E8012
        metadata.set(uid(NO_SPLIT), "organisationUnits", json!([{"id": OUTSIDE}])); // E8025
        metadata.set(uid(NO_SPLIT), "startDate", json!("2026-05-01")); // E8032
        metadata.set(uid(OTHER), "closedDate", json!("2026-05-31")); // E8031
        metadata.set(uid(SET), "workflow", json!({"id": "wfApprove01"})); // E8033
    });
    server.approve(uid("wfApprove01"), "202605".parse().unwrap(), uid(CLINIC), uid(DEFAULT));
    let explicit = |row: Json| with(json!({"attributeOptionCombo": DEFAULT, "categoryOptionCombo": DEFAULT}), &row);
    let at = |unit: &str, period: &str| explicit(row_at(CASES, unit, period, "1"));
    // One row for each fault of rows; the last but one is there twice, the last is a fault of its value only.
    let mut rows: Vec<(&str, Json)> = vec![
        ("E8122", explicit(row(DEATHS, "x"))),
        ("E8128", at(CLINIC, "202606")),
        ("E8128", at(CLINIC, "202606")),
        ("E8032", at(CLINIC, "202604")),
        ("E8033", at(CLINIC, "202605")),
        ("E8030", at(CLINIC, "202701")),
        ("E8031", at(OTHER, "202606")),
        ("E8024", with(at(CLINIC, "202606"), &json!({"categoryOptionCombo": MALE}))),
        ("E8023", with(at(CLINIC, "202606"), &json!({"attributeOptionCombo": MALE}))),
        ("E8021", at(CLINIC, "2026Q2")),
        ("E8022", at(COUNTRY, "202606")),
        ("E8020", explicit(row(STRAY, "1"))),
        ("E8012", with(explicit(row(BY_SEX, "1")), &json!({"categoryOptionCombo": FEMALE}))),
        ("E8011", at(OUTSIDE, "202606")),
        ("E8104", explicit(row("no uid", "1"))),
    ];
    let send = async |rows: &[(&str, Json)]| {
        let values: Vec<&Json> = rows.iter().map(|(_, row)| row).collect();
        let body = json!({"dataSet": SET, "dataValues": values}).to_string();
        post_as(&server, ("clerk", "secret"), "/api/dataValueSets", "application/json", body).await
    };
    for code in ORDER {
        let reply = send(&rows).await;
        assert_eq!((reply.status, codes(&reply)), (409, vec![code.to_owned()]));
        assert!(server.values().is_empty());
        rows.retain(|(own, _)| *own != code);
        server.change_metadata(|metadata| match code {
            "E8010" => metadata.set(uid(SET), "sharing", json!({"public": "rwrw----"})),
            "E8025" => metadata.set(uid(NO_SPLIT), "organisationUnits", json!([])),
            _ => {}
        });
    }
    rows.push(("", at(CLINIC, "202606")));
    let reply = send(&rows).await;
    assert_eq!((reply.status, codes(&reply), counts(&reply)), (200, vec!["E8122".to_owned()], [0, 1, 1, 0]));
}
