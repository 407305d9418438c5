//! Why talking to an OpenLMIS server failed.

use mlatho_model::Finding;

use crate::http::{Own, ServerError};

/// Why talking to an OpenLMIS server failed.
pub type OpenlmisError = ServerError<OpenlmisOwn>;

/// What only OpenLMIS says.
#[derive(Debug, thiserror::Error)]
pub enum OpenlmisOwn {
    #[error("the program `{code}` is not known to the server")]
    Program { code: String },
}

impl Own for OpenlmisOwn {
    const SYSTEM: &'static str = "OpenLMIS";

    fn finding(&self) -> Finding {
        match self {
            Self::Program { code } => Finding::error("openlmis-program").with("code", code.as_str()),
        }
    }
}
