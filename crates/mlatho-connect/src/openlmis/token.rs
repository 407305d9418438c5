//! Tokens: asked for when needed, once more when refused.

use reqwest::header::ACCEPT;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{Client, Credentials, OpenlmisError};
use crate::http::{Expect, Try, answer};

const PATH: &str = "api/oauth/token";

#[derive(Deserialize)]
struct Given {
    access_token: String,
}

impl Client {
    /// The token of the next request.
    pub(super) async fn token(&self) -> Result<SecretString, OpenlmisError> {
        let (user, password, client_id, client_secret) = match &self.credentials {
            Credentials::ApiKey(key) => return Ok(key.clone()),
            Credentials::Password { user, password, client_id, client_secret } => {
                (user, password, client_id, client_secret)
            }
        };
        let mut held = self.token.lock().await;
        if let Some(token) = held.as_ref() {
            return Ok(token.clone());
        }
        let token = self.ask(user, password, client_id, client_secret).await?;
        *held = Some(token.clone());
        Ok(token)
    }

    /// Forgets a token that was refused, unless another request has replaced it. Whether a new one can be had.
    pub(super) async fn refuse(&self, token: &SecretString) -> bool {
        let mut held = self.token.lock().await;
        if held.as_ref().is_some_and(|held| held.expose_secret() == token.expose_secret()) {
            *held = None;
        }
        matches!(self.credentials, Credentials::Password { .. })
    }

    /// The password grant. Name and password travel in the form, as from the maker's own pages, not in the address,
    /// which servers and proxies write into their logs.
    async fn ask(
        &self,
        user: &str,
        password: &SecretString,
        client_id: &str,
        client_secret: &SecretString,
    ) -> Result<SecretString, OpenlmisError> {
        let url = self.requests.url(PATH, &[("grant_type", "password")])?;
        let form = [("username", user), ("password", password.expose_secret())];
        let request = || {
            let request =
                self.requests.http.post(url.clone()).basic_auth(client_id, Some(client_secret.expose_secret()));
            request.header(ACCEPT, "application/json").form(&form)
        };
        match self.requests.until_answered(PATH, Expect::Json, request).await {
            Try::Done(reply) => {
                let given = serde_json::from_slice::<Given>(&reply.body);
                let given = given.map_err(|_| answer(PATH, "there is no token in it"))?;
                Ok(SecretString::from(given.access_token))
            }
            Try::Failed(error) if !matches!(error, OpenlmisError::Status { status: 400, .. }) => Err(error),
            _ => Err(OpenlmisError::Unauthorized { path: PATH.into() }),
        }
    }
}
