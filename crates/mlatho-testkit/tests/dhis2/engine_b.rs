//! Column B of section 1.

use mlatho_testkit::dhis2::Server;
use serde_json::{Value as Json, json};

use crate::world::*;

/// A server whose metadata differs in one property.
fn changed(id: &str, property: &str, value: Json) -> Server {
    let server = server(B);
    server.change_metadata(|metadata| metadata.set(uid(id), property, value));
    server
}

#[tokio::test]
async fn faults_of_values_cost_the_values_and_the_answer_is_200() {
    let server = server(B);
    let rows =
        [row(CASES, "12.0"), row(DEATHS, "12.50"), with(row(SPARSE, "1"), &json!({"comment": "x".repeat(5001)}))];
    let reply = import(&server, &rows).await;
    assert_eq!((reply.status, counts(&reply)), (200, [0, 1, 2, 0]));
    assert_eq!(codes(&reply), ["E8122", "E8125"]);
    assert_eq!(reply.json()["status"], "WARNING");
    assert!(reply.json()["response"]["conflicts"][0]["object"].is_null());
    assert_eq!(stored(&server, CASES).unwrap().value, "12");
    assert_eq!(codes(&import(&server, &[row(CASES, "")]).await), ["E8120"]);
}

#[tokio::test]
async fn a_fault_of_the_group_is_in_no_count() {
    let server = server(B);
    let reply = import(&server, &[row(CASES, "1"), row(STRAY, "1"), row(NOBODY, "1")]).await;
    assert_eq!((reply.status, counts(&reply), codes(&reply)), (409, [0; 4], vec!["E8020".to_owned()]));
    assert_eq!(reply.json()["response"]["rejectedIndexes"], json!([0, 1, 2]));
    let message = reply.json()["response"]["conflicts"][0]["value"].as_str().unwrap().to_owned();
    assert!(message.contains(STRAY) && message.contains(NOBODY) && !message.contains(CASES), "{message}");
    assert!(server.values().is_empty());
}

#[tokio::test]
async fn unknown_codes_refuse_the_payload() {
    let server = server(B);
    let rows = [row("CASES", "1"), row("NONE", "1"), row("NEITHER", "1")];
    let body = json!({"dataSet": SET, "dataElementIdScheme": "CODE", "dataValues": rows});
    let reply = post(&server, "/api/dataValueSets", &body).await;
    let summary = &reply.json()["response"];
    assert_eq!((reply.status, counts(&reply)), (409, [0; 4]));
    assert_eq!((&summary["conflicts"][0]["indexes"], &summary["rejectedIndexes"]), (&json!([-1]), &json!([])));
    let message = summary["conflicts"][0]["value"].as_str().unwrap();
    assert!(message.contains("NONE") && !message.contains("NEITHER"), "{message}");
    let body = json!({"dataSet": SET, "dataElementIdScheme": "CODE", "dataValues": [row("CASES", "1")]});
    assert_eq!(counts(&post(&server, "/api/dataValueSets?dataElementIdScheme=UID", &body).await), [0, 1, 0, 0]);
}

#[tokio::test]
async fn everything_has_to_belong_to_the_data_set() {
    let server = server(B);
    for (row, code) in [
        (row_at(CASES, COUNTRY, "202606", "1"), "E8022"),
        (row_at(CASES, CLINIC, "2026Q2", "1"), "E8021"),
        (with(row(CASES, "1"), &json!({"attributeOptionCombo": FEMALE})), "E8023"),
        (with(row(CASES, "1"), &json!({"categoryOptionCombo": FEMALE})), "E8024"),
        (row(BY_SEX, "1"), "E8024"), // no combo means the default one
    ] {
        assert_eq!(codes(&import(&server, &[row]).await), [code]);
    }
    let split = with(row(BY_SEX, "1"), &json!({"categoryOptionCombo": {"caSex000001": "coFemale001"}}));
    assert_eq!(counts(&import(&server, &[split]).await), [0, 1, 0, 0]);
}

#[tokio::test]
async fn the_data_set_is_inferred_if_there_is_one() {
    let server = server(B);
    let send = async |rows: &[Json]| post(&server, "/api/dataValueSets", &json!({"dataValues": rows})).await;
    assert_eq!(counts(&send(&[row(CASES, "1"), row(DEATHS, "1")]).await), [0, 2, 0, 0]);
    let mixed = [row(CASES, "1"), row_at(QUARTERLY, CLINIC, "2026Q2", "1")];
    assert_eq!(codes(&send(&mixed).await), ["E8002"]);
    assert_eq!(codes(&send(&[row(STRAY, "1")]).await), ["E8003"]);

    let mut config = config(B);
    config.auto_group = true;
    let server = Server::start(config, metadata()).unwrap();
    let reply =
        post(&server, "/api/dataValueSets", &json!({"dataValues": [mixed[0], mixed[1], row(STRAY, "1")]})).await;
    assert_eq!((reply.status, counts(&reply), codes(&reply)), (409, [0, 2, 0, 0], vec!["E8003".to_owned()]));
}

#[tokio::test]
async fn written_is_updated_also_where_nothing_changed() {
    let server = server(B);
    import(&server, &[with(row(CASES, "5"), &json!({"comment": "guess"}))]).await;
    let first = stored(&server, CASES).unwrap();
    assert_eq!(counts(&import(&server, &[row(CASES, "5"), row(SPARSE, "0")]).await), [0, 2, 0, 0]);
    let second = stored(&server, CASES).unwrap();
    assert!(second.last_updated > first.last_updated && second.writes == 2);
    assert_eq!((second.comment, stored(&server, SPARSE).unwrap().value.as_str()), (None, "0")); // erased; zero is kept
    assert_eq!(codes(&import(&server, &[row(CASES, "5"), row(CASES, "5")]).await), ["E8128"]);
}

#[tokio::test]
async fn deletion_is_soft_and_keeps_the_comment() {
    let server = server(B);
    import(&server, &[with(row(CASES, "5"), &json!({"comment": "guess"}))]).await;
    let reply = import(&server, &[with(row(CASES, ""), &json!({"deleted": true}))]).await;
    assert_eq!(counts(&reply), [0, 0, 0, 1]);
    let gone = stored(&server, CASES).unwrap();
    assert!(gone.deleted && gone.comment.as_deref() == Some("guess"));
    import(&server, &[row(CASES, "6")]).await;
    assert!(!stored(&server, CASES).unwrap().deleted);
    let delete = "/api/dataValueSets?importStrategy=DELETE";
    assert_eq!(
        counts(&post(&server, delete, &json!({"dataSet": SET, "dataValues": [row(CASES, "6")]})).await),
        [0, 0, 0, 1]
    );
    let create = "/api/dataValueSets?importStrategy=CREATE"; // without effect
    assert_eq!(
        counts(&post(&server, create, &json!({"dataSet": SET, "dataValues": [row(CASES, "6")]})).await),
        [0, 1, 0, 0]
    );
}

#[tokio::test]
async fn a_deletion_scope_is_emptied_before_writing() {
    let server = server(B);
    import(&server, &[row(CASES, "5"), row(DEATHS, "1"), row_at(CASES, OTHER, "202606", "7")]).await;
    let scope = json!({"orgUnits": [CLINIC], "periods": ["202606"], "elements": [{"dataElement": CASES}, {"dataElement": DEATHS}]});
    let body = json!({"dataSet": SET, "deletion": scope, "dataValues": [row(CASES, "6")]});
    let reply = post(&server, "/api/dataValueSets", &body).await;
    assert_eq!((reply.status, counts(&reply), server.value_count()), (200, [0, 1, 0, 2], 2));
    let body = json!({"deletion": scope, "dataValues": [row(CASES, "6")]});
    assert_eq!(codes(&post(&server, "/api/dataValueSets", &body).await), ["E8034"]);
}

#[tokio::test]
async fn closed_org_units_name_the_first() {
    let server = changed(CLINIC, "closedDate", json!("2026-05-31T00:00:00.000"));
    server.change_metadata(|metadata| metadata.set(uid(OTHER), "openingDate", json!("2026-06-02T00:00:00.000")));
    let rows = [row_at(CASES, OTHER, "202606", "1"), row(CASES, "1")];
    let reply = post(&server, "/api/dataValueSets?force=true", &json!({"dataSet": SET, "dataValues": rows})).await;
    assert_eq!(codes(&reply), ["E8031"]); // force does not help
    let message = reply.json()["response"]["conflicts"][0]["value"].as_str().unwrap().to_owned();
    assert!(message.contains(OTHER) && !message.contains(CLINIC), "{message}");
    assert_eq!(
        import(&server, &[row_at(CASES, CLINIC, "202605", "1"), row_at(CASES, OTHER, "202607", "1")]).await.status,
        200
    );
}

#[tokio::test]
async fn timeliness_and_force() {
    let server = changed(SET, "expiryDays", json!(5));
    let rows = [
        row_at(CASES, CLINIC, "202606", "1"),
        row_at(CASES, CLINIC, "202607", "1"),
        row_at(CASES, CLINIC, "202609", "1"),
    ];
    let reply = import(&server, &rows).await;
    let message = reply.json()["response"]["conflicts"][0]["value"].as_str().unwrap().to_owned();
    assert!(codes(&reply) == ["E8030"] && message.contains("202606, 202609"), "{message}");
    let forced = post(&server, "/api/dataValueSets?force=true", &json!({"dataSet": SET, "dataValues": rows})).await;
    assert_eq!(counts(&forced), [0, 3, 0, 0]);
}

#[tokio::test]
async fn approval_is_asked_only_where_the_attribute_combo_is_written() {
    let server = changed(SET, "workflow", json!({"id": "wfApprove01"}));
    server.approve(uid("wfApprove01"), "202606".parse().unwrap(), uid(CLINIC), uid(DEFAULT));
    let explicit = with(row(CASES, "1"), &json!({"attributeOptionCombo": DEFAULT}));
    assert_eq!(codes(&import(&server, &[explicit]).await), ["E8033"]);
    assert_eq!(counts(&import(&server, &[row(CASES, "1")]).await), [0, 1, 0, 0]);
}

#[tokio::test]
async fn dates_and_places_of_options() {
    let server = changed(SET, "categoryCombo", json!({"id": "ccSex000001"}));
    server.change_metadata(|metadata| {
        metadata.set(uid("coFemale001"), "endDate", json!("2026-06-15T00:00:00.000"));
        metadata.set(uid("coMale00001"), "organisationUnits", json!([{"id": OTHER}]));
    });
    let of =
        |combo: &str, period: &str| with(row_at(CASES, CLINIC, period, "1"), &json!({"attributeOptionCombo": combo}));
    assert_eq!(codes(&import(&server, &[of(FEMALE, "202605"), of(FEMALE, "202606")]).await), ["E8032"]);
    assert_eq!(codes(&import(&server, &[of("ocMale00001", "202605")]).await), ["E8025"]);
    server.change_metadata(|metadata| metadata.set(uid("coFemale001"), "sharing", json!({"public": "r-r-----"})));
    let body = json!({"dataSet": SET, "dataValues": [of(FEMALE, "202605")]}).to_string();
    let reply = post_as(&server, ("clerk", "secret"), "/api/dataValueSets", "application/json", body).await;
    assert_eq!(codes(&reply), ["E8012"]);
}

#[tokio::test]
async fn atomic_and_dry_run() {
    let server = server(B);
    let body = json!({"dataSet": SET, "dataValues": [row(CASES, "1"), row(DEATHS, "x")]});
    let reply = post(&server, "/api/dataValueSets?atomic=true", &body).await;
    assert_eq!((reply.status, codes(&reply)), (409, vec!["E8000".to_owned()]));
    assert_eq!(counts(&post(&server, "/api/dataValueSets?dryRun=true", &body).await), [0, 1, 1, 0]);
    assert!(server.values().is_empty());
}

#[tokio::test]
async fn complete_date_needs_a_whole_group_without_fault() {
    let server = server(B);
    let body = |value: &str| {
        json!({"dataSet": SET, "orgUnit": CLINIC, "period": "202606", "completeDate": "2026-07-05",
        "dataValues": [{"dataElement": CASES, "value": value}]})
    };
    post(&server, "/api/dataValueSets", &body("x")).await;
    assert!(server.completions().is_empty());
    post(&server, "/api/dataValueSets", &body("1")).await;
    assert_eq!(server.completions().len(), 1);
    let lacking = json!({"dataSet": SET, "completeDate": "2026-07-05", "dataValues": [row(CASES, "1")]});
    assert_eq!(codes(&post(&server, "/api/dataValueSets", &lacking).await), ["E8009"]);
}

#[tokio::test]
async fn a_malformed_body_or_period_has_no_summary() {
    let server = server(B);
    let reply =
        post_as(&server, ("admin", "district"), "/api/dataValueSets", "application/json", "{\"dataValues\": [").await;
    assert!(reply.status == 400 && reply.json().get("response").is_none());
    let reply = import(&server, &[row_at(CASES, CLINIC, "June", "1")]).await;
    assert!(reply.status == 409 && reply.json().get("response").is_none());
}
