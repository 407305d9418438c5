//! The repository of a project, and what is asked of it.

use mlatho_model::Finding;

pub use mlatho_store::{Answer, AsOf, ParquetRecords, Repository, StoreError};

use crate::PipelineError;
use crate::project::Project;

impl Project {
    /// Opens the repository that the project has.
    ///
    /// # Errors
    /// There is none yet, or it cannot be opened.
    pub async fn open_repository(&self) -> Result<Repository, PipelineError> {
        let url = self.catalogue_url()?;
        Ok(Repository::open_existing(&self.data_dir(), url.as_deref()).await?)
    }

    /// Opens the repository, made where there is none.
    ///
    /// # Errors
    /// It cannot be made or opened.
    pub async fn make_repository(&self) -> Result<Repository, PipelineError> {
        let url = self.catalogue_url()?;
        Ok(Repository::open(&self.data_dir(), url.as_deref()).await?)
    }

    /// The address of the catalogue, from the environment variable that the project file names. None: SQLite.
    ///
    /// # Errors
    /// The variable is not set.
    #[expect(clippy::disallowed_methods, reason = "the configuration names the variable")]
    pub fn catalogue_url(&self) -> Result<Option<String>, PipelineError> {
        let Some(name) = &self.config().catalogue_url_env else { return Ok(None) };
        let missing = |_| Finding::error("catalogue-url-unset").with("variable", name.as_str());
        Ok(Some(std::env::var(name).map_err(missing)?))
    }
}
