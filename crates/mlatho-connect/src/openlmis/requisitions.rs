//! Requisitions: what changed since the last time, whole, with what they point at.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::map;
use super::references::{References, needed, raw};
use super::{Client, OpenlmisError, OpenlmisOwn};
use crate::requisition::{Document, Fetched, Pulled, Status, Walk, Watermark};

/// Which requisitions are read. By default all that were ever authorized.
#[derive(Clone, Debug, Default)]
pub struct RequisitionQuery {
    /// Codes of the programs; none: all.
    pub programs: Vec<String>,
    /// From this status on requisitions count; see [`Status::is_read`].
    pub threshold: Status,
    /// Where the last pull ended.
    pub since: Option<Watermark>,
    /// Without a watermark: the moment from which on changes are read.
    pub start: Option<Timestamp>,
}

/// A requisition as a search gives it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    id: String,
    status: Option<String>,
    modified_date: Option<String>,
    created_date: Option<String>,
}

/// A pull under way: one document after the other, in the order of their changes. What was kept before an error stays
/// valid; the next pull goes on from the watermark of the last document that was kept.
#[derive(Debug)]
pub struct RequisitionPull<'c> {
    client: &'c Client,
    walk: Walk,
    references: References,
}

impl Client {
    /// Lists the requisitions that changed, in the order of their changes.
    ///
    /// # Errors
    /// A program is not known, the server does not answer, refuses, or answers with something else.
    pub async fn requisitions(&self, query: &RequisitionQuery) -> Result<RequisitionPull<'_>, OpenlmisError> {
        let programs = self.program_ids(&query.programs)?;
        let from = query.since.as_ref().map(Watermark::from).or(query.start);
        let from = from.map(|from| from.to_string());
        let watermark = query.since.clone().unwrap_or_else(|| Watermark::at(query.start.unwrap_or(Timestamp::MIN)));
        let path = "api/requisitions/search";
        let (mut pulled, mut heads, mut limit) = (Pulled::default(), BTreeMap::new(), None::<Timestamp>);
        let each = if programs.is_empty() { vec![None] } else { programs.into_iter().map(Some).collect() };
        for program in each {
            let mut parameters = vec![("sort", "createdDate,asc")];
            parameters.extend(from.as_deref().map(|from| ("modifiedDateFrom", from)));
            parameters.extend(program.as_deref().map(|program| ("program", program)));
            let listed = self.list::<Head>(path, &parameters).await?;
            limit = limit.or(listed.date);
            let read = map::part(path, listed.objects);
            pulled.findings.extend(read.findings);
            heads.extend(read.values.into_iter().map(|head| (head.id.clone(), head)));
        }
        let mut waiting = Vec::new();
        for (id, head) in heads {
            let text = head.status.unwrap_or_default();
            *pulled.found.entry(text.clone()).or_default() += 1;
            let modified = moment(head.modified_date.as_deref().or(head.created_date.as_deref()));
            let status = text.parse::<Status>().ok();
            if status.is_some_and(|status| !status.is_read(query.threshold)) {
                pulled.drafts += 1;
            } else if modified.is_some_and(|modified| watermark.knows(&id, modified)) {
                pulled.known += 1;
            } else {
                waiting.push((modified.unwrap_or(Timestamp::MIN), id));
            }
        }
        let walk = Walk::new(waiting, watermark, limit, pulled);
        Ok(RequisitionPull { client: self, walk, references: References::default() })
    }

    /// The ids of programs by their codes.
    pub(super) fn program_ids(&self, codes: &[String]) -> Result<Vec<String>, OpenlmisError> {
        let id_of = |code: &String| {
            let found = self.programs().iter().find(|program| program.code.eq_ignore_ascii_case(code.trim()));
            found
                .map(|program| program.id.clone())
                .ok_or_else(|| OpenlmisError::Own(OpenlmisOwn::Program { code: code.clone() }))
        };
        codes.iter().map(id_of).collect()
    }

    /// One requisition, or why there is none for this account.
    async fn requisition(&self, id: &str) -> Result<Fetched, OpenlmisError> {
        let path = format!("api/v2/requisitions/{id}");
        match self.get(&path, &[]).await {
            Ok(reply) => {
                let requisition = raw(&path, &reply.body)?;
                let head = serde_json::from_str::<Head>(requisition.get()).ok();
                let modified = head.and_then(|head| moment(head.modified_date.as_deref()));
                Ok(Fetched::Whole(requisition, modified))
            }
            Err(OpenlmisError::Forbidden { .. }) => Ok(Fetched::Hidden),
            Err(OpenlmisError::NotFound { .. }) => Ok(Fetched::Gone),
            Err(error) => Err(error),
        }
    }
}

/// A moment as the server writes it; without a zone it is UTC.
pub(super) fn moment(text: Option<&str>) -> Option<Timestamp> {
    let text = text?;
    text.parse().ok().or_else(|| format!("{text}Z").parse().ok())
}

impl RequisitionPull<'_> {
    /// How many requisitions are still to be read.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.walk.waiting()
    }

    /// The next document; nothing, when all is read. Reference data stands first (`programs`, `facilities`,
    /// `processingPeriods`, `requisitionTemplates`, `orderables`, `facilityTypeApprovedProducts`), then `requisitions`,
    /// every object as the server gave it.
    ///
    /// # Errors
    /// The server does not answer, refuses, or answers with something else.
    pub async fn next(&mut self) -> Result<Option<Document>, OpenlmisError> {
        let client = self.client;
        let read = self.walk.next(client.document_size, |id| async move { client.requisition(&id).await });
        let Some(batch) = read.await? else { return Ok(None) };
        let keys = needed(&batch.objects);
        let findings = self.references.read(client, &keys).await?;
        self.walk.pulled.findings.extend(findings);
        let bytes = self.references.document(&keys, "requisitions", &batch.objects);
        Ok(Some(self.walk.document(batch, bytes)))
    }

    /// What was found, so far.
    #[must_use]
    pub fn pulled(&self) -> &Pulled {
        &self.walk.pulled
    }
}
