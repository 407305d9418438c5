//! Who is asking.

use std::sync::Arc;

use jiff::civil::DateTime;

use super::config::User;
use super::log::AuthKind;

/// What the `Authorization` header claims.
pub(super) fn kind(header: Option<&str>) -> AuthKind {
    match header.and_then(|text| text.split_once(' ')).map(|(scheme, _)| scheme) {
        None if header.is_none() => AuthKind::None,
        Some(scheme) if scheme.eq_ignore_ascii_case("Basic") => AuthKind::Basic,
        Some("ApiToken") => AuthKind::ApiToken,
        Some(scheme) if scheme.eq_ignore_ascii_case("Bearer") => AuthKind::Bearer,
        _ => AuthKind::Other,
    }
}

/// The user, or why there is none.
///
/// A personal access token goes by `ApiToken`; by `Bearer` it is refused `[C]`, for that is the way of `OAuth2`.
pub(super) fn user(users: &[Arc<User>], header: Option<&str>, now: DateTime) -> Result<Arc<User>, &'static str> {
    let secret = header.and_then(|text| text.split_once(' ')).map_or("", |(_, secret)| secret.trim());
    match kind(header) {
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

fn base64(text: &str) -> Option<String> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(six)) & 0xFFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xFF) as u8);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn base64_by_hand() {
        assert_eq!(super::base64("YWRtaW46ZGlzdHJpY3Q=").as_deref(), Some("admin:district"));
        assert_eq!(super::base64("*"), None);
    }
}
