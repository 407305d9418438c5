//! The DHIS2 and OpenLMIS servers of sources and targets: do they answer, and what may we do there?

use futures::future::join_all;
use mlatho_connect::dhis2::{Client, Config, Dhis2Error, Engine};
use mlatho_connect::openlmis::{self, OpenlmisError, OpenlmisOwn};
use mlatho_model::Finding;

use super::{CheckReport, Detail, Part};
use crate::project::{FILE, Project, shown};

/// Signs in to all servers at once; a server that does not answer takes the time of its repetitions.
pub(super) async fn check(project: &Project, report: &mut CheckReport) {
    let config = project.config();
    let sources =
        config.sources.iter().filter_map(|source| Some((source.name.as_str(), &source.dhis2.as_ref()?.server)));
    let targets = config.targets.iter().filter_map(|target| Some((target.name.as_str(), target.dhis2.as_ref()?)));
    let servers = sources.map(|server| (server, false)).chain(targets.map(|server| (server, true)));
    let asked =
        servers.map(|((name, server), written)| async move { (name, connect(project, name, server, written).await) });
    for (name, (detail, found)) in join_all(asked).await {
        report.add(Part::Server, name, detail, found);
    }
    let none: &[String] = &[];
    let sources = config.sources.iter().filter_map(|source| {
        let pull = source.openlmis.as_ref()?;
        Some((source.name.as_str(), &pull.server, pull.programs.as_slice()))
    });
    let targets =
        config.targets.iter().filter_map(|target| Some((&*target.name, &target.openlmis.as_ref()?.server, none)));
    let asked = sources
        .chain(targets)
        .map(|(name, server, programs)| async move { (name, openlmis_server(project, server, programs).await) });
    for (name, (detail, found)) in join_all(asked).await {
        report.add(Part::Server, name, detail, found);
    }
}

/// Signs in to an OpenLMIS server and looks for the programs that are asked for.
async fn openlmis_server(
    project: &Project,
    server: &openlmis::Config,
    programs: &[String],
) -> (Option<Detail>, Vec<Finding>) {
    let connected: Result<openlmis::Client, OpenlmisError> = async {
        let credentials = server.credentials(&project.path("".as_ref()))?;
        openlmis::Client::connect(server, credentials).await
    }
    .await;
    match connected {
        Ok(client) => {
            let known = |code: &&String| client.programs().iter().any(|own| own.code.eq_ignore_ascii_case(code.trim()));
            let unknown = programs.iter().filter(|code| !known(code));
            let found = unknown.map(|code| OpenlmisError::Own(OpenlmisOwn::Program { code: code.clone() }).finding());
            let args = vec![("url", client.base_url().into()), ("programs", client.programs().len().into())];
            (Some(("check-openlmis", args)), found.map(|finding| finding.in_file(client.base_url())).collect())
        }
        Err(error) => {
            let place = server.base_url().map_or_else(|_| shown(&project.path(FILE.as_ref())), String::from);
            (None, vec![error.finding().in_file(&place)])
        }
    }
}

async fn connect(project: &Project, name: &str, server: &Config, written: bool) -> (Option<Detail>, Vec<Finding>) {
    match sign_in(project, server).await {
        Ok(client) => (Some(detail(&client)), if written { doubts(&client, name) } else { Vec::new() }),
        Err(error) => {
            let place = server.base_url().map_or_else(|_| shown(&project.path(FILE.as_ref())), String::from);
            (None, vec![error.finding().in_file(&place)])
        }
    }
}

async fn sign_in(project: &Project, server: &Config) -> Result<Client, Dhis2Error> {
    Client::connect(server, server.credentials(&project.path("".as_ref()))?).await
}

fn detail(client: &Client) -> Detail {
    let engine = match client.engine() {
        Engine::A => "A",
        Engine::B => "B",
    };
    let may_not = client.findings().iter().any(|finding| finding.code == "dhis2-no-data-authority");
    let may_write = if may_not { "no" } else { "yes" };
    let args = vec![
        ("url", client.base_url().into()),
        ("version", client.version().to_string().into()),
        ("engine", engine.into()),
        ("user", client.me().id.as_deref().unwrap_or("–").into()),
        ("may_write", may_write.into()),
    ];
    ("check-server", args)
}

/// What stands against writing. Where values are only read it does not matter.
fn doubts(client: &Client, target: &str) -> Vec<Finding> {
    let refused = client.writable().err().map(|error| error.finding());
    let doubted = client.findings().iter().filter(|doubt| refused.as_ref().is_none_or(|one| one.code != doubt.code));
    let mut found: Vec<Finding> = doubted.cloned().chain(refused.clone()).collect();
    if client.me().organisation_units.is_empty() && client.me().data_view_organisation_units.is_empty() {
        found.push(Finding::warning("publish-no-org-units").with("target", target));
    }
    found.into_iter().map(|finding| finding.in_file(client.base_url())).collect()
}
