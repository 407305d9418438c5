//! The lines of one requisition, sent between two looks at it.

use std::collections::BTreeSet;

use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE};
use secrecy::ExposeSecret;
use serde_json::Value as Json;

use super::super::{Client, ElmisError, ElmisOwn};
use super::body::Body;
use super::{Change, Draft, Drafts, Found, Planned, Receipt};
use crate::http::Expect;
use crate::requisition::write::{Answer, Look, judged, settle};

/// What persons type into a line; what else stands there may be calculated at any time.
const TYPED: [&str; 11] = [
    "beginningBalance",
    "quantityReceived",
    "quantityDispensed",
    "totalLossesAndAdjustments",
    "stockInHand",
    "stockOutDays",
    "newPatientCount",
    "quantityRequested",
    "patientsOnTreatment",
    "patientsToInitiateTreatment",
    "patientsStoppedTreatment",
];

impl Client {
    /// Writes the changes of one requisition: the lines that change, as they were read with only these numbers replaced.
    /// Right before, the requisition is read again, and nothing is sent if anything in it is another than when it was
    /// planned. What is lost on the way is looked up before it is sent again.
    ///
    /// # Errors
    /// The server does not answer, or refuses the password. Whether the write arrived may then be unknown; planning again
    /// tells.
    pub async fn write(&self, drafts: &Drafts<Draft>, planned: &Planned) -> Result<Receipt, ElmisError> {
        let id = &planned.requisition;
        let path = format!("requisitions/{id}/save.json");
        let problem = |error: serde_json::Error| ElmisError::Answer { path: path.clone(), problem: error.to_string() };
        let receipt = Receipt::begun(planned, None);
        let Some(draft) = drafts.list.get(planned.draft) else { return Ok(receipt) };
        let before = self.whole(id).await?;
        if !before.same(&draft.body) {
            return Ok(receipt);
        }
        let mut body = draft.body.clone();
        for change in &planned.changes {
            body.set(change.line, change.cell.column.name(), change.new).map_err(problem)?;
        }
        let lines: BTreeSet<usize> = planned.changes.iter().map(|change| change.line).collect();
        let bytes = body.bytes(&lines).map_err(problem)?;
        let send = async |tries| self.put(&path, &bytes, tries).await;
        let look = async || {
            let now = self.whole(id).await?;
            let (untouched, touched) = (now.same(&draft.body), touched(draft, planned, &now));
            Ok(Look { found: found(draft, planned, &now), untouched, version: None, touched })
        };
        settle(planned, receipt, send, look).await
    }

    /// Sends once, or twice where the session had ended, for then nothing was done.
    async fn put(&self, path: &str, body: &[u8], tries: u32) -> Result<Answer<ElmisOwn>, ElmisError> {
        let mut ended = false;
        loop {
            let session = self.session().await?;
            let request = self.requests.http.put(self.requests.url(path, &[])?).header(COOKIE, session.expose_secret());
            let request = request.header(ACCEPT, "application/json").header(CONTENT_TYPE, "application/json");
            let request = self.cited.on(request).body(body.to_vec());
            let reply = self.requests.once(path, Expect::JsonInSession, request).await;
            match judged(&self.requests, path, tries, reply).await {
                Some(answer) => return Ok(answer),
                None if !ended => {
                    ended = true;
                    self.forget(&session).await;
                }
                None => return Err(ElmisError::Unauthorized { path: path.into() }),
            }
        }
    }
}

/// What stands in the cells of the changes.
fn found(draft: &Draft, planned: &Planned, now: &Body) -> Vec<Found> {
    let of = |change: &Change| {
        let number = now.again(&draft.body, change.line)?[change.cell.column.name()].as_number()?;
        number.to_string().parse().ok()
    };
    // An order is calculated when a requisition is authorized, not before.
    planned.changes.iter().map(|change| Found { value: of(change), order: None }).collect()
}

/// Whether a number that persons type is another than before, beside those that were sent.
fn touched(draft: &Draft, planned: &Planned, now: &Body) -> bool {
    let ours = |at: usize, name: &str| {
        planned.changes.iter().any(|change| change.line == at && change.cell.column.name() == name)
    };
    let same = |at: usize, old: &Json| {
        let new = now.again(&draft.body, at).unwrap_or(&Json::Null);
        TYPED.iter().all(|name| ours(at, name) || old[*name] == new[*name])
    };
    draft.body.products().chain(draft.body.regimens()).any(|(at, line)| !same(at, line))
}
