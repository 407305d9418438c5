//! Imports in the background.

use std::time::Duration;

use mlatho_connect::dhis2::Config;
use mlatho_testkit::dhis2::{Fault, Server, Trouble};

use crate::world::*;

#[tokio::test]
async fn a_job_is_waited_for_and_its_summary_read() {
    for (version, code) in [(A, "E7619"), (B, "E8122")] {
        let mut config = server_config(version);
        config.job_delay = Duration::from_millis(50);
        let server = Server::start(config, metadata()).unwrap();
        let client = client_with(&Config { async_import: true, ..settings(&server) }).await;
        let mut values = counts(3, 2);
        values[7].value = Some("x".into());
        let report = send(&client, &values).await;
        assert_eq!(refused(&report), [(7, code)]);
        assert_eq!(held(&server), wanted(&without(&values, &[7])));
        assert_eq!(imports(&server).len(), 1);
        let polls = server.requests().iter().filter(|request| request.path.starts_with("/api/system/tasks")).count();
        assert!(polls > 1);
    }
}

#[tokio::test]
async fn a_job_without_summary_is_read_back() {
    for version in BOTH {
        let server = server(version);
        let client = client_with(&Config { async_import: true, ..settings(&server) }).await;
        let values = counts(3, 2);
        for trouble in [Trouble::JobWithoutSummary, Trouble::JobEvicted] {
            server.script(Fault::on("POST", "/api/dataValueSets", trouble.clone()));
            let report = send(&client, &values).await;
            assert!(report.refused.is_empty(), "{trouble:?}");
            assert_eq!(held(&server), wanted(&values), "{trouble:?}");
        }
    }
}

#[tokio::test]
async fn a_refused_group_in_the_background_is_divided() {
    let server = server_with(B, |metadata| {
        metadata.set(clinic(2), "closedDate", serde_json::json!("2026-01-15T00:00:00.000"));
    });
    let client = client_with(&Config { async_import: true, ..settings(&server) }).await;
    let values = counts(3, 2);
    let report = send(&client, &values).await;
    assert_eq!(report.refused.len(), COUNTS as usize);
    assert_eq!(held(&server).len(), values.len() - COUNTS as usize);
}
