//! Being a mediator of an OpenHIM for as long as the server runs.

use std::time::Duration;

use mlatho_connect::openhim::{self, Client, Endpoint, Mediator, OpenhimError};
use mlatho_model::Finding;
use url::Url;

use crate::PipelineError;
use crate::project::{OpenHim, Project};

pub use openhim::{MEDIA_TYPE, TRANSACTION, reply};

/// Between two heartbeats. An OpenHIM counts a mediator as lost after a minute.
const BETWEEN: Duration = Duration::from_secs(10);

/// Registers at the OpenHIM of a project and says every ten seconds that we are alive, without end. Where the project has
/// none, it waits without end. What fails is logged and tried again.
///
/// `uptime` says how long the server has been running.
///
/// # Errors
/// The settings are wrong, or the password or certificate cannot be read.
pub async fn stay_registered(
    project: &Project,
    uptime: impl Fn() -> Duration + Send,
) -> Result<std::convert::Infallible, PipelineError> {
    let Some(settings) = &project.config().openhim else { return std::future::pending().await };
    let client = client(project, settings)?;
    let mediator = mediator(project, settings)?;
    let mut known = false;
    loop {
        let said = if known {
            client.heartbeat(&mediator.urn, uptime(), false).await
        } else {
            client.register(&mediator, uptime()).await
        };
        match said {
            Ok(configuration) => {
                if !known {
                    tracing::info!(server = client.base_url(), urn = mediator.urn, "registered as a mediator");
                }
                if configuration.is_some() {
                    // We declare nothing that can be set there.
                    tracing::warn!(server = client.base_url(), "a configuration was set there; it is not used");
                }
                known = true;
            }
            Err(error) => {
                known &= !matches!(error, OpenhimError::NotFound { .. });
                let finding = error.finding();
                tracing::warn!(server = client.base_url(), code = finding.code, %error, "OpenHIM does not hear us");
            }
        }
        tokio::time::sleep(BETWEEN).await;
    }
}

pub(crate) fn client(project: &Project, settings: &OpenHim) -> Result<Client, PipelineError> {
    let password = settings.server.password(project.root())?;
    Ok(Client::new(&settings.server, project.root(), password)?)
}

/// What is registered: an endpoint for each source that documents are posted to.
pub(crate) fn mediator(project: &Project, settings: &OpenHim) -> Result<Mediator, PipelineError> {
    let bad = || Finding::error("openhim-own-url").with("url", settings.own_url.as_str());
    let url = Url::parse(&settings.own_url).map_err(|_| bad())?;
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return Err(bad().into()) };
    let base = url.path().trim_end_matches('/');
    let sources = project.config().sources.iter().filter(|source| !source.senders.is_empty());
    let endpoint = |source: &crate::project::Source| {
        let name: String = url::form_urlencoded::byte_serialize(source.name.as_str().as_bytes()).collect();
        Endpoint {
            name: source.name.to_string(),
            host: host.to_owned(),
            port,
            path: format!("{base}/receive/{}", name.replace('+', "%20")),
            kind: if url.scheme() == "https" { "https" } else { "http" },
        }
    };
    let endpoints: Vec<Endpoint> = sources.map(endpoint).collect();
    if endpoints.is_empty() {
        return Err(Finding::error("openhim-no-senders").into());
    }
    Ok(Mediator {
        urn: settings.urn.clone(),
        version: env!("CARGO_PKG_VERSION").into(),
        name: project.config().name.clone(),
        endpoints,
    })
}
