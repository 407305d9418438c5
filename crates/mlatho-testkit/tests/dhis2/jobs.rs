//! Background jobs, analytics and completeness.

use std::time::Duration;

use mlatho_testkit::dhis2::{Fault, Server, Trouble};
use serde_json::json;

use crate::world::*;

async fn start(server: &Server) -> String {
    let body = json!({"dataSet": SET, "dataValues": [row(CASES, "5")]});
    let reply = post(server, "/api/dataValueSets?async=true", &body).await.json();
    assert_eq!(reply["response"]["jobType"], "DATAVALUE_IMPORT");
    reply["response"]["id"].as_str().unwrap().to_owned()
}

async fn completed(server: &Server, path: &str) -> Reply {
    for _ in 0..200 {
        let reply = get(server, path).await;
        if reply.json()[0]["completed"] == true {
            return reply;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the job does not end");
}

#[tokio::test]
async fn a_job_is_run_later_and_its_notices_come_newest_first() {
    let mut config = config(B);
    config.job_delay = Duration::from_millis(50);
    config.jobs_kept = 1;
    let server = Server::start(config, metadata()).unwrap();
    let id = start(&server).await;
    let tasks = format!("/api/system/tasks/DATAVALUE_IMPORT/{id}");
    assert_eq!(get(&server, &tasks).await.json()[0]["completed"], false);
    assert!(server.values().is_empty());
    assert_eq!(completed(&server, &tasks).await.json()[1]["completed"], false);
    let summary = get(&server, &format!("/api/system/taskSummaries/DATAVALUE_IMPORT/{id}")).await.json();
    assert_eq!(summary["importCount"]["updated"], 1); // bare, without an envelope
    start(&server).await; // the first one is forgotten
    assert_eq!(get(&server, &tasks).await.json(), json!([]));
    let forgotten = get(&server, &format!("/api/system/taskSummaries/DATAVALUE_IMPORT/{id}")).await;
    assert_eq!((forgotten.status, forgotten.text.as_str()), (200, ""));
}

#[tokio::test]
async fn a_job_may_end_without_a_summary() {
    let server = server(A);
    server.script(Fault::on("POST", "/api/dataValueSets", Trouble::JobWithoutSummary));
    let id = start(&server).await;
    completed(&server, &format!("/api/system/tasks/DATAVALUE_IMPORT/{id}")).await;
    assert_eq!(get(&server, &format!("/api/system/taskSummaries/DATAVALUE_IMPORT/{id}")).await.text, "");
    assert_eq!(server.value_count(), 1);
}

#[tokio::test]
async fn analytics_know_what_the_last_run_saw() {
    let server = server(B);
    server.change_metadata(|metadata| metadata.set(uid(DEATHS), "aggregationType", json!("LAST_IN_PERIOD")));
    let query = format!("/api/analytics.json?dimension=dx:{CASES};{DEATHS}&dimension=pe:2026Q2&dimension=ou:{COUNTRY}");
    assert_eq!(get(&server, &query).await.status, 409); // no tables yet
    let rows = [
        row_at(CASES, CLINIC, "202604", "3"),
        row_at(CASES, OTHER, "202606", "4"),
        row_at(DEATHS, CLINIC, "202604", "9"),
        row_at(DEATHS, CLINIC, "202605", "2"),
    ];
    import(&server, &rows).await;
    let job = post(&server, "/api/resourceTables/analytics", &json!({})).await.json();
    let id = job["response"]["id"].as_str().unwrap().to_owned();
    completed(&server, &format!("/api/system/tasks/ANALYTICS_TABLE/{id}")).await;
    import(&server, &[row_at(CASES, CLINIC, "202604", "100")]).await;
    let found = get(&server, &query).await.json();
    let of = |element: &str| found["rows"].as_array().unwrap().iter().find(|row| row[0] == element).unwrap()[3].clone();
    assert_eq!((of(CASES), of(DEATHS)), (json!("7"), json!("2"))); // stale; the last month of the quarter that has one
    let suffix = query.replace("analytics.json", "analytics/dataValueSet");
    assert_eq!(get(&server, &suffix).await.status, 404);
    assert_eq!(get(&server, &suffix.replace("dataValueSet?", "dataValueSet.json?")).await.status, 200);
    assert!(get(&server, "/api/system/info").await.json()["lastAnalyticsTableSuccess"].is_string());
}

#[tokio::test]
async fn completeness_is_registered_read_and_undone() {
    let server = server(A);
    let path = "/api/completeDataSetRegistrations";
    let one = json!({"dataSet": SET, "period": "202606", "organisationUnit": CLINIC});
    let other = json!({"dataSet": SET, "period": "202606", "orgUnit": OTHER}); // the name of data values, not of this
    let reply = post(&server, path, &json!({"completeDataSetRegistrations": [one, other]})).await;
    assert_eq!((reply.status, counts(&reply)), (409, [1, 0, 1, 0]));
    let query = format!("{path}?dataSet={SET}&period=202606&orgUnit={COUNTRY}&children=true");
    let found = get(&server, &query).await.json();
    assert_eq!(found["completeDataSetRegistrations"][0]["organisationUnit"], CLINIC);
    let undo = format!("{}{path}?ds={SET}&pe=202606&ou={CLINIC}", server.url());
    assert_eq!(ask(http().delete(undo).basic_auth("admin", Some("district"))).await.status, 204);
    assert!(server.completions().is_empty());
}
