//! The memory of what was sent, which the repository keeps.

use std::future::Future;

use mlatho_connect::dhis2::{DataValue, Outcome, ValueKey};
use mlatho_model::Uid;

/// A value that we sent to a target, or meant to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentValue {
    pub data_set: Uid,
    pub key: ValueKey,
    /// None: it was withdrawn.
    pub value: Option<Box<str>>,
    /// Whether it was read back. Otherwise it may or may not have arrived.
    pub confirmed: bool,
}

impl SentValue {
    pub(super) fn of(data_set: Uid, value: &DataValue, confirmed: bool) -> Self {
        Self { data_set, key: value.key, value: value.value.clone(), confirmed }
    }
}

/// One batch of a publication: at most a few thousand values of one data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchId {
    pub target: String,
    /// [`super::Plan::hash`] of the plan that it belongs to.
    pub plan: String,
    /// From 1 in each plan.
    pub number: u64,
    pub data_set: Uid,
}

/// What became of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchReceipt {
    pub sent: usize,
    pub confirmed: usize,
    pub refused: usize,
    /// Accepted by the server and not found, or found different, when read back.
    pub differing: usize,
    pub requests: usize,
    /// The mappings by which the values came about, as the messages cite them.
    pub mappings: String,
    /// HTTP status, outcome and body of each reply.
    pub replies: Vec<(u16, Outcome, String)>,
}

/// Keeps what was sent. Each call is durable when it returns: a process that is killed between any two of them and
/// started again sends only the difference.
pub trait PublicationLog {
    type Error: std::error::Error + Send + Sync + 'static;

    /// Gives everything that was sent to a target: at most one confirmed value for each key, and the intended ones
    /// since.
    fn load(
        &self,
        target: &str,
        take: &mut (dyn FnMut(SentValue) + Send),
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Before a batch is sent: remembers what is about to be, as intended.
    fn intend(&mut self, batch: &BatchId, values: &[SentValue])
    -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// After a batch was read back: what was confirmed replaces everything known about its keys, the other intentions
    /// of the batch are forgotten, and the receipt is kept.
    fn settle(
        &mut self,
        batch: &BatchId,
        confirmed: &[SentValue],
        receipt: &BatchReceipt,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}
