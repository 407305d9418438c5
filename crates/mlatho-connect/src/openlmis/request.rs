//! Single requests, signed with a token.

use reqwest::header::ACCEPT;
use secrecy::ExposeSecret;

use super::{Client, OpenlmisError};
use crate::http::{Expect, Reply, Try};

impl Client {
    /// GET of a JSON document, which is the same however often it is asked for. A token that is refused is replaced
    /// once, and the same request made again; what breaks off or fails in passing is asked for again.
    pub(super) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Reply, OpenlmisError> {
        let url = self.requests.url(path, query)?;
        let mut refused = false;
        loop {
            let token = self.token().await?;
            let request = || {
                let request = self.requests.http.get(url.clone()).bearer_auth(token.expose_secret());
                request.header(ACCEPT, "application/json")
            };
            match self.requests.until_answered(path, Expect::Json, request).await {
                Try::Done(reply) => return Ok(reply),
                Try::Refused if !refused && self.refuse(&token).await => refused = true,
                Try::Failed(error) => return Err(error),
                _ => return Err(OpenlmisError::Unauthorized { path: path.into() }),
            }
        }
    }
}
