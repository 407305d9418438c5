//! Why talking to a Logistimo server failed.

use mlatho_model::Finding;

use crate::http::{Own, ServerError};

/// Why talking to a Logistimo server failed.
pub type LogistimoError = ServerError<LogistimoOwn>;

/// What only Logistimo says.
#[derive(Debug, thiserror::Error)]
pub enum LogistimoOwn {
    #[error("the export `{job}` failed: {reason}")]
    ExportFailed { job: u64, reason: String },
    #[error("the export `{job}` was not ready after {seconds} seconds")]
    ExportLate { job: u64, seconds: u64 },
}

impl Own for LogistimoOwn {
    const SYSTEM: &'static str = "Logistimo";

    fn finding(&self) -> Finding {
        match self {
            Self::ExportFailed { job, reason } => {
                Finding::error("logistimo-export-failed").with("job", *job).with("reason", reason.as_str())
            }
            Self::ExportLate { job, seconds } => {
                Finding::error("logistimo-export-late").with("job", *job).with("seconds", *seconds)
            }
        }
    }
}
