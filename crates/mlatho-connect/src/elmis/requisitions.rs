//! Requisitions with their lines, regimens and patients: what changed since the last time, whole.

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;
use jiff::civil::Date;
use mlatho_model::Finding;

use super::map::{self, Facility, Head};
use super::{Client, ElmisError};
use crate::http::{Read, named, write_list};
use crate::requisition::{Document, Fetched, Pulled, Status, Walk, Watermark};

/// Requests under way at once.
const AT_ONCE: usize = 4;

/// Which requisitions are read.
#[derive(Clone, Debug)]
pub struct RequisitionQuery {
    /// Codes of the programs; none: all.
    pub programs: Vec<String>,
    /// From this status on requisitions count; see [`Status::is_read`].
    pub threshold: Status,
    /// First and last day of the periods.
    pub between: (Date, Date),
    /// Where the last pull ended.
    pub since: Option<Watermark>,
}

/// A pull under way: one document after the other, in the order of their changes. What was kept before an error stays
/// valid; the next pull goes on from the watermark of the last document that was kept.
#[derive(Debug)]
pub struct RequisitionPull<'c> {
    client: &'c Client,
    walk: Walk,
}

/// What a facility has in one program.
struct Listed {
    read: Option<Read<Head>>,
    date: Option<Timestamp>,
}

impl Client {
    /// Lists the requisitions of every facility in the programs, and finds out which of them changed. There is no list
    /// of changes in these versions: the lists are read whole, the requisitions only where they changed.
    ///
    /// # Errors
    /// A program is not known, the server does not answer, refuses, or answers with something else.
    pub async fn requisitions(&self, query: &RequisitionQuery) -> Result<RequisitionPull<'_>, ElmisError> {
        let programs: Vec<u64> = if query.programs.is_empty() {
            self.programs().iter().map(|program| program.id).collect()
        } else {
            query.programs.iter().map(|code| Ok(self.program(code)?.id)).collect::<Result<_, ElmisError>>()?
        };
        let Read { values: facilities, findings } = self.facilities().await?;
        let mut pulled = Pulled { findings, ..Pulled::default() };
        let places = facilities.iter().flat_map(|facility| programs.iter().map(move |program| (facility, *program)));
        let listed = stream::iter(places).map(|(facility, program)| async move {
            Ok::<_, ElmisError>((facility, self.heads(facility, program, query.between).await?))
        });
        let listed: Vec<(&Facility, Listed)> = listed.buffered(AT_ONCE).try_collect().await?;
        let limit = listed.iter().find_map(|(_, listed)| listed.date);
        let mut heads = BTreeMap::new();
        let mut hidden: Vec<&str> = Vec::new();
        for (facility, listed) in listed {
            let Some(read) = listed.read else {
                hidden.push(&facility.code);
                continue;
            };
            pulled.findings.extend(read.findings);
            heads.extend(read.values.into_iter().map(|head| (head.id, head)));
        }
        hidden.dedup();
        if !hidden.is_empty() {
            let finding = Finding::warning("elmis-hidden-facilities").with("count", hidden.len());
            pulled.findings.push(finding.with("facilities", named(&hidden, ", ")));
        }
        let watermark = query.since.clone().unwrap_or_else(|| Watermark::at(Timestamp::MIN));
        let from = watermark.from();
        let mut waiting = Vec::new();
        for (id, head) in heads {
            let modified = head.modified();
            let text = head.status.unwrap_or_default();
            *pulled.found.entry(text.clone()).or_default() += 1;
            let known = |modified: Timestamp| modified < from || watermark.knows(&id.to_string(), modified);
            if text.parse::<Status>().is_ok_and(|status| !status.is_read(query.threshold)) {
                pulled.drafts += 1;
            } else if modified.is_some_and(known) {
                pulled.known += 1;
            } else {
                waiting.push((modified.unwrap_or(Timestamp::MIN), id.to_string()));
            }
        }
        Ok(RequisitionPull { client: self, walk: Walk::new(waiting, watermark, limit, pulled) })
    }

    /// The requisitions of one facility in one program; nothing to read, where the account may not see them.
    async fn heads(&self, facility: &Facility, program: u64, between: (Date, Date)) -> Result<Listed, ElmisError> {
        let path = "requisitions-list.json";
        let day = |day: Date| day.strftime("%d-%m-%Y").to_string(); // any other form is taken for no range at all
        let (first, last) = (day(between.0), day(between.1));
        let (facility, program) = (facility.id.to_string(), program.to_string());
        let query = [
            ("facilityId", &*facility),
            ("programId", &*program),
            ("dateRangeStart", &*first),
            ("dateRangeEnd", &*last),
        ];
        match self.page_data(path, &query).await {
            Ok(reply) => Ok(Listed { date: reply.date(), read: Some(map::list(path, "rnr_list", &reply.body)?) }),
            Err(ElmisError::Forbidden { .. }) => Ok(Listed { date: None, read: None }),
            Err(error) => Err(error),
        }
    }

    /// One requisition, or why there is none for this account.
    async fn requisition(&self, id: &str) -> Result<Fetched, ElmisError> {
        let path = format!("requisitions/{id}.json");
        match self.page_data(&path, &[]).await {
            Ok(reply) => {
                let requisition = map::requisition(&path, &reply.body)?;
                let head = serde_json::from_str::<Head>(requisition.get()).ok();
                Ok(Fetched::Whole(requisition, head.and_then(|head| head.modified())))
            }
            Err(ElmisError::Forbidden { .. }) => Ok(Fetched::Hidden),
            Err(ElmisError::NotFound { .. }) => Ok(Fetched::Gone),
            Err(error) => Err(error),
        }
    }
}

impl RequisitionPull<'_> {
    /// The next document; nothing, when all is read. It holds `requisitions`, each complete in itself, every field as
    /// the server gave it, but for those that name persons.
    ///
    /// # Errors
    /// The server does not answer, refuses, or answers with something else.
    pub async fn next(&mut self) -> Result<Option<Document>, ElmisError> {
        let client = self.client;
        let read = self.walk.next(client.document_size, |id| async move { client.requisition(&id).await });
        let Some(batch) = read.await? else { return Ok(None) };
        let mut bytes = Vec::from(*b"{");
        write_list(&mut bytes, "requisitions", batch.objects.iter().map(AsRef::as_ref));
        bytes.extend_from_slice(b"}\n");
        Ok(Some(self.walk.document(batch, bytes)))
    }

    /// What was found, so far.
    #[must_use]
    pub fn pulled(&self) -> &Pulled {
        &self.walk.pulled
    }
}
