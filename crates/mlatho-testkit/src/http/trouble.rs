//! Scripted troubles of servers, proxies and lines.

use std::time::Duration;

use axum::body::Body;
use axum::http::HeaderValue;
use axum::response::Response;
use serde_json::{Value as Json, json};

use super::{faults, html, json as answer, proxy_page};

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
    /// The system's own refusal with that status.
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
    /// Others overtake the answer, and its lists stand in another order.
    Reorder,
}

/// How long an answer waits for others to overtake it.
const OVERTAKEN: Duration = Duration::from_millis(20);

/// The answer, if the trouble keeps the request from the server. `refusal` gives that of the system.
pub(super) fn before(trouble: &Trouble, refusal: impl Fn(u16) -> Response) -> Option<Response> {
    Some(match trouble {
        Trouble::Html { status: 200 } => html(200, "<!DOCTYPE html><html><body><h1>Welcome</h1></body></html>"),
        Trouble::Html { status } => proxy_page(*status),
        Trouble::Refused { status } => refusal(*status),
        Trouble::TooManyRequests { retry_after } => {
            let mut reply = proxy_page(429);
            reply.headers_mut().insert("retry-after", (*retry_after).into());
            reply
        }
        Trouble::Unauthorized => refusal(401),
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
            let mut reply = reply;
            reply.headers_mut().insert("content-type", HeaderValue::from_static("text/plain"));
            reply
        }
        Trouble::Reorder => {
            tokio::time::sleep(OVERTAKEN).await;
            let (mut parts, body) = faults::whole(reply).await;
            parts.headers.remove("content-length");
            Response::from_parts(parts, Body::from(reordered(&body)))
        }
        _ => reply,
    }
}

/// The body with its lists from back to front: of JSON a list, or those of an object; of a table the lines behind the
/// header.
fn reordered(body: &[u8]) -> Vec<u8> {
    if let Ok(mut document) = serde_json::from_slice::<Json>(body) {
        let lists = match &mut document {
            Json::Object(fields) => fields.values_mut().filter_map(Json::as_array_mut).collect(),
            Json::Array(list) => vec![list],
            _ => Vec::new(),
        };
        lists.into_iter().for_each(|list| list.reverse());
        return document.to_string().into_bytes();
    }
    let text = String::from_utf8_lossy(body);
    let mut lines = text.lines();
    let header = lines.next().into_iter();
    header.chain(lines.rev()).flat_map(|line| [line, "\n"]).collect::<String>().into_bytes()
}
