//! Settings of one OpenLMIS server. Secrets stand in files or environment variables, never here.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::OpenlmisError;
use crate::http::{
    Limits, base_url,
    defaults::{five_hundred, hundred, one_second, quarter_gigabyte, ten, ten_minutes, two_minutes},
    places, secret,
};

/// One OpenLMIS v3 server.
///
/// ```toml
/// url = "https://lmis.example.org"
/// api_key_file = "secrets/openlmis-key"
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address with its context path; a trailing `/api` is left out. Example: `https://lmis.example.org`.
    pub url: String,
    /// File that holds an API key, relative to the project. A key is best for a service: it does not expire.
    pub api_key_file: Option<PathBuf>,
    /// Name of the environment variable that holds an API key.
    pub api_key_env: Option<String>,
    /// User name, with one of the two passwords and one of the two client secrets below, where there is no key.
    pub user: Option<String>,
    /// File that holds the password, relative to the project.
    pub password_file: Option<PathBuf>,
    /// Name of the environment variable that holds the password.
    pub password_env: Option<String>,
    /// The `OAuth2` client that asks for tokens. Default `user-client`.
    #[serde(default = "user_client")]
    pub client_id: String,
    /// File that holds the secret of the client, relative to the project.
    pub client_secret_file: Option<PathBuf>,
    /// Name of the environment variable that holds the secret of the client.
    pub client_secret_env: Option<String>,
    /// Seconds to wait for a connection. Default 10.
    #[serde(default = "ten")]
    pub connect_timeout_seconds: u64,
    /// Seconds to wait for an answer, and between two pieces of one. Default 120.
    #[serde(default = "two_minutes")]
    pub read_timeout_seconds: u64,
    /// Seconds that one answer may take as a whole, however steadily it drips. Default 600.
    #[serde(default = "ten_minutes")]
    pub answer_timeout_seconds: u64,
    /// Milliseconds before the first repetition; doubles with each, up to a minute. Default 1000.
    #[serde(default = "one_second")]
    pub retry_wait_ms: u64,
    /// Objects in one page of a list, from 1 to 2000. Default 500.
    #[serde(default = "five_hundred")]
    pub page_size: u32,
    /// Requisitions that are kept together in one document, from 1 to 1000. Default 100.
    #[serde(default = "hundred")]
    pub document_size: usize,
    /// Megabytes that one answer may have, unpacked; a longer one is not read. Default 256.
    #[serde(default = "quarter_gigabyte")]
    pub max_answer_mb: u64,
}

fn user_client() -> String {
    "user-client".into()
}

impl Config {
    /// The settings of a server with everything else at its default.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self {
            url: url.into(),
            api_key_file: None,
            api_key_env: None,
            user: None,
            password_file: None,
            password_env: None,
            client_id: user_client(),
            client_secret_file: None,
            client_secret_env: None,
            connect_timeout_seconds: ten(),
            read_timeout_seconds: two_minutes(),
            answer_timeout_seconds: ten_minutes(),
            retry_wait_ms: one_second(),
            page_size: five_hundred(),
            document_size: hundred(),
            max_answer_mb: quarter_gigabyte(),
        }
    }

    /// Checks the settings without touching the network or a secret.
    ///
    /// # Errors
    /// The address is none, the way to sign in is missing or given twice, or a number is out of range.
    pub fn validate(&self) -> Result<(), OpenlmisError> {
        self.base_url()?;
        let problem = |problem| Err(OpenlmisError::Config { url: self.url.clone(), problem });
        let keys = places(self.api_key_file.as_deref(), self.api_key_env.as_deref());
        let passwords = places(self.password_file.as_deref(), self.password_env.as_deref());
        let client_secrets = places(self.client_secret_file.as_deref(), self.client_secret_env.as_deref());
        match (keys, &self.user, passwords, client_secrets) {
            (1, None, 0, 0) | (0, Some(_), 1, 1) => {}
            (0, None, 0, 0) => return problem("give `api_key_file`, `api_key_env`, or `user` with a password"),
            (0, Some(_), _, _) => return problem("a `user` needs one password and one client secret"),
            _ => return problem("give one API key, or `user` with one password and one client secret, not both"),
        }
        if !(1..=2000).contains(&self.page_size) {
            return problem("`page_size` is a number from 1 to 2000");
        }
        if !(1..=1000).contains(&self.document_size) {
            return problem("`document_size` is a number from 1 to 1000");
        }
        self.limits().problem().map_or(Ok(()), problem)
    }

    /// The address that paths are joined to; it ends with `/`.
    ///
    /// # Errors
    /// The address is no `http` or `https` URL, or it carries a user, a password, a query or a fragment.
    pub fn base_url(&self) -> Result<Url, OpenlmisError> {
        base_url(&self.url)
    }

    /// Reads the secrets. Relative paths start at `folder`.
    ///
    /// # Errors
    /// The settings are not valid, or a file or variable is missing.
    pub fn credentials(&self, folder: &Path) -> Result<Credentials, OpenlmisError> {
        self.validate()?;
        let secret =
            |file: &Option<PathBuf>, variable: &Option<String>| secret(folder, file.as_deref(), variable.as_deref());
        let Some(user) = &self.user else {
            return Ok(Credentials::ApiKey(secret(&self.api_key_file, &self.api_key_env)?));
        };
        Ok(Credentials::Password {
            user: user.clone(),
            password: secret(&self.password_file, &self.password_env)?,
            client_id: self.client_id.clone(),
            client_secret: secret(&self.client_secret_file, &self.client_secret_env)?,
        })
    }

    pub(super) const fn limits(&self) -> Limits {
        Limits {
            connect_seconds: self.connect_timeout_seconds,
            read_seconds: self.read_timeout_seconds,
            answer_seconds: self.answer_timeout_seconds,
            retry_wait_ms: self.retry_wait_ms,
            answer_mb: self.max_answer_mb,
        }
    }
}

/// How to sign in. Its `Debug` form shows no secret.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// A token without an end.
    ApiKey(SecretString),
    /// A person's or service's account, for which a client of the server asks for tokens.
    Password { user: String, password: SecretString, client_id: String, client_secret: SecretString },
}

impl Credentials {
    /// A key given directly.
    #[must_use]
    pub fn api_key(key: &str) -> Self {
        Self::ApiKey(SecretString::from(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_one_way_to_sign_in() {
        let mut config = Config::new("https://h.org/api");
        assert_eq!(config.base_url().unwrap().as_str(), "https://h.org/");
        assert!(config.validate().is_err());
        config.api_key_env = Some("K".into());
        assert!(config.validate().is_ok());
        config.user = Some("u".into());
        assert!(config.validate().is_err());
        config.api_key_env = None;
        config.password_env = Some("P".into());
        assert!(config.validate().is_err()); // the client has a secret too
        config.client_secret_env = Some("C".into());
        assert!(config.validate().is_ok());
    }

    #[test]
    fn numbers_have_limits() {
        let good = Config { api_key_env: Some("K".into()), ..Config::new("https://h.org") };
        for bad in [
            Config { page_size: 0, ..good.clone() },
            Config { page_size: 2001, ..good.clone() },
            Config { document_size: 0, ..good.clone() },
            Config { max_answer_mb: 0, ..good.clone() },
            Config { answer_timeout_seconds: 0, ..good.clone() },
            Config { url: "https://u:secret@h.org".into(), ..good.clone() },
        ] {
            let error = bad.validate().unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        assert!(good.validate().is_ok());
    }

    #[test]
    fn unknown_settings_are_refused_and_secrets_do_not_show() {
        assert!(serde_json::from_str::<Config>(r#"{"url": "https://h.org", "api_key": "x"}"#).is_err());
        assert!(!format!("{:?}", Credentials::api_key("k-123")).contains("123"));
    }
}
