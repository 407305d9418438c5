//! Delivery to DHIS2: plan, pre-flight, dry run, send, read back, receipts. Numbers of patients for draft requisitions of
//! OpenLMIS have a house of their own in [`requisitions`], under other guards.
//!
//! Nothing is sent that a plan does not show, and nothing counts as delivered that was not read back. What was sent is
//! kept in a [`PublicationLog`], so that a run that was killed anywhere and started again sends only the difference.

mod cells;
mod deliver;
mod export;
mod files;
mod log;
mod memory;
mod names;
mod plan;
mod prepare;
pub mod requisitions;
mod rules;
mod structure;
mod target;
mod wanted;

pub(crate) use cells::{Cell, DeliveredValues, targets};
pub use deliver::{Delivered, PublishProgress, RefusedValue, confirm, dry_run};
pub use export::export;
pub use files::{MAPPINGS_FILE, WrittenCounts, write_all};
pub use log::{BatchId, BatchReceipt, PublicationLog, SentValue};
pub use memory::RepositoryLog;
pub use plan::{Change, ConflictRule, Counts, Kind, Plan, Planner, WantedValue, plan};
pub use prepare::{Blocked, Prepared, Scope, prepare};
pub use rules::Rule;
pub use structure::Structure;
pub use target::{Publication, plan_for};
pub use wanted::WantedCounts;

use mlatho_connect::dhis2::Dhis2Error;

/// Why a publication could not go on. Values sent up to then are in the log; running again sends the rest.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("the target `{target}`")]
    Target {
        target: String,
        #[source]
        source: Dhis2Error,
    },
    #[error("the record of what was sent to `{target}`")]
    Log {
        target: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("a temporary file for what `{target}` holds")]
    Spool {
        target: String,
        #[source]
        source: std::io::Error,
    },
    #[error("nothing may be sent: {}", .0.code)]
    Refused(Box<mlatho_model::Finding>),
    #[error("the user at `{target}` has no org units, so nothing can be compared there")]
    NoOrgUnits { target: String },
}

impl PublishError {
    fn target(target: &str) -> impl FnOnce(Dhis2Error) -> Self {
        move |source| Self::Target { target: target.into(), source }
    }

    fn log<E: std::error::Error + Send + Sync + 'static>(target: &str) -> impl FnOnce(E) -> Self {
        move |source| Self::Log { target: target.into(), source: Box::new(source) }
    }

    /// For the person: the message in the language catalogue with its arguments.
    #[must_use]
    pub fn finding(&self) -> mlatho_model::Finding {
        use mlatho_model::Finding;
        match self {
            Self::Target { source, .. } => source.finding(),
            Self::Log { target, source } => {
                Finding::error("publish-log").with("target", target.as_str()).with("reason", source.to_string())
            }
            Self::Spool { target, source } => {
                Finding::error("publish-spool").with("target", target.as_str()).with("reason", source.to_string())
            }
            Self::Refused(finding) => finding.as_ref().clone(),
            Self::NoOrgUnits { target } => Finding::error("publish-no-org-units").with("target", target.as_str()),
        }
    }
}
