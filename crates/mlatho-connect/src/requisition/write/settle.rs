//! One requisition at a time: sent under its guards, never blindly again, and read back.

use mlatho_model::Decimal;

use super::Planned;
use crate::http::{Own, Requests, ServerError, TRIES, Try, answer};

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
    /// The order quantity as the server calculates it now, where it does so at once.
    pub order: Option<Decimal>,
}

/// The record of one requisition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub requisition: String,
    pub outcome: Outcome,
    /// The versions before, and when it was read back; nothing, where the server counts none.
    pub version_before: Option<String>,
    pub version_after: Option<String>,
    /// In the order of the changes; empty where nothing was read back.
    pub found: Vec<Found>,
    /// How often the write was sent.
    pub sent: u32,
    /// Numbers beside ours are others than they were before: somebody else wrote at the same time, where the server has no
    /// guard against it.
    pub touched: bool,
}

impl Receipt {
    /// Of a requisition that nothing was sent for yet.
    pub(crate) fn begun(planned: &Planned, version: Option<String>) -> Self {
        Self {
            requisition: planned.requisition.clone(),
            outcome: Outcome::Changed,
            version_before: version,
            version_after: None,
            found: Vec::new(),
            sent: 0,
            touched: false,
        }
    }
}

/// What an answer to a write says.
pub(crate) enum Answer<O: Own> {
    Taken,
    /// It may or may not have arrived; the error says why, if it does not turn out.
    Unsure(ServerError<O>),
    Conflict,
    Refused(u16, String),
}

/// What a requisition looks like after a write was sent.
pub(crate) struct Look {
    /// In the order of the changes.
    pub(crate) found: Vec<Found>,
    /// It is as it was before anything was sent.
    pub(crate) untouched: bool,
    pub(crate) version: Option<String>,
    pub(crate) touched: bool,
}

/// Sends the changes of one requisition until it is sure what became of them.
///
/// After an answer that is lost or doubtful the requisition is read again: what arrived is not sent again, and what did not
/// arrive is sent again only while nobody else changed it. A conflict is never forced.
///
/// # Errors
/// The server does not answer, or refuses us. Whether the write arrived may then be unknown; planning again tells.
pub(crate) async fn settle<O: Own>(
    planned: &Planned,
    mut receipt: Receipt,
    send: impl AsyncFn(u32) -> Result<Answer<O>, ServerError<O>>,
    look: impl AsyncFn() -> Result<Look, ServerError<O>>,
) -> Result<Receipt, ServerError<O>> {
    loop {
        receipt.sent += 1;
        let answer = send(receipt.sent).await?;
        if let Answer::Refused(status, message) = answer {
            receipt.outcome = Outcome::Refused { status, message };
            return Ok(receipt);
        }
        let Look { found, untouched, version, touched } = look().await?;
        receipt.found = found;
        let there = planned.changes.iter().zip(&receipt.found).all(|(own, found)| found.value == Some(own.new));
        receipt.version_after = version;
        receipt.outcome = match answer {
            _ if there => Outcome::Written,
            Answer::Taken => Outcome::NotTaken,
            Answer::Unsure(_) if untouched && receipt.sent < TRIES => continue,
            Answer::Unsure(error) if untouched => return Err(error),
            _ => Outcome::Changed,
        };
        receipt.touched = there && touched;
        return Ok(receipt);
    }
}

/// What a try of a write says; nothing, where the one who signs is refused. Waits where the server is to be left alone for
/// a while.
pub(crate) async fn judged<O: Own>(requests: &Requests<O>, path: &str, tries: u32, reply: Try<O>) -> Option<Answer<O>> {
    Some(match reply {
        Try::Done(_) => Answer::Taken,
        Try::Refused => return None,
        Try::Failed(ServerError::Status { status: 409, .. }) => Answer::Conflict,
        Try::Failed(ServerError::Status { status, message, .. }) => Answer::Refused(status, message),
        Try::Failed(error @ ServerError::Forbidden { .. }) => Answer::Refused(403, error.to_string()),
        Try::Failed(error @ ServerError::NotFound { .. }) => Answer::Refused(404, error.to_string()),
        Try::Failed(error) => Answer::Unsure(error),
        Try::Again(asked, error) => {
            requests.wait(tries, asked).await;
            Answer::Unsure(error)
        }
        Try::Page => {
            requests.wait(tries, None).await;
            Answer::Unsure(answer(path, "an HTML page"))
        }
    })
}
