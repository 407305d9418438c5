//! Scripted troubles of servers, proxies and lines.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;

use super::call::status;
use crate::http::{faults, html, proxy_page};

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The answer is ready but waits before its first byte.
    SlowFirstByte(Duration),
    /// The body comes in pieces of so many bytes, with a pause between two.
    SlowDrip { piece: usize, pause: Duration },
    /// The request is applied, the answer is held back so long, then the connection is cut.
    SilentAfterApplying(Duration),
    /// The connection is reset; the request was applied or not.
    Reset { applied: bool },
    /// The connection breaks after so many bytes of the body, though more were announced.
    TruncatedBody { keep: usize },
    /// A proxy ends the body neatly after so many bytes.
    ShortBody { keep: usize },
    /// A proxy's HTML page with that status; the request reached the server or not.
    Html { status: u16, applied: bool },
    /// 429 with `Retry-After` in seconds.
    TooManyRequests { retry_after: u32 },
    /// 200 with the HTML of a login page.
    LoginPage,
    /// 302 to the login page.
    LoginRedirect,
    /// 401 whatever the credentials.
    Unauthorized,
    /// 403 whatever the authorities.
    Forbidden,
    /// A byte order mark before the body.
    Bom,
    /// 200 and `SUCCESS` outside, the conflicts still inside `[O]` (`dimagi/commcare-hq` PR 26099).
    SuccessHidingConflicts,
    /// The values are counted as written, and none of them is stored `[O]` (W32).
    StoresNothing,
    /// The job started by this request is completed without leaving a summary `[C]`.
    JobWithoutSummary,
    /// The job started by this request is forgotten at once: `[]`, and an empty 200 `[C]`.
    JobEvicted,
}

/// A trouble and the requests that it befalls.
pub type Fault = crate::http::Fault<Trouble>;

/// The answer, if the trouble keeps the request from the server.
pub(super) fn before(trouble: &Trouble, login: &str) -> Option<Response> {
    Some(match trouble {
        Trouble::Html { status, applied: false } => proxy_page(*status),
        Trouble::TooManyRequests { retry_after } => {
            let mut reply = proxy_page(429);
            reply.headers_mut().insert("retry-after", (*retry_after).into());
            reply
        }
        Trouble::LoginPage => html(200, LOGIN_PAGE),
        Trouble::LoginRedirect => super::call::redirect(login),
        Trouble::Unauthorized => status(401, "Unauthorized", "ERROR", "Unauthorized", None),
        Trouble::Forbidden => status(403, "Forbidden", "ERROR", "Access is denied", None),
        _ => return None,
    })
}

/// The answer as the trouble lets it through.
pub(super) async fn after(trouble: &Trouble, reply: Response) -> Response {
    match *trouble {
        Trouble::SlowFirstByte(wait) | Trouble::SilentAfterApplying(wait) => {
            tokio::time::sleep(wait).await;
            reply
        }
        Trouble::Html { status, .. } => proxy_page(status),
        Trouble::SlowDrip { piece, pause } => faults::dripping(reply, piece, pause).await,
        Trouble::TruncatedBody { keep } => faults::broken_off(reply, keep).await,
        Trouble::ShortBody { keep } => faults::shortened(reply, keep).await,
        Trouble::Bom => faults::marked(reply).await,
        Trouble::SuccessHidingConflicts => {
            let (mut parts, body) = faults::whole(reply).await;
            let mut message: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
            if let Some(fields) = message.as_object_mut() {
                fields.insert("httpStatus".into(), "OK".into());
                fields.insert("httpStatusCode".into(), 200.into());
                fields.insert("status".into(), "SUCCESS".into());
                fields.insert("message".into(), "Import was successful.".into());
            }
            parts.status = axum::http::StatusCode::OK;
            Response::from_parts(parts, Body::from(message.to_string()))
        }
        _ => reply,
    }
}

pub(super) const LOGIN_PAGE: &str =
    "<!DOCTYPE html><html><head><title>DHIS 2 Login</title></head><body><form>Username Password</form></body></html>";
