//! The double as a test holds it, and the way of a request through it.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::civil::DateTime;
use mlatho_model::{Period, Uid};

use super::call::{self, Call};
use super::config::{Config, User};
use super::faults::{self, Fault, Trouble};
use super::metadata::Metadata;
use super::state::State;
use super::values::{Content, Key, NewValue, StoredValue, stored};
use super::{auth, payload, routes};
use crate::http::{LoggedRequest, Running, Scissors, auth_kind, faults as script, pairs, proxy_page};

/// A running server on a free port of the loopback interface. It has its own threads, so that it serves callers with and
/// without a runtime of their own, and it ends when it is dropped.
pub struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
    _running: Running,
}

/// What all requests share.
pub(super) struct Shared {
    state: Mutex<State>,
    base_url: String,
}

impl Shared {
    /// A panic of one request leaves the state to the others.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Server {
    /// Starts a server with this metadata and no values.
    ///
    /// # Errors
    /// There is no free port, or no thread can be started.
    pub fn start(config: Config, metadata: Metadata) -> io::Result<Self> {
        let state = Mutex::new(State::new(config, metadata));
        let context_path = state.lock().unwrap_or_else(PoisonError::into_inner).config.context_path.clone();
        let mut shared = None;
        let (running, address) = Running::start("dhis2-double", |address| {
            let base_url = format!("http://{address}{context_path}");
            let served = Arc::new(Shared { state, base_url });
            shared = Some(served.clone());
            move |scissors, request| take(served.clone(), scissors, request)
        })?;
        let shared = shared.ok_or_else(|| io::Error::other("the server was not made"))?;
        Ok(Self { shared, address, _running: running })
    }

    /// The address with the context path: `http://127.0.0.1:40123/hmis`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.shared.base_url
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Puts values at the server without a request, as if that user had written them one request ago. Nothing is
    /// checked; a million take about a second.
    pub fn load(&self, stored_by: &str, values: impl IntoIterator<Item = NewValue>) {
        let mut state = self.shared.lock();
        let known = state.users.iter().find(|user| user.name == stored_by).cloned();
        let by = known.unwrap_or_else(|| {
            let nobody = state.metadata.default_option_combo();
            Arc::new(User::new(nobody, stored_by, "", &[], &[]))
        });
        let stamp = state.tick(&by);
        let default = state.metadata.default_option_combo();
        for new in values {
            let key = Key {
                data_element: new.data_element,
                org_unit: new.org_unit,
                period: new.period,
                option_combo: new.category_option_combo.unwrap_or(default),
                attribute_combo: new.attribute_option_combo.unwrap_or(default),
            };
            let content = Content { value: new.value.into(), comment: new.comment, follow_up: false, deleted: false };
            state.values.put(key, content, &stamp);
        }
        state.values.shrink();
    }

    /// Every stored value, the deleted ones included, by period and org unit.
    #[must_use]
    pub fn values(&self) -> Vec<StoredValue> {
        let state = self.shared.lock();
        state.values.cells().flat_map(|(cell, rows)| rows.iter().map(|row| stored(*cell, row))).collect()
    }

    /// The number of values that are not deleted.
    #[must_use]
    pub fn value_count(&self) -> usize {
        let state = self.shared.lock();
        state.values.cells().flat_map(|(_, rows)| rows).filter(|row| !row.content.deleted).count()
    }

    /// The requests since the start or since they were last forgotten, in the order of arrival.
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

    /// The server's time: that of the last write.
    #[must_use]
    pub fn now(&self) -> DateTime {
        self.shared.lock().now
    }

    /// Sets the server's clock, for tokens that end and data sets that close.
    pub fn set_now(&self, now: DateTime) {
        self.shared.lock().now = now;
    }

    /// Changes the metadata as an administrator would.
    pub fn change_metadata(&self, change: impl FnOnce(&mut Metadata)) {
        let mut state = self.shared.lock();
        change(&mut state.metadata);
        state.recompile();
    }

    /// Approves the data of a workflow, so that it is closed for writing: with engine A also below the org unit.
    pub fn approve(&self, workflow: Uid, period: Period, org_unit: Uid, attribute_option_combo: Uid) {
        self.shared.lock().approvals.insert((workflow, period, org_unit, attribute_option_combo));
    }

    /// Opens a period that has expired for one org unit and data set.
    pub fn except_from_lock(&self, data_set: Uid, period: Period, org_unit: Uid) {
        self.shared.lock().lock_exceptions.insert((data_set, period, org_unit));
    }

    /// The registrations of completeness: data set, period, org unit, attribute option combo.
    #[must_use]
    pub fn completions(&self) -> Vec<(Uid, Period, Uid, Uid)> {
        let state = self.shared.lock();
        let completed = state.completions.iter().filter(|(_, completion)| completion.completed);
        completed.map(|(slice, _)| *slice).collect()
    }
}

/// Takes one request: log, script, proxy, sign-in, then the routes.
async fn take(shared: Arc<Shared>, scissors: Scissors, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let asked = parts.uri.path().to_owned();
    let query = parts.uri.query().map(pairs).unwrap_or_default();
    let (entry, trouble) = arrive(&shared, parts.method.as_str(), &asked, &query, &parts.headers, &body);
    let login = format!("{}/dhis-web-login/", shared.base_url);
    if let Some(reply) = trouble.as_ref().and_then(|trouble| faults::before(trouble, &login)) {
        return answered(&shared, entry, reply);
    }
    if trouble == (Some(Trouble::Reset { applied: false })) {
        scissors.cut();
        return call::html(502, "");
    }
    let reply = admit(&shared, parts.method.as_str(), &asked, query, &parts.headers, body, trouble.clone()).await;
    let Some(trouble) = trouble else { return answered(&shared, entry, reply) };
    let reply = faults::after(&trouble, reply).await;
    if matches!(trouble, Trouble::Reset { .. } | Trouble::SilentAfterApplying(_)) {
        scissors.cut();
        return reply;
    }
    answered(&shared, entry, reply)
}

/// Notes the request down and finds out what is to go wrong with it.
fn arrive(
    shared: &Shared,
    method: &str,
    asked: &str,
    query: &[(String, String)],
    headers: &HeaderMap,
    body: &Bytes,
) -> (usize, Option<Trouble>) {
    let mut guard = shared.lock();
    let state = &mut *guard;
    let path = asked.strip_prefix(state.config.context_path.as_str()).unwrap_or(asked);
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let entry = state.log.push(LoggedRequest {
        method: method.into(),
        path: path.into(),
        query: query.to_vec(),
        content_type: header("content-type").unwrap_or_default().into(),
        mappings: header("x-mlatho-mappings").unwrap_or_default().into(),
        body: if state.config.log_bodies { body.clone() } else { Bytes::new() },
        auth: auth_kind(header("authorization")),
        status: 0,
    });
    (entry, script::next(&mut state.faults, method, path))
}

fn answered(shared: &Shared, entry: usize, reply: Response) -> Response {
    shared.lock().log.answered(entry, reply.status().as_u16());
    reply
}

/// Proxy limits, context path, sign-in.
async fn admit(
    shared: &Arc<Shared>,
    method: &str,
    asked: &str,
    query: Vec<(String, String)>,
    headers: &HeaderMap,
    body: Bytes,
    trouble: Option<Trouble>,
) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let call = {
        let state = shared.lock();
        if state.config.max_body.is_some_and(|most| body.len() > most) {
            return proxy_page(413);
        }
        let Some(path) = asked.strip_prefix(state.config.context_path.as_str()) else {
            return call::html(404, "<html><body>Not Found</body></html>");
        };
        if path.is_empty() {
            return call::redirect(&format!("{}/", shared.base_url)); // the servlet container's slash
        }
        let Some(rest) = path.strip_prefix("/api/") else {
            return match path {
                "/" => call::redirect(&format!("{}/dhis-web-login/", shared.base_url)),
                _ => call::html(200, faults::LOGIN_PAGE),
            };
        };
        let user = match auth::user(&state.users, header("authorization"), state.now) {
            Ok(user) => user,
            Err(problem) => return call::status(401, "Unauthorized", "ERROR", problem, None),
        };
        let mut segments: Vec<String> = rest.split('/').map(str::to_owned).collect();
        let api_version = segments.first().and_then(|first| first.parse().ok());
        if api_version.is_some() {
            segments.remove(0);
        }
        Call {
            method: method.into(),
            segments,
            api_version,
            query,
            content_type: header("content-type").unwrap_or_default().into(),
            accept: header("accept").unwrap_or_default().into(),
            body: payload::unpacked(body),
            user,
            base_url: shared.base_url.clone(),
            path: path.into(),
            trouble,
        }
    };
    let (reply, time) = routes::answer(shared, call);
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
    reply
}
