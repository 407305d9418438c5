//! Settings of one OpenHIM. Secrets stand in files or environment variables, never here.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::OpenhimError;
use crate::http::{
    Limits, base_url,
    defaults::{one_second, ten},
    places, secret,
};

/// One OpenHIM core.
///
/// ```toml
/// url = "https://openhim.example.org:8080"
/// user = "mlatho@example.org"
/// password_file = "secrets/openhim-password"
/// certificate_file = "openhim.pem"
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address of the core's API. Example: `https://openhim.example.org:8080`.
    pub url: String,
    /// A user of the group `admin`; only those may register mediators.
    pub user: String,
    /// File that holds the password, relative to the project.
    pub password_file: Option<PathBuf>,
    /// Name of the environment variable that holds the password.
    pub password_env: Option<String>,
    /// Certificate (PEM) that the core's must be signed by, where no public authority signed it; relative to the
    /// project. No other is trusted then.
    pub certificate_file: Option<PathBuf>,
    /// Seconds to wait for a connection. Default 10.
    #[serde(default = "ten")]
    pub connect_timeout_seconds: u64,
    /// Seconds to wait for an answer. Default 10.
    #[serde(default = "ten")]
    pub read_timeout_seconds: u64,
    /// Milliseconds before the first repetition; doubles with each, up to a minute. Default 1000.
    #[serde(default = "one_second")]
    pub retry_wait_ms: u64,
}

impl Config {
    /// The settings of a server with everything else at its default.
    #[must_use]
    pub fn new(url: &str, user: &str) -> Self {
        Self {
            url: url.into(),
            user: user.into(),
            password_file: None,
            password_env: None,
            certificate_file: None,
            connect_timeout_seconds: ten(),
            read_timeout_seconds: ten(),
            retry_wait_ms: one_second(),
        }
    }

    /// Checks the settings without touching the network or a secret.
    ///
    /// # Errors
    /// The address is none, the password is missing or given twice, or a number is out of range.
    pub fn validate(&self) -> Result<(), OpenhimError> {
        self.base_url()?;
        let problem = |problem| Err(OpenhimError::Config { url: self.url.clone(), problem });
        if self.user.trim().is_empty() || places(self.password_file.as_deref(), self.password_env.as_deref()) != 1 {
            return problem("give `user` with one of `password_file` and `password_env`");
        }
        self.limits().problem().map_or(Ok(()), problem)
    }

    /// The address that paths are joined to; it ends with `/`.
    ///
    /// # Errors
    /// The address is no `http` or `https` URL, or it carries a user, a password, a query or a fragment.
    pub fn base_url(&self) -> Result<Url, OpenhimError> {
        base_url(&self.url)
    }

    /// Reads the password. Relative paths start at `folder`.
    ///
    /// # Errors
    /// The settings are not valid, or the file or variable is missing.
    pub fn password(&self, folder: &Path) -> Result<SecretString, OpenhimError> {
        self.validate()?;
        Ok(secret(folder, self.password_file.as_deref(), self.password_env.as_deref())?)
    }

    pub(super) const fn limits(&self) -> Limits {
        Limits {
            connect_seconds: self.connect_timeout_seconds,
            read_seconds: self.read_timeout_seconds,
            answer_seconds: self.read_timeout_seconds,
            retry_wait_ms: self.retry_wait_ms,
            answer_mb: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_password_and_numbers_in_their_limits() {
        let bare = Config::new("https://h.org:8080", "u");
        assert!(bare.validate().is_err());
        let good = Config { password_env: Some("P".into()), ..bare };
        assert!(good.validate().is_ok());
        for bad in [
            Config { password_file: Some("p".into()), ..good.clone() },
            Config { user: " ".into(), ..good.clone() },
            Config { read_timeout_seconds: 0, ..good.clone() },
            Config { url: "https://u:secret@h.org".into(), ..good.clone() },
        ] {
            let error = bad.validate().unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn unknown_settings_are_refused() {
        assert!(serde_json::from_str::<Config>(r#"{"url": "https://h.org", "user": "u", "password": "x"}"#).is_err());
    }
}
