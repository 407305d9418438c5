//! Who is asking.

use std::sync::Arc;

use jiff::civil::DateTime;

use super::config::User;
use crate::http::{AuthKind, auth_kind, base64};

/// The user, or why there is none.
///
/// A personal access token goes by `ApiToken`; by `Bearer` it is refused `[C]`, for that is the way of `OAuth2`.
pub(super) fn user(users: &[Arc<User>], header: Option<&str>, now: DateTime) -> Result<Arc<User>, &'static str> {
    let secret = header.and_then(|text| text.split_once(' ')).map_or("", |(_, secret)| secret.trim());
    match auth_kind(header) {
        AuthKind::Basic => {
            let decoded = base64(secret).unwrap_or_default();
            let (name, password) = decoded.split_once(':').unwrap_or_default();
            let found = users.iter().find(|user| user.name == name && user.password == password);
            found.cloned().ok_or("Bad credentials")
        }
        AuthKind::ApiToken => {
            let owner = users.iter().find_map(|user| {
                let token = user.tokens.iter().find(|token| token.secret == secret)?;
                Some((user, token))
            });
            match owner {
                None => Err("The API token does not exist"),
                Some((_, token)) if token.expires.is_some_and(|end| end <= now) => {
                    Err("Failed to authenticate API token, token has expired.")
                }
                Some((user, _)) => Ok(user.clone()),
            }
        }
        AuthKind::Bearer => Err("Invalid token"),
        AuthKind::None | AuthKind::Other => Err("Unauthorized"),
    }
}
