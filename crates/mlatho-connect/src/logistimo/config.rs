//! Settings of one Logistimo server. Secrets stand in files or environment variables, never here.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::LogistimoError;
use crate::http::{
    Limits, base_url,
    defaults::{five_hundred, one_second, quarter_gigabyte, ten, ten_minutes, two_minutes},
    places, secret,
};

/// One Logistimo server.
///
/// ```toml
/// url = "https://logistimo.example.org"
/// user = "mlatho"
/// password_file = "secrets/logistimo-password"
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address, without `/s2/api`. Example: `https://logistimo.example.org`.
    pub url: String,
    /// User name of an account that may see all entities and make exports.
    pub user: String,
    /// File that holds the password, relative to the project.
    pub password_file: Option<PathBuf>,
    /// Name of the environment variable that holds the password.
    pub password_env: Option<String>,
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
    /// Seconds to wait until an export is ready. Default 600.
    #[serde(default = "ten_minutes")]
    pub export_wait_seconds: u64,
    /// Megabytes that one answer may have, unpacked; a longer one is not read. Default 256.
    #[serde(default = "quarter_gigabyte")]
    pub max_answer_mb: u64,
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
            connect_timeout_seconds: ten(),
            read_timeout_seconds: two_minutes(),
            answer_timeout_seconds: ten_minutes(),
            retry_wait_ms: one_second(),
            page_size: five_hundred(),
            export_wait_seconds: ten_minutes(),
            max_answer_mb: quarter_gigabyte(),
        }
    }

    /// Checks the settings without touching the network or a secret.
    ///
    /// # Errors
    /// The address is none, the password is missing or given twice, or a number is out of range.
    pub fn validate(&self) -> Result<(), LogistimoError> {
        self.base_url()?;
        let problem = |problem| Err(LogistimoError::Config { url: self.url.clone(), problem });
        if self.user.trim().is_empty() || places(self.password_file.as_deref(), self.password_env.as_deref()) != 1 {
            return problem("give `user` with one of `password_file` and `password_env`");
        }
        if !(1..=2000).contains(&self.page_size) {
            return problem("`page_size` is a number from 1 to 2000");
        }
        self.limits().problem().map_or(Ok(()), problem)
    }

    /// The address that paths are joined to; it ends with `/`.
    ///
    /// # Errors
    /// The address is no `http` or `https` URL, or it carries a user, a password, a query or a fragment.
    pub fn base_url(&self) -> Result<Url, LogistimoError> {
        base_url(&self.url)
    }

    /// Reads the password. Relative paths start at `folder`.
    ///
    /// # Errors
    /// The settings are not valid, or the file or variable is missing.
    pub fn password(&self, folder: &Path) -> Result<SecretString, LogistimoError> {
        self.validate()?;
        Ok(secret(folder, self.password_file.as_deref(), self.password_env.as_deref())?)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_password_and_numbers_in_their_limits() {
        let bare = Config::new("https://h.org", "u");
        assert!(bare.validate().is_err());
        let good = Config { password_env: Some("P".into()), ..bare };
        assert!(good.validate().is_ok());
        for bad in [
            Config { password_file: Some("p".into()), ..good.clone() },
            Config { user: " ".into(), ..good.clone() },
            Config { page_size: 2001, ..good.clone() },
            Config { max_answer_mb: 0, ..good.clone() },
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
