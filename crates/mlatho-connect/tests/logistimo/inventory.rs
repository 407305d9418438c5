//! Signing in, lists and inventory.

use mlatho_connect::logistimo::{Client, Config, LogistimoError};
use mlatho_testkit::logistimo::{AuthKind, Config as ServerConfig, Server};
use serde_json::Value as Json;

use crate::world::*;

#[tokio::test]
async fn one_token_serves_many_requests_and_no_password_shows() {
    let server = Server::start(ServerConfig { context_path: "/supply".into(), ..server_config() }, data()).unwrap();
    let client = client(&server).await;
    client.inventory().await.unwrap();
    assert_eq!(server.tokens_given(), 1);
    let asked = server.requests();
    assert_eq!((asked[0].path.as_str(), asked[0].query.len()), ("/s2/api/mauth/login", 0));
    assert!(asked.iter().all(|request| request.auth == AuthKind::None && request.status == 200)); // a header of its own

    let error = Client::connect(&settings(&server), password("guessed")).await.unwrap_err();
    assert!(matches!(error, LogistimoError::Unauthorized { .. }));
    assert!(!format!("{error} {error:?} {:?} {client:?}", error.finding()).contains("guessed"));
    assert!(!format!("{client:?}").contains("token-0"));
}

#[tokio::test]
async fn a_token_that_ends_in_the_middle_is_replaced_and_the_page_repeated() {
    let server = Server::start(ServerConfig { requests_per_token: Some(9), ..server_config() }, data()).unwrap();
    let client = client(&server).await;
    assert_eq!(client.inventory().await.unwrap().lines as u64, ENTITIES * 2);
    assert!(server.tokens_given() > 1);
}

#[tokio::test]
async fn lists_come_page_by_page_even_if_the_server_gives_less_than_asked() {
    for (most_in_page, counts_inventory) in [(1000, true), (2, false), (1, true)] {
        let config = ServerConfig { most_in_page, counts_inventory, ..server_config() };
        let server = Server::start(config, data()).unwrap();
        let client = client(&server).await;
        let entities = client.entities();
        assert_eq!((entities.values.len() as u64, entities.findings.len()), (ENTITIES, 0));
        assert_eq!(entities.values[1].custom_id.as_deref(), Some("")); // it is often empty
        assert_eq!(client.inventory().await.unwrap().lines as u64, ENTITIES * 2);
    }
}

#[tokio::test]
async fn inventory_is_one_document_as_it_came() {
    let server = server();
    let inventory = client(&server).await.inventory().await.unwrap();
    let document: Json = serde_json::from_slice(&inventory.bytes).unwrap();
    let line = &document["results"][1];
    assert_eq!(
        (line["stk"].as_i64(), line["astk"].as_i64(), line["mnm"].as_str()),
        (Some(0), Some(5), Some("Vaccine"))
    );
    assert_eq!(line["fieldOfALaterRelease"], "unknown");
    assert!(inventory.findings.is_empty());
}

#[tokio::test]
async fn what_the_account_does_not_see_is_told_apart_from_no_stock() {
    let server = server();
    let config = Config { user: "few".into(), ..settings(&server) };
    let client = Client::connect(&config, password(PASSWORD)).await.unwrap();
    let inventory = client.inventory().await.unwrap();
    assert_eq!((inventory.lines, inventory.findings.len()), (2, 1));
    assert_eq!(inventory.findings[0].code, "logistimo-hidden-entities");
}

#[tokio::test]
async fn something_else_that_answers_is_no_logistimo() {
    let server = server();
    let config = Config { url: format!("{}/elsewhere", server.url()), ..settings(&server) };
    let error = Client::connect(&config, password(PASSWORD)).await.unwrap_err();
    assert!(matches!(error, LogistimoError::Answer { .. }), "{error}");
}
