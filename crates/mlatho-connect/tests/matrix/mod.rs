//! The fault matrix: every trouble at every kind of call. Nothing lost, nothing doubled, a clear message.

use std::time::Duration;

use futures::future::join_all;
use futures::stream::{self, StreamExt};
use mlatho_connect::{Own, ServerError};
use mlatho_testkit::{Fault, Trouble};

/// What a call does in a trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything came, once.
    Whole,
    /// An error of that code; the next pull brings everything, once.
    Error(&'static str),
}
use Outcome::{Error, Whole};

pub(crate) const UNREACHABLE: Outcome = Error("server-unreachable");
pub(crate) const UNAUTHORIZED: Outcome = Error("server-unauthorized");
pub(crate) const STATUS: Outcome = Error("server-status");
pub(crate) const ANSWER: Outcome = Error("server-answer");

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
        ("401", Trouble::Unauthorized, Whole, UNAUTHORIZED),
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
pub(crate) type Call = (&'static str, &'static str, &'static str, usize);

/// A trouble at a call, so many times.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) call: Call,
    pub(crate) trouble: Trouble,
    pub(crate) times: usize,
}

impl Case {
    pub(crate) fn fault(&self) -> Fault<Trouble> {
        let (_, method, path, after) = self.call;
        Fault::on(method, path, self.trouble.clone()).after(after).times(self.times)
    }

    /// Whether it had to happen for sure.
    pub(crate) const fn is_single(&self) -> bool {
        self.times == 1
    }
}

/// What an error says, to a program and to people.
pub(crate) fn told<O: Own>(error: &ServerError<O>) -> (&'static str, String) {
    (error.finding().code, format!("{error} {error:?} {:?}", error.finding()))
}

/// Some troubles stay; the time-outs of this test make six tries of them too long to wait for.
fn takes_too_long_to_repeat(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Delay(wait) if wait.as_secs() >= 1)
        || matches!(trouble, Trouble::SlowDrip { piece: 1, .. })
}

/// Runs every trouble at every call and gives the table. `run` does everything once, checks what came, and tells how it
/// ended; `expected` knows where a call differs from the others.
pub(crate) async fn matrix<R: Future<Output = Result<(), (&'static str, String)>>>(
    calls: &[Call],
    secrets: &[&str],
    expected: impl Fn(&Case, Outcome) -> Outcome,
    run: impl Fn(Case) -> R,
) -> String {
    let mut rows = Vec::new();
    for (name, trouble, single, always) in troubles() {
        rows.push((name, trouble.clone(), 1, single));
        if !takes_too_long_to_repeat(&trouble) {
            rows.push((name, trouble, 1000, always));
        }
    }
    let (expected, run) = (&expected, &run);
    let rows = rows.into_iter().map(|(name, trouble, times, outcome)| async move {
        let row = calls.iter().map(|call| {
            let case = Case { call: *call, trouble: trouble.clone(), times };
            async move {
                let result = run(case.clone()).await;
                let found = result.as_ref().map_or_else(|(code, _)| Error(code), |()| Whole);
                assert_eq!(found, expected(&case, outcome), "{case:?}: {result:?}");
                if let Err((_, text)) = &result {
                    assert!(!secrets.iter().any(|secret| text.contains(secret)), "{case:?}: {text}");
                    assert!(
                        text.contains(case.call.2.trim_matches('/').split('/').next().unwrap()),
                        "{case:?}: {text}"
                    );
                }
                match found {
                    Whole => "whole",
                    Error(code) => code.trim_start_matches("server-"),
                }
            }
        });
        let befalls = if times == 1 { "once" } else { "always" };
        format!("| {name} | {befalls} | {} |", join_all(row).await.join(" | "))
    });
    // A few at once: more would wait for each other, and run into their time-outs.
    let rows: Vec<String> = stream::iter(rows).buffered(4).collect().await;
    let names: Vec<&str> = calls.iter().map(|(name, ..)| *name).collect();
    let head = format!("| trouble | befalls | {} |\n|---|---|{}", names.join(" | "), "---|".repeat(names.len()));
    format!("{head}\n{}\n", rows.join("\n"))
}
