//! Basic, sessions, and what must not be seen of them.

use mlatho_connect::elmis::{Client, Config, ElmisError};
use mlatho_testkit::elmis::{AuthKind, Config as ServerConfig, Server};

use crate::world::*;

#[tokio::test]
async fn a_wrong_password_is_tried_once_and_does_not_show() {
    let server = server();
    let error = Client::connect(&settings(&server), password("guessed")).await.unwrap_err();
    assert!(matches!(error, ElmisError::Unauthorized { .. }), "{error}");
    assert_eq!(server.requests().len(), 1);
    assert!(!format!("{error} {error:?} {:?}", error.finding()).contains("guessed"));

    // One that the REST interface takes, and the pages no longer.
    let client = client(&server).await;
    server.forget_requests();
    server.script(mlatho_testkit::elmis::Fault::on(
        "POST",
        "/j_spring_security_check",
        mlatho_testkit::elmis::Trouble::Unauthorized,
    ));
    let error = Landed::default().pull(&client, &query()).await.unwrap_err();
    assert!(matches!(error, ElmisError::Unauthorized { .. }), "{error}");
    assert!(!format!("{client:?}").contains("wörd"));
}

#[tokio::test]
async fn one_session_serves_many_requests_and_no_password_stands_in_an_address() {
    let config = ServerConfig { context_path: "/elmis".into(), ..server_config() };
    let server = Server::start(config, data()).unwrap();
    let client = client(&server).await;
    let mut landed = Landed::default();
    landed.pull(&client, &query()).await.unwrap();
    assert_eq!((server.sessions_opened(), landed.counts()), (1, once(1..=FACILITIES)));
    let asked = server.requests();
    assert!(asked.iter().all(|request| request.query.iter().all(|(_, value)| !value.contains("wörd"))));
    let (rest, pages): (Vec<_>, Vec<_>) = asked.iter().partition(|request| request.path.starts_with("/rest-api/"));
    assert!(rest.iter().all(|request| request.auth == AuthKind::Basic));
    assert!(pages.iter().all(|request| request.auth == AuthKind::None)); // the cookie says who it is
}

#[tokio::test]
async fn a_session_that_ends_in_the_middle_is_replaced_and_the_request_repeated() {
    for page_for_ended_sessions in [false, true] {
        let config = ServerConfig { requests_per_session: Some(9), page_for_ended_sessions, ..server_config() };
        let server = Server::start(config, data()).unwrap();
        let client = client(&server).await;
        let mut landed = Landed::default();
        let pulled = landed.pull(&client, &query()).await.unwrap();
        assert_eq!((pulled.read as u64, landed.counts()), (FACILITIES, once(1..=FACILITIES)));
        assert!(server.sessions_opened() > 2);
    }
}

#[tokio::test]
async fn answers_have_a_largest_size() {
    let server = server();
    server.change(|data| data.requisitions[0].status = "X".repeat(1 << 21));
    let client = Client::connect(&Config { max_answer_mb: 1, ..settings(&server) }, password(PASSWORD)).await.unwrap();
    let error = Landed::default().pull(&client, &query()).await.unwrap_err();
    assert!(matches!(error, ElmisError::TooLarge { most: 1, .. }), "{error}");
}

#[tokio::test]
async fn something_else_that_answers_is_no_elmis() {
    let server = server();
    let config = Config { url: format!("{}/elsewhere", server.url()), ..settings(&server) };
    let error = Client::connect(&config, password(PASSWORD)).await.unwrap_err();
    assert!(matches!(error, ElmisError::Answer { .. }), "{error}");
}
