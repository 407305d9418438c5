//! A connection to one OpenHIM core.

use std::path::Path;
use std::time::Duration;

use reqwest::Certificate;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value as Json, json};

use super::{Config, Mediator, OpenhimError, OpenhimOwn};
use crate::http::{Expect, Reply, Requests, Try, answer};

const MEDIATORS: &str = "mediators";

/// A core that a mediator is registered at.
#[derive(Debug)]
pub struct Client {
    requests: Requests<OpenhimOwn>,
    user: String,
    password: SecretString,
}

impl Client {
    /// Prepares the connection; nothing is asked yet. Relative paths start at `folder`.
    ///
    /// # Errors
    /// The settings are wrong, or the certificate cannot be read.
    pub fn new(config: &Config, folder: &Path, password: SecretString) -> Result<Self, OpenhimError> {
        let file = config.certificate_file.as_ref().map(|file| certificates(&folder.join(file)));
        let requests = Requests::trusting(config.base_url()?, config.limits(), file.transpose()?)?;
        Ok(Self { requests, user: config.user.clone(), password })
    }

    /// The address, without secrets.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.requests.base().as_str()
    }

    /// Registers a mediator, unless it is known: a core that takes each name only once refuses it then, others take a
    /// higher version. Gives what the first heartbeat does.
    ///
    /// # Errors
    /// The core does not answer, refuses the password, or does not know the mediator afterwards.
    pub async fn register(&self, mediator: &Mediator, uptime: Duration) -> Result<Option<Json>, OpenhimError> {
        let body = json!(mediator);
        let refused = match self.post(MEDIATORS, &body).await {
            Ok(reply) if is_object(&reply) => return Err(answer(MEDIATORS, "a document where none is given")),
            Ok(_) => None,
            Err(error @ OpenhimError::Status { status: 400 | 409, .. }) => Some(error),
            Err(error) => return Err(error),
        };
        match (self.heartbeat(&mediator.urn, uptime, true).await, refused) {
            (Err(OpenhimError::NotFound { .. }), Some(error)) => Err(error),
            (answered, _) => answered,
        }
    }

    /// Says that the mediator is alive, and gives its configuration where it was changed since the last heartbeat, or is
    /// asked for (`whole`).
    ///
    /// # Errors
    /// As [`Client::register`]; [`OpenhimError::NotFound`] where the core does not know the mediator (any more).
    pub async fn heartbeat(&self, urn: &str, uptime: Duration, whole: bool) -> Result<Option<Json>, OpenhimError> {
        let mut body = json!({"uptime": uptime.as_secs()});
        if whole {
            body["config"] = true.into();
        }
        let path = format!("{MEDIATORS}/{urn}/heartbeat");
        let reply = self.post(&path, &body).await?;
        // Nothing changed: the answer is blank or a word.
        if !is_object(&reply) {
            return Ok(None);
        }
        let found: Map<String, Json> =
            serde_json::from_slice(&reply.body).map_err(|error| answer(&path, &error.to_string()))?;
        Ok((!found.is_empty()).then_some(Json::Object(found)))
    }

    /// POST of JSON, signed by Basic. Both requests do the same however often they are made.
    async fn post(&self, path: &str, body: &Json) -> Result<Reply, OpenhimError> {
        let url = self.requests.url(path, &[])?;
        let body = body.to_string();
        let request = || {
            let request = self.requests.http.post(url.clone()).header(CONTENT_TYPE, "application/json");
            request.basic_auth(&self.user, Some(self.password.expose_secret())).body(body.clone())
        };
        match self.requests.until_answered(path, Expect::Text, request).await {
            Try::Done(reply) => Ok(reply),
            Try::Failed(error) => Err(error),
            _ => Err(OpenhimError::Unauthorized { path: path.into() }),
        }
    }
}

fn is_object(reply: &Reply) -> bool {
    reply.body.trim_ascii().first() == Some(&b'{')
}

/// The certificates of a file; at least one.
fn certificates(path: &Path) -> Result<Vec<Certificate>, OpenhimError> {
    let bad = || OpenhimError::Own(OpenhimOwn::Certificate { file: path.display().to_string() });
    let bytes = std::fs::read(path).map_err(|_| bad())?;
    let found = Certificate::from_pem_bundle(&bytes).map_err(|_| bad())?;
    if found.is_empty() { Err(bad()) } else { Ok(found) }
}
