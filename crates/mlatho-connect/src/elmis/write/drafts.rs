//! Requisitions that were begun, each whole.

use std::collections::{BTreeMap, BTreeSet};

use mlatho_formats::openlmis::elmis_period;
use mlatho_model::{Finding, Period};
use serde::Deserialize;
use serde_json::Value as Json;

use super::super::{Client, ElmisError};
use super::body::Body;
use super::draft::{BEGUN, Draft};
use crate::http::answer;
use crate::requisition::write::{Cell, Drafts, same};

/// The periods that a facility may still report for in a program, and the requisitions that it has begun for them. Older
/// versions give the one of the first period only.
#[derive(Debug, Deserialize)]
struct Open {
    #[serde(default)]
    periods: Vec<Json>,
    #[serde(default)]
    rnr_list: Vec<Head>,
    #[serde(default)]
    rnr: Option<Head>,
}

#[derive(Debug, Deserialize)]
struct Head {
    id: u64,
    #[serde(default)]
    status: String,
    period: Json,
}

impl Client {
    /// Reads the requisitions that hold these cells and were begun, each whole.
    ///
    /// # Errors
    /// The server does not answer, refuses, or answers with something else.
    pub async fn drafts(&self, cells: &BTreeSet<Cell>) -> Result<Drafts<Draft>, ElmisError> {
        let facilities = self.facilities().await?;
        let ids: BTreeMap<String, u64> = facilities.values.iter().map(|own| (same(&own.code), own.id)).collect();
        let programs: BTreeMap<String, u64> = self.programs().iter().map(|own| (same(&own.code), own.id)).collect();
        let mut found = Drafts {
            list: Vec::new(),
            programs: programs.keys().cloned().collect(),
            facilities: ids.keys().cloned().collect(),
            findings: facilities.findings,
        };
        let mut wanted: BTreeMap<(String, String), BTreeSet<Period>> = BTreeMap::new();
        for cell in cells {
            wanted.entry((same(&cell.program), same(&cell.facility))).or_default().insert(cell.period);
        }
        let mut hidden = 0usize;
        for ((program, facility), periods) in wanted {
            let (Some(program_id), Some(facility_id)) = (programs.get(&program), ids.get(&facility)) else { continue };
            let Some(begun) = self.begun(*facility_id, *program_id).await? else {
                found.facilities.remove(&facility);
                continue;
            };
            for (id, _) in begun.into_iter().filter(|(_, period)| periods.contains(period)) {
                match self.whole(&id.to_string()).await {
                    Ok(body) => found.list.extend(draft(body, &program, &facility)),
                    Err(ElmisError::Forbidden { .. } | ElmisError::NotFound { .. }) => hidden += 1,
                    Err(error @ ElmisError::Answer { .. }) => found.findings.push(error.finding()),
                    Err(error) => return Err(error),
                }
            }
        }
        if hidden > 0 {
            found.findings.push(Finding::warning("openlmis-hidden-requisitions").with("count", hidden));
        }
        Ok(found)
    }

    /// Requisitions that a facility has begun in a program, with their periods; nothing, where the account may not see
    /// them. A facility that cannot begin any has none.
    async fn begun(&self, facility: u64, program: u64) -> Result<Option<Vec<(u64, Period)>>, ElmisError> {
        let path = "logistics/periods.json";
        let (facility, program) = (facility.to_string(), program.to_string());
        let query = [("facilityId", &*facility), ("programId", &*program), ("emergency", "false")];
        let open: Open = match self.page_data(path, &query).await {
            Ok(reply) => serde_json::from_slice(&reply.body).map_err(|error| answer(path, &error.to_string()))?,
            Err(ElmisError::Forbidden { .. }) => return Ok(None),
            Err(ElmisError::Status { status: 409, .. }) => return Ok(Some(Vec::new())),
            Err(error) => return Err(error),
        };
        let spans: BTreeMap<u64, Period> =
            open.periods.iter().filter_map(|span| Some((span["id"].as_u64()?, elmis_period(span)?))).collect();
        let begun = open.rnr_list.into_iter().chain(open.rnr).filter(|head| head.status == BEGUN);
        Ok(Some(begun.filter_map(|head| Some((head.id, *spans.get(&head.period["id"].as_u64()?)?))).collect()))
    }

    /// A requisition as it stands now.
    pub(super) async fn whole(&self, id: &str) -> Result<Body, ElmisError> {
        let path = format!("requisitions/{id}.json");
        let reply = self.page_data(&path, &[]).await?;
        Body::read(&reply.body).map_err(|error| answer(&path, &error.to_string()))
    }
}

/// The draft of a requisition; nothing, where its own period is none.
fn draft(body: Body, program: &str, facility: &str) -> Option<Draft> {
    let period = elmis_period(&body.head["period"])?;
    Some(Draft { body, facility: facility.into(), program: program.into(), period })
}
