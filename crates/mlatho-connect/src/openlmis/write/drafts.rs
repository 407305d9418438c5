//! Draft requisitions with what their lines mean.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use mlatho_model::{Finding, Period};
use reqwest::header::ETAG;
use serde::Deserialize;
use serde_json::Value as Json;

use super::super::map::{self, pointer};
use super::super::{Client, OpenlmisError};
use super::body::Body;
use super::draft::{DRAFTS, Draft};
use crate::requisition::write::{Cell, Drafts, same};

/// A requisition as a search gives it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    id: String,
    #[serde(default, deserialize_with = "pointer")]
    facility: Option<String>,
    #[serde(default, deserialize_with = "pointer")]
    processing_period: Option<String>,
}

/// Forms and approved products that were read already.
type Known = HashMap<(String, Option<u64>), Json>;

impl Client {
    /// Reads the drafts that hold these cells, each whole.
    ///
    /// # Errors
    /// The server does not answer, refuses, or answers with something else.
    pub async fn drafts(&self, cells: &BTreeSet<Cell>) -> Result<Drafts<Draft>, OpenlmisError> {
        let mut wanted: BTreeMap<String, HashMap<String, BTreeSet<Period>>> = BTreeMap::new();
        for cell in cells {
            let of_program = wanted.entry(same(&cell.program)).or_default();
            of_program.entry(same(&cell.facility)).or_default().insert(cell.period);
        }
        let programs: BTreeMap<String, String> =
            self.programs().iter().map(|program| (same(&program.code), program.id.clone())).collect();
        let facilities = self.facilities().await?;
        let codes: HashMap<String, String> =
            facilities.values.iter().map(|own| (own.id.to_lowercase(), own.code.clone())).collect();
        let periods = self.periods().await?;
        let mut found = Drafts {
            programs: programs.keys().cloned().collect(),
            facilities: codes.values().map(|code| same(code)).collect(),
            findings: facilities.findings.into_iter().chain(periods.findings).collect(),
            list: Vec::new(),
        };
        let dates: HashMap<String, _> =
            periods.values.iter().map(|own| (own.id.to_lowercase(), (own.start_date, own.end_date))).collect();
        let (mut known, mut hidden, mut products) = (Known::new(), 0usize, None);
        for (code, wanted) in &wanted {
            let Some(program) = programs.get(code) else { continue };
            for head in self.heads(program, &mut found.findings).await? {
                let facility = head.facility.and_then(|id| codes.get(&id.to_lowercase()));
                let days = head.processing_period.and_then(|id| dates.get(&id.to_lowercase()));
                let Some((facility, days)) = facility.zip(days) else { continue };
                let mut of_facility = wanted.get(&same(facility)).into_iter().flatten();
                let Some(period) = of_facility.find(|period| (period.start(), period.end()) == *days) else { continue };
                if products.is_none() {
                    products = Some(self.product_codes(&mut found.findings).await?);
                }
                let products = products.as_ref().unwrap_or(const { &BTreeMap::new() });
                let place = (code.clone(), facility.clone(), *period);
                match self.draft(&head.id, place, &mut known, products).await {
                    Ok(draft) => found.list.push(draft),
                    Err(OpenlmisError::Forbidden { .. } | OpenlmisError::NotFound { .. }) => hidden += 1,
                    Err(error @ OpenlmisError::Answer { .. }) => found.findings.push(error.finding()),
                    Err(error) => return Err(error),
                }
            }
        }
        if hidden > 0 {
            found.findings.push(Finding::warning("openlmis-hidden-requisitions").with("count", hidden));
        }
        Ok(found)
    }

    async fn heads(&self, program: &str, findings: &mut Vec<Finding>) -> Result<Vec<Head>, OpenlmisError> {
        let path = "api/requisitions/search";
        let statuses = DRAFTS.map(|status| status.to_string());
        let mut query = vec![("sort", "createdDate,asc"), ("program", program), ("emergency", "false")];
        query.extend(statuses.iter().map(|status| ("requisitionStatus", status.as_str())));
        let read = map::part(path, self.list::<Head>(path, &query).await?.objects);
        findings.extend(read.findings);
        Ok(read.values)
    }

    async fn product_codes(&self, findings: &mut Vec<Finding>) -> Result<BTreeMap<String, String>, OpenlmisError> {
        let read = self.orderables().await?;
        findings.extend(read.findings);
        Ok(read.values.into_iter().map(|product| (product.id.to_lowercase(), product.product_code)).collect())
    }

    /// One requisition of a program, facility and period, whole, with its form and the codes of its products.
    async fn draft(
        &self,
        id: &str,
        (program, facility, period): (String, String, Period),
        known: &mut Known,
        products: &BTreeMap<String, String>,
    ) -> Result<Draft, OpenlmisError> {
        let (body, etag) = self.whole(id).await?;
        let template = match &body.values["template"] {
            whole if whole["columnsMap"].is_object() => whole.clone(),
            pointer => self.known("api/requisitionTemplates", pointer, known).await?,
        };
        let mut approved = Vec::with_capacity(body.lines().len());
        for line in body.lines() {
            approved.push(match &line["maxPeriodsOfStock"] {
                Json::Null => self.known("api/facilityTypeApprovedProducts", &line["approvedProduct"], known).await?,
                _ => Json::Null,
            });
        }
        let code = |line: &Json| {
            let id = line["orderable"]["id"].as_str().unwrap_or_default().to_lowercase();
            products.get(&id).cloned().unwrap_or_default()
        };
        let products = body.lines().iter().map(code).collect();
        Ok(Draft { body, etag, facility, program, period, template, products, approved })
    }

    /// A requisition as it stands now, with its version.
    pub(super) async fn whole(&self, id: &str) -> Result<(Body, Option<String>), OpenlmisError> {
        let path = format!("api/v2/requisitions/{id}");
        let reply = self.get(&path, &[]).await?;
        let problem = |error: serde_json::Error| OpenlmisError::Answer { path, problem: error.to_string() };
        // As it came: OpenLMIS writes the version without quotes and wants it back so.
        let etag = reply.headers.get(ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        Ok((Body::read(&reply.body).map_err(problem)?, etag))
    }

    /// What a reference points at, asked for once; null where it is not there or may not be seen.
    async fn known(&self, list: &str, reference: &Json, known: &mut Known) -> Result<Json, OpenlmisError> {
        let Some(id) = reference["id"].as_str() else { return Ok(Json::Null) };
        let version = reference["versionNumber"].as_u64();
        let key = (format!("{list}/{id}"), version);
        if let Some(found) = known.get(&key) {
            return Ok(found.clone());
        }
        let version = version.map(|version| version.to_string());
        let query: Vec<(&str, &str)> = version.iter().map(|version| ("versionNumber", version.as_str())).collect();
        let found = match self.get(&key.0, &query).await {
            Ok(reply) => serde_json::from_slice(&reply.body).unwrap_or_default(),
            Err(OpenlmisError::NotFound { .. } | OpenlmisError::Forbidden { .. }) => Json::Null,
            Err(error) => return Err(error),
        };
        known.insert(key, Json::clone(&found));
        Ok(found)
    }
}
