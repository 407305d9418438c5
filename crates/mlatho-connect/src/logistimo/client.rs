//! A connection to one server, and who we are there.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tokio::sync::Mutex;

use super::map::Entity;
use super::{Config, LogistimoError, LogistimoOwn};
use crate::http::{Expect, Read, Reply, Requests, Try, answer};

const SIGN_IN: &str = "s2/api/mauth/login";
const TOKEN: &str = "x-access-token";

/// A server that answered and let us in.
#[derive(Debug)]
pub struct Client {
    pub(super) requests: Requests<LogistimoOwn>,
    user: String,
    password: SecretString,
    /// The token that all requests share; none before the first, or after it was refused.
    token: Mutex<Option<SecretString>>,
    pub(super) page_size: u32,
    pub(super) export_wait: Duration,
    entities: Read<Entity>,
}

impl Client {
    /// Connects, signs in and reads the entities (stores and facilities) that the account sees.
    ///
    /// # Errors
    /// The settings are wrong, the server does not answer or is no Logistimo, the password is refused.
    pub async fn connect(config: &Config, password: SecretString) -> Result<Self, LogistimoError> {
        let mut client = Self {
            requests: Requests::new(config.base_url()?, config.limits())?,
            user: config.user.clone(),
            password,
            token: Mutex::new(None),
            page_size: config.page_size,
            export_wait: Duration::from_secs(config.export_wait_seconds),
            entities: Read { values: Vec::new(), findings: Vec::new() },
        };
        client.entities = client.list("s2/api/entities/", &["id"]).await?;
        tracing::info!(server = client.base_url(), entities = client.entities.values.len(), "connected to Logistimo");
        Ok(client)
    }

    /// The entities that the account sees, and what is wrong with others.
    #[must_use]
    pub const fn entities(&self) -> &Read<Entity> {
        &self.entities
    }

    /// The address, without secrets.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.requests.base().as_str()
    }

    /// GET, signed with a token. One that is refused is replaced once, and the same request made again; what breaks off
    /// or fails in passing is asked for again.
    pub(super) async fn get(
        &self,
        path: &str,
        query: &[(&str, &str)],
        expect: Expect,
    ) -> Result<Reply, LogistimoError> {
        let url = self.requests.url(path, query)?;
        let mut refused = false;
        loop {
            let token = self.token().await?;
            let request = || self.requests.http.get(url.clone()).header(TOKEN, token.expose_secret());
            match self.requests.until_answered(path, expect, request).await {
                Try::Done(reply) => return Ok(reply),
                Try::Failed(error) => return Err(error),
                _ if refused => return Err(LogistimoError::Unauthorized { path: path.into() }),
                _ => {
                    refused = true;
                    self.forget(&token).await;
                }
            }
        }
    }

    /// The token of the next request, which the server gives in a header. A password that is refused is not tried again.
    async fn token(&self) -> Result<SecretString, LogistimoError> {
        let mut held = self.token.lock().await;
        if let Some(token) = held.as_ref() {
            return Ok(token.clone());
        }
        let url = self.requests.url(SIGN_IN, &[])?;
        let body = json!({"userId": self.user, "password": self.password.expose_secret()}).to_string();
        let request = || {
            let request = self.requests.http.post(url.clone()).header(ACCEPT, "application/json");
            request.header(CONTENT_TYPE, "application/json").body(body.clone())
        };
        let reply = match self.requests.until_answered(SIGN_IN, Expect::Json, request).await {
            Try::Done(reply) => reply,
            Try::Failed(error) => return Err(error),
            _ => return Err(LogistimoError::Unauthorized { path: SIGN_IN.into() }),
        };
        let token = reply.headers.get(TOKEN).and_then(|token| token.to_str().ok());
        let token = SecretString::from(token.ok_or_else(|| answer(SIGN_IN, "there is no token before it"))?);
        *held = Some(token.clone());
        Ok(token)
    }

    /// Forgets a token that was refused, unless another request has replaced it.
    async fn forget(&self, token: &SecretString) {
        let mut held = self.token.lock().await;
        if held.as_ref().is_some_and(|held| held.expose_secret() == token.expose_secret()) {
            *held = None;
        }
    }
}
