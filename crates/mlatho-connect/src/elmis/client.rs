//! A connection to one server, and who we are there.

use reqwest::header::{ACCEPT, COOKIE, SET_COOKIE};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use super::map::{self, Facility, Program};
use super::{Config, ElmisError, ElmisOwn};
use crate::http::{Citation, Expect, Read, Reply, Requests, Try, answer};

const SIGN_IN: &str = "j_spring_security_check";

/// A server that answered and let us in.
#[derive(Debug)]
pub struct Client {
    pub(super) requests: Requests<ElmisOwn>,
    pub(super) cited: Citation,
    user: String,
    password: SecretString,
    /// The session that requests for requisitions share; none before the first, or after it ended.
    session: Mutex<Option<SecretString>>,
    pub(super) document_size: usize,
    programs: Vec<Program>,
}

impl Client {
    /// Says with everything that is written from now on by which mappings it came about.
    pub fn cite(&mut self, mappings: &str) {
        self.cited = Citation::new(mappings);
    }

    /// Connects, signs in by Basic and reads the programs.
    ///
    /// # Errors
    /// The settings are wrong, the server does not answer or is no eLMIS, the password is refused.
    pub async fn connect(config: &Config, password: SecretString) -> Result<Self, ElmisError> {
        let mut client = Self {
            requests: Requests::new(config.base_url()?, config.limits())?,
            cited: Citation::default(),
            user: config.user.clone(),
            password,
            session: Mutex::new(None),
            document_size: config.document_size,
            programs: Vec::new(),
        };
        client.programs = client.lookup("programs").await?.values;
        tracing::info!(server = client.base_url(), programs = client.programs.len(), "connected to eLMIS");
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

    /// The program with that code, whatever its case.
    pub(super) fn program(&self, code: &str) -> Result<&Program, ElmisError> {
        let found = self.programs.iter().find(|program| program.code.eq_ignore_ascii_case(code.trim()));
        found.ok_or_else(|| ElmisError::Own(ElmisOwn::Program { code: code.into() }))
    }

    /// All facilities of the server, those without a right of this account too.
    ///
    /// # Errors
    /// The server does not answer, refuses, or answers with something else.
    pub async fn facilities(&self) -> Result<Read<Facility>, ElmisError> {
        self.lookup("facilities").await
    }

    /// A list of reference data, whole: `page` is an offset there, so that its default leaves out the first object, and
    /// ten objects are all that come without being asked otherwise.
    async fn lookup<T: DeserializeOwned>(&self, list: &str) -> Result<Read<T>, ElmisError> {
        let path = format!("rest-api/lookup/{list}");
        let reply = self.rest(&path, &[("paging", "false")]).await?;
        map::list(&path, list, &reply.body)
    }

    /// GET of a JSON document of the REST interface, signed by Basic. A password that is refused is not tried again.
    pub(super) async fn rest(&self, path: &str, query: &[(&str, &str)]) -> Result<Reply, ElmisError> {
        let url = self.requests.url(path, query)?;
        let request = || {
            let request = self.requests.http.get(url.clone()).header(ACCEPT, "application/json");
            request.basic_auth(&self.user, Some(self.password.expose_secret()))
        };
        match self.requests.until_answered(path, Expect::Json, request).await {
            Try::Done(reply) => Ok(reply),
            Try::Failed(error) => Err(error),
            _ => Err(ElmisError::Unauthorized { path: path.into() }),
        }
    }

    /// GET of a JSON document as the server's own pages get it, in a session. One that has ended is replaced once, and
    /// the same request made again.
    pub(super) async fn page_data(&self, path: &str, query: &[(&str, &str)]) -> Result<Reply, ElmisError> {
        let url = self.requests.url(path, query)?;
        let mut ended = false;
        loop {
            let session = self.session().await?;
            let request = || {
                let request = self.requests.http.get(url.clone()).header(ACCEPT, "application/json");
                request.header(COOKIE, session.expose_secret())
            };
            match self.requests.until_answered(path, Expect::JsonInSession, request).await {
                Try::Done(reply) => return Ok(reply),
                Try::Failed(error) => return Err(error),
                _ if ended => return Err(ElmisError::Unauthorized { path: path.into() }),
                _ => {
                    ended = true;
                    self.forget(&session).await;
                }
            }
        }
    }

    /// The cookie of the next request.
    pub(super) async fn session(&self) -> Result<SecretString, ElmisError> {
        let mut held = self.session.lock().await;
        if let Some(session) = held.as_ref() {
            return Ok(session.clone());
        }
        let url = self.requests.url(SIGN_IN, &[])?;
        let form = [("j_username", self.user.as_str()), ("j_password", self.password.expose_secret())];
        let request = || self.requests.http.post(url.clone()).form(&form);
        let reply = match self.requests.until_answered(SIGN_IN, Expect::Anything, request).await {
            Try::Done(reply) => reply,
            Try::Failed(error) => return Err(error),
            _ => return Err(ElmisError::Unauthorized { path: SIGN_IN.into() }),
        };
        let cookies = reply.headers.get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
        let cookie =
            cookies.filter_map(|cookie| cookie.split(';').next()).find(|cookie| cookie.starts_with("JSESSIONID="));
        let session = SecretString::from(cookie.ok_or_else(|| answer(SIGN_IN, "there is no session in it"))?);
        *held = Some(session.clone());
        Ok(session)
    }

    /// Forgets a session that has ended, unless another request has replaced it.
    pub(super) async fn forget(&self, session: &SecretString) {
        let mut held = self.session.lock().await;
        if held.as_ref().is_some_and(|held| held.expose_secret() == session.expose_secret()) {
            *held = None;
        }
    }
}
