//! Secrets stand in files or environment variables that the configuration names.

use std::path::Path;

use secrecy::SecretString;

use super::{Own, ServerError};

/// How many places are named for a secret. One is right.
pub(crate) fn places(file: Option<&Path>, variable: Option<&str>) -> usize {
    usize::from(file.is_some()) + usize::from(variable.is_some())
}

/// Reads the file, relative to `folder`; without one, the variable.
#[expect(clippy::disallowed_methods, reason = "the configuration names the variable")]
pub(crate) fn secret<O: Own>(
    folder: &Path,
    file: Option<&Path>,
    variable: Option<&str>,
) -> Result<SecretString, ServerError<O>> {
    let text = match (file, variable) {
        (Some(file), _) => {
            let path = folder.join(file);
            std::fs::read_to_string(&path).map_err(|source| ServerError::SecretFile { path, source })?
        }
        (None, variable) => {
            let name = variable.unwrap_or_default();
            std::env::var(name).map_err(|_| ServerError::SecretEnv { name: name.into() })?
        }
    };
    Ok(SecretString::from(text.trim()))
}
