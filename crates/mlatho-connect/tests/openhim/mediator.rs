//! Registering, heartbeats, and the form of answers.

use std::time::Duration;

use mlatho_connect::openhim::{OpenhimError, reply};
use mlatho_testkit::openhim::AuthKind;
use serde_json::{Value as Json, json};

use crate::world::*;

const UP: Duration = Duration::from_secs(7);

#[tokio::test]
async fn a_mediator_is_registered_once_and_with_a_higher_version_anew() {
    let server = server();
    let client = client(&server, PASSWORD);
    assert_eq!(client.register(&mediator("0.1.0"), UP).await.unwrap(), None);
    let registered = server.registered(URN).unwrap();
    assert_eq!(
        registered["endpoints"],
        json!([{"name": "lmis", "host": "mlatho.example.org", "port": 8080, "path": "/receive/lmis", "type": "http"}])
    );
    // The core refuses the name a second time; the heartbeat shows that it is ours.
    client.register(&mediator("0.1.0"), UP).await.unwrap();
    assert_eq!(server.registered(URN).unwrap()["version"], "0.1.0");
    client.register(&mediator("0.2.0"), UP).await.unwrap();
    assert_eq!(server.registered(URN).unwrap()["version"], "0.2.0");
    let requests = server.requests();
    assert!(requests.iter().all(|request| request.auth == AuthKind::Basic));
    let beat: Json = serde_json::from_slice(&requests[1].body).unwrap();
    assert_eq!(
        (requests[1].path.as_str(), beat),
        ("/mediators/urn:mediator:mlatho/heartbeat", json!({"uptime": 7, "config": true}))
    );
}

#[tokio::test]
async fn a_changed_configuration_comes_with_the_next_heartbeat_and_once() {
    let server = server();
    let client = client(&server, PASSWORD);
    client.register(&mediator("0.1.0"), UP).await.unwrap();
    server.configure(URN, &json!({"level": "high"}));
    assert_eq!(client.heartbeat(URN, UP, false).await.unwrap(), Some(json!({"level": "high"})));
    assert_eq!(client.heartbeat(URN, UP, false).await.unwrap(), None);
    assert_eq!(client.heartbeat(URN, UP, true).await.unwrap(), Some(json!({"level": "high"})));
    server.forget_mediators();
    assert!(matches!(client.heartbeat(URN, UP, false).await, Err(OpenhimError::NotFound { .. })));
}

#[tokio::test]
async fn what_the_core_refuses_is_told_and_no_password_shows() {
    let server = server();
    let error = client(&server, "guessed").register(&mediator("0.1.0"), UP).await.unwrap_err();
    assert_eq!(error.finding().code, "server-unauthorized");
    assert!(!format!("{error} {error:?}").contains("guessed"));
    // A version that is none: the refusal of the registration, not that of the heartbeat after it.
    let error = client(&server, PASSWORD).register(&mediator("one"), UP).await.unwrap_err();
    assert!(matches!(error, OpenhimError::Status { status: 400, .. }), "{error:?}");
}

#[test]
fn an_answer_says_what_the_client_sees_and_nothing_of_what_was_posted() {
    let answer = reply(URN, 202, &json!({"receipt": "ab"}), "2026-03-31T12:00:00Z".parse().unwrap());
    let expected = json!({
        "x-mediator-urn": URN, "status": "Successful", "orchestrations": [], "properties": {},
        "response": {"status": 202, "headers": {"content-type": "application/json"}, "body": "{\"receipt\":\"ab\"}",
            "timestamp": "2026-03-31T12:00:00Z"}});
    assert_eq!(answer, expected);
    assert_eq!(reply(URN, 401, &json!({}), "2026-03-31T12:00:00Z".parse().unwrap())["status"], "Failed");
}
