//! Lines that are secured, and those that are not.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use mlatho_connect::openhim::{Client, Config, OpenhimError};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::SecretString;

use crate::world::*;

/// Two certificates that sign themselves, for 127.0.0.1, with their keys; they are for nothing but this test.
fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openhim/tls")
}

/// A core behind TLS that answers every request of one connection after another with a blank 200.
fn secured() -> SocketAddr {
    let chain = vec![CertificateDer::from_pem_file(fixtures().join("core.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(fixtures().join("core.key")).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream.unwrap());
            let mut request = Vec::new();
            let mut piece = [0; 4096];
            // Head and body come in one piece or two; a handshake that fails ends here.
            while let Ok(read) = stream.read(&mut piece) {
                request.extend_from_slice(&piece[..read]);
                if read == 0 || request.ends_with(b"}") {
                    break;
                }
            }
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    address
}

async fn heartbeat(url: &str, certificate: Option<&str>) -> Result<(), OpenhimError> {
    let config = Config { certificate_file: certificate.map(PathBuf::from), ..settings(url) };
    let client = Client::new(&config, &fixtures(), SecretString::from(PASSWORD))?;
    client.heartbeat(URN, Duration::from_secs(1), true).await.map(|_| ())
}

#[tokio::test]
async fn only_the_certificate_that_is_named_is_trusted() {
    let url = format!("https://{}", secured());
    heartbeat(&url, Some("core.pem")).await.unwrap();
    for other in [Some("other.pem"), None] {
        let error = heartbeat(&url, other).await.unwrap_err();
        assert_eq!(error.finding().code, "server-unreachable", "{other:?}");
    }
    for broken in ["core.key", "none.pem"] {
        let error = heartbeat(&url, Some(broken)).await.unwrap_err();
        assert_eq!(error.finding().code, "openhim-certificate", "{broken}");
    }
}

#[tokio::test]
async fn a_line_without_tls_is_no_secured_one() {
    let server = server();
    let error = heartbeat(&server.url().replace("http:", "https:"), None).await.unwrap_err();
    assert_eq!(error.finding().code, "server-unreachable");
    assert!(server.requests().is_empty());
}
