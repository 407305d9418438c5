//! Single requests: waiting and trying again, and what a reply is when it is not the server's.

use std::marker::PhantomData;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::header::{DATE, HeaderMap, LOCATION};
use reqwest::{Certificate, RequestBuilder, StatusCode};
use serde::de::IgnoredAny;
use serde_json::Value as Json;
use url::Url;

use super::{BodyError, Own, ServerError, is_html, limited, passes, retry_after, wait, without_bom};

/// Times that one request is made before it is given up.
pub(crate) const TRIES: u32 = 6;

/// How long answers may take and how large they may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connect_seconds: u64,
    /// The longest silence within an answer.
    pub(crate) read_seconds: u64,
    /// Of an answer as a whole.
    pub(crate) answer_seconds: u64,
    /// Before the first repetition.
    pub(crate) retry_wait_ms: u64,
    /// Of an answer, unpacked.
    pub(crate) answer_mb: u64,
}

impl Limits {
    /// What is wrong with them, if anything.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        if self.answer_mb == 0 {
            return Some("`max_answer_mb` is at least 1");
        }
        let timeouts = [self.connect_seconds, self.read_seconds, self.answer_seconds];
        timeouts.contains(&0).then_some("a time-out is at least one second")
    }
}

/// The way to one server.
#[derive(Debug)]
pub(crate) struct Requests<O> {
    pub(crate) http: reqwest::Client,
    base: Url,
    limits: Limits,
    own: PhantomData<fn() -> O>,
}

/// What a body has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expect {
    Json,
    /// JSON; a page says that a session has ended.
    JsonInSession,
    /// Any text that is no page.
    Text,
    /// Anything: what matters stands before the body. A redirect is as good.
    Anything,
}

/// A body, whole, as it came, without a byte order mark; and what stood before it.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) body: Bytes,
    pub(crate) headers: HeaderMap,
}

impl Reply {
    /// The server's time when it was sent.
    pub(crate) fn date(&self) -> Option<Timestamp> {
        let date = self.headers.get(DATE)?.to_str().ok()?;
        jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok()
    }
}

/// What becomes of one try.
pub(crate) enum Try<O: Own> {
    Done(Reply),
    Failed(ServerError<O>),
    /// Not now; how long the server asks to wait, and what to say if there is no next time.
    Again(Option<Duration>, ServerError<O>),
    /// A page in place of data: of a proxy, of a server as it starts, or to sign in.
    Page,
    /// The token or password is refused.
    Refused,
}

impl<O: Own> Requests<O> {
    /// The way to the server at this address; nothing is asked yet.
    ///
    /// # Errors
    /// No connection can be prepared.
    pub(crate) fn new(base: Url, limits: Limits) -> Result<Self, ServerError<O>> {
        Self::trusting(base, limits, None)
    }

    /// The same, to a server whose certificate must be signed by one of these, if any are given.
    ///
    /// # Errors
    /// No connection can be prepared.
    pub(crate) fn trusting(
        base: Url,
        limits: Limits,
        certificates: Option<Vec<Certificate>>,
    ) -> Result<Self, ServerError<O>> {
        let seconds = Duration::from_secs;
        let builder = super::builder(seconds(limits.connect_seconds), seconds(limits.read_seconds));
        let builder = match certificates {
            Some(certificates) => builder.tls_certs_only(certificates),
            None => builder,
        };
        Ok(Self { http: builder.build().map_err(ServerError::Setup)?, base, limits, own: PhantomData })
    }

    /// The address, without secrets.
    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    /// A request's URL with its parameters.
    pub(crate) fn url(&self, path: &str, query: &[(&str, &str)]) -> Result<Url, ServerError<O>> {
        let mut url = self.base.join(path).map_err(|_| ServerError::Url { url: path.into() })?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    /// Makes a request until it is answered, refused, or given up: what breaks off or fails in passing is made again.
    /// Only for requests that change nothing, or the same however often they are made.
    pub(crate) async fn until_answered(
        &self,
        path: &str,
        expect: Expect,
        mut request: impl FnMut() -> RequestBuilder,
    ) -> Try<O> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.once(path, expect, request()).await {
                Try::Again(asked, _) if tries < TRIES => self.wait(tries, asked).await,
                Try::Page if tries < TRIES => self.wait(tries, None).await,
                Try::Page => return Try::Failed(answer(path, "an HTML page")),
                Try::Again(_, error) => return Try::Failed(error),
                done => return done,
            }
        }
    }

    /// Waits before the next try. Tries count from 1.
    pub(crate) async fn wait(&self, tries: u32, asked: Option<Duration>) {
        wait(Duration::from_millis(self.limits.retry_wait_ms), tries, asked).await;
    }

    /// Makes a request and judges its answer: a whole body, or why there is none.
    pub(crate) async fn once(&self, path: &str, expect: Expect, request: RequestBuilder) -> Try<O> {
        let request = request.timeout(Duration::from_secs(self.limits.answer_seconds));
        let reply = match request.send().await {
            Ok(reply) => reply,
            Err(error) => {
                let source = Some(error.without_url());
                return Try::Again(None, ServerError::Unreachable { path: path.into(), source });
            }
        };
        let (status, asked) = (reply.status(), retry_after(&reply));
        let headers = reply.headers().clone();
        if status == StatusCode::UNAUTHORIZED || leads_to_sign_in(status, &headers) {
            return Try::Refused;
        }
        let bytes = match limited(reply, self.limits.answer_mb.saturating_mul(1 << 20)).await {
            Ok(bytes) => bytes,
            Err(BodyError::TooLarge) => {
                return Try::Failed(ServerError::TooLarge { path: path.into(), most: self.limits.answer_mb });
            }
            Err(BodyError::Broken(error)) => {
                return Try::Again(asked, ServerError::Unreachable { path: path.into(), source: Some(error) });
            }
        };
        let body = bytes.slice_ref(without_bom(&bytes));
        if passes(status) || status == StatusCode::INTERNAL_SERVER_ERROR {
            return Try::Again(asked, failure(path, status, &body));
        }
        if status.is_redirection() && expect == Expect::Anything {
            return Try::Done(Reply { body, headers });
        }
        if !status.is_success() {
            return Try::Failed(failure(path, status, &body));
        }
        if is_html(&body) {
            return if expect == Expect::JsonInSession { Try::Refused } else { Try::Page };
        }
        if matches!(expect, Expect::Json | Expect::JsonInSession) {
            match serde_json::from_slice::<IgnoredAny>(&body) {
                Ok(_) => {}
                Err(error) if error.is_eof() => return Try::Again(None, answer(path, "it breaks off")),
                Err(error) => return Try::Failed(answer(path, &error.to_string())),
            }
        }
        Try::Done(Reply { body, headers })
    }
}

/// That the answer is not the system's.
pub(crate) fn answer<O: Own>(path: &str, problem: &str) -> ServerError<O> {
    ServerError::Answer { path: path.into(), problem: problem.into() }
}

fn leads_to_sign_in(status: StatusCode, headers: &HeaderMap) -> bool {
    let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
    status.is_redirection() && location.is_some_and(|location| location.to_lowercase().contains("login"))
}

/// What a status that is no success means.
fn failure<O: Own>(path: &str, status: StatusCode, body: &[u8]) -> ServerError<O> {
    let path = path.to_owned();
    match status.as_u16() {
        401 => ServerError::Unauthorized { path },
        403 => ServerError::Forbidden { path },
        404 => ServerError::NotFound { path },
        408 | 429 | 502..=504 => ServerError::Unreachable { path, source: None },
        status => ServerError::Status { path, status, message: message(body) },
    }
}

/// The server's own words: one message, or a message for each field.
fn message(body: &[u8]) -> String {
    let document = serde_json::from_slice::<Json>(body).unwrap_or_default();
    let text = match (document.get("message").and_then(Json::as_str), &document) {
        (Some(message), _) => message.to_owned(),
        (None, Json::Object(fields)) => {
            let each = fields.iter().filter_map(|(name, text)| Some(format!("{name}: {}", text.as_str()?)));
            each.collect::<Vec<_>>().join("; ")
        }
        _ => String::new(),
    };
    text.chars().take(500).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn messages_of_both_shapes() {
        assert_eq!(super::message(br#"{"messageKey": "a.b", "message": "No"}"#), "No");
        assert_eq!(super::message(br#"{"code": "taken", "name": "too long"}"#), "code: taken; name: too long");
        assert_eq!(super::message(b"<html>"), "");
    }
}
