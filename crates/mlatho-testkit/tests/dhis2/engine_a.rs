//! Column A of section 1.

use mlatho_testkit::dhis2::Server;
use serde_json::{Value as Json, json};

use crate::world::*;

#[tokio::test]
async fn a_bad_row_costs_its_row_and_the_answer_is_409() {
    let server = server(A);
    let rows = [row(CASES, "5"), row(NOBODY, "5"), row(DEATHS, "many"), row_at(CASES, CLINIC, "2026Q9", "5")];
    let reply = import(&server, &rows).await;
    assert_eq!((reply.status, counts(&reply)), (409, [1, 0, 3, 0]));
    assert_eq!(codes(&reply), ["E7610", "E7619", "E7611"]);
    assert_eq!(reply.json()["response"]["status"], "WARNING");
    assert_eq!(reply.json()["response"]["rejectedIndexes"], json!([1, 2, 3]));
}

#[tokio::test]
async fn the_same_conflict_of_several_rows_stands_once() {
    let server = server(A);
    let rows = [row(NOBODY, "5"), row(CASES, "5"), row_at(NOBODY, OTHER, "202606", "6")];
    let reply = import(&server, &rows).await;
    assert_eq!(reply.json()["response"]["conflicts"].as_array().unwrap().len(), 1);
    assert_eq!(reply.json()["response"]["conflicts"][0]["indexes"], json!([0, 2]));
}

#[tokio::test]
async fn what_is_unchanged_counts_as_ignored() {
    let server = server(A);
    let reply = import(&server, &[row(CASES, "5"), row(DEATHS, "0")]).await;
    assert_eq!((reply.status, counts(&reply)), (200, [2, 0, 0, 0]));
    let reply = import(&server, &[row(CASES, "5"), row(DEATHS, "1")]).await;
    assert_eq!((reply.status, counts(&reply)), (200, [0, 1, 1, 0]));
    assert_eq!(stored(&server, CASES).unwrap().writes, 1);
}

#[tokio::test]
async fn what_does_not_belong_is_taken_unless_strict() {
    let server = server(A);
    let rows = [row(STRAY, "1"), row_at(CASES, CLINIC, "2026Q2", "1"), row(BY_SEX, "1")]; // split without combo
    assert_eq!(counts(&import(&server, &rows).await), [3, 0, 0, 0]);
    let strict = "/api/dataValueSets?strictDataElements=true&strictPeriods=true&strictCategoryOptionCombos=true";
    let reply = post(&server, strict, &json!({"dataSet": SET, "dataValues": rows})).await;
    assert_eq!(codes(&reply), ["E7632", "E7632", "E7634"]);
    let required = "/api/dataValueSets?requireCategoryOptionCombo=true";
    assert_eq!(codes(&post(&server, required, &json!({"dataValues": [row(CASES, "1")]})).await), ["E7630"]);
}

#[tokio::test]
async fn no_data_set_is_needed() {
    let server = server(A);
    let rows = [row(CASES, "1"), row_at(QUARTERLY, CLINIC, "2026Q2", "1")];
    assert_eq!(counts(&post(&server, "/api/dataValueSets", &json!({"dataValues": rows})).await), [2, 0, 0, 0]);
}

#[tokio::test]
async fn a_new_key_that_comes_twice_is_dropped_once() {
    let server = server(A);
    assert_eq!(counts(&import(&server, &[row(CASES, "5"), row(CASES, "6")]).await), [1, 0, 0, 0]);
    assert_eq!(counts(&import(&server, &[row(CASES, "7"), row(CASES, "8")]).await), [0, 2, 0, 0]);
    assert_eq!(stored(&server, CASES).unwrap().value, "8");
}

#[tokio::test]
async fn zeros_that_are_not_significant() {
    let server = server(A);
    assert_eq!(counts(&import(&server, &[row(SPARSE, "0")]).await), [0, 0, 0, 0]);
    import(&server, &[row(SPARSE, "4")]).await;
    let reply = import(&server, &[row(SPARSE, "0")]).await;
    assert_eq!((reply.status, counts(&reply)), (200, [0, 0, 0, 1]));
    assert!(stored(&server, SPARSE).unwrap().deleted);
    let reply = import(&server, &[row(SPARSE, "3")]).await;
    assert_eq!(counts(&reply), [1, 0, 0, 0]); // what was deleted comes back as new
    assert!(!stored(&server, SPARSE).unwrap().deleted);
    let explained = with(row(SPARSE, "0"), &json!({"comment": "none seen"}));
    assert_eq!(counts(&import(&server, &[explained]).await), [0, 0, 0, 1]); // a comment does not save it
    server.change_metadata(|metadata| metadata.set(uid(SPARSE), "aggregationType", json!("AVERAGE")));
    assert_eq!(counts(&import(&server, &[row_at(SPARSE, OTHER, "202606", "0")]).await), [1, 0, 0, 0]);
}

#[tokio::test]
async fn strategies_comments_and_deletion() {
    let server = server(A);
    let update = |strategy: &str| format!("/api/dataValueSets?importStrategy={strategy}");
    let body = json!({"dataSet": SET, "dataValues": [row(CASES, "5")]});
    let reply = post(&server, &update("UPDATE"), &body).await;
    assert_eq!((counts(&reply), &reply.json()["response"]["rejectedIndexes"]), ([0, 0, 1, 0], &json!([0])));
    assert_eq!(counts(&post(&server, &update("CREATE"), &body).await), [1, 0, 0, 0]);
    assert_eq!(counts(&post(&server, &update("CREATE"), &body).await), [0, 0, 1, 0]);
    import(&server, &[with(row(CASES, "5"), &json!({"comment": "guess"}))]).await;
    import(&server, &[row(CASES, "6")]).await; // the comment is replaced by none
    assert_eq!(stored(&server, CASES).unwrap().comment, None);
    let reply =
        import(&server, &[json!({"dataElement": CASES, "orgUnit": CLINIC, "period": "202606", "deleted": true})]).await;
    assert_eq!(counts(&reply), [0, 0, 0, 1]);
    assert_eq!(codes(&import(&server, &[row(DEATHS, "")]).await), ["E7618"]);
}

#[tokio::test]
async fn complete_date_counts_whatever_happens_to_the_values() {
    let server = server(A);
    let body = json!({"dataSet": SET, "orgUnit": CLINIC, "period": "202606", "completeDate": "2026-07-05",
        "dataValues": [{"dataElement": CASES, "value": "x"}]});
    assert_eq!(post(&server, "/api/dataValueSets", &body).await.status, 409);
    assert_eq!(server.completions().len(), 1);
}

/// A server whose metadata differs in one property.
fn changed(id: &str, property: &str, value: Json) -> Server {
    let server = server(A);
    server.change_metadata(|metadata| metadata.set(uid(id), property, value));
    server
}

async fn import_as_clerk(server: &Server, rows: &[Json], query: &str) -> Reply {
    let body = json!({"dataSet": SET, "dataValues": rows}).to_string();
    let path = format!("/api/dataValueSets{query}");
    post_as(server, ("clerk", "secret"), &path, "application/json", body).await
}

#[tokio::test]
async fn force_is_for_superusers() {
    let server = changed(SET, "workflow", json!({"id": "wfApprove01"}));
    server.approve(uid("wfApprove01"), "202606".parse().unwrap(), uid(CLINIC), uid(DEFAULT));
    let rows = [row(CASES, "5")]; // here approval is asked of the default combo too
    assert_eq!(codes(&import_as_clerk(&server, &rows, "?force=true").await), ["E7642"]);
    assert_eq!(codes(&import(&server, &rows).await), ["E7642"]);
    let forced = post(&server, "/api/dataValueSets?force=true", &json!({"dataSet": SET, "dataValues": rows})).await;
    assert_eq!(counts(&forced), [1, 0, 0, 0]);
}

#[tokio::test]
async fn periods_that_are_closed_or_not_open_yet() {
    let server = changed(SET, "expiryDays", json!(5));
    let rows = ["202606", "202607", "202609"].map(|period| row_at(CASES, CLINIC, period, "5"));
    let reply = import_as_clerk(&server, &rows, "").await;
    assert_eq!((codes(&reply), counts(&reply)), (vec!["E7640".to_owned(), "E7641".to_owned()], [1, 0, 2, 0]));
    // With F_EDIT_EXPIRED, which ALL includes, expiry is not asked about; what is to come is.
    let reply = import(&server, &rows).await;
    assert_eq!((codes(&reply), counts(&reply)), (vec!["E7641".to_owned()], [1, 0, 2, 0]));
}

#[tokio::test]
async fn input_periods() {
    let server = changed(SET, "dataInputPeriods", json!([{"period": {"id": "202606"}, "openingDate": "2026-07-01"}]));
    let rows = [row(CASES, "5"), row_at(CASES, CLINIC, "202605", "5")];
    let reply = import(&server, &rows).await;
    assert_eq!((codes(&reply), counts(&reply)), (vec!["E7643".to_owned()], [1, 0, 1, 0]));
    let reply = post(&server, "/api/dataValueSets", &json!({"dataValues": rows})).await; // no data set is named
    assert_eq!(codes(&reply), ["E7644"]);
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
    // June lies within the dates in part, which is enough here.
    let reply = import(&server, &[of(FEMALE, "202606"), of(FEMALE, "202607"), of("ocMale00001", "202605")]).await;
    assert_eq!((codes(&reply), counts(&reply)), (vec!["E7638".to_owned(), "E7639".to_owned()], [1, 0, 2, 0]));
    server.change_metadata(|metadata| metadata.set(uid("coFemale001"), "sharing", json!({"public": "r-r-----"})));
    assert_eq!(codes(&import_as_clerk(&server, &[of(FEMALE, "202605")], "").await), ["E7616"]);
}

#[tokio::test]
async fn unknown_codes_and_combos_cost_their_values() {
    let server = server(A);
    server.change_metadata(|metadata| {
        let value = json!([{"attribute": {"id": "atOwnCode01"}, "value": "K-1"}]);
        metadata.set(uid(CASES), "attributeValues", value);
    });
    for (scheme, known) in [("CODE", "CASES"), ("NAME", "Cases"), ("ATTRIBUTE:atOwnCode01", "K-1")] {
        let body = json!({"dataSet": SET, "dataElementIdScheme": scheme,
            "dataValues": [row(known, "5"), row("NONE", "5"), row("NEITHER", "5")]});
        let reply = post(&server, "/api/dataValueSets?dryRun=true", &body).await;
        assert_eq!((reply.status, counts(&reply)), (409, [1, 0, 2, 0]), "{scheme}");
        assert_eq!(codes(&reply), ["E7610", "E7610"]);
    }
    let combos = ["categoryOptionCombo", "attributeOptionCombo"];
    let rows = combos.map(|field| with(row(CASES, "5"), &json!({field: "zzUnknown01"})));
    assert_eq!(codes(&import(&server, &rows).await), ["E7613", "E7615"]);
    let unknown = post(&server, "/api/dataValueSets", &json!({"dataSet": "zzUnknown01", "dataValues": rows})).await;
    assert_eq!((codes(&unknown), counts(&unknown)), (vec!["E7600".to_owned()], [0; 4]));
}

#[tokio::test]
async fn the_other_switches() {
    let server = server(A);
    let rows =
        [row_at(CASES, COUNTRY, "202606", "1"), with(row(DEATHS, "1"), &json!({"attributeOptionCombo": FEMALE}))];
    assert_eq!(counts(&import(&server, &rows).await), [2, 0, 0, 0]);
    let strict = "/api/dataValueSets?strictOrganisationUnits=true&strictAttributeOptionCombos=true";
    assert_eq!(codes(&post(&server, strict, &json!({"dataSet": SET, "dataValues": rows})).await), ["E7636", "E7635"]);
    let stray = json!({"dataSet": SET, "dataValues": [row(QUARTERLY, "1")]});
    assert_eq!(codes(&post(&server, "/api/dataValueSets?strictDataElements=true", &stray).await), ["E7633"]);
    let required = "/api/dataValueSets?requireAttributeOptionCombo=true";
    assert_eq!(codes(&post(&server, required, &json!({"dataValues": [row(CASES, "1")]})).await), ["E7631"]);
}

#[tokio::test]
async fn values_options_and_comments() {
    let server = changed(CASES, "optionSet", json!({"id": "osNumbers01"}));
    server.change_metadata(|metadata| metadata.option_set(uid("osNumbers01"), &["1", "2"]));
    let long = with(row(DEATHS, "1"), &json!({"comment": "x".repeat(5001)}));
    let reply = import(&server, &[row(CASES, "3"), row(CASES, "1"), long]).await;
    assert_eq!((codes(&reply), counts(&reply)), (vec!["E7621".to_owned(), "E7620".to_owned()], [1, 0, 2, 0]));
}

#[tokio::test]
async fn the_users_name_is_taken_from_the_payload() {
    let server = server(A);
    import(&server, &[with(row(CASES, "5"), &json!({"storedBy": "someone"}))]).await;
    assert_eq!(stored(&server, CASES).unwrap().stored_by, "someone");
    let long = with(row(DEATHS, "5"), &json!({"storedBy": "x".repeat(256)}));
    assert_eq!(codes(&import(&server, &[long]).await), ["E7637"]);
}

#[tokio::test]
async fn the_summary_as_root_up_to_2_41() {
    for (version, is_root) in [("2.38.2", true), ("2.41.3", true), ("2.42.0", false)] {
        let server = server(version);
        let body = json!({"dataSet": SET, "dataValues": [row(CASES, "x")]});
        let old = post(&server, "/api/37/dataValueSets", &body).await.json();
        assert_eq!(old.get("importCount").is_some(), is_root, "{version}");
        let plain = post(&server, "/api/dataValueSets", &body).await.json();
        assert!(plain.get("importCount").is_none() && plain["response"]["importCount"].is_object());
    }
}
