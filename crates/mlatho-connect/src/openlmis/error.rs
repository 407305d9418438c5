//! Why talking to an OpenLMIS server failed. No variant holds a secret or a URL with parameters.

use std::path::PathBuf;

use mlatho_model::Finding;

/// One variant for each failed step.
#[derive(Debug, thiserror::Error)]
pub enum OpenlmisError {
    #[error("`{url}` is not the address of an OpenLMIS server (https://host)")]
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
    #[error("asking `{path}`: no whole answer")]
    Unreachable {
        path: String,
        #[source]
        source: Option<reqwest::Error>,
    },
    #[error("asking `{path}`: the server does not accept the key, the password or the client")]
    Unauthorized { path: String },
    #[error("asking `{path}`: the account may not do this")]
    Forbidden { path: String },
    #[error("asking `{path}`: it is not there")]
    NotFound { path: String },
    #[error("asking `{path}`: status {status}: {message}")]
    Status { path: String, status: u16, message: String },
    #[error("asking `{path}`: the answer is not what OpenLMIS gives: {problem}")]
    Answer { path: String, problem: String },
    #[error("asking `{path}`: the answer is larger than {most} MB")]
    TooLarge { path: String, most: u64 },
    #[error("the program `{code}` is not known to the server")]
    Program { code: String },
}

impl OpenlmisError {
    /// For the person: the message in the language catalogue with its arguments.
    #[must_use]
    pub fn finding(&self) -> Finding {
        match self {
            Self::Url { url } => Finding::error("openlmis-url").with("url", url.as_str()),
            Self::Config { url, problem } => {
                Finding::error("openlmis-config").with("url", url.as_str()).with("problem", *problem)
            }
            Self::SecretFile { path, .. } => {
                Finding::error("openlmis-secret-file").with("path", path.display().to_string())
            }
            Self::SecretEnv { name } => Finding::error("openlmis-secret-env").with("name", name.as_str()),
            Self::Setup(_) => Finding::error("openlmis-unreachable").with("path", ""),
            Self::Unreachable { path, .. } => Finding::error("openlmis-unreachable").with("path", path.as_str()),
            Self::Unauthorized { path } => Finding::error("openlmis-unauthorized").with("path", path.as_str()),
            Self::Forbidden { path } => Finding::error("openlmis-forbidden").with("path", path.as_str()),
            Self::NotFound { path } => Finding::error("openlmis-not-found").with("path", path.as_str()),
            Self::Status { path, status, message } => Finding::error("openlmis-status")
                .with("path", path.as_str())
                .with("status", u64::from(*status))
                .with("message", message.as_str()),
            Self::Answer { path, problem } => {
                Finding::error("openlmis-answer").with("path", path.as_str()).with("problem", problem.as_str())
            }
            Self::TooLarge { path, most } => {
                Finding::error("openlmis-too-large").with("path", path.as_str()).with("most", *most)
            }
            Self::Program { code } => Finding::error("openlmis-program").with("code", code.as_str()),
        }
    }
}
