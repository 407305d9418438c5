//! Why talking to a server failed. No variant holds a secret or a whole URL with parameters.

use std::fmt::Debug;

use mlatho_model::Finding;

use super::SecretError;

/// What only servers of one system can say, beside what befalls all of them.
pub trait Own: std::error::Error + Send + Sync + 'static {
    /// The system's own name: `DHIS2`.
    const SYSTEM: &'static str;

    /// For the person: the message in the language catalogue with its arguments.
    fn finding(&self) -> Finding;
}

/// One variant for each failed step; `O` holds those of one system.
#[derive(Debug, thiserror::Error)]
pub enum ServerError<O: Own> {
    #[error("`{url}` is not the address of a server of {} (https://host)", O::SYSTEM)]
    Url { url: String },
    #[error("settings of the server `{url}`: {problem}")]
    Config { url: String, problem: &'static str },
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error("preparing the connection")]
    Setup(#[source] reqwest::Error),
    #[error("asking `{path}`: no whole answer")]
    Unreachable {
        path: String,
        #[source]
        source: Option<reqwest::Error>,
    },
    #[error("asking `{path}`: the server does not accept the token, the key or the password; it may have expired")]
    Unauthorized { path: String },
    #[error("asking `{path}`: the account may not do this")]
    Forbidden { path: String },
    #[error("asking `{path}`: it is not there")]
    NotFound { path: String },
    #[error("asking `{path}`: status {status}: {message}")]
    Status { path: String, status: u16, message: String },
    #[error("asking `{path}`: the answer is not what {} gives: {problem}", O::SYSTEM)]
    Answer { path: String, problem: String },
    #[error("asking `{path}`: the answer is larger than {most} MB")]
    TooLarge { path: String, most: u64 },
    #[error(transparent)]
    Own(O),
}

impl<O: Own> ServerError<O> {
    /// For the person: the message in the language catalogue with its arguments.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let finding = match self {
            Self::Url { url } => Finding::error("server-url").with("url", url.as_str()),
            Self::Config { url, problem } => {
                Finding::error("server-config").with("url", url.as_str()).with("problem", *problem)
            }
            Self::Secret(error) => error.finding(),
            Self::Setup(_) => Finding::error("server-unreachable").with("path", ""),
            Self::Unreachable { path, .. } => Finding::error("server-unreachable").with("path", path.as_str()),
            Self::Unauthorized { path } => Finding::error("server-unauthorized").with("path", path.as_str()),
            Self::Forbidden { path } => Finding::error("server-forbidden").with("path", path.as_str()),
            Self::NotFound { path } => Finding::error("server-not-found").with("path", path.as_str()),
            Self::Status { path, status, message } => Finding::error("server-status")
                .with("path", path.as_str())
                .with("status", u64::from(*status))
                .with("message", message.as_str()),
            Self::Answer { path, problem } => {
                Finding::error("server-answer").with("path", path.as_str()).with("problem", problem.as_str())
            }
            Self::TooLarge { path, most } => {
                Finding::error("server-too-large").with("path", path.as_str()).with("most", *most)
            }
            Self::Own(own) => return own.finding(),
        };
        finding.with("system", O::SYSTEM)
    }
}
