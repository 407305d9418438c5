//! One request as the routes see it, and the small answers that all of them give.

use std::sync::Arc;

use axum::http::HeaderValue;
use axum::response::Response;
use bytes::Bytes;
use serde_json::json;

use super::config::User;
use super::faults::Trouble;
pub(super) use crate::http::{html, json, with_type};

/// A request that got in.
pub(super) struct Call {
    pub(super) method: String,
    /// Behind `/api`, version and context path left out, `.json` and the like kept.
    pub(super) segments: Vec<String>,
    /// The number in `/api/37/…`.
    pub(super) api_version: Option<u32>,
    pub(super) query: Vec<(String, String)>,
    pub(super) content_type: String,
    pub(super) accept: String,
    /// Unpacked.
    pub(super) body: Bytes,
    pub(super) user: Arc<User>,
    /// `http://127.0.0.1:1234/hmis`.
    pub(super) base_url: String,
    /// The path as it was asked for, with the context path.
    pub(super) path: String,
    pub(super) trouble: Option<Trouble>,
}

impl Call {
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str()).filter(|text| !text.is_empty())
    }

    /// All values of a parameter, whether repeated or separated by commas or semicolons.
    pub(super) fn parameters(&self, name: &str) -> Vec<&str> {
        let given = self.query.iter().filter(|(own, _)| own == name);
        given.flat_map(|(_, value)| value.split([',', ';'])).filter(|text| !text.is_empty()).collect()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.parameter(name) == Some("true")
    }

    /// The media type without its parameters.
    pub(super) fn media_type(&self) -> &str {
        self.content_type.split(';').next().unwrap_or_default().trim()
    }
}

pub(super) fn redirect(target: &str) -> Response {
    let mut reply = html(302, "");
    if let Ok(target) = HeaderValue::from_str(target) {
        reply.headers_mut().insert("location", target);
    }
    reply
}

/// A web message without an import summary: shape (d).
pub(super) fn status(code: u16, name: &str, status: &str, message: &str, error_code: Option<&str>) -> Response {
    let mut body = json!({"httpStatus": name, "httpStatusCode": code, "status": status, "message": message});
    if let (Some(error_code), Some(fields)) = (error_code, body.as_object_mut()) {
        fields.insert("errorCode".into(), error_code.into());
    }
    json(code, &body)
}

pub(super) fn conflict(error_code: &str, message: &str) -> Response {
    status(409, "Conflict", "ERROR", message, Some(error_code))
}

pub(super) fn not_found(what: &str) -> Response {
    status(404, "Not Found", "ERROR", &format!("{what} could not be found."), Some("E1005"))
}

pub(super) fn bad_request(message: &str) -> Response {
    status(400, "Bad Request", "ERROR", message, None)
}

pub(super) fn forbidden() -> Response {
    status(403, "Forbidden", "ERROR", "Access is denied", None)
}
