//! What stands behind the sockets, and the way of a request through it.

use std::io;

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::response::Response;
use jiff::ToSpan;
use serde_json::json;

use super::config::Config;
use super::data::Data;
use super::routes::{self, Call, not_found, problem};
use super::tokens::{Tokens, refusal};
use crate::http::{Behind, Double, header, html, json as answer, pairs, proxy_page};

/// A running OpenLMIS.
pub type Server = Double<Lmis>;

/// An OpenLMIS behind its sockets.
pub struct Lmis {
    config: Config,
    data: Data,
    tokens: Tokens,
}

impl Double<Lmis> {
    /// Starts a server with this data.
    ///
    /// # Errors
    /// There is no free port, or no thread can be started.
    pub fn start(config: Config, data: Data) -> io::Result<Self> {
        Self::serve(Lmis { config, data, tokens: Tokens::default() })
    }

    /// Ends every token that was given out.
    pub fn end_tokens(&self) {
        self.behind(|lmis| lmis.tokens.end_all());
    }

    /// How many tokens were given out.
    #[must_use]
    pub fn tokens_given(&self) -> usize {
        self.behind(|lmis| lmis.tokens.count())
    }

    /// Changes what the server holds, as people and other programs do.
    pub fn change(&self, change: impl FnOnce(&mut Data)) {
        self.behind(|lmis| change(&mut lmis.data));
    }

    /// Looks at what the server holds.
    pub fn look<T>(&self, look: impl FnOnce(&Data) -> T) -> T {
        self.behind(|lmis| look(&lmis.data))
    }
}

/// The criteria of a search that come in its body: texts, numbers, or lists of them.
fn criteria(body: &serde_json::Value) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let fields = body.as_object().into_iter().flatten();
    let each = fields.flat_map(|(name, value)| match value {
        serde_json::Value::Null => Vec::new(),
        serde_json::Value::Array(list) => list.iter().map(|one| (name.clone(), text(one))).collect(),
        one => vec![(name.clone(), text(one))],
    });
    each.collect()
}

impl Behind for Lmis {
    const NAME: &'static str = "openlmis-double";

    fn context_path(&self) -> &str {
        &self.config.context_path
    }

    fn signs_in(&self, path: &str) -> bool {
        path.ends_with("/oauth/token")
    }

    fn refusal(&self, status: u16) -> Response {
        match status {
            401 => refusal("Invalid access token"),
            status => {
                let body = json!({"messageKey": "double.error.scripted", "message": "The script says no"});
                answer(status, &body)
            }
        }
    }

    fn answer(&mut self, path: Option<&str>, parts: &Parts, body: &Bytes) -> Response {
        let Self { config, data, tokens } = self;
        if config.max_body.is_some_and(|most| body.len() > most) {
            return proxy_page(413);
        }
        let Some(rest) = path.and_then(|path| path.strip_prefix("/api/")) else {
            return html(200, "<!DOCTYPE html><html><head><title>OpenLMIS</title></head><body></body></html>");
        };
        let mut query = parts.uri.query().map(pairs).unwrap_or_default();
        let authorization = header(&parts.headers, "authorization");
        let form = header(&parts.headers, "content-type")
            .is_some_and(|own| own.starts_with("application/x-www-form-urlencoded"));
        if rest == "oauth/token" {
            if parts.method != "POST" {
                return problem(405, "error.methodNotAllowed", "Request method 'GET' not supported");
            }
            if form {
                query.extend(pairs(&String::from_utf8_lossy(body)));
            }
            return tokens.issue(config, authorization, &query);
        }
        let account = match tokens.account(config, authorization) {
            Ok(account) => account,
            Err(reply) => return *reply,
        };
        let document = if body.is_empty() { Ok(serde_json::Value::Null) } else { serde_json::from_slice(body) };
        let Ok(document) = document else {
            return problem(400, "error.unreadable", "Required request body is not readable");
        };
        if matches!(parts.method.as_str(), "PUT" | "POST" | "PATCH") {
            config.now = config.now.checked_add(1.second()).unwrap_or(config.now);
        }
        if parts.method == "POST" && rest.ends_with("/search") {
            query.extend(criteria(&document));
        }
        let segments: Vec<String> = rest.split('/').map(str::to_owned).collect();
        if segments.iter().any(String::is_empty) {
            return not_found(rest);
        }
        let call = Call {
            method: parts.method.as_str().into(),
            segments,
            query,
            body: document,
            account,
            if_match: header(&parts.headers, "if-match").map(str::to_owned),
            if_modified_since: header(&parts.headers, "if-modified-since").map(str::to_owned),
            bare: config.bare_lists.contains(&format!("/api/{rest}")),
            hides_facilities: config.hides_facilities,
            now: config.now,
        };
        routes::dispatch(data, &call)
    }
}
