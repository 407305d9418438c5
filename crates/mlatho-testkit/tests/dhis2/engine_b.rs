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
    assert!(message.contains(OTHER) && message.contains("202606") && !message.contains(CLINIC), "{message}");
    assert_eq!(
        import(&server, &[row_at(CASES, CLINIC, "202605", "1"), row_at(CASES, OTHER, "202607", "1")]).await.status,
        200
    );
}

/// Posts values as the user without authorities but `F_DATAVALUE_ADD`.
async fn import_as_clerk(server: &Server, rows: &[Json], query: &str) -> Reply {
    let body = json!({"dataSet": SET, "dataValues": rows}).to_string();
    let path = format!("/api/dataValueSets{query}");
    post_as(server, ("clerk", "secret"), &path, "application/json", body).await
}

fn message(reply: &Reply) -> String {
    reply.json()["response"]["conflicts"][0]["value"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn expired_periods_are_named_before_those_of_the_future() {
    let server = changed(SET, "expiryDays", json!(5));
    let rows = ["202605", "202606", "202607", "202609", "202610"].map(|period| row_at(CASES, CLINIC, period, "1"));
    let reply = import_as_clerk(&server, &rows, "").await;
    assert_eq!(codes(&reply), ["E8030"]);
    assert!(message(&reply).ends_with("202605, 202606"), "{}", message(&reply));
    let reply = import_as_clerk(&server, &rows[2..], "").await;
    assert!(message(&reply).ends_with("202609, 202610"), "{}", message(&reply));
    assert_eq!(counts(&import_as_clerk(&server, &rows[2..3], "").await), [0, 1, 0, 0]);
    assert_eq!(counts(&import(&server, &rows).await), [0, 5, 0, 0]); // with F_EDIT_EXPIRED, which ALL includes
}

#[tokio::test]
async fn the_last_day_of_a_period_counts_whole() {
    // July and five days: until the end of 5 August with B, until its start with A.
    for (version, now, code) in [
        (B, jiff::civil::date(2026, 8, 5).at(23, 59, 0, 0), None),
        (B, jiff::civil::date(2026, 8, 6).at(0, 1, 0, 0), Some("E8030")),
        (A, jiff::civil::date(2026, 8, 4).at(23, 59, 0, 0), None),
        (A, jiff::civil::date(2026, 8, 5).at(0, 1, 0, 0), Some("E7640")),
    ] {
        let server = server(version);
        server.change_metadata(|metadata| metadata.set(uid(SET), "expiryDays", json!(5)));
        server.set_now(now);
        let reply = import_as_clerk(&server, &[row_at(CASES, CLINIC, "202607", "1")], "").await;
        let found = (reply.status != 200).then(|| codes(&reply).remove(0));
        assert_eq!(found.as_deref(), code, "{version} {now}");
    }
}

#[tokio::test]
async fn force_is_for_superusers() {
    let server = changed(SET, "workflow", json!({"id": "wfApprove01"}));
    server.approve(uid("wfApprove01"), "202606".parse().unwrap(), uid(CLINIC), uid(DEFAULT));
    let rows = [with(row(CASES, "1"), &json!({"attributeOptionCombo": DEFAULT}))];
    assert_eq!(codes(&import_as_clerk(&server, &rows, "?force=true").await), ["E8033"]);
    assert_eq!(codes(&import(&server, &rows).await), ["E8033"]);
    let forced = post(&server, "/api/dataValueSets?force=true", &json!({"dataSet": SET, "dataValues": rows})).await;
    assert_eq!(counts(&forced), [0, 1, 0, 0]);
}

#[tokio::test]
async fn input_periods_alone_decide_and_are_inverted_up_to_2_43_1() {
    for (version, taken) in [("2.43.0.1", "202605"), ("2.43.1", "202605"), ("2.43.2", "202606"), ("2.44.0", "202606")] {
        let server = server(version);
        server.change_metadata(|metadata| {
            metadata.set(uid(SET), "expiryDays", json!(5)); // June is long past that
            let periods = json!([
                {"period": {"id": "202606"}, "openingDate": "2026-07-01", "closingDate": "2026-09-01"},
                {"period": {"id": "202605"}, "openingDate": "2026-06-01", "closingDate": "2026-07-01"},
            ]);
            metadata.set(uid(SET), "dataInputPeriods", periods);
        });
        for period in ["202605", "202606", "202607"] {
            let reply = import_as_clerk(&server, &[row_at(CASES, CLINIC, period, "1")], "").await;
            assert_eq!(reply.status == 200, period == taken, "{version} {period}"); // July is not listed
        }
    }
}

#[tokio::test]
async fn comments_with_options() {
    let server = changed(CASES, "commentOptionSet", json!({"id": "osComment01"}));
    server.change_metadata(|metadata| metadata.option_set(uid("osComment01"), &["counted", "estimated"]));
    let saying = |comment: &str| with(row(CASES, "1"), &json!({"comment": comment}));
    assert_eq!(codes(&import(&server, &[saying("guess")]).await), ["E8124"]);
    assert_eq!(codes(&import(&server, &[row(CASES, "1")]).await), ["E8124"]); // none is no option either
    assert_eq!(counts(&import(&server, &[saying("counted")]).await), [0, 1, 0, 0]);
    let gone = with(row(CASES, ""), &json!({"deleted": true}));
    assert_eq!(counts(&import(&server, &[gone]).await), [0, 0, 0, 1]);
}

#[tokio::test]
async fn an_empty_value_is_refused_whatever_the_data_set_says() {
    let server = changed(SET, "noValueRequiresComment", json!(true));
    assert_eq!(codes(&import(&server, &[with(row(CASES, ""), &json!({"comment": "why"}))]).await), ["E8121"]);
}

#[tokio::test]
async fn unknown_uids_refuse_the_group_with_the_list() {
    let server = server(B);
    for (field, code) in [
        ("orgUnit", "E8022"),
        ("categoryOptionCombo", "E8024"),
        ("attributeOptionCombo", "E8023"),
        ("dataElement", "E8020"),
    ] {
        let bad = with(row(CASES, "1"), &json!({field: "zzUnknown01"}));
        let reply = import(&server, &[row(DEATHS, "1"), bad]).await;
        assert_eq!((codes(&reply), counts(&reply)), (vec![code.to_owned()], [0; 4]));
        assert!(message(&reply).contains("zzUnknown01"), "{}", message(&reply));
    }
}

#[tokio::test]
async fn groups_before_and_after_a_refused_one_are_written() {
    let server = server(B);
    server.change_metadata(|metadata| {
        [(SET, "MONTHLY"), (OTHER_SET, "QUARTERLY"), (CLINIC, "CLINIC")]
            .iter()
            .for_each(|(id, code)| metadata.set(uid(id), "code", json!(code)));
    });
    let group = |set: &str, period: &str, element: &str| {
        format!(
            "<group dataSet=\"{set}\" orgUnit=\"CLINIC\" period=\"{period}\">\
             <dataValue dataElement=\"{element}\" value=\"5\"/></group>"
        )
    };
    let groups = [
        group("MONTHLY", "2026-06-01/P1M", "CASES"),
        group("QUARTERLY", "2026-06-01/P1M", "VISITS"), // not the type of its data set
        group("MONTHLY", "2026-05-01/P1M", "DEATHS"),
    ];
    let body = format!("<adx xmlns=\"urn:ihe:qrph:adx:2015\">{}</adx>", groups.concat());
    let reply = post_as(&server, ("admin", "district"), "/api/dataValueSets", "application/adx+xml", body).await;
    assert_eq!((reply.status, counts(&reply), codes(&reply)), (409, [0, 2, 0, 0], vec!["E8021".to_owned()]));
    assert_eq!(reply.json()["response"]["rejectedIndexes"], json!([1]));
    assert_eq!(server.value_count(), 2);
}

#[tokio::test]
async fn strategies_and_the_users_name_have_no_effect() {
    let server = server(B);
    let body = json!({"dataSet": SET, "dataValues": [with(row(CASES, "5"), &json!({"storedBy": "someone"}))]});
    assert_eq!(counts(&post(&server, "/api/dataValueSets?importStrategy=UPDATE", &body).await), [0, 1, 0, 0]);
    assert_eq!(counts(&post(&server, "/api/dataValueSets?importStrategy=CREATE", &body).await), [0, 1, 0, 0]);
    let stored = stored(&server, CASES).unwrap();
    assert_eq!((stored.writes, stored.stored_by.as_str()), (2, "admin"));
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
