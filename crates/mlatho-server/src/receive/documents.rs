//! Documents that other systems post. Taken is not yet read: that is what 202 says.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use mlatho_pipeline::door::{Admitted, LARGEST_BODY, Refused};
use serde_json::{Value as Json, json};
use tokio::runtime::Handle;

use super::answer::broken;
use super::{Own, Receiving, Source, secret};

/// `POST /receive/{source}`: answers with the receipt.
pub(super) async fn take(State(own): Own, Path(source): Source, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let token = secret(&parts.headers).unwrap_or_default();
    let door = Arc::clone(&own.door);
    let admitted = tokio::task::spawn_blocking(move || door.admit(&source, &token));
    match admitted.await {
        Ok(admitted) => keep(&own, &parts, body, admitted, |receipt| json!({"receipt": receipt})).await,
        Err(error) => broken(&error).into_response(),
    }
}

/// `POST /dhis2/data-elements`, as to an interoperability layer, whose clients look for the name of a channel on which
/// they would hear more. Nothing is said there: it is the receipt's.
pub(super) async fn take_data_elements(State(own): Own, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let token = secret(&parts.headers).unwrap_or_default();
    let door = Arc::clone(&own.door);
    let admitted = tokio::task::spawn_blocking(move || door.admit_data_elements(&token));
    let answer = |receipt: &str| json!({"receipt": receipt, "notificationsChannel": receipt});
    match admitted.await {
        Ok(admitted) => keep(&own, &parts, body, admitted, answer).await,
        Err(error) => broken(&error).into_response(),
    }
}

/// Keeps the body of a sender who was let in.
async fn keep(
    own: &Receiving,
    asked: &Parts,
    body: Body,
    admitted: Result<Admitted, Refused>,
    answer: impl FnOnce(&str) -> Json,
) -> Response {
    let admitted = match admitted {
        Ok(admitted) => admitted,
        Err(refused) => return own.refusal(&asked.headers, &refused),
    };
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return own.refusal(&asked.headers, &Refused::TooLarge);
    };
    let encoding = asked.headers.get(header::CONTENT_ENCODING).and_then(|encoding| encoding.to_str().ok());
    let packed = encoding.is_some_and(|encoding| encoding.trim().eq_ignore_ascii_case("gzip"));
    let (door, now) = (Arc::clone(&own.door), (own.now)());
    // Unpacking and writing keep a thread busy.
    let work = move || Handle::current().block_on(async { door.document(&admitted, &body, packed, now).await });
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(receipt)) => own.answer(&asked.headers, StatusCode::ACCEPTED, &answer(receipt.id.as_str())),
        Ok(Err(refused)) => own.refusal(&asked.headers, &refused),
        Err(error) => broken(&error).into_response(),
    }
}
