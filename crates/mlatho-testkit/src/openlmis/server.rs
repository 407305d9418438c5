//! The double as a test holds it, and the way of a request through it.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use jiff::ToSpan;

use super::config::Config;
use super::data::Data;
use super::faults::{self, Fault, Trouble};
use super::routes::{self, Call, not_found, problem};
use super::tokens::Tokens;
use crate::http::{Log, LoggedRequest, Running, Scissors, auth_kind, faults as script, html, pairs, proxy_page};

/// A running server on a free port of the loopback interface; it ends when it is dropped.
pub struct Server {
    shared: Arc<Shared>,
    _running: Running,
}

struct Shared {
    state: Mutex<State>,
    base_url: String,
}

struct State {
    config: Config,
    data: Data,
    tokens: Tokens,
    faults: Vec<Fault>,
    log: Log,
}

impl Shared {
    /// A panic of one request leaves the state to the others.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Server {
    /// Starts a server with this data.
    ///
    /// # Errors
    /// There is no free port, or no thread can be started.
    pub fn start(config: Config, data: Data) -> io::Result<Self> {
        let context_path = config.context_path.clone();
        let state = State { config, data, tokens: Tokens::default(), faults: Vec::new(), log: Log::default() };
        let mut shared = None;
        let (running, _) = Running::start("openlmis-double", |address| {
            let base_url = format!("http://{address}{context_path}");
            let served = Arc::new(Shared { state: Mutex::new(state), base_url });
            shared = Some(served.clone());
            move |scissors, request| take(served.clone(), scissors, request)
        })?;
        let shared = shared.ok_or_else(|| io::Error::other("the server was not made"))?;
        Ok(Self { shared, _running: running })
    }

    /// The address with the context path: `http://127.0.0.1:40123/lmis`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.shared.base_url
    }

    /// The requests since the start or since they were last forgotten, in the order of arrival. Passwords are not kept.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.shared.lock().log.iter().cloned().collect()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.shared.lock().log.clear();
    }

    /// Adds a trouble to the script.
    pub fn script(&self, fault: Fault) {
        self.shared.lock().faults.push(fault);
    }

    /// Whether every trouble of the script has happened.
    #[must_use]
    pub fn script_is_done(&self) -> bool {
        self.shared.lock().faults.is_empty()
    }

    /// Ends every token that was given out.
    pub fn end_tokens(&self) {
        self.shared.lock().tokens.end_all();
    }

    /// How many tokens were given out.
    #[must_use]
    pub fn tokens_given(&self) -> usize {
        self.shared.lock().tokens.count()
    }

    /// Changes what the server holds, as people and other programs do.
    pub fn change(&self, change: impl FnOnce(&mut Data)) {
        change(&mut self.shared.lock().data);
    }

    /// Looks at what the server holds.
    pub fn look<T>(&self, look: impl FnOnce(&Data) -> T) -> T {
        look(&self.shared.lock().data)
    }
}

/// Takes one request: log, script, proxy, sign-in, then the routes.
async fn take(shared: Arc<Shared>, scissors: Scissors, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let (entry, trouble) = arrive(&shared, &parts, &body);
    if trouble == Some(Trouble::Reset { applied: false }) {
        scissors.cut();
        return proxy_page(502);
    }
    let reply = match trouble.as_ref().and_then(faults::before) {
        Some(reply) => reply,
        None => admit(&shared, &parts, &body),
    };
    let reply = match &trouble {
        Some(Trouble::Reset { .. }) => {
            scissors.cut();
            return reply;
        }
        Some(trouble) => faults::after(trouble, reply).await,
        None => reply,
    };
    shared.lock().log.answered(entry, reply.status().as_u16());
    reply
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Notes the request down, without passwords, and finds out what is to go wrong with it.
fn arrive(shared: &Shared, parts: &Parts, body: &Bytes) -> (usize, Option<Trouble>) {
    let mut guard = shared.lock();
    let state = &mut *guard;
    let asked = parts.uri.path();
    let path = asked.strip_prefix(state.config.context_path.as_str()).unwrap_or(asked);
    let mut query = parts.uri.query().map(pairs).unwrap_or_default();
    let secret = |name: &str| matches!(name, "username" | "password");
    query.iter_mut().filter(|(name, _)| secret(name)).for_each(|(_, value)| *value = "(left out)".into());
    let entry = state.log.push(LoggedRequest {
        method: parts.method.as_str().into(),
        path: path.into(),
        query,
        content_type: header(&parts.headers, "content-type").unwrap_or_default().into(),
        body: if path.ends_with("/oauth/token") { Bytes::new() } else { body.clone() },
        auth: auth_kind(header(&parts.headers, "authorization")),
        status: 0,
    });
    (entry, script::next(&mut state.faults, parts.method.as_str(), path))
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

fn admit(shared: &Shared, parts: &Parts, body: &Bytes) -> Response {
    let mut guard = shared.lock();
    let State { config, data, tokens, .. } = &mut *guard;
    if config.max_body.is_some_and(|most| body.len() > most) {
        return proxy_page(413);
    }
    let path = parts.uri.path().strip_prefix(config.context_path.as_str());
    let Some(rest) = path.and_then(|path| path.strip_prefix("/api/")) else {
        return html(200, "<!DOCTYPE html><html><head><title>OpenLMIS</title></head><body></body></html>");
    };
    let mut query = parts.uri.query().map(pairs).unwrap_or_default();
    let authorization = header(&parts.headers, "authorization");
    let form =
        header(&parts.headers, "content-type").is_some_and(|own| own.starts_with("application/x-www-form-urlencoded"));
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
