//! A small core and its client.

use std::path::Path;

use mlatho_connect::openhim::{Client, Config, Endpoint, Mediator};
use mlatho_testkit::openhim::{Config as ServerConfig, Server};
use secrecy::SecretString;

pub(crate) const USER: &str = "mlatho@example.org";
pub(crate) const PASSWORD: &str = "p&ss wörd";
pub(crate) const URN: &str = "urn:mediator:mlatho";

pub(crate) fn server() -> Server {
    Server::start(ServerConfig::new(USER, PASSWORD)).unwrap()
}

/// Settings that lose no time.
pub(crate) fn settings(url: &str) -> Config {
    Config { retry_wait_ms: 2, read_timeout_seconds: 2, ..Config::new(url, USER) }
}

pub(crate) fn client(server: &Server, password: &str) -> Client {
    Client::new(&settings(server.url()), Path::new("."), SecretString::from(password)).unwrap()
}

pub(crate) fn mediator(version: &str) -> Mediator {
    let endpoint = Endpoint {
        name: "lmis".into(),
        host: "mlatho.example.org".into(),
        port: 8080,
        path: "/receive/lmis".into(),
        kind: "http",
    };
    Mediator { urn: URN.into(), version: version.into(), name: "mlatho".into(), endpoints: vec![endpoint] }
}
