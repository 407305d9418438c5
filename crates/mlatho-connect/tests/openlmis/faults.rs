//! Troubles of servers, proxies and lines.

use std::time::{Duration, Instant};

use mlatho_connect::openlmis::{Client, Config, OpenlmisError, RequisitionQuery, distinct_cards};
use mlatho_testkit::openlmis::{Fault, Server, Trouble, uuid};

use crate::matrix::{Call, Case, UNAUTHORIZED, matrix, told};
use crate::world::*;

const CALLS: [Call; 7] = [
    ("token", "POST", "/api/oauth/token", 0),
    ("first page", "GET", "/api/requisitions/search", 0),
    ("later page", "GET", "/api/requisitions/search", 1),
    ("requisition", "GET", "/api/v2/requisitions/", 3),
    ("reference", "GET", "/api/orderables/", 0),
    ("list", "GET", "/api/facilities", 1),
    ("stock", "GET", "/api/public/stockCardSummaries", 0),
];

/// Connects, pulls and keeps requisitions, reads a list and stock: every kind of call.
async fn everything(server: &Server, landed: &mut Landed) -> Result<(), OpenlmisError> {
    let config = Config { read_timeout_seconds: 2, answer_timeout_seconds: 3, ..settings(server) };
    let client = Client::connect(&config, password("p&ss wörd")).await?;
    landed.pull(&client, &RequisitionQuery::default()).await?;
    assert_eq!(client.facilities().await?.values.len(), REQUISITIONS);
    assert!(distinct_cards(&client.stock_by_code("F1", &[]).await?.values).is_empty());
    Ok(())
}

async fn run(case: Case) -> Result<(), (&'static str, String)> {
    let server = server();
    server.script(case.fault());
    let mut landed = Landed::default();
    let result = everything(&server, &mut landed).await;
    assert!(!case.is_single() || server.script_is_done(), "{case:?} did not happen");
    if result.is_ok() {
        assert_eq!(landed.counts(), once(1..=REQUISITIONS), "{case:?}");
    }
    // What was kept before the trouble is kept once, and the rest comes the next time.
    assert!(landed.counts().values().all(|count| *count == 1), "{case:?}");
    let after = Server::start(server_config(), server.look(Clone::clone)).unwrap();
    everything(&after, &mut landed).await.unwrap();
    assert_eq!(landed.counts(), once(1..=REQUISITIONS), "{case:?}, the next time");
    result.map_err(|error| told(&error))
}

#[tokio::test]
async fn fault_matrix() {
    let documented = include_str!("../../src/openlmis/README.md");
    // A token answers 401 itself: there is no second try with a password that is wrong.
    let expected = |case: &Case, outcome| match (case.call.0, &case.trouble) {
        ("token", Trouble::Unauthorized) => UNAUTHORIZED,
        _ => outcome,
    };
    let table = matrix(&CALLS, &["wörd", "changeme", "token-0"], expected, run).await;
    println!("{table}");
    assert!(documented.contains(&table), "the README has another table");
}

#[tokio::test]
async fn a_busy_server_is_given_the_time_it_asks_for() {
    let server = server();
    let client = client(&server).await;
    server.script(Fault::on("GET", "/api/facilities", Trouble::TooManyRequests { retry_after: 1 }));
    let started = Instant::now();
    assert_eq!(client.facilities().await.unwrap().values.len(), REQUISITIONS);
    assert!(started.elapsed() >= Duration::from_secs(1)); // by itself it would wait two milliseconds
}

/// Objects that move while a list is read.
#[tokio::test]
async fn pages_that_move_lose_and_double_nothing() {
    for (name, grows) in [("a requisition appears before the others", true), ("one disappears", false)] {
        let server = server();
        let client = client(&server).await;
        let waiting = server.requests().len();
        // The second page is held back; meanwhile the list changes.
        let held = Trouble::Delay(Duration::from_millis(150));
        server.script(Fault::on("GET", "/api/requisitions/search", Trouble::Delay(Duration::from_millis(1))));
        server.script(Fault::on("GET", "/api/requisitions/search", held));
        let changes = async {
            while server.requests().len() < waiting + 1 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            server.change(|data| {
                if grows {
                    let mut earlier = data.requisitions[0].clone();
                    earlier.body["id"] = uuid("requisition", 8).into();
                    earlier.body["createdDate"] = "2025-12-01T08:00:00Z".into();
                    earlier.body["modifiedDate"] = "2026-02-01T10:09:00Z".into();
                    data.requisitions.insert(0, earlier);
                } else {
                    data.requisitions.remove(0);
                }
            });
        };
        let mut landed = Landed::default();
        let query = RequisitionQuery::default();
        let (pulled, ()) = tokio::join!(landed.pull(&client, &query), changes);
        pulled.unwrap();
        landed.pull(&client, &query).await.unwrap();
        let counts = landed.counts();
        let wanted = if grows { once(1..=8) } else { once(2..=REQUISITIONS) };
        let others: Vec<_> = wanted.keys().filter(|number| counts.get(number) != Some(&1)).collect();
        assert!(others.is_empty(), "{name}: {counts:?}");
    }
}
