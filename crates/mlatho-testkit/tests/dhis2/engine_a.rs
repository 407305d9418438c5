//! Column A of section 1.

use mlatho_testkit::dhis2::Server;
use serde_json::json;

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
    import(&server, &[row(SPARSE, "3")]).await;
    assert!(!stored(&server, SPARSE).unwrap().deleted);
}

#[tokio::test]
async fn strategies_comments_and_deletion() {
    let server = server(A);
    let update = |strategy: &str| format!("/api/dataValueSets?importStrategy={strategy}");
    let body = json!({"dataSet": SET, "dataValues": [row(CASES, "5")]});
    assert_eq!(counts(&post(&server, &update("UPDATE"), &body).await), [0, 0, 1, 0]);
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

#[tokio::test]
async fn force_is_for_superusers() {
    let mut metadata = metadata();
    metadata.set(uid(SET), "expiryDays", json!(5));
    let server = Server::start(config(A), metadata).unwrap();
    let body = json!({"dataSet": SET, "dataValues": [row(CASES, "5")]}).to_string();
    let path = "/api/dataValueSets?force=true";
    let clerk = post_as(&server, ("clerk", "secret"), path, "application/json", body.clone()).await;
    assert_eq!(codes(&clerk), ["E7640"]);
    let admin = post_as(&server, ("admin", "district"), path, "application/json", body).await;
    assert_eq!(counts(&admin), [1, 0, 0, 0]);
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
