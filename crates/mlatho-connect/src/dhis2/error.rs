//! Why talking to a DHIS2 server failed.

use mlatho_model::Finding;

use super::Version;
use crate::http::{Own, ServerError};

/// Why talking to a DHIS2 server failed.
pub type Dhis2Error = ServerError<Dhis2Own>;

/// What only DHIS2 says.
#[derive(Debug, thiserror::Error)]
pub enum Dhis2Own {
    #[error("writing what `{path}` gave")]
    Write {
        path: String,
        #[source]
        source: std::io::Error,
    },
    #[error("DHIS2 {version} is too old to be written to; 2.38 is the oldest")]
    TooOld { version: Version },
    #[error("the server's calendar is `{calendar}`; values are sent only to servers with the ISO calendar")]
    Calendar { calendar: String },
}

impl Own for Dhis2Own {
    const SYSTEM: &'static str = "DHIS2";

    fn finding(&self) -> Finding {
        match self {
            Self::Write { path, .. } => Finding::error("dhis2-write").with("path", path.as_str()),
            Self::TooOld { version } => Finding::error("dhis2-too-old").with("version", version.to_string()),
            Self::Calendar { calendar } => Finding::error("dhis2-calendar").with("calendar", calendar.as_str()),
        }
    }
}
