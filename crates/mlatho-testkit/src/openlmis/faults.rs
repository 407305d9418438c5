//! Scripted troubles of servers, proxies and lines.

use std::time::Duration;

use axum::response::Response;
use serde_json::json;

use crate::http::{faults, html, json as answer, proxy_page, with_type};

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The connection is reset before the request is looked at, or after it was carried out.
    Reset { applied: bool },
    /// The answer is ready but waits before its first byte.
    Delay(Duration),
    /// The body comes in pieces of so many bytes, with a pause before each.
    SlowDrip { piece: usize, pause: Duration },
    /// The connection breaks after so many bytes of the body, though more were announced.
    Cut { keep: usize },
    /// A proxy ends the body neatly after so many bytes.
    Short { keep: usize },
    /// A proxy's HTML page with that status.
    Html { status: u16 },
    /// The service's own refusal: `{"messageKey", "message"}` with that status.
    Refused { status: u16 },
    /// 429 with `Retry-After` in seconds.
    TooManyRequests { retry_after: u32 },
    /// 401 whatever the token.
    Unauthorized,
    /// The right body, declared as another type.
    WrongType,
    /// JSON that is not what was asked for.
    WrongShape,
    /// A byte order mark before the body.
    Bom,
}

/// A trouble and the requests that it befalls.
pub type Fault = crate::http::Fault<Trouble>;

/// The answer, if the trouble keeps the request from the server.
pub(super) fn before(trouble: &Trouble) -> Option<Response> {
    Some(match trouble {
        Trouble::Html { status: 200 } => html(200, "<!DOCTYPE html><html><body><h1>Welcome</h1></body></html>"),
        Trouble::Html { status } => proxy_page(*status),
        Trouble::Refused { status } => {
            let body = json!({"messageKey": "double.error.scripted", "message": "The script says no"});
            answer(*status, &body)
        }
        Trouble::TooManyRequests { retry_after } => {
            let mut reply = proxy_page(429);
            reply.headers_mut().insert("retry-after", (*retry_after).into());
            reply
        }
        Trouble::Unauthorized => super::tokens::refusal("Invalid access token"),
        Trouble::WrongShape => answer(200, &json!({"message": "Service is starting", "content": "soon"})),
        _ => return None,
    })
}

/// The answer as the trouble lets it through.
pub(super) async fn after(trouble: &Trouble, reply: Response) -> Response {
    match *trouble {
        Trouble::Delay(wait) => {
            tokio::time::sleep(wait).await;
            reply
        }
        Trouble::SlowDrip { piece, pause } => faults::dripping(reply, piece, pause).await,
        Trouble::Cut { keep } => faults::broken_off(reply, keep).await,
        Trouble::Short { keep } => faults::shortened(reply, keep).await,
        Trouble::Bom => faults::marked(reply).await,
        Trouble::WrongType => {
            let (parts, body) = faults::whole(reply).await;
            with_type(parts.status.as_u16(), "text/plain", body)
        }
        _ => reply,
    }
}
