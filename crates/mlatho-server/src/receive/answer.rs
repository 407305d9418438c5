//! Answers to what was handed over.

use std::error::Error;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mlatho_model::Finding;
use mlatho_pipeline::door::Refused;
use mlatho_pipeline::openhim;
use serde_json::{Value as Json, json};

use super::Receiving;

impl Receiving {
    /// The answer to a program: JSON, in the form of OpenHIM where it passed the request on.
    pub(super) fn answer(&self, asked: &HeaderMap, status: StatusCode, body: &Json) -> Response {
        let mediator = self.door.project().config().openhim.as_ref();
        let passed_on = mediator.filter(|_| asked.contains_key(openhim::TRANSACTION));
        let (media_type, body) = match passed_on {
            Some(own) => (openhim::MEDIA_TYPE, &openhim::reply(&own.urn, status.as_u16(), body, (self.now)())),
            None => ("application/json", body),
        };
        let mut response = (status, body.to_string()).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        response
    }

    /// Why something was not taken.
    pub(super) fn refusal(&self, asked: &HeaderMap, refused: &Refused) -> Response {
        let status = status(refused);
        let finding = match refused {
            Refused::Bad(finding) => finding.clone(),
            Refused::Secret => Finding::error("door-secret"),
            Refused::TooLarge => Finding::error("door-too-large"),
            Refused::NoMessage | Refused::Failed(_) => Finding::error("door-failed"),
        };
        let body = json!({"code": finding.code, "message": self.texts.finding(&finding)});
        let mut response = self.answer(asked, status, &body);
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Basic realm=\"mlatho\", charset=\"UTF-8\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

/// The status of a refusal; what failed here is logged.
pub(super) fn status(refused: &Refused) -> StatusCode {
    match refused {
        Refused::Secret => StatusCode::UNAUTHORIZED,
        Refused::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Refused::Bad(finding) => {
            tracing::warn!(code = finding.code, args = ?finding.args, "what was handed over is not taken");
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Refused::NoMessage => StatusCode::OK,
        Refused::Failed(error) => {
            tracing::error!(error = error as &dyn Error, "what was handed over could not be kept");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

/// That the work itself broke off.
pub(super) fn broken(error: &tokio::task::JoinError) -> StatusCode {
    tracing::error!(error = error as &dyn Error, "what was handed over could not be kept");
    StatusCode::INTERNAL_SERVER_ERROR
}
