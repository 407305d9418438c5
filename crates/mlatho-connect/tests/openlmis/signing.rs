//! Keys, tokens and what must not be seen of them.

use mlatho_connect::openlmis::{Client, Config, Credentials, OpenlmisError, RequisitionQuery};
use mlatho_testkit::openlmis::{AuthKind, Config as ServerConfig, Fault, Server, Trouble};

use crate::world::*;

#[tokio::test]
async fn a_key_signs_every_request_and_asks_for_no_token() {
    let server = server();
    let client = client(&server).await;
    assert_eq!(client.programs().len(), 2);
    assert!(server.requests().iter().all(|request| request.auth == AuthKind::Bearer && request.status == 200));
    assert_eq!(server.tokens_given(), 0);

    server.forget_requests();
    let error = Client::connect(&settings(&server), Credentials::api_key("key-guessed")).await.unwrap_err();
    assert!(matches!(error, OpenlmisError::Unauthorized { .. }), "{error}");
    assert_eq!(server.requests().len(), 1); // a key is not asked for again
    assert!(!format!("{error:?}").contains("guessed"));
}

#[tokio::test]
async fn one_token_serves_many_requests_and_no_password_stands_in_an_address() {
    let mut config = server_config();
    config.context_path = "/lmis".into();
    let server = Server::start(config, data()).unwrap();
    let client = Client::connect(&settings(&server), password("p&ss wörd")).await.unwrap();
    client.facilities().await.unwrap();
    assert_eq!(server.tokens_given(), 1);
    let asked = server.requests();
    assert_eq!((asked[0].method.as_str(), asked[0].path.as_str()), ("POST", "/api/oauth/token"));
    let names: Vec<&str> = asked[0].query.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!((names, asked[0].auth), (vec!["grant_type"], AuthKind::Basic));

    let error = Client::connect(&settings(&server), password("wrong-secret")).await.unwrap_err();
    assert!(matches!(error, OpenlmisError::Unauthorized { .. }));
    assert!(!format!("{error} {error:?} {:?}", error.finding()).contains("wrong-secret"));
    assert!(!format!("{client:?}").contains("token-0"), "a token shows");
}

#[tokio::test]
async fn a_token_that_ends_in_the_middle_is_replaced_and_the_page_repeated() {
    let config = ServerConfig { requests_per_token: Some(8), ..server_config() };
    let server = Server::start(config, data()).unwrap();
    let client = Client::connect(&settings(&server), password("p&ss wörd")).await.unwrap();
    let mut landed = Landed::default();
    let pulled = landed.pull(&client, &RequisitionQuery::default()).await.unwrap();
    assert_eq!((pulled.read, landed.counts()), (REQUISITIONS, once(1..=REQUISITIONS)));
    assert!(server.tokens_given() > 2);
    let refused = server.requests().iter().filter(|request| request.status == 401).count();
    assert!(refused >= server.tokens_given() - 1);
}

#[tokio::test]
async fn a_token_that_is_refused_twice_is_no_use() {
    let server = server();
    let client = Client::connect(&settings(&server), password("p&ss wörd")).await.unwrap();
    server.script(Fault::on("GET", "/api/facilities", Trouble::Unauthorized).times(2));
    server.forget_requests();
    let error = client.facilities().await.unwrap_err();
    assert!(matches!(error, OpenlmisError::Unauthorized { .. }));
    let paths: Vec<String> = server.requests().iter().map(|request| request.path.clone()).collect();
    assert_eq!(paths, ["/api/facilities", "/api/oauth/token", "/api/facilities"]);
}

#[tokio::test]
async fn answers_have_a_largest_size() {
    let server = server();
    let long = "x".repeat(1 << 20);
    server.change(|data| data.requisitions[0].body["draftStatusMessage"] = long.into());
    let config = Config { max_answer_mb: 1, ..settings(&server) };
    let client = Client::connect(&config, Credentials::api_key(KEY)).await.unwrap();
    let error = Landed::default().pull(&client, &RequisitionQuery::default()).await.unwrap_err();
    assert!(matches!(error, OpenlmisError::TooLarge { most: 1, .. }), "{error}");
}

#[tokio::test]
async fn something_else_that_answers_is_no_openlmis() {
    let server = server();
    let config = Config { url: format!("{}/elsewhere", server.url()), ..settings(&server) };
    let error = Client::connect(&config, Credentials::api_key(KEY)).await.unwrap_err();
    assert!(matches!(error, OpenlmisError::Answer { .. }), "{error}");
}
