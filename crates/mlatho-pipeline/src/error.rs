//! Why a command of the pipeline could not go on.

use std::path::PathBuf;

use mlatho_model::Finding;
use mlatho_store::StoreError;

use crate::publish::PublishError;

/// Either the input needs a person, or something failed that should not have.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The message for the person is the finding's, from the language catalogue.
    #[error("{} in `{}`", .0.code, .0.place.file)]
    Person(Box<Finding>),
    #[error("{doing} `{}`", path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PipelineError {
    /// For `map_err` on file operations.
    pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }
}

impl From<Finding> for PipelineError {
    fn from(finding: Finding) -> Self {
        Self::Person(Box::new(finding))
    }
}

impl From<PublishError> for PipelineError {
    fn from(error: PublishError) -> Self {
        error.finding().into()
    }
}
