//! Secrets stand in files or environment variables that the configuration names.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

/// Why a secret could not be read.
#[derive(Debug)]
pub(crate) enum SecretError {
    File { path: PathBuf, source: std::io::Error },
    Variable { name: String },
}

/// Reads the file, relative to `folder`; without one, the variable.
#[expect(clippy::disallowed_methods, reason = "the configuration names the variable")]
pub(crate) fn read(folder: &Path, file: Option<&Path>, variable: Option<&str>) -> Result<SecretString, SecretError> {
    let text = match (file, variable) {
        (Some(file), _) => {
            let path = folder.join(file);
            std::fs::read_to_string(&path).map_err(|source| SecretError::File { path, source })?
        }
        (None, variable) => {
            let name = variable.unwrap_or_default();
            std::env::var(name).map_err(|_| SecretError::Variable { name: name.into() })?
        }
    };
    Ok(SecretString::from(text.trim()))
}
