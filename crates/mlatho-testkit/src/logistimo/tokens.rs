//! Who is asking: tokens in a header, which end.

use std::collections::HashMap;

use axum::http::HeaderValue;
use axum::response::Response;
use serde_json::{Value as Json, json};

use super::config::{Account, Config};
use crate::http::json as answer;

pub(super) const TOKEN: &str = "x-access-token";

/// Tokens that were given out, each with its account and the requests that it was good for.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    given: HashMap<String, (usize, usize)>,
    count: usize,
}

impl Tokens {
    /// `POST /s2/api/mauth/login`: token and expiry stand in headers of the answer, not in its body.
    pub(super) fn sign_in(&mut self, config: &Config, body: &[u8]) -> Response {
        let given: Json = serde_json::from_slice(body).unwrap_or_default();
        let (user, password) = (given["userId"].as_str(), given["password"].as_str());
        if user.is_none() && password.is_none() {
            return refusal(400, "Login credentials are empty");
        }
        let known = |account: &Account| Some(&*account.user) == user && Some(&*account.password) == password;
        let Some(account) = config.accounts.iter().position(known) else {
            return refusal(401, "Invalid user name or password");
        };
        self.count += 1;
        let token = format!("token-{:04}-of-{account}", self.count);
        let mut reply = answer(200, &json!({"userId": user, "expiresIn": null}));
        if let Ok(value) = HeaderValue::from_str(&token) {
            reply.headers_mut().insert(TOKEN, value);
        }
        reply.headers_mut().insert("expires", HeaderValue::from_static("1800000000000"));
        self.given.insert(token, (account, 0));
        reply
    }

    /// The account that a request speaks for, or the refusal.
    pub(super) fn account(&mut self, config: &Config, token: Option<&str>) -> Result<Account, Box<Response>> {
        let given = token.and_then(|token| self.given.get_mut(token)).and_then(|(account, used)| {
            *used += 1;
            let ended = config.requests_per_token.is_some_and(|most| *used > most);
            if ended { None } else { config.accounts.get(*account) }
        });
        given.cloned().ok_or_else(|| Box::new(refusal(401, "Authentication Required.")))
    }

    /// How many tokens were given out.
    pub(super) fn count(&self) -> usize {
        self.count
    }
}

/// A refusal as the server gives it.
pub(super) fn refusal(status: u16, message: &str) -> Response {
    answer(status, &json!({"statusCode": status, "message": message}))
}
