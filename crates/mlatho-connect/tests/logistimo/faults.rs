//! Troubles of servers, proxies and lines.

use std::collections::BTreeSet;

use mlatho_connect::logistimo::{Client, LogistimoError};
use mlatho_testkit::logistimo::{Server, Trouble};
use serde_json::Value as Json;

use crate::matrix::{Call, Case, Outcome, UNAUTHORIZED, matrix, told};
use crate::world::*;

const CALLS: [Call; 7] = [
    ("token", "POST", "/s2/api/mauth/login", 0),
    ("first page", "GET", "/s2/api/entities/", 0),
    ("later page", "GET", "/s2/api/entities/", 1),
    ("inventory", "GET", "/s2/api/inventory/entity/", 3),
    ("export begun", "GET", "/s2/api/export/schedule/batch", 0),
    ("export awaited", "GET", "/s2/api/export/exportjoblist", 1),
    ("export fetched", "GET", "/s2/api/export/download", 0),
];

/// Reads entities, inventory and transactions: every kind of call. Each line once, and each line of the table.
async fn everything(server: &Server) -> Result<(), LogistimoError> {
    let client = Client::connect(&settings(server), password(PASSWORD)).await?;
    let inventory: Json = serde_json::from_slice(&client.inventory().await?.bytes).unwrap();
    let lines = inventory["results"].as_array().unwrap();
    let distinct: BTreeSet<String> = lines.iter().map(|line| format!("{} {}", line["kId"], line["mId"])).collect();
    assert_eq!((lines.len() as u64, distinct.len() as u64), (ENTITIES * 2, ENTITIES * 2));
    let (first, last) = days();
    let export = client.transactions(first, last).await?;
    let table = String::from_utf8(export.bytes).unwrap();
    let rows: BTreeSet<&str> = table.lines().skip(1).collect();
    assert_eq!((export.records as u64, rows.len() as u64), (ENTITIES * 2, ENTITIES * 2));
    Ok(())
}

async fn run(case: Case) -> Result<(), (&'static str, String)> {
    let server = server();
    server.script(case.fault());
    let result = everything(&server).await;
    assert!(!case.is_single() || server.script_is_done(), "{case:?} did not happen");
    let after = Server::start(server_config(), server.look(Clone::clone)).unwrap();
    everything(&after).await.unwrap();
    result.map_err(|error| told(&error))
}

/// Where a call differs: a password that is refused is not tried again; the number of an export is too short for these
/// cuts.
fn expected(case: &Case, outcome: Outcome) -> Outcome {
    match (case.call.0, &case.trouble) {
        ("token", Trouble::Unauthorized) => UNAUTHORIZED,
        ("export begun", Trouble::Cut { .. } | Trouble::Short { .. }) => Outcome::Whole,
        _ => outcome,
    }
}

#[tokio::test]
async fn fault_matrix() {
    let documented = include_str!("../../src/logistimo/README.md");
    let table = matrix(&CALLS, &["wörd", "token-0"], expected, run).await;
    println!("{table}");
    assert!(documented.contains(&table), "the README has another table");
}
