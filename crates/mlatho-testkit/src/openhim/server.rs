//! What stands behind the sockets.

use std::collections::BTreeMap;
use std::io;

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::{Value as Json, json};

use crate::http::{Behind, Double, base64, header, json as answer, with_type};

/// A running OpenHIM core.
pub type Server = Double<OpenHim>;

/// Everything about the server but its data.
#[derive(Clone, Debug)]
pub struct Config {
    pub user: String,
    pub password: String,
    /// Empty, or `/openhim`.
    pub context_path: String,
}

impl Config {
    /// A core at the root of its host, with one administrator.
    #[must_use]
    pub fn new(user: &str, password: &str) -> Self {
        Self { user: user.into(), password: password.into(), context_path: String::new() }
    }
}

/// A core behind its sockets.
pub struct OpenHim {
    config: Config,
    mediators: BTreeMap<String, Mediator>,
}

#[derive(Debug)]
struct Mediator {
    registered: Json,
    version: [u64; 3],
    /// What administrators set, and whether a heartbeat has not told it yet.
    config: Json,
    changed: bool,
    heartbeats: usize,
}

impl Double<OpenHim> {
    /// Starts a core that knows no mediator.
    ///
    /// # Errors
    /// There is no free port, or no thread can be started.
    pub fn start(config: Config) -> io::Result<Self> {
        Self::serve(OpenHim { config, mediators: BTreeMap::new() })
    }

    /// A mediator as it was registered.
    #[must_use]
    pub fn registered(&self, urn: &str) -> Option<Json> {
        self.behind(|core| core.mediators.get(urn).map(|own| own.registered.clone()))
    }

    /// How many heartbeats of a mediator there were since it was registered.
    #[must_use]
    pub fn heartbeats(&self, urn: &str) -> usize {
        self.behind(|core| core.mediators.get(urn).map_or(0, |own| own.heartbeats))
    }

    /// Changes the configuration of a mediator, as an administrator does.
    pub fn configure(&self, urn: &str, config: &Json) {
        self.behind(|core| {
            if let Some(own) = core.mediators.get_mut(urn) {
                (own.config, own.changed) = (config.clone(), true);
            }
        });
    }

    /// Forgets all mediators, as a core that is set up anew.
    pub fn forget_mediators(&self) {
        self.behind(|core| core.mediators.clear());
    }
}

impl Behind for OpenHim {
    const NAME: &'static str = "openhim-double";

    fn context_path(&self) -> &str {
        &self.config.context_path
    }

    fn signs_in(&self, _: &str) -> bool {
        false
    }

    fn refusal(&self, status: u16) -> Response {
        text(status, if status == 401 { "Unauthorized" } else { "The script says no" })
    }

    fn answer(&mut self, path: Option<&str>, parts: &Parts, body: &Bytes) -> Response {
        let given = header(&parts.headers, "authorization").and_then(|text| base64(text.strip_prefix("Basic ")?));
        if given != Some(format!("{}:{}", self.config.user, self.config.password)) {
            return self.refusal(401);
        }
        if parts.method != "POST" {
            return text(405, "Method Not Allowed");
        }
        let document: Json = match serde_json::from_slice(body) {
            Ok(document) => document,
            Err(error) => return text(400, &error.to_string()),
        };
        match path.unwrap_or_default().trim_start_matches('/').split('/').collect::<Vec<_>>().as_slice() {
            ["mediators"] => self.register(document),
            ["mediators", urn, "heartbeat"] => self.heartbeat(urn, &document),
            _ => text(404, "Not Found"),
        }
    }
}

impl OpenHim {
    fn register(&mut self, mediator: Json) -> Response {
        let refused =
            |problem: &str| text(400, &format!("Could not add Mediator via the API: ValidationError: {problem}"));
        let field = |name: &str| mediator[name].as_str().filter(|text| !text.is_empty());
        let (Some(urn), Some(_)) = (field("urn"), field("name")) else { return refused("URN and name are required") };
        let Some(version) = field("version").and_then(version) else {
            return refused("Version is required. Must be in SemVer form x.y.z");
        };
        let whole = |endpoint: &Json| ["name", "host", "type"].iter().all(|name| endpoint[*name].is_string());
        if !mediator["endpoints"].as_array().is_some_and(|all| !all.is_empty() && all.iter().all(whole)) {
            return refused("At least 1 endpoint is required");
        }
        let urn = urn.to_owned();
        if self.mediators.get(&urn).is_some_and(|known| known.version >= version) {
            return refused("the URN is taken");
        }
        let config = mediator["config"].clone();
        let new = Mediator { registered: mediator, version, config, changed: false, heartbeats: 0 };
        self.mediators.insert(urn, new);
        text(201, "Created")
    }

    fn heartbeat(&mut self, urn: &str, said: &Json) -> Response {
        let Some(own) = self.mediators.get_mut(urn) else { return text(404, "Not Found") };
        if !said["uptime"].is_number() {
            return text(400, "Bad Request");
        }
        own.heartbeats += 1;
        let asked = said["config"] == json!(true);
        if (std::mem::take(&mut own.changed) || asked) && own.config.is_object() {
            return answer(200, &own.config);
        }
        text(200, "")
    }
}

fn version(text: &str) -> Option<[u64; 3]> {
    let numbers: Option<Vec<u64>> = text.split('.').map(|part| part.parse().ok()).collect();
    numbers?.try_into().ok()
}

fn text(status: u16, body: &str) -> Response {
    with_type(status, "text/plain; charset=utf-8", body.to_owned())
}
