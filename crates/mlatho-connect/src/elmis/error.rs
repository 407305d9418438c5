//! Why talking to an eLMIS server failed.

use mlatho_model::Finding;

use crate::http::{Own, ServerError};

/// Why talking to an eLMIS server failed.
pub type ElmisError = ServerError<ElmisOwn>;

/// What only eLMIS says.
#[derive(Debug, thiserror::Error)]
pub enum ElmisOwn {
    #[error("the program `{code}` is not known to the server")]
    Program { code: String },
}

impl Own for ElmisOwn {
    const SYSTEM: &'static str = "eLMIS";

    fn finding(&self) -> Finding {
        match self {
            Self::Program { code } => Finding::error("elmis-program").with("code", code.as_str()),
        }
    }
}
