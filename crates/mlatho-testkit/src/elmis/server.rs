//! What stands behind the sockets, and the way of a request through it.

use std::io;

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::json;

use super::config::Config;
use super::data::Data;
use super::sessions::{LOGIN_PAGE, Sessions, basic};
use super::{routes, writing};
use crate::http::{Behind, Double, header, html, json as answer, pairs};

/// A running eLMIS.
pub type Server = Double<Elmis>;

/// An eLMIS behind its sockets.
pub struct Elmis {
    config: Config,
    data: Data,
    sessions: Sessions,
}

impl Double<Elmis> {
    /// Starts a server with this data.
    ///
    /// # Errors
    /// There is no free port, or no thread can be started.
    pub fn start(config: Config, data: Data) -> io::Result<Self> {
        Self::serve(Elmis { config, data, sessions: Sessions::default() })
    }

    /// Ends every session that was opened.
    pub fn end_sessions(&self) {
        self.behind(|elmis| elmis.sessions.end_all());
    }

    /// How many sessions were opened.
    #[must_use]
    pub fn sessions_opened(&self) -> usize {
        self.behind(|elmis| elmis.sessions.count())
    }

    /// Changes what the server holds, as people and other programs do.
    pub fn change(&self, change: impl FnOnce(&mut Data)) {
        self.behind(|elmis| change(&mut elmis.data));
    }

    /// Looks at what the server holds.
    pub fn look<T>(&self, look: impl FnOnce(&Data) -> T) -> T {
        self.behind(|elmis| look(&elmis.data))
    }
}

impl Behind for Elmis {
    const NAME: &'static str = "elmis-double";

    fn context_path(&self) -> &str {
        &self.config.context_path
    }

    fn signs_in(&self, path: &str) -> bool {
        path.ends_with("/j_spring_security_check")
    }

    fn refusal(&self, status: u16) -> Response {
        match status {
            401 => html(401, "<html><body><h1>HTTP Status 401 - Bad credentials</h1></body></html>"),
            status => answer(status, &json!({"error": "The script says no"})),
        }
    }

    fn answer(&mut self, path: Option<&str>, parts: &Parts, body: &Bytes) -> Response {
        let Self { config, data, sessions } = self;
        let query = parts.uri.query().map(pairs).unwrap_or_default();
        let of = |name: &str| header(&parts.headers, name);
        let path = path.unwrap_or_default();
        if path == "/j_spring_security_check" && parts.method == "POST" {
            return sessions.sign_in(config, &String::from_utf8_lossy(body));
        }
        let saved = path.strip_prefix("/requisitions/").and_then(|rest| rest.strip_suffix("/save.json"));
        if let (Some(id), "PUT") = (saved, parts.method.as_str()) {
            return match sessions.account(config, of("cookie")) {
                Ok(account) => writing::save(config, data, &account, id, body),
                Err(reply) => *reply,
            };
        }
        if parts.method != "GET" {
            return html(405, "<html><body>HTTP Status 405</body></html>");
        }
        if let Some(rest) = path.strip_prefix("/rest-api/") {
            if basic(config, of("authorization")).is_none() {
                return self.refusal(401);
            }
            if !of("accept").is_some_and(|accept| accept.contains("application/json")) {
                return html(406, "<html><body>HTTP Status 406</body></html>");
            }
            return routes::rest(config, data, rest, &query);
        }
        if !path.contains(".json") {
            return html(200, LOGIN_PAGE);
        }
        match sessions.account(config, of("cookie")) {
            Ok(account) => routes::page_data(config, data, &account, path, &query),
            Err(reply) => *reply,
        }
    }
}
