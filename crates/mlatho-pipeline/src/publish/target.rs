//! A publication of a project: from the repository to one of its targets.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use mlatho_connect::dhis2::Client;
use mlatho_model::Finding;
use mlatho_store::Repository;

use super::memory::RepositoryLog;
use super::plan::{Change, ConflictRule, Kind};
use super::prepare::{Prepared, Scope, prepare};
use super::wanted::{Places, WantedCounts, WantedValues};
use super::{PublicationLog, PublishError};
use crate::PipelineError;
use crate::project::{Project, Target};
use crate::release::Cited;

/// A plan for a target, and the connection to carry it out.
pub struct Publication {
    pub client: Client,
    pub prepared: Prepared,
    pub counts: WantedCounts,
    /// The mappings by which the values came about.
    pub cited: Cited,
}

/// Connects to a target and compares what it holds with what the repository has for it.
///
/// # Errors
/// The target has no server or no mapped elements, does not answer or refuses the user, or the repository cannot be
/// read.
pub async fn plan_for(
    project: &Project,
    repository: &Repository,
    target: &Target,
    now: Timestamp,
) -> Result<Publication, PipelineError> {
    let Some(config) = &target.dhis2 else {
        return Err(Finding::error("publish-no-server").with("target", target.name.as_str()).into());
    };
    let mappings = project.mappings()?;
    if mappings.elements.len_of(&target.name) == 0 {
        return Err(Finding::error("publish-no-elements").with("target", target.name.as_str()).into());
    }
    let failed = |error: mlatho_connect::dhis2::Dhis2Error| PipelineError::from(error.finding());
    let credentials = config.credentials(project.root()).map_err(failed)?;
    let mut client = Client::connect(config, credentials).await.map_err(failed)?;
    let cited = Cited::of(project, repository, &mappings).await?;
    client.cite(&cited.header());
    let places = Places::resolve(&client, &mappings.elements, &target.name).await?;
    let current = repository.current(None).await?;
    let log = RepositoryLog::new(repository, now);
    let scope = scope(&current.months()?, &log, &target.name, &places).await?;
    let mut wanted = WantedValues::new(&current, &mappings.elements, &places, &target.name)?;
    let today = now.to_zoned(TimeZone::UTC).date();
    let rule = ConflictRule::default();
    let prepared = prepare(&client, &log, &target.name, &scope, wanted.by_ref(), rule, today).await;
    // A month that could not be read is the cause of whatever else went wrong.
    let held = wanted.held();
    let (counts, bad_org_units) = wanted.finish()?;
    let mut prepared = prepared?;
    // What was delivered stays until somebody has decided about what came after it.
    let waits = |change: &Change| (change.kind == Kind::Withdraw && held.contains(&change.key)).then_some(());
    drop(prepared.plan.take_out(waits));
    prepared.findings.extend(places.findings);
    prepared.findings.extend(bad_org_units);
    prepared.findings.extend(mappings.findings);
    prepared.findings.extend(cited.finding());
    prepared.refusal = target.released_only.then(|| cited.refusal(&target.name)).flatten();
    Ok(Publication { client, prepared, counts, cited })
}

/// The data sets of the target's elements, over all months that the repository holds or that something was sent for.
async fn scope(
    months: &[mlatho_model::Period],
    log: &RepositoryLog<'_>,
    target: &str,
    places: &Places,
) -> Result<Scope, PipelineError> {
    let mut start = months.first().map(|month| month.start());
    // A period that starts in the last month may be as long as a year.
    let mut end = months.last().map(|month| month.end().saturating_add(1.year()));
    let mut widen = |sent: super::SentValue| {
        let period = sent.key.period;
        start = start.map(|start| start.min(period.start())).or(Some(period.start()));
        end = end.map(|end| end.max(period.end())).or(Some(period.end()));
    };
    log.load(target, &mut widen).await.map_err(PublishError::log(target))?;
    let none = || Finding::error("publish-nothing").with("target", target);
    let (start, end) = start.zip(end).ok_or_else(none)?;
    Ok(Scope { data_sets: places.data_sets(), start, end })
}
