//! Who may come in, and what stands around the API.

use mlatho_testkit::dhis2::{AuthKind, Server};
use serde_json::json;

use crate::world::*;

async fn me(server: &Server, authorization: &str) -> Reply {
    ask(http().get(format!("{}/api/me", server.url())).header("authorization", authorization)).await
}

#[tokio::test]
async fn tokens_and_passwords() {
    let mut config = config(A);
    let end = config.now.checked_add(jiff::Span::new().hours(1)).unwrap();
    config.users[1] = config.users[1].clone().with_token("d2pat_clerk", Some(end));
    let server = Server::start(config, metadata()).unwrap();
    assert_eq!(me(&server, "ApiToken d2pat_clerk").await.json()["username"], "clerk");
    assert_eq!(me(&server, "Basic YWRtaW46ZGlzdHJpY3Q=").await.json()["username"], "admin");
    assert_eq!(me(&server, "Bearer d2pat_clerk").await.status, 401);
    assert_eq!(me(&server, "ApiToken d2pat_none").await.status, 401);
    assert_eq!(ask(http().get(format!("{}/api/me", server.url()))).await.status, 401);
    server.set_now(end);
    assert!(me(&server, "ApiToken d2pat_clerk").await.json()["message"].as_str().unwrap().contains("expired"));
    let kinds: Vec<AuthKind> = server.requests().iter().map(|request| request.auth).collect();
    assert_eq!(kinds[..3], [AuthKind::ApiToken, AuthKind::Basic, AuthKind::Bearer]);
}

#[tokio::test]
async fn who_may_write_where() {
    for version in BOTH {
        let server = server(version);
        let body =
            json!({"dataSet": SET, "dataValues": [row(CASES, "1"), row_at(CASES, OTHER, "202606", "2")]}).to_string();
        let reply = post_as(&server, ("clerk", "secret"), "/api/dataValueSets", "application/json", body).await;
        let code = if version == A { "E7617" } else { "E8011" };
        assert_eq!((reply.status, codes(&reply)), (409, vec![code.to_owned()]));
        assert_eq!(server.value_count(), usize::from(version == A)); // A costs the row, B the group
    }
    let mut config = config(A);
    config.users[1].authorities.clear();
    let server = Server::start(config, metadata()).unwrap();
    let reply = post_as(&server, ("clerk", "secret"), "/api/dataValueSets", "application/json", "{}").await;
    assert_eq!(reply.status, 403);
}

#[tokio::test]
async fn context_path_slash_and_login_page() {
    let mut config = config(B);
    config.context_path = "/hmis".into();
    let server = Server::start(config, metadata()).unwrap();
    assert_eq!(get(&server, "/api/system/info").await.json()["version"], B);
    let slash = get(&server, "").await;
    assert_eq!((slash.status, slash.headers["location"].to_str().unwrap()), (302, &*format!("{}/", server.url())));
    assert!(get(&server, "/").await.headers["location"].to_str().unwrap().ends_with("/dhis-web-login/"));
    assert_eq!(ask(http().get(format!("http://{}/api/me", server.address()))).await.status, 404);
}

#[tokio::test]
async fn system_info_hides_little_from_users() {
    let server = server(B);
    let info =
        ask(http().get(format!("{}/api/system/info", server.url())).basic_auth("clerk", Some("secret"))).await.json();
    assert_eq!((&info["version"], &info["calendar"]), (&json!(B), &json!("iso8601")));
    assert!(info.get("revision").is_none() && info["serverDate"] == "2026-08-01T12:00:00.000");
    assert!(get(&server, "/api/system/info").await.json().get("revision").is_some());
    assert_eq!(get(&server, "/api/system/id?limit=3").await.json()["codes"].as_array().unwrap().len(), 3);
}
