//! Why the repository could not do what was asked.

use std::path::{Path, PathBuf};

use arrow::error::ArrowError;
use datafusion::error::DataFusionError;

/// One variant per kind of failed step, naming its subject. For the operator: no secrets, no row contents.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{doing} `{}`", path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{doing} in the catalogue")]
    Catalogue {
        doing: &'static str,
        #[source]
        source: sea_orm::DbErr,
    },
    #[error("{doing} the table `{table}`")]
    Table {
        doing: &'static str,
        table: &'static str,
        #[source]
        source: Box<deltalake::DeltaTableError>,
    },
    #[error("{doing} `{}`", path.display())]
    Parquet {
        doing: &'static str,
        path: PathBuf,
        #[source]
        source: parquet::errors::ParquetError,
    },
    #[error("the query")]
    Query(#[source] Box<DataFusionError>),
    #[error("writing the answer")]
    Answer(#[from] ArrowError),
    #[error("`{}` holds no repository; run `mlatho run` in the project first", path.display())]
    NoRepository { path: PathBuf },
    #[error("another process is writing to `{}`; wait for it to end", path.display())]
    Busy { path: PathBuf },
    #[error("the catalogue address must start with sqlite: or postgres:")]
    BadCatalogueAddress,
    #[error("receipt {id} is not in the landing area")]
    NoReceipt { id: mlatho_model::ReceiptId },
    #[error("the bytes of receipt {id} are no longer those that arrived")]
    ReceiptChanged { id: mlatho_model::ReceiptId },
    #[error("the repository is damaged: {what}")]
    Damaged { what: String },
    #[error("`{}` is not empty", path.display())]
    NotEmpty { path: PathBuf },
    #[error("`{}` is not as it was copied", path.display())]
    BadCopy { path: PathBuf },
    #[error("`{}` was made by a newer program", path.display())]
    NewerCopy { path: PathBuf },
    #[error("the tables as of then were removed as outdated")]
    Outdated,
    #[error("no run had finished at the asked time or version")]
    BeforeFirstRun,
}

impl StoreError {
    /// What is wrong with a query, where the query itself is at fault: it is no SQL, names what is not there, does
    /// more than read, or asks for what cannot be computed.
    #[must_use]
    pub fn bad_query(&self) -> Option<String> {
        let Self::Query(source) = self else { return None };
        let root = source.find_root();
        let at_fault = match root {
            DataFusionError::SQL(..)
            | DataFusionError::Plan(_)
            | DataFusionError::SchemaError(..)
            | DataFusionError::NotImplemented(_)
            | DataFusionError::Execution(_)
            | DataFusionError::ResourcesExhausted(_) => true,
            DataFusionError::ArrowError(error, _) => {
                !matches!(**error, ArrowError::IoError(..) | ArrowError::ParquetError(_) | ArrowError::ExternalError(_))
            }
            _ => false,
        };
        at_fault.then(|| root.strip_backtrace())
    }

    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { doing, path: path.into(), source }
    }

    pub(crate) fn db(doing: &'static str) -> impl FnOnce(sea_orm::DbErr) -> Self {
        move |source| Self::Catalogue { doing, source }
    }

    pub(crate) fn table(doing: &'static str, table: &'static str) -> impl FnOnce(deltalake::DeltaTableError) -> Self {
        move |source| Self::Table { doing, table, source: Box::new(source) }
    }

    pub(crate) fn parquet(doing: &'static str, path: &Path) -> impl FnOnce(parquet::errors::ParquetError) -> Self {
        move |source| Self::Parquet { doing, path: path.into(), source }
    }

    pub(crate) fn query(source: DataFusionError) -> Self {
        Self::Query(Box::new(source))
    }

    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }
}

pub(crate) type Result<T, E = StoreError> = std::result::Result<T, E>;
