//! A connection to one server.

use secrecy::SecretString;
use tokio::sync::Mutex;

use super::map::{self, Program};
use super::{Config, Credentials, OpenlmisError, OpenlmisOwn};
use crate::http::{Citation, Read, Requests};

/// A server that answered and let us in.
#[derive(Debug)]
pub struct Client {
    pub(super) requests: Requests<OpenlmisOwn>,
    pub(super) cited: Citation,
    pub(super) credentials: Credentials,
    /// The token that all requests share; none before the first, or after it was refused.
    pub(super) token: Mutex<Option<SecretString>>,
    pub(super) page_size: u32,
    pub(super) document_size: usize,
    programs: Vec<Program>,
}

impl Client {
    /// Says with everything that is written from now on by which mappings it came about.
    pub fn cite(&mut self, mappings: &str) {
        self.cited = Citation::new(mappings);
    }

    /// Connects, signs in and reads the programs.
    ///
    /// # Errors
    /// The settings are wrong, the server does not answer or is no OpenLMIS, the key or password is refused.
    pub async fn connect(config: &Config, credentials: Credentials) -> Result<Self, OpenlmisError> {
        let mut client = Self {
            requests: Requests::new(config.base_url()?, config.limits())?,
            cited: Citation::default(),
            credentials,
            token: Mutex::new(None),
            page_size: config.page_size,
            document_size: config.document_size,
            programs: Vec::new(),
        };
        let path = "api/programs";
        let Read { values, .. } = map::part(path, client.list(path, &[]).await?.objects);
        client.programs = values;
        tracing::info!(server = %client.base_url(), programs = client.programs.len(), "connected to OpenLMIS");
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
        self.requests.base().as_str()
    }
}
