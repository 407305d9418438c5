//! Troubles of servers, proxies and lines.

use std::time::Duration;

use mlatho_connect::openhim::OpenhimError;
use mlatho_testkit::openhim::{Server, Trouble};

use crate::matrix::{Call, Case, Outcome, UNAUTHORIZED, matrix, told};
use crate::world::*;

const CALLS: [Call; 3] = [
    ("registration", "POST", "/mediators", 0),
    ("first heartbeat", "POST", "/mediators/", 0),
    ("later heartbeat", "POST", "/mediators/", 1),
];

/// Registers and beats twice. The core has us once, whatever happened.
async fn everything(server: &Server) -> Result<(), OpenhimError> {
    let client = client(server, PASSWORD);
    let up = Duration::from_secs(1);
    client.register(&mediator("0.1.0"), up).await?;
    client.heartbeat(URN, up, false).await?;
    assert_eq!(server.registered(URN).unwrap()["version"], "0.1.0");
    Ok(())
}

async fn run(case: Case) -> Result<(), (&'static str, String)> {
    let server = server();
    server.script(case.fault());
    let result = everything(&server).await;
    assert!(!case.is_single() || server.script_is_done(), "{case:?} did not happen");
    let after = crate::world::server();
    everything(&after).await.unwrap();
    result.map_err(|error| told(&error))
}

/// Where a call differs: a password that is refused is not tried again; answers are too short for these cuts; any object
/// that a heartbeat is answered with is a configuration.
fn expected(case: &Case, outcome: Outcome) -> Outcome {
    match (case.call.0, &case.trouble) {
        (_, Trouble::Unauthorized) => UNAUTHORIZED,
        (_, Trouble::Cut { .. } | Trouble::Short { .. })
        | ("first heartbeat" | "later heartbeat", Trouble::WrongShape) => Outcome::Whole,
        _ => outcome,
    }
}

#[tokio::test]
async fn fault_matrix() {
    let documented = include_str!("../../src/openhim/README.md");
    let table = matrix(&CALLS, &["wörd"], expected, run).await;
    println!("{table}");
    assert!(documented.contains(&table), "the README has another table");
}
