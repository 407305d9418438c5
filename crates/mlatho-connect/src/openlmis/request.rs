//! Single requests: signing, waiting and trying again, and what a reply is when it is not OpenLMIS's.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::header::{ACCEPT, DATE, ETAG};
use reqwest::{RequestBuilder, StatusCode};
use secrecy::ExposeSecret;
use serde::de::IgnoredAny;
use serde_json::Value as Json;
use url::Url;

use super::{Client, OpenlmisError};
use crate::http::{BodyError, is_html, limited, passes, retry_after, wait, without_bom};

/// Times that one request is made before it is given up.
pub(super) const TRIES: u32 = 6;

/// A JSON document, whole, as it came; the server's time when it was sent, and the version of what it is.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) body: Bytes,
    pub(super) date: Option<Timestamp>,
    /// As it came: OpenLMIS writes it without quotes and wants it back so.
    pub(super) etag: Option<String>,
}

/// What becomes of one try.
pub(super) enum Try {
    Done(Reply),
    Failed(OpenlmisError),
    /// Not now; how long the server asks to wait, and what to say if there is no next time.
    Again(Option<Duration>, OpenlmisError),
    /// The token is refused.
    Refused,
}

impl Client {
    /// The request's URL with its parameters.
    pub(super) fn url(&self, path: &str, query: &[(&str, &str)]) -> Result<Url, OpenlmisError> {
        let mut url = self.base.join(path).map_err(|_| OpenlmisError::Url { url: path.into() })?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    /// GET of a JSON document, which is the same however often it is asked for. A token that is refused is replaced
    /// once, and the same request made again; what breaks off or fails in passing is asked for again.
    pub(super) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Reply, OpenlmisError> {
        let url = self.url(path, query)?;
        let (mut tries, mut refused) = (0, false);
        loop {
            tries += 1;
            let token = self.token().await?;
            match self.once(path, self.http.get(url.clone()).bearer_auth(token.expose_secret())).await {
                Try::Done(reply) => return Ok(reply),
                Try::Refused if !refused && self.refuse(&token).await => refused = true,
                Try::Refused => return Err(OpenlmisError::Unauthorized { path: path.into() }),
                Try::Again(asked, _) if tries < TRIES => wait(self.retry_wait, tries, asked).await,
                Try::Again(_, error) | Try::Failed(error) => return Err(error),
            }
        }
    }

    /// Makes a request and judges its answer: a whole JSON document, or why there is none.
    pub(super) async fn once(&self, path: &str, request: RequestBuilder) -> Try {
        let answer = |problem: String| OpenlmisError::Answer { path: path.into(), problem };
        let request = request.header(ACCEPT, "application/json").timeout(self.answer_timeout);
        let reply = match request.send().await {
            Ok(reply) => reply,
            Err(error) => {
                let source = Some(error.without_url());
                return Try::Again(None, OpenlmisError::Unreachable { path: path.into(), source });
            }
        };
        let (status, asked) = (reply.status(), retry_after(&reply));
        let date = reply.headers().get(DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok());
        let etag = reply.headers().get(ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        if status == StatusCode::UNAUTHORIZED {
            return Try::Refused;
        }
        let bytes = match limited(reply, self.max_answer_mb.saturating_mul(1 << 20)).await {
            Ok(bytes) => bytes,
            Err(BodyError::TooLarge) => {
                return Try::Failed(OpenlmisError::TooLarge { path: path.into(), most: self.max_answer_mb });
            }
            Err(BodyError::Broken(error)) => {
                return Try::Again(asked, OpenlmisError::Unreachable { path: path.into(), source: Some(error) });
            }
        };
        let body = bytes.slice_ref(without_bom(&bytes));
        if passes(status) || status == StatusCode::INTERNAL_SERVER_ERROR {
            return Try::Again(asked, failure(path, status, &body));
        }
        if !status.is_success() {
            return Try::Failed(failure(path, status, &body));
        }
        if is_html(&body) {
            return Try::Again(None, answer("an HTML page".into())); // of a proxy, or of the server as it starts
        }
        match serde_json::from_slice::<IgnoredAny>(&body) {
            Ok(_) => Try::Done(Reply { body, date, etag }),
            Err(error) if error.is_eof() => Try::Again(None, answer("it breaks off".into())),
            Err(error) => Try::Failed(answer(error.to_string())),
        }
    }
}

/// What a status that is no success means.
fn failure(path: &str, status: StatusCode, body: &[u8]) -> OpenlmisError {
    let path = path.to_owned();
    match status.as_u16() {
        401 => OpenlmisError::Unauthorized { path },
        403 => OpenlmisError::Forbidden { path },
        404 => OpenlmisError::NotFound { path },
        408 | 429 | 502..=504 => OpenlmisError::Unreachable { path, source: None },
        status => OpenlmisError::Status { path, status, message: message(body) },
    }
}

/// The server's own words: one localized message, or a message for each field.
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
