//! The double of Logistimo refuses and holds back what the real server does.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use jiff::civil::date;
use mlatho_testkit::logistimo::{Account, Config, Data, Server, Stock, Transaction};
use serde_json::{Value as Json, json};

fn config() -> Config {
    Config::new(vec![Account::new("all", "secret"), Account::new("few", "secret").seeing([])])
}

fn data() -> Data {
    let mut data = Data::new();
    let material = data.material("", "ORS");
    for number in 1..=60 {
        let entity = data.entity("", &format!("Clinic {number}"));
        data.stocks.push(Stock { entity, material, stock: 0, allocated: 3, updated: date(2026, 3, 2).at(0, 0, 0, 0) });
        let entered = date(2026, 3, 2).at(10, 0, 0, 0);
        let kind = "Receipt".to_owned();
        data.transactions.push(Transaction {
            entity,
            material,
            kind,
            quantity: 5,
            opening: 0,
            closing: 5,
            entered,
            actual: None,
        });
    }
    data
}

async fn sign_in(server: &Server, body: Json) -> (u16, Option<String>) {
    let url = format!("{}/s2/api/mauth/login", server.url());
    let reply = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
    let token = reply.headers().get("x-access-token").map(|token| token.to_str().unwrap().to_owned());
    (reply.status().as_u16(), token)
}

async fn get(server: &Server, token: &str, path: &str) -> (u16, String) {
    let request = reqwest::Client::new().get(format!("{}/s2/api/{path}", server.url()));
    let reply = request.header("x-access-token", token).send().await.unwrap();
    (reply.status().as_u16(), reply.text().await.unwrap())
}

async fn list(server: &Server, token: &str, path: &str) -> Json {
    serde_json::from_str(&get(server, token, path).await.1).unwrap()
}

async fn token(server: &Server, user: &str) -> String {
    sign_in(server, json!({"userId": user, "password": "secret"})).await.1.unwrap()
}

#[tokio::test]
async fn tokens_stand_in_a_header_and_end() {
    let server = Server::start(Config { requests_per_token: Some(1), ..config() }, data()).unwrap();
    assert_eq!(sign_in(&server, json!({})).await.0, 400);
    assert_eq!(sign_in(&server, json!({"userId": "all", "password": "guess"})).await, (401, None));
    let own = token(&server, "all").await;
    assert_eq!(get(&server, &own, "entities/").await.0, 200);
    assert_eq!(get(&server, &own, "entities/").await.0, 401);
    assert_eq!(get(&server, "none", "entities/").await.0, 401);
    assert!(server.requests().iter().all(|request| request.body.is_empty())); // no password is kept
}

#[tokio::test]
async fn lists_have_pages() {
    let server = Server::start(Config { most_in_page: 55, ..config() }, data()).unwrap();
    let own = token(&server, "all").await;
    let lengths = |page: &Json| (page["results"].as_array().map(Vec::len), page["numFound"].as_i64());
    assert_eq!(lengths(&list(&server, &own, "entities/").await), (Some(50), Some(60)));
    assert_eq!(lengths(&list(&server, &own, "entities/?offset=0&size=500").await), (Some(55), Some(60)));
    assert_eq!(lengths(&list(&server, &own, "entities/?offset=60&size=5").await), (None, Some(60)));
    let inventory = list(&server, &own, "inventory/entity/1000001").await;
    assert_eq!((lengths(&inventory), &inventory["results"][0]["astk"]), ((Some(1), Some(-1)), &json!(3)));
    assert_eq!(get(&server, &own, "inventory/entity/7").await.0, 403);
    assert_eq!(get(&server, &token(&server, "few").await, "inventory/entity/1000001").await.0, 403);
    assert_eq!(get(&server, &own, "entities/?offset=x").await.0, 400);
}

#[tokio::test]
async fn exports_are_not_ready_at_once() {
    let server = Server::start(config().with_swahili_headers(), data()).unwrap();
    let own = token(&server, "all").await;
    let jobs = "export/exportjoblist?type=export&allExports=false&offset=0&size=50";
    let schedule = "export/schedule/batch?type=transactions&from=01/03/2026%2000:00:00&to=31/03/2026%2023:59:59";
    assert_eq!(get(&server, &own, "export/schedule/batch?type=transactions&from=2026-03-01").await.0, 400);
    assert_eq!(get(&server, &own, schedule).await, (200, "7001".into()));
    assert_eq!(list(&server, &own, jobs).await["results"], Json::Null); // in the queue
    let job = &list(&server, &own, jobs).await["results"][0];
    assert_eq!((&job["st"], &job["ofl"]), (&json!(0), &Json::Null));
    let job = &list(&server, &own, jobs).await["results"][0];
    assert_eq!((&job["st"], &job["nr"]), (&json!(1), &json!(60)));
    let (_, table) = get(&server, &own, &format!("export/download?key={}", job["ofl"].as_str().unwrap())).await;
    assert!(table.starts_with("Kitambulisho cha kituo,") && table.lines().count() == 61, "{table}");

    let failing = Server::start(Config { exports_fail: Some("no space".into()), ..config() }, data()).unwrap();
    let own = token(&failing, "all").await;
    get(&failing, &own, schedule).await;
    for _ in 0..2 {
        list(&failing, &own, jobs).await;
    }
    let job = &list(&failing, &own, jobs).await["results"][0];
    assert_eq!((&job["st"], &job["rsn"]), (&json!(2), &json!("no space")));
}
