//! The servers of sources and targets: do they answer, and what may we do there?

use futures::future::join_all;
use mlatho_connect::dhis2::{Client, Config, Dhis2Error, Engine};
use mlatho_connect::elmis::{self, ElmisError, ElmisOwn};
use mlatho_connect::openlmis::{self, OpenlmisError, OpenlmisOwn};
use mlatho_connect::{Own, ServerError, logistimo};
use mlatho_model::Finding;

use super::{CheckReport, Detail, Part};
use crate::project::{FILE, Project, Source, shown};

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
    let asked = config.sources.iter().map(|source| async move { (source.name.as_str(), lmis(project, source).await) });
    for (name, answer) in join_all(asked).await {
        if let Some((detail, found)) = answer {
            report.add(Part::Server, name, detail, found);
        }
    }
    let written = config.targets.iter().filter_map(|target| Some((&*target.name, target.openlmis.as_ref()?)));
    let asked =
        written.map(|(name, target)| async move { (name, openlmis_server(project, &target.server, &[]).await) });
    for (name, (detail, found)) in join_all(asked).await {
        report.add(Part::Server, name, detail, found);
    }
    let written = config.targets.iter().filter_map(|target| Some((&*target.name, target.elmis.as_ref()?)));
    let asked = written.map(|(name, target)| async move { (name, elmis_server(project, &target.server, &[]).await) });
    for (name, (detail, found)) in join_all(asked).await {
        report.add(Part::Server, name, detail, found);
    }
}

type Answer = (Option<Detail>, Vec<Finding>);

/// The LMIS server of a source, if it has one.
async fn lmis(project: &Project, source: &Source) -> Option<Answer> {
    if let Some(pull) = &source.openlmis {
        Some(openlmis_server(project, &pull.server, &pull.programs).await)
    } else if let Some(pull) = &source.elmis {
        Some(elmis_server(project, &pull.server, &pull.programs).await)
    } else if let Some(pull) = &source.logistimo {
        Some(logistimo_server(project, &pull.server).await)
    } else {
        None
    }
}

/// Signs in to an OpenLMIS server and looks for the programs that are asked for.
async fn openlmis_server(project: &Project, server: &openlmis::Config, asked: &[String]) -> Answer {
    let connected = async {
        let credentials = server.credentials(&project.path("".as_ref()))?;
        openlmis::Client::connect(server, credentials).await
    };
    match connected.await {
        Ok(client) => {
            let known: Vec<&str> = client.programs().iter().map(|own| own.code.as_str()).collect();
            let unknown = |code: String| OpenlmisError::Own(OpenlmisOwn::Program { code }).finding();
            programs("OpenLMIS", client.base_url(), &known, asked, unknown)
        }
        Err(error) => refused(project, server.base_url().ok().map(String::from), &error),
    }
}

async fn elmis_server(project: &Project, server: &elmis::Config, asked: &[String]) -> Answer {
    let connected = async {
        let password = server.password(&project.path("".as_ref()))?;
        elmis::Client::connect(server, password).await
    };
    match connected.await {
        Ok(client) => {
            let known: Vec<&str> = client.programs().iter().map(|own| own.code.as_str()).collect();
            let unknown = |code: String| ElmisError::Own(ElmisOwn::Program { code }).finding();
            programs("eLMIS", client.base_url(), &known, asked, unknown)
        }
        Err(error) => refused(project, server.base_url().ok().map(String::from), &error),
    }
}

async fn logistimo_server(project: &Project, server: &logistimo::Config) -> Answer {
    let connected = async {
        let password = server.password(&project.path("".as_ref()))?;
        logistimo::Client::connect(server, password).await
    };
    match connected.await {
        Ok(client) => {
            let args = vec![("url", client.base_url().into()), ("entities", client.entities().values.len().into())];
            (Some(("check-logistimo", args)), Vec::new())
        }
        Err(error) => refused(project, server.base_url().ok().map(String::from), &error),
    }
}

/// A server that has these programs, and which of those that are asked for it does not have.
fn programs(system: &str, url: &str, known: &[&str], asked: &[String], unknown: impl Fn(String) -> Finding) -> Answer {
    let lacking = asked.iter().filter(|code| !known.iter().any(|own| own.eq_ignore_ascii_case(code.trim())));
    let args = vec![("system", system.into()), ("url", url.into()), ("programs", known.len().into())];
    (Some(("check-lmis", args)), lacking.map(|code| unknown(code.clone()).in_file(url)).collect())
}

/// A server that did not let us in.
fn refused<O: Own>(project: &Project, url: Option<String>, error: &ServerError<O>) -> Answer {
    let place = url.unwrap_or_else(|| shown(&project.path(FILE.as_ref())));
    (None, vec![error.finding().in_file(&place)])
}

async fn connect(project: &Project, name: &str, server: &Config, written: bool) -> Answer {
    match sign_in(project, server).await {
        Ok(client) => (Some(detail(&client)), if written { doubts(&client, name) } else { Vec::new() }),
        Err(error) => refused(project, server.base_url().ok().map(String::from), &error),
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
