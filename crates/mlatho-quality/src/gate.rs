//! The gate: what happens to a line, given what the checks found about it.

use mlatho_model::{Severity, Status};

use crate::QualityFinding;

/// What each severity means for the values of a line. Information never stops a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    pub on_error: Status,
    pub on_warning: Status,
}

impl Default for Gate {
    /// Errors hold the values of the line; doubts pass, marked by their finding.
    fn default() -> Self {
        Self { on_error: Status::Held, on_warning: Status::Accepted }
    }
}

impl Gate {
    /// Decides about one line from all findings about it.
    #[must_use]
    pub fn decide(self, findings: &[QualityFinding]) -> Status {
        match findings.iter().map(|finding| finding.severity).max() {
            Some(Severity::Error) => self.on_error,
            Some(Severity::Warning) => self.on_warning,
            Some(Severity::Info) | None => Status::Accepted,
        }
    }
}
