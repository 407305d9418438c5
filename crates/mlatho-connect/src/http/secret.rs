//! Secrets stand in files or environment variables that the configuration names.

use std::path::{Path, PathBuf};

use mlatho_model::Finding;
use secrecy::SecretString;

/// Why there is no secret. It says where it should stand.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("reading the secret in the file `{}`", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the environment variable `{name}` that should hold the secret is not set")]
    Env { name: String },
}

impl SecretError {
    /// For the person: the message in the language catalogue with its arguments.
    #[must_use]
    pub fn finding(&self) -> Finding {
        match self {
            Self::File { path, .. } => Finding::error("server-secret-file").with("path", path.display().to_string()),
            Self::Env { name } => Finding::error("server-secret-env").with("name", name.as_str()),
        }
    }
}

/// How many places are named for a secret. One is right.
#[must_use]
pub fn places(file: Option<&Path>, variable: Option<&str>) -> usize {
    usize::from(file.is_some()) + usize::from(variable.is_some())
}

/// Reads the file, relative to `folder`; without one, the variable.
///
/// # Errors
/// The file cannot be read, or the variable is not set.
#[expect(clippy::disallowed_methods, reason = "the configuration names the variable")]
pub fn secret(folder: &Path, file: Option<&Path>, variable: Option<&str>) -> Result<SecretString, SecretError> {
    let text = match (file, variable) {
        (Some(file), _) => {
            let path = folder.join(file);
            std::fs::read_to_string(&path).map_err(|source| SecretError::File { path, source })?
        }
        (None, variable) => {
            let name = variable.unwrap_or_default();
            std::env::var(name).map_err(|_| SecretError::Env { name: name.into() })?
        }
    };
    Ok(SecretString::from(text.trim()))
}
