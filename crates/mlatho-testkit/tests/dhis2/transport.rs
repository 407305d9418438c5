//! Scripted troubles as they arrive at the other end.

use std::time::{Duration, Instant};

use mlatho_testkit::dhis2::{Fault, Server, Trouble};
use serde_json::json;

use crate::world::*;

async fn send(server: &Server) -> Result<reqwest::Response, reqwest::Error> {
    let body = json!({"dataSet": SET, "dataValues": [row(CASES, "5")]}).to_string();
    let request = http().post(format!("{}/api/dataValueSets", server.url())).basic_auth("admin", Some("district"));
    request.header("content-type", "application/json").body(body).timeout(Duration::from_millis(900)).send().await
}

fn scripted(trouble: Trouble) -> Server {
    let server = server(B);
    server.script(Fault::on("POST", "/api/dataValueSets", trouble));
    server
}

#[tokio::test]
async fn pages_of_proxies() {
    for (trouble, status, applied) in [
        (Trouble::Html { status: 502, applied: false }, 502, 0),
        (Trouble::Html { status: 504, applied: true }, 504, 1),
        (Trouble::TooManyRequests { retry_after: 7 }, 429, 0),
        (Trouble::LoginPage, 200, 0),
        (Trouble::LoginRedirect, 302, 0),
        (Trouble::Unauthorized, 401, 0),
        (Trouble::Forbidden, 403, 0),
    ] {
        let server = scripted(trouble.clone());
        let reply = send(&server).await.unwrap();
        assert_eq!((reply.status().as_u16(), server.value_count()), (status, applied), "{trouble:?}");
        if status == 429 {
            assert_eq!(reply.headers()["retry-after"], "7");
        }
        assert_eq!(server.requests()[0].status, status);
        assert_eq!(send(&server).await.unwrap().status(), 200); // once only
    }
    let mut config = config(A);
    config.max_body = Some(50);
    let server = Server::start(config, metadata()).unwrap();
    let reply = send(&server).await.unwrap();
    assert!(reply.status() == 413 && reply.text().await.unwrap().starts_with("<html>"));
}

#[tokio::test]
async fn lines_that_break() {
    for (trouble, applied) in [
        (Trouble::Reset { applied: false }, 0),
        (Trouble::Reset { applied: true }, 1),
        (Trouble::SilentAfterApplying(Duration::from_secs(5)), 1),
        (Trouble::TruncatedBody { keep: 30 }, 1),
    ] {
        let server = scripted(trouble.clone());
        let whole = match send(&server).await {
            Ok(reply) => reply.bytes().await.is_ok(),
            Err(_) => false,
        };
        assert!(!whole && server.value_count() == applied, "{trouble:?}");
    }
    let server = scripted(Trouble::ShortBody { keep: 30 });
    assert_eq!(send(&server).await.unwrap().bytes().await.unwrap().len(), 30);
    let server = scripted(Trouble::Bom);
    assert!(send(&server).await.unwrap().bytes().await.unwrap().starts_with(b"\xEF\xBB\xBF{"));
}

#[tokio::test]
async fn slow_answers() {
    for trouble in [
        Trouble::SlowFirstByte(Duration::from_millis(200)),
        Trouble::SlowDrip { piece: 100, pause: Duration::from_millis(60) },
    ] {
        let server = scripted(trouble);
        let started = Instant::now();
        assert!(send(&server).await.unwrap().bytes().await.is_ok());
        assert!(started.elapsed() >= Duration::from_millis(200));
    }
    let mut config = config(B);
    config.time_per_1000_fresh_rows = Duration::from_millis(200_000); // 0.2 s for one row
    let server = Server::start(config, metadata()).unwrap();
    for (fresh, expected) in [(true, Duration::from_millis(200)), (false, Duration::ZERO)] {
        let started = Instant::now();
        send(&server).await.unwrap();
        assert!(started.elapsed() >= expected && (fresh || started.elapsed() < Duration::from_millis(200)));
    }
}

#[tokio::test]
async fn a_success_that_hides_conflicts() {
    let server = scripted(Trouble::SuccessHidingConflicts);
    let reply = import(&server, &[row(STRAY, "5")]).await;
    assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("SUCCESS")));
    assert_eq!(codes(&reply), ["E8020"]);
}

#[tokio::test]
async fn a_success_that_stored_nothing() {
    for version in BOTH {
        let server = server(version);
        server.script(Fault::on("POST", "/api/dataValueSets", Trouble::StoresNothing));
        let reply = import(&server, &[row(CASES, "5")]).await;
        assert_eq!((reply.status, counts(&reply)[..2].iter().sum::<u64>(), server.value_count()), (200, 1, 0));
        import(&server, &[row(CASES, "5")]).await;
        assert_eq!(server.value_count(), 1);
    }
}

#[tokio::test]
async fn the_script_counts_and_the_log_keeps_no_secret() {
    let server = server(A);
    server.script(Fault::on("POST", "/api/dataValueSets", Trouble::Forbidden).after(1).times(2));
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(send(&server).await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [200, 403, 403, 200]);
    assert!(server.script_is_done());
    let log = format!("{:?}", server.requests());
    assert!(log.contains("Basic") && !log.contains("YWRtaW4"));
}
