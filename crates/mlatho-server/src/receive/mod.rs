//! What other systems hand over: messages of SMS gateways, and documents.
//!
//! Nobody reads these answers but programs and those who set them up: a gateway gets a status, others JSON.

mod answer;
mod documents;
mod sms;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::middleware::map_response;
use axum::routing::{get, post};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use mlatho_pipeline::Project;
use mlatho_pipeline::door::Door;
use mlatho_text::{Language, Texts};

use crate::pages::with_headers;

/// What the routes share.
pub(crate) struct Receiving {
    door: Arc<Door>,
    texts: Texts,
    now: fn() -> Timestamp,
}

/// The paths at which things are handed over.
pub(crate) fn router(project: Project, language: Language, now: fn() -> Timestamp) -> Router {
    let asked = project.config().language.as_ref().and_then(|name| name.parse().ok());
    let texts = Texts::new(asked.unwrap_or(language));
    let receiving = Receiving { door: Arc::new(Door::new(project)), texts, now };
    Router::new()
        .route("/sms/{source}", get(sms::take).post(sms::take))
        .route("/receive/{source}", post(documents::take))
        .route("/dhis2/data-elements", post(documents::take_data_elements))
        .layer(map_response(with_headers))
        .with_state(Arc::new(receiving))
}

type Own = State<Arc<Receiving>>;
type Source = Path<String>;

/// The token of `Authorization: Bearer TOKEN`, or the password of `Basic`, whoever the user is.
fn secret(headers: &HeaderMap) -> Option<String> {
    let (scheme, given) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("Bearer") {
        return Some(given.trim().to_owned());
    }
    let pair = BASE64_STANDARD.decode(given.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("Basic"))?;
    let pair = String::from_utf8(pair).ok()?;
    Some(pair.split_once(':')?.1.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, text.parse().unwrap());
        super::secret(&headers)
    }

    #[test]
    fn secrets_of_both_schemes() {
        assert_eq!(secret("Bearer abc").as_deref(), Some("abc"));
        // `anyone:a:b` and `:a` in Base64.
        assert_eq!(secret("Basic YW55b25lOmE6Yg==").as_deref(), Some("a:b"));
        assert_eq!(secret("basic OmE=").as_deref(), Some("a"));
        for none in ["Bearer", "Basic abc", "Basic *", "Digest abc", "Basic YWI="] {
            assert_eq!(secret(none), None, "{none}");
        }
        assert_eq!(super::secret(&HeaderMap::new()), None);
    }
}
