//! The door: what others hand over to a running server, without being asked.
//!
//! Nothing comes in without the secret of a source. What comes is kept before it is answered, and is kept once however
//! often it is handed over. Persons stay outside: telephone numbers and names in messages, resources about patients.

mod documents;
mod messages;

use std::path::PathBuf;

use mlatho_connect::secret;
use mlatho_model::Finding;
use mlatho_store::Repository;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;

use crate::PipelineError;
use crate::project::{Project, Source};

pub use documents::{Admitted, LARGEST_BODY};
pub use messages::Handed;
pub(crate) use messages::logs;

/// Where the sources of a project stand open.
#[derive(Debug)]
pub struct Door {
    project: Project,
    /// Opened when the first document comes.
    repository: OnceCell<Repository>,
}

/// Why something is not taken.
#[derive(Debug)]
pub enum Refused {
    /// No source of that name, or not with this secret: which of both is nobody's business.
    Secret,
    /// It is larger than allowed, as it comes or unpacked.
    TooLarge,
    /// It cannot be taken; the finding says why.
    Bad(Finding),
    /// A gateway tells of something other than a message, which needs no answer.
    NoMessage,
    /// It should have been taken and could not be; handing it over again later may help.
    Failed(PipelineError),
}

impl From<PipelineError> for Refused {
    fn from(error: PipelineError) -> Self {
        Self::Failed(error)
    }
}

impl Door {
    #[must_use]
    pub fn new(project: Project) -> Self {
        Self { project, repository: OnceCell::new() }
    }

    #[must_use]
    pub fn project(&self) -> &Project {
        &self.project
    }

    async fn repository(&self) -> Result<&Repository, PipelineError> {
        self.repository.get_or_try_init(|| self.project.make_repository()).await
    }

    /// The secret of the settings, if it is the one that was shown. A source without one stands shut.
    fn secret(&self, shown: &str, file: Option<&PathBuf>, variable: Option<&str>) -> Option<SecretString> {
        match read(&self.project, file, variable) {
            // Hashes are compared in the same time wherever they differ.
            Ok(secret) => {
                (blake3::hash(shown.as_bytes()) == blake3::hash(secret.expose_secret().as_bytes())).then_some(secret)
            }
            Err(finding) => {
                tracing::error!(code = finding.code, args = ?finding.args, "a source stands shut: it has no secret");
                None
            }
        }
    }
}

/// The secret of a gateway or a sender.
pub(crate) fn read(project: &Project, file: Option<&PathBuf>, variable: Option<&str>) -> Result<SecretString, Finding> {
    if mlatho_connect::places(file.map(PathBuf::as_path), variable) != 1 {
        return Err(Finding::error("door-one-secret"));
    }
    let found = secret(project.root(), file.map(PathBuf::as_path), variable).map_err(|error| error.finding())?;
    if found.expose_secret().is_empty() { Err(Finding::error("door-empty-secret")) } else { Ok(found) }
}

/// The source of that name.
fn source<'p>(project: &'p Project, name: &str) -> Option<&'p Source> {
    project.config().sources.iter().find(|source| source.name.as_str() == name)
}
