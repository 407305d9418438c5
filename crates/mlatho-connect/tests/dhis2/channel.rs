//! A DHIS2 behind a channel of an OpenHIM: another path, accounts of the channel's own, and its way to fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mlatho_connect::dhis2::{Client, Config, Credentials, Dhis2Error};
use mlatho_testkit::dhis2::Server;
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::world::*;

/// `mlatho:of the channel` in Base64.
const CLIENT: &str = "Basic bWxhdGhvOm9mIHRoZSBjaGFubmVs";

/// Failures that come in the place of the next imports: OpenHIM's own words, and the page of a proxy before it.
const FAILURES: [&str; 2] = [
    "HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain\r\nContent-Length: 34\r\nConnection: close\r\n\r\n\
     An internal server error occurred\n",
    "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 26\r\nConnection: close\r\n\r\n\
     <html><h1>502</h1></html>\n",
];

/// A channel `/channel` before a server, whose route signs in with the server's token.
async fn channel(server: &Server) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let target = server.url().trim_start_matches("http://").to_owned();
    let failures = Arc::new(AtomicUsize::new(0));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(pass_on(stream, target.clone(), Arc::clone(&failures)));
        }
    });
    format!("http://{address}/channel")
}

async fn pass_on(mut client: TcpStream, target: String, failures: Arc<AtomicUsize>) {
    let mut request = Vec::new();
    let head = loop {
        if let Some(at) = request.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if client.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
    };
    let text = String::from_utf8(request[..head].to_vec()).unwrap();
    let of = |name: &str| {
        let line = text.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
        line.map(|line| line[name.len() + 1..].trim().to_owned())
    };
    let length: usize = of("content-length").map_or(0, |length| length.parse().unwrap());
    while request.len() < head + 4 + length {
        if client.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
    }
    if of("authorization").as_deref() != Some(CLIENT) || !text.contains(" /channel/") {
        let refusal = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        return client.write_all(refusal.as_bytes()).await.unwrap_or_default();
    }
    if text.starts_with("POST")
        && let Some(failure) = FAILURES.get(failures.fetch_add(1, Ordering::SeqCst))
    {
        return client.write_all(failure.as_bytes()).await.unwrap_or_default();
    }
    let kept = text.lines().skip(1).filter(|line| {
        !["authorization:", "connection:", "host:"].iter().any(|name| line.to_lowercase().starts_with(name))
    });
    let first = text.lines().next().unwrap().replacen("/channel/", "/", 1);
    let mut passed = format!("{first}\r\nHost: {target}\r\nConnection: close\r\nAuthorization: ApiToken {TOKEN}\r\n");
    kept.for_each(|line| passed.extend([line, "\r\n"]));
    passed.push_str("\r\n");
    let mut server = TcpStream::connect(target).await.unwrap();
    server.write_all(passed.as_bytes()).await.unwrap();
    server.write_all(&request[head + 4..]).await.unwrap();
    let mut reply = Vec::new();
    server.read_to_end(&mut reply).await.unwrap();
    client.write_all(&reply).await.unwrap_or_default();
}

fn password(text: &str) -> Credentials {
    Credentials::Basic { user: "mlatho".into(), password: SecretString::from(text) }
}

#[tokio::test]
async fn values_arrive_through_a_channel_once_whatever_it_says() {
    for version in BOTH {
        let server = server(version);
        let config = Config { retry_wait_ms: 2, ..Config::new(&channel(&server).await) };
        let client = Client::connect(&config, password("of the channel")).await.unwrap();
        assert_eq!(client.version().to_string(), version);
        let values = counts(3, 2);
        let report = send(&client, &values).await;
        assert!(report.refused.is_empty(), "{version}: {:?}", report.refused);
        assert_eq!(held(&server), wanted(&values), "{version}");
        assert_eq!(imports(&server).len(), 1, "{version}: what failed in the channel never came to the server");
    }
}

#[tokio::test]
async fn an_account_that_the_channel_does_not_know_is_told() {
    let server = server(A);
    let config = Config { retry_wait_ms: 2, ..Config::new(&channel(&server).await) };
    let error = Client::connect(&config, password("guessed")).await.unwrap_err();
    assert!(matches!(error, Dhis2Error::Unauthorized { .. }), "{error}");
    assert!(!format!("{error:?}").contains("guessed") && server.requests().is_empty());
}
