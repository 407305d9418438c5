//! The double of a system as a test holds it, and the way of a request through it.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;

use super::trouble::{Trouble, after, before};
use super::{Fault, Log, LoggedRequest, Running, Scissors, auth_kind, faults, pairs, proxy_page};

/// What stands behind the sockets.
pub trait Behind: Send + 'static {
    /// Name of its threads.
    const NAME: &'static str;

    /// What stands before every path: empty, or `/lmis`.
    fn context_path(&self) -> &str;

    /// Whether a password travels in the body of such a request, so that the log keeps none.
    fn signs_in(&self, path: &str) -> bool;

    /// Answers a request that nothing befell. The path is that behind the context path; nothing, where it is another.
    fn answer(&mut self, path: Option<&str>, parts: &Parts, body: &Bytes) -> Response;

    /// The system's own refusal with that status.
    fn refusal(&self, status: u16) -> Response;
}

/// A running server on a free port of the loopback interface; it ends when it is dropped.
pub struct Double<B> {
    shared: Arc<Shared<B>>,
    _running: Running,
}

struct Shared<B> {
    state: Mutex<State<B>>,
    base_url: String,
}

struct State<B> {
    behind: B,
    faults: Vec<Fault<Trouble>>,
    log: Log,
}

impl<B> Shared<B> {
    /// A panic of one request leaves the state to the others.
    fn lock(&self) -> MutexGuard<'_, State<B>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<B: Behind> Double<B> {
    pub(crate) fn serve(behind: B) -> io::Result<Self> {
        let context_path = behind.context_path().to_owned();
        let state = State { behind, faults: Vec::new(), log: Log::default() };
        let mut shared = None;
        let (running, _) = Running::start(B::NAME, |address| {
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
    pub fn script(&self, fault: Fault<Trouble>) {
        self.shared.lock().faults.push(fault);
    }

    /// Whether every trouble of the script has happened.
    #[must_use]
    pub fn script_is_done(&self) -> bool {
        self.shared.lock().faults.is_empty()
    }

    /// What stands behind, for a look or a change.
    pub(crate) fn behind<T>(&self, work: impl FnOnce(&mut B) -> T) -> T {
        work(&mut self.shared.lock().behind)
    }
}

/// Takes one request: log, script, then what stands behind.
async fn take<B: Behind>(shared: Arc<Shared<B>>, scissors: Scissors, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let (entry, trouble) = arrive(&shared, &parts, &body);
    if trouble == Some(Trouble::Reset { applied: false }) {
        scissors.cut();
        return proxy_page(502);
    }
    let instead = trouble.as_ref().and_then(|trouble| before(trouble, |status| shared.lock().behind.refusal(status)));
    let reply = instead.unwrap_or_else(|| {
        let behind = &mut shared.lock().behind;
        let path = parts.uri.path().strip_prefix(behind.context_path()).map(str::to_owned);
        behind.answer(path.as_deref(), &parts, &body)
    });
    let reply = match &trouble {
        Some(Trouble::Reset { .. }) => {
            scissors.cut();
            return reply;
        }
        Some(trouble) => after(trouble, reply).await,
        None => reply,
    };
    shared.lock().log.answered(entry, reply.status().as_u16());
    reply
}

/// A header, where it is a text.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Notes the request down, without passwords, and finds out what is to go wrong with it.
fn arrive<B: Behind>(shared: &Shared<B>, parts: &Parts, body: &Bytes) -> (usize, Option<Trouble>) {
    let mut guard = shared.lock();
    let State { behind, faults: script, log } = &mut *guard;
    let asked = parts.uri.path();
    let path = asked.strip_prefix(behind.context_path()).unwrap_or(asked);
    let mut query = parts.uri.query().map(pairs).unwrap_or_default();
    let secret = |name: &str| matches!(name, "username" | "password");
    query.iter_mut().filter(|(name, _)| secret(name)).for_each(|(_, value)| *value = "(left out)".into());
    let entry = log.push(LoggedRequest {
        method: parts.method.as_str().into(),
        path: path.into(),
        query,
        content_type: header(&parts.headers, "content-type").unwrap_or_default().into(),
        mappings: header(&parts.headers, "x-mlatho-mappings").unwrap_or_default().into(),
        body: if behind.signs_in(path) { Bytes::new() } else { body.clone() },
        auth: auth_kind(header(&parts.headers, "authorization")),
        status: 0,
    });
    (entry, faults::next(script, parts.method.as_str(), path))
}
