//! Why talking to an OpenHIM failed.

use mlatho_model::Finding;

use crate::http::{Own, ServerError};

/// Why talking to an OpenHIM failed.
pub type OpenhimError = ServerError<OpenhimOwn>;

/// What only an OpenHIM says.
#[derive(Debug, thiserror::Error)]
pub enum OpenhimOwn {
    #[error("the certificate in `{file}` cannot be used")]
    Certificate { file: String },
}

impl Own for OpenhimOwn {
    const SYSTEM: &'static str = "OpenHIM";

    fn finding(&self) -> Finding {
        match self {
            Self::Certificate { file } => Finding::error("openhim-certificate").with("path", file.as_str()),
        }
    }
}
