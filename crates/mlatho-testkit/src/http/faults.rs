//! A script of troubles, and what lines and proxies do to an answer.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::response::Response;
use bytes::Bytes;
use futures::{StreamExt, stream};

/// A trouble and the requests that it befalls. Troubles are used up in the order in which they were given.
#[derive(Clone, Debug)]
pub struct Fault<T> {
    method: String,
    path: String,
    after: usize,
    times: usize,
    trouble: T,
}

impl<T: Clone> Fault<T> {
    /// Befalls the next request with this method (empty: any) and a path that starts so: `/api/dataValueSets`.
    #[must_use]
    pub fn on(method: &str, path: &str, trouble: T) -> Self {
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
pub(crate) fn next<T: Clone>(script: &mut Vec<Fault<T>>, method: &str, path: &str) -> Option<T> {
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

/// The body in pieces of so many bytes, with a pause before each.
pub(crate) async fn dripping(reply: Response, piece: usize, pause: Duration) -> Response {
    let (parts, body) = whole(reply).await;
    let pieces: Vec<Bytes> = body.chunks(piece.max(1)).map(Bytes::copy_from_slice).collect();
    let drip = stream::iter(pieces).then(move |piece| async move {
        tokio::time::sleep(pause).await;
        Ok::<_, std::io::Error>(piece)
    });
    Response::from_parts(parts, Body::from_stream(drip))
}

/// The connection breaks after so many bytes, though all were announced.
pub(crate) async fn broken_off(reply: Response, keep: usize) -> Response {
    let (mut parts, body) = whole(reply).await;
    parts.headers.insert("content-length", body.len().into());
    let kept = body.slice(..keep.min(body.len()));
    let broken = stream::iter([Ok(kept), Err(std::io::Error::other("the line is cut"))]);
    Response::from_parts(parts, Body::from_stream(broken))
}

/// The body ends neatly after so many bytes.
pub(crate) async fn shortened(reply: Response, keep: usize) -> Response {
    let (parts, body) = whole(reply).await;
    Response::from_parts(parts, Body::from(body.slice(..keep.min(body.len()))))
}

/// A byte order mark before the body.
pub(crate) async fn marked(reply: Response) -> Response {
    let (parts, body) = whole(reply).await;
    Response::from_parts(parts, Body::from([b"\xEF\xBB\xBF".as_slice(), &body].concat()))
}

/// An answer taken apart, with its whole body.
pub(crate) async fn whole(reply: Response) -> (axum::http::response::Parts, Bytes) {
    let (parts, body) = reply.into_parts();
    (parts, to_bytes(body, usize::MAX).await.unwrap_or_default())
}
