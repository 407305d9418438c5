//! Bodies of answers: never larger than allowed, and not always what was asked for.

use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use reqwest::Response;

/// Why there is no whole body.
#[derive(Debug)]
pub(crate) enum BodyError {
    /// It is longer than allowed; the rest was not read.
    TooLarge,
    /// The line broke, or nothing came for too long.
    Broken(reqwest::Error),
}

/// The whole body, unpacked, if it is no longer than `most` bytes.
pub(crate) async fn limited(reply: Response, most: u64) -> Result<Bytes, BodyError> {
    let mut body = BytesMut::new();
    let mut pieces = reply.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| BodyError::Broken(error.without_url()))?;
        if (body.len() + piece.len()) as u64 > most {
            return Err(BodyError::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

pub(crate) fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

pub(crate) fn is_html(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'<')
}
