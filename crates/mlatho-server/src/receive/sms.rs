//! Messages of SMS gateways. Their answers have no body: some gateways send it to whoever wrote.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use mlatho_pipeline::door::Handed;

use super::answer::{broken, status};
use super::{Own, Source, secret};

/// Bytes of a form. No message is longer.
const LARGEST_FORM: usize = 64 << 10;

/// `GET` with a query or `POST` with a form.
pub(super) async fn take(State(own): Own, Path(source): Source, request: Request) -> StatusCode {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_FORM).await else { return StatusCode::PAYLOAD_TOO_LARGE };
    let door = Arc::clone(&own.door);
    // Waiting for a lock and writing keep a thread busy.
    let work = tokio::task::spawn_blocking(move || {
        let query = parts.uri.query().unwrap_or_default();
        let secret = secret(&parts.headers);
        door.message(&source, Handed { secret: secret.as_deref(), query: query.as_bytes(), body: &body })
    });
    match work.await {
        Ok(Ok(())) => StatusCode::OK,
        Ok(Err(refused)) => status(&refused),
        Err(error) => broken(&error),
    }
}
