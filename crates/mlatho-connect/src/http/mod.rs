//! What the clients of all systems share: connections, waiting and trying again, secrets, bodies with a limit.

mod body;
mod citation;
pub(crate) mod defaults;
mod documents;
mod error;
mod list;
mod requests;
mod retry;
mod secret;

use std::time::Duration;

use url::Url;

pub(crate) use body::{BodyError, is_html, limited, without_bom};
pub(crate) use citation::Citation;
pub(crate) use documents::write_list;
pub use error::{Own, ServerError};
pub use list::Read;
pub(crate) use list::{named, part};
pub(crate) use requests::{Expect, Limits, Reply, Requests, TRIES, Try, answer};
pub(crate) use retry::{passes, retry_after, wait};
pub use secret::{SecretError, places, secret};

/// A connection pool that follows no redirect and keeps no cookie. `read` is the longest silence within an answer.
pub(crate) fn client(connect: Duration, read: Duration) -> Result<reqwest::Client, reqwest::Error> {
    builder(connect, read).build()
}

/// The same, still to be changed.
fn builder(connect: Duration, read: Duration) -> reqwest::ClientBuilder {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default(); // an error says: there is one already
    reqwest::Client::builder()
        .connect_timeout(connect)
        .read_timeout(read)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("mlatho/", env!("CARGO_PKG_VERSION")))
}

/// The address that paths are joined to, which ends with `/`; a trailing `/api` is left out. Where it is no plain `http`
/// or `https` address, the error shows what may be shown of it.
pub(crate) fn base_url<O: Own>(text: &str) -> Result<Url, ServerError<O>> {
    let trimmed = text.trim().trim_end_matches('/');
    let trimmed = trimmed.strip_suffix("/api").unwrap_or(trimmed).trim_end_matches('/');
    let bad = || ServerError::Url { url: trimmed.split('@').next_back().unwrap_or_default().to_owned() };
    let url = Url::parse(&format!("{trimmed}/")).map_err(|_| bad())?;
    let plain =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    if matches!(url.scheme(), "http" | "https") && url.host().is_some() && plain { Ok(url) } else { Err(bad()) }
}
