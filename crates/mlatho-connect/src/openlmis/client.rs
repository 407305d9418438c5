//! A connection to one server.

use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::Mutex;
use url::Url;

use super::map::{self, Program, Read};
use super::{Config, Credentials, OpenlmisError};

/// A server that answered and let us in.
#[derive(Debug)]
pub struct Client {
    pub(super) http: reqwest::Client,
    pub(super) base: Url,
    pub(super) credentials: Credentials,
    /// The token that all requests share; none before the first, or after it was refused.
    pub(super) token: Mutex<Option<SecretString>>,
    pub(super) answer_timeout: Duration,
    pub(super) retry_wait: Duration,
    pub(super) page_size: u32,
    pub(super) document_size: usize,
    pub(super) max_answer_mb: u64,
    programs: Vec<Program>,
}

impl Client {
    /// Connects, signs in and reads the programs.
    ///
    /// # Errors
    /// The settings are wrong, the server does not answer or is no OpenLMIS, the key or password is refused.
    pub async fn connect(config: &Config, credentials: Credentials) -> Result<Self, OpenlmisError> {
        let seconds = Duration::from_secs;
        let http = crate::http::client(seconds(config.connect_timeout_seconds), seconds(config.read_timeout_seconds));
        let mut client = Self {
            http: http.map_err(OpenlmisError::Setup)?,
            base: config.base_url()?,
            credentials,
            token: Mutex::new(None),
            answer_timeout: seconds(config.answer_timeout_seconds),
            retry_wait: config.retry_wait(),
            page_size: config.page_size,
            document_size: config.document_size,
            max_answer_mb: config.max_answer_mb,
            programs: Vec::new(),
        };
        let path = "api/programs";
        let Read { values, .. } = map::part(path, client.list(path, &[]).await?.objects);
        client.programs = values;
        tracing::info!(server = %client.base, programs = client.programs.len(), "connected to OpenLMIS");
        Ok(client)
    }

    /// The programs of the server.
    #[must_use]
    pub fn programs(&self) -> &[Program] {
        &self.programs
    }

    /// The address, without secrets.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.base.as_str()
    }
}
