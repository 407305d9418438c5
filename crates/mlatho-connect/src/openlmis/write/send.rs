//! One requisition at a time: sent under its guards, never blindly again, and read back.

use mlatho_model::Decimal;
use reqwest::header::{ACCEPT, CONTENT_TYPE, IF_MATCH};
use secrecy::ExposeSecret;

use super::super::{Client, OpenlmisError};
use super::body::Body;
use super::plan::Planned;
use crate::http::{Expect, TRIES, Try, answer};

/// What became of a requisition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every number was read back as sent.
    Written,
    /// Somebody changed the requisition since it was read. Nothing was written: the plan has to be made and approved anew.
    Changed,
    /// The server accepted the request, and a number does not stand there as sent: as a rule the requisition was
    /// authorized in the meantime.
    NotTaken,
    /// The server refused; nothing was written.
    Refused { status: u16, message: String },
}

/// What was found in a cell when it was read back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub value: Option<Decimal>,
    /// The order quantity as the server calculates it now.
    pub order: Option<Decimal>,
}

/// The record of one requisition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub requisition: String,
    pub outcome: Outcome,
    /// The versions before, and when it was read back.
    pub version_before: Option<String>,
    pub version_after: Option<String>,
    /// In the order of the changes; empty where nothing was read back.
    pub found: Vec<Found>,
    /// How often the write was sent.
    pub sent: u32,
}

/// What an answer to a write says.
enum Answer {
    Taken,
    /// It may or may not have arrived; the error says why, if it does not turn out.
    Unsure(OpenlmisError),
    Conflict,
    Refused(u16, String),
}

impl Client {
    /// Writes the changes of one requisition: the whole body as it was read with only these numbers replaced, its version
    /// in `If-Match` and its date of change in the body.
    ///
    /// After an answer that is lost or doubtful the requisition is read again: what arrived is not sent again, and what did
    /// not arrive is sent again only while nobody else changed it. A conflict is never forced.
    ///
    /// # Errors
    /// The server does not answer, or refuses the key or password. Whether the write arrived may then be unknown; planning
    /// again tells.
    pub async fn write(&self, planned: &Planned) -> Result<Receipt, OpenlmisError> {
        let id = planned.requisition();
        let path = format!("api/v2/requisitions/{id}");
        let problem =
            |error: serde_json::Error| OpenlmisError::Answer { path: path.clone(), problem: error.to_string() };
        let mut body = planned.draft.body.clone();
        for change in &planned.changes {
            body.set(change.line, change.cell.column.name(), change.new).map_err(problem)?;
        }
        let bytes = body.bytes().map_err(problem)?;
        let mut receipt = Receipt {
            requisition: id.into(),
            outcome: Outcome::Changed,
            version_before: planned.draft.etag.clone(),
            version_after: None,
            found: Vec::new(),
            sent: 0,
        };
        // The plan holds back what has no version; without one there is no guard, and nothing is sent.
        let Some(version) = &planned.draft.etag else { return Ok(receipt) };
        loop {
            receipt.sent += 1;
            let answer = self.put(&path, version, &bytes, receipt.sent).await?;
            if let Answer::Refused(status, message) = answer {
                receipt.outcome = Outcome::Refused { status, message };
                return Ok(receipt);
            }
            let (now, version_now) = self.whole(id).await?;
            receipt.found = planned.found(&now);
            let there = planned.changes.iter().zip(&receipt.found).all(|(own, found)| found.value == Some(own.new));
            let untouched = version_now == planned.draft.etag;
            receipt.version_after = version_now;
            receipt.outcome = match answer {
                _ if there => Outcome::Written,
                Answer::Taken => Outcome::NotTaken,
                Answer::Unsure(_) if untouched && receipt.sent < TRIES => continue,
                Answer::Unsure(error) if untouched => return Err(error),
                _ => Outcome::Changed,
            };
            return Ok(receipt);
        }
    }

    /// Sends once, or twice where the first token is refused, for then nothing was done. Waits before it returns where the
    /// server is to be left alone for a while.
    async fn put(&self, path: &str, version: &str, body: &[u8], tries: u32) -> Result<Answer, OpenlmisError> {
        let mut refused = false;
        loop {
            let token = self.token().await?;
            let request = self.requests.http.put(self.requests.url(path, &[])?).bearer_auth(token.expose_secret());
            let request = request.header(ACCEPT, "application/json").header(CONTENT_TYPE, "application/json");
            let request = request.header(IF_MATCH, version).body(body.to_vec());
            return Ok(match self.requests.once(path, Expect::Json, request).await {
                Try::Done(_) => Answer::Taken,
                Try::Refused if !refused && self.refuse(&token).await => {
                    refused = true;
                    continue;
                }
                Try::Refused => return Err(OpenlmisError::Unauthorized { path: path.into() }),
                Try::Failed(OpenlmisError::Status { status: 409, .. }) => Answer::Conflict,
                Try::Failed(OpenlmisError::Status { status, message, .. }) => Answer::Refused(status, message),
                Try::Failed(error @ OpenlmisError::Forbidden { .. }) => Answer::Refused(403, error.to_string()),
                Try::Failed(error @ OpenlmisError::NotFound { .. }) => Answer::Refused(404, error.to_string()),
                Try::Failed(error) => Answer::Unsure(error),
                Try::Again(asked, error) => {
                    self.requests.wait(tries, asked).await;
                    Answer::Unsure(error)
                }
                Try::Page => {
                    self.requests.wait(tries, None).await;
                    Answer::Unsure(answer(path, "an HTML page"))
                }
            });
        }
    }
}

impl Planned {
    /// What stands in the cells of the changes. Lines are found by their id, for their order may differ.
    fn found(&self, now: &Body) -> Vec<Found> {
        let id = |line: usize| self.draft.body.lines().get(line).map(|line| &line["id"]);
        let found = |change: &super::plan::Change| {
            let line = now.lines().iter().find(|line| Some(&line["id"]) == id(change.line))?;
            let number = |name: &str| line[name].as_number().and_then(|number| number.to_string().parse().ok());
            let order = number("calculatedOrderQuantityIsa")
                .filter(|_| self.draft.template["populateStockOnHandFromStockCards"] == true);
            Some(Found {
                value: number(change.cell.column.name()),
                order: order.or_else(|| number("calculatedOrderQuantity")),
            })
        };
        self.changes.iter().map(|change| found(change).unwrap_or_default()).collect()
    }
}
