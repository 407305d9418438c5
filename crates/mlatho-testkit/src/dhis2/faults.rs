//! Scripted troubles of servers, proxies and lines.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::response::Response;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream;

use super::call::{html, status};

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

/// A trouble and the requests that it befalls. Troubles are used up in the order in which they were given.
#[derive(Clone, Debug)]
pub struct Fault {
    method: String,
    path: String,
    after: usize,
    times: usize,
    trouble: Trouble,
}

impl Fault {
    /// Befalls the next request with this method (empty: any) and a path that starts so: `/api/dataValueSets`.
    #[must_use]
    pub fn on(method: &str, path: &str, trouble: Trouble) -> Self {
        Self { method: method.into(), path: path.into(), after: 0, times: 1, trouble }
    }

    /// Lets so many matching requests pass first.
    #[must_use]
    pub fn after(mut self, requests: usize) -> Self {
        self.after = requests;
        self
    }

    /// Befalls so many requests instead of one.
    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        (self.method.is_empty() || self.method == method) && path.starts_with(&self.path)
    }
}

/// Takes the trouble of this request out of the script.
pub(super) fn next(script: &mut Vec<Fault>, method: &str, path: &str) -> Option<Trouble> {
    let at = script.iter().position(|fault| fault.matches(method, path))?;
    let fault = script.get_mut(at)?;
    if fault.after > 0 {
        fault.after -= 1;
        return None;
    }
    let trouble = fault.trouble.clone();
    fault.times -= 1;
    if fault.times == 0 {
        script.remove(at);
    }
    Some(trouble)
}

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
        Trouble::SlowDrip { piece, pause } => {
            let (parts, body) = whole(reply).await;
            let pieces: Vec<Bytes> = body.chunks(piece.max(1)).map(Bytes::copy_from_slice).collect();
            let drip = stream::iter(pieces).then(move |piece| async move {
                tokio::time::sleep(pause).await;
                Ok::<_, std::io::Error>(piece)
            });
            Response::from_parts(parts, Body::from_stream(drip))
        }
        Trouble::TruncatedBody { keep } => {
            let (mut parts, body) = whole(reply).await;
            parts.headers.insert("content-length", body.len().into());
            let kept = body.slice(..keep.min(body.len()));
            let broken = stream::iter([Ok(kept), Err(std::io::Error::other("the line is cut"))]);
            Response::from_parts(parts, Body::from_stream(broken))
        }
        Trouble::ShortBody { keep } => {
            let (parts, body) = whole(reply).await;
            Response::from_parts(parts, Body::from(body.slice(..keep.min(body.len()))))
        }
        Trouble::Bom => {
            let (parts, body) = whole(reply).await;
            Response::from_parts(parts, Body::from([b"\xEF\xBB\xBF".as_slice(), &body].concat()))
        }
        Trouble::SuccessHidingConflicts => {
            let (mut parts, body) = whole(reply).await;
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

async fn whole(reply: Response) -> (axum::http::response::Parts, Bytes) {
    let (parts, body) = reply.into_parts();
    (parts, to_bytes(body, usize::MAX).await.unwrap_or_default())
}

pub(super) const LOGIN_PAGE: &str =
    "<!DOCTYPE html><html><head><title>DHIS 2 Login</title></head><body><form>Username Password</form></body></html>";

/// The page of a reverse proxy.
pub(super) fn proxy_page(status: u16) -> Response {
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
