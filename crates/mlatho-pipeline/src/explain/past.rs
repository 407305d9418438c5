//! What happened to a number: versions, links, decisions, findings.

use std::collections::BTreeMap;

use mlatho_model::Period;
use mlatho_store::{AuditEntry, Receipt, Repository};
use serde::{Deserialize, Serialize};

use crate::PipelineError;

/// A link that a code was led by.
#[derive(Clone, Debug, Serialize)]
pub struct LinkUsed {
    pub kind: String,
    pub code: String,
    pub target: String,
    pub factor: String,
    pub unit: String,
    pub share: String,
    pub valid_from: String,
    pub valid_to: String,
    pub reason: String,
    /// Who decided it and when; none where it stands in a mapping file.
    pub decided_by: Option<String>,
    pub decided_at: Option<String>,
}

/// What arrived for a number at some time.
#[derive(Clone, Debug, Serialize)]
pub struct Version {
    pub run: i64,
    pub received_at: String,
    pub receipt: String,
    pub position: i64,
    pub version: i64,
    pub value: Option<String>,
    pub state: String,
}

/// What a person did about a line.
#[derive(Clone, Debug, Serialize)]
pub struct Act {
    /// Its number in the audit log.
    pub number: i64,
    pub at: String,
    pub person: String,
    pub kind: String,
    pub content: serde_json::Value,
}

/// What the checks found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Found {
    pub code: String,
    pub severity: String,
    #[serde(deserialize_with = "inner")]
    pub args: serde_json::Value,
}

/// The arguments stand as a text of JSON.
fn inner<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<serde_json::Value, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(serde_json::from_str(&text).unwrap_or_default())
}

/// Which number it is, in the words of its source.
pub(super) struct Of<'a> {
    pub(super) source: &'a str,
    pub(super) codes: (&'a str, &'a str),
    pub(super) measure: &'a str,
    pub(super) period: Period,
}

/// What is read once for all rows.
pub(super) struct Past {
    log: Vec<AuditEntry>,
    findings: Vec<Placed>,
}

#[derive(Debug, Deserialize)]
struct Placed {
    receipt: String,
    position: i64,
    period: String,
    #[serde(flatten)]
    found: Found,
}

#[derive(Debug, Deserialize)]
struct Logged {
    run: i64,
    receipt: String,
    position: i64,
    version: i64,
    value: Option<f64>,
    value_text: Option<String>,
    state: String,
}

impl Past {
    pub(super) async fn read(repository: &Repository) -> Result<Self, PipelineError> {
        let findings = rows(repository, "SELECT receipt, position, period, code, severity, args FROM findings").await?;
        Ok(Self { log: repository.audit().await?, findings })
    }

    pub(super) fn findings(&self, receipt: &Receipt, position: i64, period: Period) -> Vec<Found> {
        let period = period.to_string();
        let own = self.findings.iter().filter(|placed| {
            placed.receipt == receipt.id.as_str() && placed.position == position && placed.period == period
        });
        own.map(|placed| placed.found.clone()).collect()
    }

    pub(super) fn decisions(&self, line: &str) -> Vec<Act> {
        let subject = format!("line {line}");
        let own = self.log.iter().filter(|entry| entry.subject == subject);
        let act = |entry: &AuditEntry| Act {
            number: entry.number,
            at: entry.at.to_string(),
            person: entry.person.clone(),
            kind: entry.kind.clone(),
            content: entry.content.clone(),
        };
        own.map(act).collect()
    }

    pub(super) async fn versions(
        &self,
        repository: &Repository,
        of: &Of<'_>,
        receipts: &BTreeMap<i32, Receipt>,
    ) -> Result<Vec<Version>, PipelineError> {
        let quoted = |text: &str| text.replace('\'', "''");
        let sql = format!(
            "SELECT run, receipt, position, version, value, value_text, state FROM observations_log \
             WHERE source = '{}' AND source_org_unit = '{}' AND source_item = '{}' AND measure = '{}' AND period = '{}' \
             ORDER BY run, receipt, position",
            quoted(of.source),
            quoted(of.codes.0),
            quoted(of.codes.1),
            quoted(of.measure),
            of.period,
        );
        let logged: Vec<Logged> = rows(repository, &sql).await?;
        let arrived = |receipt: &str| receipts.values().find(|known| known.id.as_str() == receipt);
        let version = |row: Logged| Version {
            run: row.run,
            received_at: arrived(&row.receipt).map(|receipt| receipt.received_at.to_string()).unwrap_or_default(),
            position: row.position,
            version: row.version,
            value: row
                .value_text
                .filter(|text| !text.is_empty())
                .or_else(|| row.value.map(|number| number.to_string())),
            state: row.state,
            receipt: row.receipt,
        };
        Ok(logged.into_iter().map(version).collect())
    }
}

/// The rows of an answer.
async fn rows<T: serde::de::DeserializeOwned>(repository: &Repository, sql: &str) -> Result<Vec<T>, PipelineError> {
    let mut bytes = Vec::new();
    repository.query(sql, None).await?.write_json(&mut bytes).await?;
    let bad = |error: serde_json::Error| PipelineError::io("reading the answer of", "the repository")(error.into());
    serde_json::from_slice(&bytes).map_err(bad)
}

/// The links of a version of the mappings that led the codes to these targets in the period.
///
/// # Errors
/// The catalogue cannot be read.
pub(super) async fn links(
    repository: &Repository,
    version: &str,
    of: &Of<'_>,
    targets: (&str, &str),
) -> Result<Vec<LinkUsed>, PipelineError> {
    let all = repository.links_of(version).await?.map(|(_, links)| links).unwrap_or_default();
    let log = repository.audit().await?;
    let day = of.period.start().to_string();
    let led = |link: &&mlatho_store::Link| {
        let pairs = [("org_unit", of.codes.0, targets.0), ("item", of.codes.1, targets.1)];
        let days = (link.valid_from.is_empty() || link.valid_from <= day)
            && (link.valid_to.is_empty() || link.valid_to >= day);
        link.source == of.source && days && pairs.contains(&(&link.kind, &link.source_id, &link.target))
    };
    let used = |link: &mlatho_store::Link| {
        let decided = log.iter().rev().find(|entry| {
            let text = |name: &str| entry.content.get(name).and_then(|text| text.as_str()).unwrap_or_default();
            entry.kind == crate::audit::LINK
                && (text("source"), text("source_id"), text("target")) == (&link.source, &link.source_id, &link.target)
        });
        LinkUsed {
            kind: link.kind.replace('_', "-"),
            code: link.source_id.clone(),
            target: link.target.clone(),
            factor: link.factor.clone(),
            unit: link.unit.clone(),
            share: link.share.clone(),
            valid_from: link.valid_from.clone(),
            valid_to: link.valid_to.clone(),
            reason: link.reason.clone(),
            decided_by: decided.map(|entry| entry.person.clone()),
            decided_at: decided.map(|entry| entry.at.to_string()),
        }
    };
    Ok(all.iter().filter(led).map(used).collect())
}
