//! Answers in JSON that are not what was asked for.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mlatho_model::Arg;
use mlatho_text::Texts;
use serde_json::json;

/// Why a request is refused: a stable code, and a sentence for the person.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Problem {
    /// The text of this key.
    pub(super) fn new(status: StatusCode, code: &'static str, texts: &Texts) -> Self {
        Self::with(status, code, texts, &[])
    }

    pub(super) fn with(status: StatusCode, code: &'static str, texts: &Texts, args: &[(&str, Arg)]) -> Self {
        Self { status, code, message: texts.say(code, args) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, Json(json!({"error": {"code": self.code, "message": self.message}}))).into_response()
    }
}
