//! Who is asking: tokens that end, and keys that do not.

use std::collections::HashMap;

use axum::response::Response;
use serde_json::json;

use super::config::{Account, Config};
use crate::http::{AuthKind, auth_kind, base64, json as answer};

/// Tokens that were given out, each with its account and the requests that it was good for.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    given: HashMap<String, Given>,
    count: usize,
}

#[derive(Debug)]
struct Given {
    account: usize,
    used: usize,
    ended: bool,
}

impl Tokens {
    /// `POST /api/oauth/token`. The client signs in with Basic; name and password may stand in the query or in a form.
    pub(super) fn issue(&mut self, config: &Config, header: Option<&str>, parameters: &[(String, String)]) -> Response {
        let decoded = header.and_then(|text| text.split_once(' ')).and_then(|(_, text)| base64(text.trim()));
        let client = decoded.as_deref().and_then(|text| text.split_once(':'));
        if auth_kind(header) != AuthKind::Basic || client != Some((&config.client.0, &config.client.1)) {
            let body = json!({"error": "unauthorized", "error_description": "Bad client credentials"});
            return answer(401, &body);
        }
        let parameter = |name: &str| parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
        if parameter("grant_type") != Some("password") {
            let body = json!({"error": "unsupported_grant_type", "error_description": "Unsupported grant type"});
            return answer(400, &body);
        }
        let (user, password) = (parameter("username"), parameter("password"));
        let known = |account: &Account| Some(account.user.as_str()) == user && Some(&*account.password) == password;
        let Some(account) = config.accounts.iter().position(known) else {
            return answer(400, &json!({"error": "invalid_grant", "error_description": "Bad credentials"}));
        };
        self.count += 1;
        let token = format!("token-{:04}-of-{account}", self.count);
        self.given.insert(token.clone(), Given { account, used: 0, ended: false });
        answer(
            200,
            &json!({
                "access_token": token,
                "token_type": "bearer",
                "expires_in": 1799,
                "scope": "read write",
                "referenceDataUserId": super::uuid("user", account),
            }),
        )
    }

    /// The account that a request speaks for, or the refusal.
    pub(super) fn account(&mut self, config: &Config, header: Option<&str>) -> Result<Account, Box<Response>> {
        let refused = |why| Box::new(refusal(why));
        let Some((_, secret)) = header.and_then(|text| text.split_once(' ')) else {
            let body = json!({"error": "unauthorized", "error_description": "Full authentication is required"});
            return Err(Box::new(answer(401, &body)));
        };
        if auth_kind(header) != AuthKind::Bearer {
            return Err(refused("Full authentication is required to access this resource"));
        }
        let secret = secret.trim();
        if let Some(account) = config.accounts.iter().find(|account| account.api_key.as_deref() == Some(secret)) {
            return Ok(account.clone());
        }
        let given = self.given.get_mut(secret).ok_or_else(|| refused("Invalid access token"))?;
        given.used += 1;
        given.ended |= config.requests_per_token.is_some_and(|most| given.used > most);
        if given.ended {
            return Err(refused("Access token expired"));
        }
        config.accounts.get(given.account).cloned().ok_or_else(|| refused("Invalid access token"))
    }

    /// Ends every token that was given out.
    pub(super) fn end_all(&mut self) {
        self.given.values_mut().for_each(|given| given.ended = true);
    }

    /// How many tokens were given out.
    pub(super) fn count(&self) -> usize {
        self.count
    }
}

/// 401 as the services give it.
pub(super) fn refusal(why: &str) -> Response {
    answer(401, &json!({"error": "invalid_token", "error_description": why}))
}
