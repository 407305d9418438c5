//! The server of a target, whatever its version, and the drafts that were read there.

use std::collections::BTreeSet;

use mlatho_connect::openlmis::write::{Cell, Drafts, Plan, Planned, Receipt, Sent, Wanted, plan};
use mlatho_connect::{Own, ServerError, elmis, openlmis};
use mlatho_model::{Finding, SourceName};

use crate::PipelineError;
use crate::project::{Project, Target};

/// What a target says of its requisitions.
pub(super) struct Settings<'a> {
    pub(super) source: &'a SourceName,
    pub(super) write: bool,
}

impl<'a> Settings<'a> {
    /// Of a target that has one such server and no other.
    ///
    /// # Errors
    /// There are several servers, or none of requisitions.
    pub(super) fn of(target: &'a Target) -> Result<Self, Finding> {
        if let Some(finding) = target.two_servers() {
            return Err(finding);
        }
        let openlmis = target.openlmis.as_ref().map(|own| Self { source: &own.source, write: own.write });
        let elmis = || target.elmis.as_ref().map(|own| Self { source: &own.source, write: own.write });
        let none = || Finding::error("publish-no-server").with("target", target.name.as_str());
        openlmis.or_else(elmis).ok_or_else(none)
    }
}

/// A connection, with the drafts that hold the cells of a plan.
pub(super) enum Server {
    Openlmis(openlmis::Client, Drafts<openlmis::write::Draft>),
    Elmis(elmis::Client, Drafts<elmis::write::Draft>),
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(super) fn failed<O: Own>(error: ServerError<O>) -> PipelineError {
    error.finding().into()
}

impl Server {
    /// Signs in and reads the drafts. `cited` goes with everything that is written.
    pub(super) async fn read(
        project: &Project,
        target: &Target,
        cells: &BTreeSet<Cell>,
        cited: &str,
    ) -> Result<Self, PipelineError> {
        if let Some(settings) = &target.elmis {
            let password = settings.server.password(project.root()).map_err(failed)?;
            let mut client = elmis::Client::connect(&settings.server, password).await.map_err(failed)?;
            client.cite(cited);
            let drafts = client.drafts(cells).await.map_err(failed)?;
            return Ok(Self::Elmis(client, drafts));
        }
        let none = || Finding::error("publish-no-server").with("target", target.name.as_str());
        let settings = target.openlmis.as_ref().ok_or_else(none)?;
        let credentials = settings.server.credentials(project.root()).map_err(failed)?;
        let mut client = openlmis::Client::connect(&settings.server, credentials).await.map_err(failed)?;
        client.cite(cited);
        let drafts = client.drafts(cells).await.map_err(failed)?;
        Ok(Self::Openlmis(client, drafts))
    }

    /// What could not be read.
    pub(super) fn findings(&self) -> &[Finding] {
        match self {
            Self::Openlmis(_, drafts) => &drafts.findings,
            Self::Elmis(_, drafts) => &drafts.findings,
        }
    }

    pub(super) fn plan(&self, wanted: &[Wanted], sent: &Sent) -> Plan {
        match self {
            Self::Openlmis(_, drafts) => plan(drafts, wanted, sent),
            Self::Elmis(_, drafts) => plan(drafts, wanted, sent),
        }
    }

    pub(super) async fn write(&self, planned: &Planned) -> Result<Receipt, PipelineError> {
        match self {
            Self::Openlmis(client, drafts) => client.write(drafts, planned).await.map_err(failed),
            Self::Elmis(client, drafts) => client.write(drafts, planned).await.map_err(failed),
        }
    }
}
