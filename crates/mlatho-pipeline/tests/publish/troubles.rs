//! Lines, proxies and tokens: whatever happens on the way, what is confirmed is there, and a second run mends the rest.

use std::time::Duration;

use mlatho_connect::dhis2::{Config, Dhis2Error};
use mlatho_pipeline::publish::{ConflictRule, PublishError, confirm};
use mlatho_testkit::dhis2::{Fault, Server, Trouble, User};

use crate::world::*;

fn on_import(trouble: Trouble) -> Fault {
    Fault::on("POST", "/api/dataValueSets", trouble)
}

#[tokio::test]
async fn everything_arrives_once() {
    for version in BOTH {
        for trouble in [
            Trouble::Reset { applied: false },
            Trouble::Reset { applied: true },
            Trouble::Html { status: 413, applied: false },
            Trouble::Html { status: 502, applied: false },
            Trouble::Html { status: 502, applied: true },
            Trouble::Html { status: 504, applied: false },
            Trouble::Html { status: 504, applied: true },
            Trouble::TooManyRequests { retry_after: 0 },
            Trouble::TruncatedBody { keep: 60 },
            Trouble::ShortBody { keep: 60 },
            Trouble::ShortBody { keep: 0 },
            Trouble::SlowFirstByte(Duration::from_millis(50)),
            Trouble::SlowDrip { piece: 40, pause: Duration::from_millis(2) },
            Trouble::SilentAfterApplying(Duration::from_secs(3)),
            Trouble::Unauthorized, // once: a server that hesitated
            Trouble::Bom,
        ] {
            let server = server(version);
            let client = client_with(&Config { read_timeout_seconds: 1, ..settings(&server) }).await;
            let (mut log, wanted) = (Memory::default(), [counts(2), visits(1)].concat());
            server.script(on_import(trouble.clone()));
            let delivered = publish(&client, &mut log, &wanted).await;
            assert!(server.script_is_done() && delivered.refused.is_empty(), "{version} {trouble:?}");
            assert_eq!(delivered.confirmed, 36, "{version} {trouble:?}");
            assert_eq!((held(&server), log.values()), (exactly(&wanted), exactly(&wanted)), "{version} {trouble:?}");
            assert!(server.values().iter().all(|stored| stored.writes == 1), "{version} {trouble:?}");
            assert!(plan(&client, &log, &wanted, ConflictRule::Keep).await.plan.is_empty(), "{version} {trouble:?}");
        }
    }
}

#[tokio::test]
async fn a_409_with_a_summary_and_a_200_that_hides_errors() {
    for version in BOTH {
        for hidden in [false, true] {
            let server = server(version);
            let client = client(&server).await;
            let (mut log, wanted) = (Memory::default(), counts(2));
            let prepared = plan(&client, &log, &wanted, ConflictRule::Keep).await;
            server.change_metadata(|metadata| metadata.set(uid("de", 3), "valueType", serde_json::json!("DATE")));
            if hidden {
                server.script(on_import(Trouble::SuccessHidingConflicts));
            }
            let delivered = confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap();
            assert_eq!((delivered.confirmed, delivered.refused.len()), (24, 8), "{version} {hidden}");
            assert!(delivered.refused.iter().all(|refused| refused.value.key.data_element == uid("de", 3)));
            let good = wanted.iter().filter(|wanted| wanted.key.data_element != uid("de", 3));
            assert_eq!(held(&server), exactly(good));
            assert_eq!(log.receipts[0].1.replies[0].0, if version == A && !hidden { 409 } else { 200 });
        }
    }
}

#[tokio::test]
async fn a_value_that_silently_did_not_arrive_is_found() {
    for version in BOTH {
        let server = server(version);
        let client = client_with(&Config { first_chunk: 50, ..settings(&server) }).await;
        let (mut log, wanted) = (Memory::default(), counts(4)); // 64: two requests
        server.script(on_import(Trouble::StoresNothing).after(1));
        let delivered = publish(&client, &mut log, &wanted).await;
        assert_eq!((delivered.sent, delivered.confirmed, delivered.differing.len()), (64, 50, 14), "{version}");
        assert!(delivered.refused.is_empty() && log.values() == held(&server) && log.intended.is_empty());
        assert_eq!(log.receipts[0].1.differing, 14);
        server.forget_requests();
        assert_eq!(publish(&client, &mut log, &wanted).await.confirmed, 14);
        assert_eq!((held(&server), import_sizes(&server)), (exactly(&wanted), vec![14]));
    }
}

#[tokio::test]
async fn a_proxy_that_takes_small_bodies_only() {
    for version in BOTH {
        let mut config = server_config(version);
        config.max_body = Some(9000);
        let server = Server::start(config, metadata()).unwrap();
        let client = client(&server).await;
        let (mut log, wanted) = (Memory::default(), counts(6));
        assert_eq!(publish(&client, &mut log, &wanted).await.confirmed, 96);
        assert!(held(&server) == exactly(&wanted) && imports(&server).iter().any(|import| import.status == 413));
    }
}

#[tokio::test]
async fn a_token_that_ends_under_way() {
    for version in BOTH {
        let mut config = server_config(version);
        let end = config.now.checked_add(jiff::Span::new().hours(1)).unwrap();
        let user = User::new(uid("us", 1), "mlatho", "", &["F_DATAVALUE_ADD"], &[uid("ou", 999)]);
        config.users[0] = user.with_token("d2pat_mlatho", Some(end));
        let server = Server::start(config, metadata()).unwrap();
        let client = client_with(&Config { first_chunk: 50, ..settings(&server) }).await;
        let (mut log, wanted) = (Memory::default(), counts(4));
        let prepared = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        let error = confirm(&client, &mut log, &prepared, &mut |_| server.set_now(end)).await.unwrap_err();
        assert!(matches!(&error, PublishError::Target { source: Dhis2Error::Unauthorized { .. }, .. }), "{error}");
        assert_eq!((error.finding().code, held(&server).len()), ("server-unauthorized", 50));

        // With a new token: the rest, nothing twice.
        server.set_now(end.checked_sub(jiff::Span::new().minutes(30)).unwrap());
        server.forget_requests();
        let delivered = publish(&client, &mut log, &wanted).await;
        assert_eq!((delivered.confirmed, import_sizes(&server)), (14, vec![14]), "{version}");
        assert!(server.values().iter().all(|stored| stored.writes == 1) && log.intended.is_empty());
        assert_eq!((held(&server), log.values()), (exactly(&wanted), exactly(&wanted)));
    }
}

#[tokio::test]
async fn a_login_page_or_a_closed_door_stops_the_work() {
    for version in BOTH {
        for (trouble, code) in [
            (Trouble::LoginPage, "server-unauthorized"),
            (Trouble::LoginRedirect, "server-unauthorized"),
            (Trouble::Unauthorized, "server-unauthorized"),
            (Trouble::Forbidden, "server-forbidden"),
            (Trouble::Html { status: 502, applied: false }, "server-unreachable"),
        ] {
            let server = server(version);
            let client = client(&server).await;
            let (mut log, wanted) = (Memory::default(), counts(1));
            server.script(on_import(trouble.clone()).times(100));
            let error = try_publish(&client, &mut log, &wanted).await.unwrap_err();
            assert_eq!(error.finding().code, code, "{version} {trouble:?}");
            assert!(server.values().is_empty() && log.values().is_empty() && imports(&server).len() <= 6);
        }
    }
}

#[tokio::test]
async fn reading_what_the_target_holds_is_not_given_up_at_once() {
    for trouble in [
        Trouble::TruncatedBody { keep: 100 },
        Trouble::ShortBody { keep: 100 },
        Trouble::Html { status: 502, applied: false },
        Trouble::TooManyRequests { retry_after: 0 },
    ] {
        let server = server(A);
        let client = client(&server).await;
        let (mut log, wanted) = (Memory::default(), counts(2));
        publish(&client, &mut log, &wanted).await;
        server.script(Fault::on("GET", "/api/dataValueSets", trouble.clone()));
        assert!(plan(&client, &log, &wanted, ConflictRule::Keep).await.plan.is_empty(), "{trouble:?}");
        assert!(server.script_is_done());
    }
}
