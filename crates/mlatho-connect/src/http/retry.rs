//! When to try again, and after how long.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};

const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// A server that asks for more patience than this is not waited for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_mins(10);

/// Waits before the next try: what the server asked for, else doubling from `first` with jitter. Tries count from 1.
pub(crate) async fn wait(first: Duration, tries: u32, asked: Option<Duration>) {
    let doubled = first.saturating_mul(1 << tries.saturating_sub(1).min(10)).min(LONGEST_WAIT);
    let jitter = RandomState::new().hash_one(tries) % 512; // half to one and a half times
    let own = doubled.saturating_mul(256 + u32::try_from(jitter).unwrap_or(256)) / 512;
    tokio::time::sleep(asked.map_or(own, |asked| asked.min(LONGEST_RETRY_AFTER))).await;
}

/// Statuses that say: not now.
pub(crate) fn passes(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 502..=504)
}

/// How long the server asks to wait: seconds, or until a moment.
#[expect(clippy::disallowed_methods, reason = "the server names a moment, and how long to wait follows from now")]
pub(crate) fn retry_after(reply: &Response) -> Option<Duration> {
    let text = reply.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Duration::try_from(moment.duration_since(Timestamp::now())).ok()
}
