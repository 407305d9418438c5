//! Troubles between client and server: time-outs, proxies, cut lines, tokens that end.

use std::time::{Duration, Instant};

use mlatho_connect::dhis2::{Config, Dhis2Error, Outcome};
use mlatho_testkit::dhis2::{Fault, Server, Trouble, User};

use crate::world::*;

fn on_import(trouble: Trouble) -> Fault {
    Fault::on("POST", "/api/dataValueSets", trouble)
}

#[tokio::test]
async fn what_was_applied_is_not_sent_again() {
    for version in BOTH {
        for trouble in [
            Trouble::Reset { applied: true },
            Trouble::Html { status: 502, applied: true },
            Trouble::Html { status: 504, applied: true },
            Trouble::TruncatedBody { keep: 40 },
            Trouble::ShortBody { keep: 40 },
            Trouble::ShortBody { keep: 0 },
        ] {
            let server = server(version);
            let client = client(&server).await;
            let values = counts(3, 2);
            server.script(on_import(trouble.clone()));
            let report = send(&client, &values).await;
            assert!(report.refused.is_empty(), "{trouble:?}");
            assert_eq!(held(&server), wanted(&values), "{trouble:?}");
            assert_eq!(imports(&server).len(), 1, "{trouble:?}");
        }
    }
}

#[tokio::test]
async fn what_was_not_applied_is_sent_again() {
    for version in BOTH {
        for trouble in [
            Trouble::Reset { applied: false },
            Trouble::Html { status: 502, applied: false },
            Trouble::Html { status: 504, applied: false },
        ] {
            let server = server(version);
            let client = client(&server).await;
            let values = counts(3, 2);
            server.script(on_import(trouble.clone()).times(2));
            let report = send(&client, &values).await;
            assert!(report.refused.is_empty() && server.script_is_done(), "{trouble:?}");
            assert_eq!(held(&server), wanted(&values), "{trouble:?}");
        }
    }
}

#[tokio::test]
async fn a_time_out_after_applying_is_read_back() {
    for version in BOTH {
        let server = server(version);
        let client = client_with(&Config { read_timeout_seconds: 1, ..settings(&server) }).await;
        let mut values = counts(3, 2);
        values[4].value = Some("x".into());
        server.script(on_import(Trouble::SilentAfterApplying(Duration::from_secs(3))));
        let report = send(&client, &values).await;
        assert_eq!(refused(&report).len(), 1); // the one that is not there is sent alone, and then named
        assert_eq!((report.refused[0].index, import_sizes(&server)), (4, vec![36, 1]));
        assert_eq!(held(&server), wanted(&without(&values, &[4])));
    }
}

#[tokio::test]
async fn a_success_that_hides_conflicts_is_seen_through() {
    for (version, code) in [(A, "E7619"), (B, "E8122")] {
        let server = server(version);
        let client = client(&server).await;
        let mut values = counts(3, 2);
        values[4].value = Some("x".into());
        server.script(on_import(Trouble::SuccessHidingConflicts));
        let report = send(&client, &values).await;
        assert_eq!((report.outcomes[0].http, report.outcomes[0].outcome), (200, Outcome::Partial));
        assert_eq!(refused(&report), [(4, code)]);
        assert_eq!(held(&server), wanted(&without(&values, &[4])));
    }
}

#[tokio::test]
async fn a_proxy_that_never_lets_through_is_named_not_retried_for_ever() {
    let server = server(B);
    let client = client(&server).await;
    server.script(on_import(Trouble::Html { status: 502, applied: false }).times(1000));
    let error = try_send(&client, &counts(3, 1)).await.unwrap_err();
    assert!(matches!(error, Dhis2Error::Unreachable { .. }), "{error}");
    assert!(imports(&server).len() <= 6 && server.values().is_empty());
}

#[tokio::test]
async fn requests_too_large_for_a_proxy_are_halved() {
    let mut config = server_config(A);
    config.max_body = Some(10_000);
    let server = Server::start(config, metadata()).unwrap();
    let client = client(&server).await;
    let values = counts(CLINICS, 6);
    let report = send(&client, &values).await;
    assert!(report.refused.is_empty());
    assert_eq!(held(&server), wanted(&values));
    let through = imports(&server).iter().filter(|import| import.status == 200).count();
    assert!(through >= 9 && imports(&server).len() < 3 * through, "{through} of {}", imports(&server).len());
}

#[tokio::test]
async fn a_value_too_large_on_its_own_is_named() {
    let mut config = server_config(B);
    config.max_body = Some(10_000);
    let server = Server::start(config, metadata()).unwrap();
    let client = client(&server).await;
    let mut values = counts(1, 1);
    values[2].comment = Some("x".repeat(20_000).into());
    let report = send(&client, &values).await;
    assert_eq!(refused(&report), [(2, "too-large")]);
    assert_eq!(held(&server), wanted(&without(&values, &[2])));
}

#[tokio::test]
async fn a_token_that_ends_stops_the_work_and_keeps_what_is_done() {
    for version in BOTH {
        let mut config = server_config(version);
        let end = config.now.checked_add(jiff::Span::new().hours(1)).unwrap();
        config.users = vec![User::new(uid("us", 1), "m", "", &["ALL"], &[uid("ou", 999)]).with_token(TOKEN, Some(end))];
        let server = Server::start(config, metadata()).unwrap();
        let client = client_with(&Config { first_chunk: 50, ..settings(&server) }).await;
        let values = counts(CLINICS, 3);
        // The first chunk goes through; while the second is under way the token ends.
        let mut pusher = mlatho_connect::dhis2::Pusher::new(&client, mlatho_connect::dhis2::PushMode::Write).unwrap();
        let mut ends = |_| server.set_now(end);
        let error = pusher.send(data_set(), &values, &mut ends).await.unwrap_err();
        assert!(matches!(error, Dhis2Error::Unauthorized { .. }), "{error}");
        assert_eq!(error.finding().code, "server-unauthorized");
        assert_eq!(held(&server), wanted(&values[..50]));
        let statuses: Vec<u16> = imports(&server).iter().map(|import| import.status).collect();
        assert_eq!(statuses, [200, 401, 401]);

        // With a new day for the token the whole batch is sent again, and nothing is harmed.
        server.set_now(end.checked_sub(jiff::Span::new().minutes(30)).unwrap());
        assert!(send(&client, &values).await.refused.is_empty());
        assert_eq!(held(&server), wanted(&values));
    }
}

#[tokio::test]
async fn a_login_page_in_place_of_an_import_stops_the_work() {
    for trouble in [Trouble::LoginPage, Trouble::LoginRedirect] {
        let server = server(A);
        let client = client(&server).await;
        server.script(on_import(trouble.clone()).times(2));
        let error = try_send(&client, &counts(1, 1)).await.unwrap_err();
        assert!(matches!(error, Dhis2Error::Unauthorized { .. }), "{trouble:?}: {error}");
        assert!(server.values().is_empty());
    }
}

#[tokio::test]
async fn a_server_that_asks_for_patience_is_given_it() {
    for version in BOTH {
        let server = server(version);
        let client = client(&server).await;
        server.script(on_import(Trouble::TooManyRequests { retry_after: 1 }));
        let started = Instant::now();
        assert!(send(&client, &counts(1, 1)).await.refused.is_empty());
        assert!(started.elapsed() >= Duration::from_secs(1));
        let statuses: Vec<u16> = imports(&server).iter().map(|import| import.status).collect();
        assert_eq!(statuses, [429, 200]);
    }
}

#[tokio::test]
async fn a_byte_order_mark_and_a_slow_answer_do_no_harm() {
    let server = server(A);
    let client = client(&server).await;
    for trouble in [
        Trouble::Bom,
        Trouble::SlowFirstByte(Duration::from_millis(300)),
        Trouble::SlowDrip { piece: 20, pause: Duration::from_millis(5) },
    ] {
        server.forget_requests();
        server.script(on_import(trouble));
        assert!(send(&client, &counts(1, 1)).await.refused.is_empty());
        assert_eq!(imports(&server).len(), 1);
    }
}
