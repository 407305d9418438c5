//! The small answers that servers and proxies give.

use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value as Json;

pub(crate) fn json(status: u16, body: &Json) -> Response {
    with_type(status, "application/json", body.to_string())
}

pub(crate) fn html(status: u16, body: &str) -> Response {
    with_type(status, "text/html; charset=utf-8", body.to_owned())
}

pub(crate) fn with_type(status: u16, media_type: &'static str, body: impl IntoResponse) -> Response {
    let mut reply = body.into_response();
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    reply.headers_mut().insert("content-type", HeaderValue::from_static(media_type));
    reply
}

/// The page of a reverse proxy.
pub(crate) fn proxy_page(status: u16) -> Response {
    let reason = match status {
        413 => "Request Entity Too Large",
        429 => "Too Many Requests",
        502 => "Bad Gateway",
        503 => "Service Temporarily Unavailable",
        504 => "Gateway Time-out",
        _ => "Error",
    };
    let title = format!("{status} {reason}");
    html(
        status,
        &format!(
            "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
        ),
    )
}
