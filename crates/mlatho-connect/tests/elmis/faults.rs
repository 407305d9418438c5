//! Troubles of servers, proxies and lines.

use mlatho_connect::elmis::{Client, ElmisError};
use mlatho_testkit::elmis::{Server, Trouble};

use crate::matrix::{Call, Case, Outcome, UNAUTHORIZED, matrix, told};
use crate::world::*;

const CALLS: [Call; 7] = [
    ("programs", "GET", "/rest-api/lookup/programs", 0),
    ("stock status", "GET", "/rest-api/stock-status/monthly", 0),
    ("facilities", "GET", "/rest-api/lookup/facilities", 0),
    ("session", "POST", "/j_spring_security_check", 0),
    ("first list", "GET", "/requisitions-list.json", 0),
    ("later list", "GET", "/requisitions-list.json", 7),
    ("requisition", "GET", "/requisitions/", 6),
];

/// Reads two months of stock status and pulls requisitions: every kind of call.
async fn everything(server: &Server, landed: &mut Landed) -> Result<(), ElmisError> {
    let client = Client::connect(&settings(server), password(PASSWORD)).await?;
    for (number, lines) in [(3, FACILITIES), (4, 0)] {
        assert_eq!(client.stock_status("ARV", month(number)).await?.lines as u64, lines);
    }
    landed.pull(&client, &query()).await?;
    Ok(())
}

async fn run(case: Case) -> Result<(), (&'static str, String)> {
    let server = server();
    server.script(case.fault());
    let mut landed = Landed::default();
    let result = everything(&server, &mut landed).await;
    assert!(!case.is_single() || server.script_is_done(), "{case:?} did not happen");
    if result.is_ok() {
        assert_eq!(landed.counts(), once(1..=FACILITIES), "{case:?}");
    }
    // What was kept before the trouble is kept once, and the rest comes the next time.
    assert!(landed.counts().values().all(|count| *count == 1), "{case:?}");
    let after = Server::start(server_config(), server.look(Clone::clone)).unwrap();
    everything(&after, &mut landed).await.unwrap();
    assert_eq!(landed.counts(), once(1..=FACILITIES), "{case:?}, the next time");
    result.map_err(|error| told(&error))
}

/// Where a call differs: a password that is refused is not tried again, a session is; signing in has no body that could
/// break off; a page in place of data says that the session has ended.
fn expected(case: &Case, outcome: Outcome) -> Outcome {
    let in_session = matches!(case.call.0, "first list" | "later list" | "requisition");
    match (case.call.0, &case.trouble) {
        (_, Trouble::Unauthorized) if !in_session => UNAUTHORIZED,
        ("session", Trouble::Cut { .. } | Trouble::Short { .. }) => Outcome::Whole,
        (_, Trouble::Html { status: 200 }) if in_session && !case.is_single() => UNAUTHORIZED,
        _ => outcome,
    }
}

#[tokio::test]
async fn fault_matrix() {
    let documented = include_str!("../../src/elmis/README.md");
    let table = matrix(&CALLS, &["wörd", "JSESSIONID"], expected, run).await;
    println!("{table}");
    assert!(documented.contains(&table), "the README has another table");
}
