//! The fault matrix: every trouble at every kind of call. Nothing lost, nothing doubled, a clear message.

use std::time::{Duration, Instant};

use futures::future::join_all;
use futures::stream::{self, StreamExt};
use mlatho_connect::openlmis::{Client, Config, OpenlmisError, RequisitionQuery, distinct_cards};
use mlatho_testkit::openlmis::{Fault, Server, Trouble, uuid};

use crate::world::*;

/// What a call does in a trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Everything came, once.
    Whole,
    /// An error of that code; the next pull brings everything, once.
    Error(&'static str),
}
use Outcome::{Error, Whole};

const UNREACHABLE: Outcome = Error("server-unreachable");
const STATUS: Outcome = Error("server-status");
const ANSWER: Outcome = Error("server-answer");

/// A trouble: its name in the table, what it is, and the outcome when it befalls one request, and every request.
type Row = (&'static str, Trouble, Outcome, Outcome);

fn troubles() -> Vec<Row> {
    let longer_than_a_read = Duration::from_millis(2300);
    vec![
        ("connection dropped before", Trouble::Reset { applied: false }, Whole, UNREACHABLE),
        ("connection dropped after", Trouble::Reset { applied: true }, Whole, UNREACHABLE),
        ("delayed, within the time-out", Trouble::Delay(Duration::from_millis(30)), Whole, Whole),
        ("delayed beyond the time-out", Trouble::Delay(longer_than_a_read), Whole, UNREACHABLE),
        ("cut in the body", Trouble::Cut { keep: 20 }, Whole, UNREACHABLE),
        ("body ends early, neatly", Trouble::Short { keep: 20 }, Whole, ANSWER),
        (
            "slow drip, within the time-out",
            Trouble::SlowDrip { piece: 4000, pause: Duration::from_millis(2) },
            Whole,
            Whole,
        ),
        (
            "slow drip without end",
            Trouble::SlowDrip { piece: 1, pause: Duration::from_millis(300) },
            Whole,
            UNREACHABLE,
        ),
        ("401", Trouble::Unauthorized, Whole, Error("server-unauthorized")),
        ("409", Trouble::Refused { status: 409 }, STATUS, STATUS),
        ("413", Trouble::Html { status: 413 }, STATUS, STATUS),
        ("429 with Retry-After", Trouble::TooManyRequests { retry_after: 0 }, Whole, UNREACHABLE),
        ("500", Trouble::Refused { status: 500 }, Whole, STATUS),
        ("502", Trouble::Html { status: 502 }, Whole, UNREACHABLE),
        ("503", Trouble::Html { status: 503 }, Whole, UNREACHABLE),
        ("504", Trouble::Html { status: 504 }, Whole, UNREACHABLE),
        ("HTML page with 200", Trouble::Html { status: 200 }, Whole, ANSWER),
        ("JSON declared as text", Trouble::WrongType, Whole, Whole),
        ("other JSON", Trouble::WrongShape, ANSWER, ANSWER),
        ("byte order mark", Trouble::Bom, Whole, Whole),
        ("reordered", Trouble::Reorder, Whole, Whole),
    ]
}

/// A kind of call: its name in the table, method, path, and how many such requests pass before the trouble.
type Column = (&'static str, &'static str, String, usize);

fn calls() -> Vec<Column> {
    vec![
        ("token", "POST", "/api/oauth/token".into(), 0),
        ("first page", "GET", "/api/requisitions/search".into(), 0),
        ("later page", "GET", "/api/requisitions/search".into(), 1),
        ("requisition", "GET", "/api/v2/requisitions/".into(), 3),
        ("reference", "GET", "/api/orderables/".into(), 0),
        ("list", "GET", "/api/facilities".into(), 1),
        ("stock", "GET", "/api/public/stockCardSummaries".into(), 0),
    ]
}

/// A token answers 401 and 400 itself: there is no second try with a password that is wrong.
fn expected(call: &str, trouble: &Trouble, outcome: Outcome) -> Outcome {
    match (call, trouble) {
        ("token", Trouble::Unauthorized) => Error("server-unauthorized"),
        _ => outcome,
    }
}

/// Connects, pulls and keeps requisitions, reads a list and stock: every kind of call.
async fn everything(server: &Server, landed: &mut Landed) -> Result<(), OpenlmisError> {
    let config = Config { read_timeout_seconds: 2, answer_timeout_seconds: 3, ..settings(server) };
    let client = Client::connect(&config, password("p&ss wörd")).await?;
    landed.pull(&client, &RequisitionQuery::default()).await?;
    assert_eq!(client.facilities().await?.values.len(), REQUISITIONS);
    assert!(distinct_cards(&client.stock_by_code("F1", &[]).await?.values).is_empty());
    Ok(())
}

/// Some troubles stay; the time-outs of this test make six tries of them too long to wait for.
fn takes_too_long_to_repeat(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Delay(wait) if wait.as_secs() >= 1)
        || matches!(trouble, Trouble::SlowDrip { piece: 1, .. })
}

async fn cell(call: &Column, trouble: &Trouble, times: usize, outcome: Outcome) -> String {
    let (name, method, path, after) = call;
    let context = format!("{trouble:?} × {times} at {name}");
    let server = server();
    server.script(Fault::on(method, path, trouble.clone()).after(*after).times(times));
    let mut landed = Landed::default();
    let result = everything(&server, &mut landed).await;
    assert!(times > 1 || server.script_is_done(), "{context} did not happen");
    let found = match &result {
        Ok(()) => Whole,
        Err(error) => Error(error.finding().code),
    };
    assert_eq!(found, expected(name, trouble, outcome), "{context}: {result:?}");
    if let Err(error) = &result {
        let text = format!("{error} {error:?} {:?}", error.finding());
        assert!(!text.contains("wörd") && !text.contains("changeme") && !text.contains("token-0"), "{context}: {text}");
        assert!(text.contains("api/"), "{context} does not say where: {text}");
    } else {
        assert_eq!(landed.counts(), once(1..=REQUISITIONS), "{context}");
    }
    // What was kept before the trouble is kept once, and the rest comes the next time.
    assert!(landed.counts().values().all(|count| *count == 1), "{context}");
    let after = Server::start(server_config(), server.look(Clone::clone)).unwrap();
    everything(&after, &mut landed).await.unwrap();
    assert_eq!(landed.counts(), once(1..=REQUISITIONS), "{context}, the next time");
    match found {
        Whole => "whole".into(),
        Error(code) => code.trim_start_matches("server-").into(),
    }
}

#[tokio::test]
async fn fault_matrix() {
    let mut rows = Vec::new();
    for (name, trouble, single, always) in troubles() {
        rows.push((name, trouble.clone(), 1, single));
        if !takes_too_long_to_repeat(&trouble) {
            rows.push((name, trouble, 1000, always));
        }
    }
    let rows = rows.into_iter().map(|(name, trouble, times, outcome)| async move {
        let columns = calls();
        let cells = join_all(columns.iter().map(|call| cell(call, &trouble, times, outcome))).await;
        let befalls = if times == 1 { "once" } else { "always" };
        format!("| {name} | {befalls} | {} |", cells.join(" | "))
    });
    // A few at once: more would wait for each other, and run into their time-outs.
    let rows: Vec<String> = stream::iter(rows).buffered(4).collect().await;
    let names: Vec<&str> = calls().iter().map(|(name, ..)| *name).collect();
    println!("| trouble | befalls | {} |\n|---|---|{}", names.join(" | "), "---|".repeat(names.len()));
    let documented = include_str!("../../src/openlmis/README.md");
    for row in &rows {
        println!("{row}");
        assert!(documented.contains(row.as_str()), "the README lacks this row: {row}");
    }
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
