//! Why a command of the pipeline could not go on.

use std::error::Error;
use std::io::ErrorKind;
use std::path::PathBuf;

use mlatho_connect::{Own, ServerError};
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
    /// What a person can do about it; nothing where it should not have happened.
    #[must_use]
    pub fn finding(&self) -> Option<Finding> {
        match self {
            Self::Person(finding) => Some(finding.as_ref().clone()),
            Self::Io { path, source, .. } | Self::Store(StoreError::Io { path, source, .. }) => of_file(source.kind())
                .then(|| {
                    let finding = Finding::error("file-unusable").in_file(&path.display().to_string());
                    finding.with("reason", source.to_string())
                }),
            // What the disk refuses is no damage.
            Self::Store(error) => of_disk(self).or_else(|| of_store(error)),
        }
        .or_else(|| of_disk(self))
    }

    /// For `map_err` on file operations.
    pub fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }
}

impl<O: Own> From<ServerError<O>> for PipelineError {
    fn from(error: ServerError<O>) -> Self {
        error.finding().into()
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

/// Whether the name of a file or the rights on it are at fault.
const fn of_file(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::IsADirectory | ErrorKind::NotADirectory
    )
}

/// A disk that takes no more, or nothing at all, wherever that was noticed. What was kept until then is whole, and the
/// next run goes on from there.
fn of_disk(error: &PipelineError) -> Option<Finding> {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        let by_kind = error.downcast_ref::<std::io::Error>().is_some_and(|error| {
            matches!(
                error.kind(),
                ErrorKind::StorageFull
                    | ErrorKind::QuotaExceeded
                    | ErrorKind::FileTooLarge
                    | ErrorKind::ReadOnlyFilesystem
                    | ErrorKind::PermissionDenied
            )
        });
        let text = error.to_string();
        // The database and the tables tell it in words.
        let words = [
            "disk is full",
            "disk I/O error",
            "readonly database",
            "File too large",
            "No space left",
            "Read-only file system",
        ];
        if by_kind || words.iter().any(|word| text.contains(word)) {
            return Some(Finding::error("disk-unwritable").with("reason", text));
        }
        cause = error.source();
    }
    None
}

fn of_store(error: &StoreError) -> Option<Finding> {
    Some(match error {
        StoreError::NoRepository { path } => {
            Finding::error("repository-missing").with("path", path.display().to_string())
        }
        StoreError::Busy { path } => Finding::error("repository-busy").with("path", path.display().to_string()),
        StoreError::BadCatalogueAddress => Finding::error("catalogue-address"),
        StoreError::Parquet { path, source, .. } => damaged(format!("{}: {source}", path.display())),
        StoreError::Damaged { .. } | StoreError::ReceiptChanged { .. } | StoreError::NoReceipt { .. } => {
            damaged(error.to_string())
        }
        StoreError::NotEmpty { path } => {
            Finding::error("repository-not-empty").with("path", path.display().to_string())
        }
        StoreError::BadCopy { path } => Finding::error("copy-changed").in_file(&path.display().to_string()),
        StoreError::NewerCopy { path } => Finding::error("copy-newer").in_file(&path.display().to_string()),
        StoreError::Outdated => Finding::error("past-removed"),
        StoreError::BeforeFirstRun => Finding::error("before-first-run"),
        error => Finding::error("bad-query").with("reason", error.bad_query()?),
    })
}

/// Something that is kept is not as it was written.
fn damaged(what: String) -> Finding {
    Finding::error("repository-damaged").with("what", what)
}
