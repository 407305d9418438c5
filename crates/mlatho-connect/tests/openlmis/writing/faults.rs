//! Every trouble at the write: nothing lost, nothing doubled, nothing forced.

use std::time::Duration;

use mlatho_connect::openlmis::Client;
use mlatho_connect::openlmis::write::{Outcome, Sent};
use mlatho_testkit::openlmis::{Fault, Trouble};

use super::world::*;
use crate::world::{password, settings};

const UNREACHABLE: &str = "unreachable";
const WRITTEN: &str = "written";

/// A trouble: its name in the table, what it is, how often the write arrives at the server and what is said when it
/// befalls one write, and what is said when it befalls every write.
fn troubles() -> Vec<(&'static str, Trouble, usize, &'static str, &'static str)> {
    vec![
        ("connection dropped before", Trouble::Reset { applied: false }, 2, WRITTEN, UNREACHABLE),
        ("connection dropped after", Trouble::Reset { applied: true }, 1, WRITTEN, WRITTEN),
        ("delayed beyond the time-out", Trouble::Delay(Duration::from_millis(1500)), 1, WRITTEN, WRITTEN),
        ("cut in the body", Trouble::Cut { keep: 20 }, 1, WRITTEN, WRITTEN),
        ("body ends early, neatly", Trouble::Short { keep: 20 }, 1, WRITTEN, WRITTEN),
        ("401", Trouble::Unauthorized, 2, WRITTEN, "unauthorized"),
        ("403", Trouble::Refused { status: 403 }, 1, "refused", "refused"),
        ("409", Trouble::Refused { status: 409 }, 1, "changed", "changed"),
        ("413", Trouble::Html { status: 413 }, 1, "refused", "refused"),
        ("429 with Retry-After", Trouble::TooManyRequests { retry_after: 0 }, 2, WRITTEN, UNREACHABLE),
        ("500", Trouble::Refused { status: 500 }, 2, WRITTEN, "status"),
        ("502", Trouble::Html { status: 502 }, 2, WRITTEN, UNREACHABLE),
        ("503", Trouble::Html { status: 503 }, 2, WRITTEN, UNREACHABLE),
        ("504", Trouble::Html { status: 504 }, 2, WRITTEN, UNREACHABLE),
        ("HTML page with 200", Trouble::Html { status: 200 }, 2, WRITTEN, "answer"),
        ("other JSON", Trouble::WrongShape, 1, "not taken", "not taken"),
        ("byte order mark", Trouble::Bom, 1, WRITTEN, WRITTEN),
    ]
}

/// What is said, how often the write was sent, and what then stands at the server with which version.
async fn befall(trouble: &Trouble, times: usize) -> (String, usize, Option<i64>, u32) {
    let server = server();
    let client = Client::connect(&settings(&server), password("p&ss wörd")).await.unwrap();
    let plan = planned(&client, &[patients("F1", "ABC", "30")], &Sent::new()).await;
    server.script(Fault::on("PUT", "/api/v2/requisitions/", trouble.clone()).times(times));
    let said = match client.write(&plan.drafts, &plan.requisitions[0]).await {
        Ok(receipt) => match receipt.outcome {
            Outcome::Written => WRITTEN,
            Outcome::Changed => "changed",
            Outcome::NotTaken => "not taken",
            Outcome::Refused { .. } => "refused",
        },
        Err(error) => error.finding().code.strip_prefix("server-").unwrap(),
    };
    let sent = server.requests().iter().filter(|request| request.method == "PUT").count();
    let version = server.look(|data| data.requisitions[0].version);
    assert_eq!(server.look(|data| data.unguarded_writes), 0);
    (said.into(), sent, field(&server, 1, 0, "numberOfNewPatientsAdded").as_i64(), version)
}

#[tokio::test]
async fn write_fault_matrix() {
    let documented = include_str!("../../../src/openlmis/README.md");
    for (name, trouble, sent, once, always) in troubles() {
        let (said, times, stands, version) = befall(&trouble, 1).await;
        assert_eq!((&*said, times), (once, sent), "{name}");
        // What is said to be written stands there, once; what is not, does not.
        let written = once == WRITTEN;
        assert_eq!((stands, version), (written.then_some(30), 1 + u32::from(written)), "{name}");
        let (said, _, stands, version) = befall(&trouble, 1000).await;
        let written = always == WRITTEN;
        assert_eq!((&*said, stands, version), (always, written.then_some(30), 1 + u32::from(written)), "{name}");
        let row = format!("| {name} | {once} | {always} |");
        assert!(documented.contains(&row), "the README lacks this row: {row}");
    }
}
