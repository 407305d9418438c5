//! From what is wanted to a plan that the target will accept.

use std::collections::BTreeSet;
use std::io::{BufReader, Seek};

use jiff::civil::Date;
use mlatho_connect::dhis2::{Client, DataValue, Dhis2Error, ValueKey, ValueQuery, read_values};
use mlatho_model::{Finding, Uid};

use super::PublishError;
use super::log::PublicationLog;
use super::plan::{Change, ConflictRule, Plan, Planner, WantedValue};
use super::rules::Rule;
use super::structure::Structure;

/// What a publication is about: only there is the target read, and only there are values withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    pub data_sets: BTreeSet<Uid>,
    /// First day of the periods.
    pub start: Date,
    /// Last day of the periods.
    pub end: Date,
}

impl Scope {
    /// Whether a value lies within: its data set, and its whole period.
    #[must_use]
    pub fn contains(&self, data_set: Uid, key: &ValueKey) -> bool {
        self.data_sets.contains(&data_set) && key.period.start() >= self.start && key.period.end() <= self.end
    }
}

/// A value that is not sent because the server would refuse it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    pub change: Change,
    pub rule: Rule,
}

/// A plan after pre-flight, ready to be shown, tried and confirmed.
#[derive(Debug)]
pub struct Prepared {
    pub target: String,
    /// Without the blocked values.
    pub plan: Plan,
    pub blocked: Vec<Blocked>,
    /// What is doubtful about the server, the scope or a data set.
    pub findings: Vec<Finding>,
    /// Why nothing may be sent, whatever the plan is.
    pub refusal: Option<Finding>,
}

/// Reads what the target holds and what was sent, compares, and takes out what the server would refuse.
///
/// Wanted values outside the scope are left out and counted in a finding. `today` serves where the server does not say
/// what day it has.
///
/// # Errors
/// The target cannot be read or may not be written to, or the log cannot be read.
pub async fn prepare<L: PublicationLog>(
    client: &Client,
    log: &L,
    target: &str,
    scope: &Scope,
    wanted: impl IntoIterator<Item = WantedValue>,
    rule: ConflictRule,
    today: Date,
) -> Result<Prepared, PublishError> {
    client.writable().map_err(PublishError::target(target))?;
    let mut findings = client.findings().to_vec();
    let mut planner = Planner::default();
    let mut outside = 0u64;
    for value in wanted {
        if scope.contains(value.data_set, &value.key) {
            planner.wants(&value);
        } else {
            outside += 1;
        }
    }
    if outside > 0 {
        findings.push(Finding::warning("publish-outside-scope").with("count", outside));
    }
    log.load(target, &mut |sent| {
        if scope.contains(sent.data_set, &sent.key) {
            planner.sent(&sent);
        }
    })
    .await
    .map_err(PublishError::log(target))?;
    // The data sets first: asking for the values of one that the server does not know would fail.
    let structure = Structure::of_data_sets(client, &scope.data_sets).await.map_err(PublishError::target(target))?;
    for &data_set in structure.data_sets.keys() {
        let unread = held(client, target, scope, data_set, &mut |value| planner.holds(data_set, &value)).await?;
        if unread > 0 {
            findings.push(Finding::warning("publish-held-unread").with("count", unread));
        }
    }
    let mut plan = planner.finish();
    plan.resolve(rule);
    let blocked = preflight(client, target, structure, &mut plan, &mut findings, today).await?;
    Ok(Prepared { target: target.into(), plan, blocked, findings, refusal: None })
}

/// Takes out of the plan what the server would refuse.
async fn preflight(
    client: &Client,
    target: &str,
    mut structure: Structure,
    plan: &mut Plan,
    findings: &mut Vec<Finding>,
    today: Date,
) -> Result<Vec<Blocked>, PublishError> {
    let units: BTreeSet<Uid> = plan.to_send().map(|change| change.key.org_unit).collect();
    structure.add_org_units(client, &units).await.map_err(PublishError::target(target))?;
    if structure.version.inverts_input_periods() {
        let held = structure.data_sets.values().filter(|set| !set.input_periods.is_empty());
        findings.extend(held.map(|set| {
            let finding = Finding::warning("publish-input-periods").with("data_set", set.name.as_str());
            finding.with("version", structure.version.to_string())
        }));
    }
    let today = server_day(client).unwrap_or(today);
    structure.add_locks(client, plan, today, findings).await.map_err(PublishError::target(target))?;
    let taken = plan.take_out(|change| structure.refuses(change, today));
    Ok(taken.into_iter().map(|(change, rule)| Blocked { change, rule }).collect())
}

/// The server's today, by which it opens and closes periods.
fn server_day(client: &Client) -> Option<Date> {
    client.info().server_date.as_deref()?.get(..10)?.parse().ok()
}

/// Gives every value that the target holds in a data set of the scope. Returns how many could not be read.
async fn held(
    client: &Client,
    target: &str,
    scope: &Scope,
    data_set: Uid,
    take: &mut (dyn FnMut(DataValue) + Send),
) -> Result<u64, PublishError> {
    let me = client.me();
    let roots = [&me.organisation_units, &me.data_view_organisation_units].into_iter().find(|units| !units.is_empty());
    let Some(roots) = roots else { return Err(PublishError::NoOrgUnits { target: target.into() }) };
    let query = ValueQuery {
        data_sets: vec![data_set],
        org_units: roots.iter().map(|unit| unit.id).collect(),
        children: true,
        between: Some((scope.start, scope.end)),
        ..ValueQuery::default()
    };
    let spool = |source| PublishError::Spool { target: target.into(), source };
    let (mut file, _) = client.pull(&query, tempfile::tempfile).await.map_err(PublishError::target(target))?;
    file.rewind().map_err(spool)?;
    read_values(BufReader::new(file), take).map_err(|error| PublishError::Target {
        target: target.into(),
        source: Dhis2Error::Answer { path: "api/dataValueSets".into(), problem: error.to_string() },
    })
}
