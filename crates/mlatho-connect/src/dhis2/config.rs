//! Settings of one DHIS2 server. Secrets stand in files or environment variables, never here.

use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::Dhis2Error;
use crate::http::{
    base_url,
    defaults::{five_hundred, one_second, ten, two_minutes},
    places, secret,
};

/// One DHIS2 server.
///
/// ```toml
/// url = "https://dhis2.example.org/hmis"
/// token_file = "secrets/dhis2-token"
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address with its context path; a trailing `/api` is left out. Example: `https://dhis2.example.org/hmis`.
    pub url: String,
    /// File that holds a personal access token, relative to the project.
    pub token_file: Option<PathBuf>,
    /// Name of the environment variable that holds a personal access token.
    pub token_env: Option<String>,
    /// User name, with one of the two passwords below; tokens are better, for they can be limited and end.
    pub user: Option<String>,
    /// File that holds the password, relative to the project.
    pub password_file: Option<PathBuf>,
    /// Name of the environment variable that holds the password.
    pub password_env: Option<String>,
    /// Seconds to wait for a connection. Default 10.
    #[serde(default = "ten")]
    pub connect_timeout_seconds: u64,
    /// Seconds to wait for an answer, and between two pieces of a long one. Default 120.
    #[serde(default = "two_minutes")]
    pub read_timeout_seconds: u64,
    /// Milliseconds before the first repetition; doubles with each, up to a minute. Default 1000.
    #[serde(default = "one_second")]
    pub retry_wait_ms: u64,
    /// Values in the first request; the number adapts to the server between 50 and 5000. Default 1000.
    #[serde(default = "thousand")]
    pub first_chunk: usize,
    /// Objects in one page of a metadata list. Default 500.
    #[serde(default = "five_hundred")]
    pub page_size: u32,
    /// Let the server import in the background and ask for the result: for proxies that cut long requests.
    #[serde(default)]
    pub async_import: bool,
}

const fn thousand() -> usize {
    1000
}

impl Config {
    /// Smallest and largest number of values in one request.
    pub const CHUNKS: std::ops::RangeInclusive<usize> = 50..=5000;

    /// The settings of a server with everything else at its default.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self {
            url: url.into(),
            token_file: None,
            token_env: None,
            user: None,
            password_file: None,
            password_env: None,
            connect_timeout_seconds: ten(),
            read_timeout_seconds: two_minutes(),
            retry_wait_ms: one_second(),
            first_chunk: thousand(),
            page_size: five_hundred(),
            async_import: false,
        }
    }

    /// Checks the settings without touching the network or a secret.
    ///
    /// # Errors
    /// The address is none, the way to sign in is missing or given twice, or a number is out of range.
    pub fn validate(&self) -> Result<(), Dhis2Error> {
        self.base_url()?;
        let problem = |problem| Err(Dhis2Error::Config { url: self.url.clone(), problem });
        let tokens = places(self.token_file.as_deref(), self.token_env.as_deref());
        let passwords = places(self.password_file.as_deref(), self.password_env.as_deref());
        match (tokens, &self.user, passwords) {
            (1, None, 0) | (0, Some(_), 1) => {}
            (0, None, 0) => return problem("give `token_file`, `token_env`, or `user` with a password"),
            _ => return problem("give one of `token_file`, `token_env`, or `user` with one password, and only one"),
        }
        if !Self::CHUNKS.contains(&self.first_chunk) {
            return problem("`first_chunk` is a number from 50 to 5000");
        }
        if !(1..=1000).contains(&self.page_size) {
            return problem("`page_size` is a number from 1 to 1000");
        }
        if self.connect_timeout_seconds == 0 || self.read_timeout_seconds == 0 {
            return problem("a time-out is at least one second");
        }
        Ok(())
    }

    /// The address that paths are joined to; it ends with `/`.
    ///
    /// # Errors
    /// The address is no `http` or `https` URL, or it carries a user, a password, a query or a fragment.
    pub fn base_url(&self) -> Result<Url, Dhis2Error> {
        base_url(&self.url)
    }

    /// Reads the secret. Relative paths start at `folder`.
    ///
    /// # Errors
    /// The settings are not valid, or the file or variable is missing.
    pub fn credentials(&self, folder: &Path) -> Result<Credentials, Dhis2Error> {
        self.validate()?;
        if let Some(user) = &self.user {
            let password = secret(folder, self.password_file.as_deref(), self.password_env.as_deref())?;
            return Ok(Credentials::Basic { user: user.clone(), password });
        }
        Ok(Credentials::Token(secret(folder, self.token_file.as_deref(), self.token_env.as_deref())?))
    }

    pub(super) const fn retry_wait(&self) -> Duration {
        Duration::from_millis(self.retry_wait_ms)
    }
}

/// How to sign in. Its `Debug` form shows no secret.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// A personal access token (`d2pat_…`).
    Token(SecretString),
    Basic {
        user: String,
        password: SecretString,
    },
}

impl Credentials {
    /// A token given directly.
    #[must_use]
    pub fn token(token: &str) -> Self {
        Self::Token(SecretString::from(token))
    }

    pub(super) fn sign(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match self {
            Self::Token(token) => {
                let text = format!("ApiToken {}", token.expose_secret());
                match reqwest::header::HeaderValue::from_str(&text) {
                    Ok(mut value) => {
                        value.set_sensitive(true);
                        request.header(reqwest::header::AUTHORIZATION, value)
                    }
                    Err(_) => request, // a token that no header can hold: the server answers 401
                }
            }
            Self::Basic { user, password } => request.basic_auth(user, Some(password.expose_secret())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_their_context_path() {
        let base = |url: &str| Config::new(url).base_url().map(|url| url.to_string());
        assert_eq!(base("https://h.org/hmis/api/").unwrap(), "https://h.org/hmis/");
        assert_eq!(base("http://localhost:8080").unwrap(), "http://localhost:8080/");
        for bad in ["h.org", "ftp://h.org", "https://u:secret@h.org", "https://h.org/?a=b"] {
            let error = base(bad).unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn exactly_one_way_to_sign_in() {
        let mut config = Config::new("https://h.org");
        assert!(config.validate().is_err());
        config.token_env = Some("T".into());
        assert!(config.validate().is_ok());
        config.user = Some("u".into());
        assert!(config.validate().is_err());
    }

    #[test]
    fn unknown_settings_are_refused() {
        assert!(serde_json::from_str::<Config>(r#"{"url": "https://h.org", "tokn_env": "T"}"#).is_err());
    }

    #[test]
    fn secrets_do_not_show() {
        assert!(!format!("{:?}", Credentials::token("d2pat_x")).contains("d2pat"));
    }
}
