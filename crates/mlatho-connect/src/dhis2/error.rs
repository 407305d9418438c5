//! Why talking to a DHIS2 server failed. No variant holds a secret or a whole URL with parameters.

use std::path::PathBuf;

use mlatho_model::Finding;

use super::Version;

/// One variant for each failed step.
#[derive(Debug, thiserror::Error)]
pub enum Dhis2Error {
    #[error("`{url}` is not the address of a DHIS2 server (https://host/context)")]
    Url { url: String },
    #[error("settings of the server `{url}`: {problem}")]
    Config { url: String, problem: &'static str },
    #[error("reading the secret in the file `{}`", path.display())]
    SecretFile {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the environment variable `{name}` that should hold the secret is not set")]
    SecretEnv { name: String },
    #[error("preparing the connection")]
    Setup(#[source] reqwest::Error),
    #[error("asking `{path}`: no answer")]
    Unreachable {
        path: String,
        #[source]
        source: Option<reqwest::Error>,
    },
    #[error("asking `{path}`: the server does not accept the token or password; it may have expired")]
    Unauthorized { path: String },
    #[error("asking `{path}`: the user may not do this")]
    Forbidden { path: String },
    #[error("asking `{path}`: status {status}: {message}")]
    Status { path: String, status: u16, message: String },
    #[error("asking `{path}`: the answer is not what DHIS2 gives: {problem}")]
    Answer { path: String, problem: String },
    #[error("writing what `{path}` gave")]
    Write {
        path: String,
        #[source]
        source: std::io::Error,
    },
    #[error("DHIS2 {version} is too old to be written to; 2.38 is the oldest")]
    TooOld { version: Version },
    #[error("the server's calendar is `{calendar}`; values are sent only to servers with the ISO calendar")]
    Calendar { calendar: String },
}

impl Dhis2Error {
    /// For the person: the message in the language catalogue with its arguments.
    #[must_use]
    pub fn finding(&self) -> Finding {
        match self {
            Self::Url { url } => Finding::error("dhis2-url").with("url", url.as_str()),
            Self::Config { url, problem } => {
                Finding::error("dhis2-config").with("url", url.as_str()).with("problem", *problem)
            }
            Self::SecretFile { path, .. } => {
                Finding::error("dhis2-secret-file").with("path", path.display().to_string())
            }
            Self::SecretEnv { name } => Finding::error("dhis2-secret-env").with("name", name.as_str()),
            Self::Setup(_) => Finding::error("dhis2-unreachable").with("path", ""),
            Self::Unreachable { path, .. } => Finding::error("dhis2-unreachable").with("path", path.as_str()),
            Self::Unauthorized { path } => Finding::error("dhis2-token").with("path", path.as_str()),
            Self::Forbidden { path } => Finding::error("dhis2-forbidden").with("path", path.as_str()),
            Self::Status { path, status, message } => Finding::error("dhis2-status")
                .with("path", path.as_str())
                .with("status", u64::from(*status))
                .with("message", message.as_str()),
            Self::Answer { path, problem } => {
                Finding::error("dhis2-answer").with("path", path.as_str()).with("problem", problem.as_str())
            }
            Self::Write { path, .. } => Finding::error("dhis2-write").with("path", path.as_str()),
            Self::TooOld { version } => Finding::error("dhis2-too-old").with("version", version.to_string()),
            Self::Calendar { calendar } => Finding::error("dhis2-calendar").with("calendar", calendar.as_str()),
        }
    }
}
