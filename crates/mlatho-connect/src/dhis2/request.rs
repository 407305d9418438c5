//! Single requests: signing, waiting and trying again, redirects, and what a reply is when it is not DHIS2's.

use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use reqwest::{Method, Response, StatusCode};
use serde::de::DeserializeOwned;
use url::Url;

use super::{Client, Dhis2Error};
use crate::http::{is_html, passes, retry_after, wait, without_bom};

/// Repetitions of one request before it is given up.
const TRIES: u32 = 6;
const REDIRECTS: u32 = 5;

/// What became of a request that writes.
#[derive(Debug)]
pub(super) enum Posted {
    /// Some reply; what it means is decided by parsing it.
    Reply { status: u16, body: Bytes, took: Duration },
    /// The body is larger than a proxy lets through: nothing arrived.
    TooLarge,
    /// No reply that says what happened: it may have been applied.
    Unknown { timed_out: bool },
}

impl Client {
    /// The request's URL, joined once, with its parameters.
    fn url(&self, path: &str, query: &[(&str, &str)]) -> Result<Url, Dhis2Error> {
        let mut url = self.base.join(path).map_err(|_| Dhis2Error::Url { url: path.into() })?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    /// GET with repetitions and same-origin redirects; the reply has a success status.
    pub(super) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Response, Dhis2Error> {
        let first = self.url(path, query)?;
        let (mut url, mut tries, mut redirects, mut refused) = (first.clone(), 0, 0, false);
        loop {
            tries += 1;
            let request = self.credentials.sign(self.http.request(Method::GET, url.clone()));
            let reply = match request.header(ACCEPT, "application/json").send().await {
                Ok(reply) => reply,
                Err(source) if tries >= TRIES => {
                    return Err(Dhis2Error::Unreachable { path: path.into(), source: Some(source.without_url()) });
                }
                Err(_) => {
                    self.wait(tries, None).await;
                    continue;
                }
            };
            let status = reply.status();
            if status.is_success() {
                return Ok(reply);
            }
            if status.is_redirection() && redirects < REDIRECTS {
                redirects += 1;
                url = redirect(path, &url, &reply)?;
            } else if status == StatusCode::UNAUTHORIZED && !refused {
                refused = true;
                self.wait(1, None).await;
            } else if passes(status) && tries < TRIES {
                self.wait(tries, retry_after(&reply)).await;
            } else {
                return Err(failure(path, status, &reply.bytes().await.unwrap_or_default()));
            }
        }
    }

    /// GET of a JSON document. A body that breaks off is asked for again.
    pub(super) async fn get_json<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, Dhis2Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            let problem = match self.get(path, query).await?.bytes().await {
                Ok(body) => {
                    let body = without_bom(&body);
                    if is_html(body) {
                        return Err(Dhis2Error::Unauthorized { path: path.into() }); // the login page
                    }
                    match serde_json::from_slice(body) {
                        Ok(document) => return Ok(document),
                        Err(error) if !error.is_eof() => {
                            return Err(Dhis2Error::Answer { path: path.into(), problem: error.to_string() });
                        }
                        Err(error) => error.to_string(),
                    }
                }
                Err(error) => error.without_url().to_string(),
            };
            if tries >= TRIES {
                return Err(Dhis2Error::Answer { path: path.into(), problem });
            }
            self.wait(tries, None).await;
        }
    }

    /// POST of a JSON body. Redirects are never followed. Repeats only what certainly did not arrive.
    pub(super) async fn post(&self, path: &str, query: &[(&str, &str)], body: &Bytes) -> Result<Posted, Dhis2Error> {
        let url = self.url(path, query)?;
        let (mut tries, mut refused) = (0, false);
        loop {
            tries += 1;
            let request = self.credentials.sign(self.http.request(Method::POST, url.clone()));
            let request = request.header(ACCEPT, "application/json").header(CONTENT_TYPE, "application/json");
            let request = self.cited.on(request);
            let started = Instant::now();
            let reply = match request.timeout(self.read_timeout).body(body.clone()).send().await {
                Ok(reply) => reply,
                Err(error) if error.is_connect() && tries < TRIES => {
                    self.wait(tries, None).await;
                    continue;
                }
                Err(error) if error.is_connect() => {
                    return Err(Dhis2Error::Unreachable { path: path.into(), source: Some(error.without_url()) });
                }
                Err(error) => return Ok(Posted::Unknown { timed_out: error.is_timeout() }),
            };
            let status = reply.status();
            match status.as_u16() {
                401 | 302 if !refused => {
                    refused = true;
                    self.wait(1, None).await;
                    continue;
                }
                300..=399 | 401 => return Err(Dhis2Error::Unauthorized { path: path.into() }),
                413 => return Ok(Posted::TooLarge),
                429 if tries < TRIES => {
                    self.wait(tries, retry_after(&reply)).await;
                    continue;
                }
                408 | 429 | 502..=504 => {
                    self.wait(tries, retry_after(&reply)).await;
                    return Ok(Posted::Unknown { timed_out: matches!(status.as_u16(), 408 | 504) });
                }
                _ => {}
            }
            let Ok(bytes) = reply.bytes().await else { return Ok(Posted::Unknown { timed_out: false }) };
            let body = bytes.slice_ref(without_bom(&bytes));
            if status.is_success() && is_html(&body) {
                return Err(Dhis2Error::Unauthorized { path: path.into() });
            }
            if status == StatusCode::FORBIDDEN && !has_summary(&body) {
                return Err(Dhis2Error::Forbidden { path: path.into() });
            }
            return Ok(Posted::Reply { status: status.as_u16(), body, took: started.elapsed() });
        }
    }

    /// Waits before the next try.
    pub(super) async fn wait(&self, tries: u32, asked: Option<Duration>) {
        wait(self.retry_wait, tries, asked).await;
    }
}

/// Where a redirect of a GET leads, if that is the same server and no login page.
fn redirect(path: &str, from: &Url, reply: &Response) -> Result<Url, Dhis2Error> {
    let target = reply.headers().get(LOCATION).and_then(|location| location.to_str().ok());
    let target = target.and_then(|location| from.join(location).ok());
    match target {
        Some(url) if url.path().contains("login") => Err(Dhis2Error::Unauthorized { path: path.into() }),
        Some(url) if url.origin() == from.origin() => Ok(url),
        _ => Err(Dhis2Error::Answer { path: path.into(), problem: "a redirect to another server".into() }),
    }
}

fn failure(path: &str, status: StatusCode, body: &[u8]) -> Dhis2Error {
    let path = path.to_owned();
    match status.as_u16() {
        401 => Dhis2Error::Unauthorized { path },
        403 => Dhis2Error::Forbidden { path },
        408 | 429 | 502..=504 => Dhis2Error::Unreachable { path, source: None },
        status => {
            let document = serde_json::from_slice::<serde_json::Value>(without_bom(body)).unwrap_or_default();
            let message = document.get("message").and_then(serde_json::Value::as_str).unwrap_or_default();
            Dhis2Error::Status { path, status, message: message.chars().take(500).collect() }
        }
    }
}

fn has_summary(body: &[u8]) -> bool {
    body.windows(11).any(|window| window == b"importCount")
}
