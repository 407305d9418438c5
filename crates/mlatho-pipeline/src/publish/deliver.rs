//! Sends a plan batch by batch, reads back, and keeps receipts.

use mlatho_connect::dhis2::{Action, Client, DataValue, PushMode, Pusher, SendReport};
use mlatho_model::Uid;

use super::PublishError;
use super::log::{BatchId, BatchReceipt, PublicationLog, SentValue};
use super::plan::{Change, Plan};
use super::prepare::Prepared;

/// Values in one batch: what is repeated at most when a run is killed.
const BATCH: usize = 5000;

/// A value that the target refused although pre-flight let it pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedValue {
    pub data_set: Uid,
    pub value: DataValue,
    /// The server's error code, or ours (see `mlatho_connect::dhis2::Refused`).
    pub code: String,
    pub action: Action,
    /// What the server says.
    pub message: String,
}

/// How far a publication is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishProgress {
    pub total: u64,
    pub done: u64,
    pub refused: u64,
}

/// What became of a publication.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    pub sent: u64,
    /// Read back as sent, withdrawals included; in a dry run: accepted.
    pub confirmed: u64,
    /// Those among the confirmed that were withdrawn.
    pub withdrawn: u64,
    pub refused: Vec<RefusedValue>,
    /// Accepted, and not found as sent when read back.
    pub differing: Vec<(Uid, DataValue)>,
    pub batches: u64,
    pub requests: u64,
}

/// Asks the target what it would do with the plan. Nothing is written, there or here.
///
/// # Errors
/// The target is not reachable or refuses the user.
pub async fn dry_run(
    client: &Client,
    prepared: &Prepared,
    progress: &mut (dyn FnMut(PublishProgress) + Send),
) -> Result<Delivered, PublishError> {
    let target = prepared.target.as_str();
    let mut pusher = Pusher::new(client, PushMode::DryRun).map_err(PublishError::target(target))?;
    let mut delivered = Delivered::default();
    let total = total(&prepared.plan);
    for (data_set, values) in Batches::of(&prepared.plan) {
        let report = send(&mut pusher, data_set, &values, total, &delivered, progress).await;
        let report = report.map_err(PublishError::target(target))?;
        let refused: Vec<usize> = report.refused.iter().map(|refused| refused.index).collect();
        let withdrawn = |(index, value): &(usize, &DataValue)| value.deleted && !refused.contains(index);
        delivered.withdrawn += values.iter().enumerate().filter(withdrawn).count() as u64;
        delivered.confirmed += (report.sent - refused.len()) as u64;
        delivered.take(data_set, &values, &report);
    }
    Ok(delivered)
}

/// Sends the plan. A batch is noted as intended before it is sent, and settled with its receipt after it was read back.
///
/// # Errors
/// The target is not reachable or refuses the user, or the log cannot be written. What was settled stays so.
pub async fn confirm<L: PublicationLog>(
    client: &Client,
    log: &mut L,
    prepared: &Prepared,
    progress: &mut (dyn FnMut(PublishProgress) + Send),
) -> Result<Delivered, PublishError> {
    if let Some(refusal) = &prepared.refusal {
        return Err(PublishError::Refused(Box::new(refusal.clone())));
    }
    let target = prepared.target.as_str();
    let plan = prepared.plan.hash();
    adopt(log, target, &plan, &prepared.plan).await?;
    let mut pusher = Pusher::new(client, PushMode::Write).map_err(PublishError::target(target))?;
    let mut delivered = Delivered::default();
    let total = total(&prepared.plan);
    for (data_set, values) in Batches::of(&prepared.plan) {
        let batch = BatchId { target: target.into(), plan: plan.clone(), number: delivered.batches + 1, data_set };
        let intended: Vec<SentValue> = values.iter().map(|value| SentValue::of(data_set, value, false)).collect();
        log.intend(&batch, &intended).await.map_err(PublishError::log(target))?;
        let report = send(&mut pusher, data_set, &values, total, &delivered, progress).await;
        let report = report.map_err(PublishError::target(target))?;

        let mut refused = report.refused.iter().map(|refused| refused.index).peekable();
        let accepted: Vec<&DataValue> = values
            .iter()
            .enumerate()
            .filter(|(index, _)| refused.next_if_eq(index).is_none()) // both in the order of the batch
            .map(|(_, value)| value)
            .collect();
        let keys = accepted.iter().map(|value| value.key);
        let held = client.read_back(data_set, keys).await.map_err(PublishError::target(target))?;
        let (there, differing): (Vec<&DataValue>, Vec<&DataValue>) =
            accepted.into_iter().partition(|value| value.is_met_by(held.get(&value.key)));
        let confirmed: Vec<SentValue> = there.iter().map(|value| SentValue::of(data_set, value, true)).collect();
        let receipt = BatchReceipt {
            sent: report.sent,
            confirmed: there.len(),
            refused: report.refused.len(),
            differing: differing.len(),
            requests: report.requests,
            mappings: client.cited().to_owned(),
            replies: report.outcomes.iter().map(|reply| (reply.http, reply.outcome, reply.raw_body.clone())).collect(),
        };
        log.settle(&batch, &confirmed, &receipt).await.map_err(PublishError::log(target))?;

        delivered.confirmed += there.len() as u64;
        delivered.withdrawn += there.iter().filter(|value| value.deleted).count() as u64;
        delivered.differing.extend(differing.into_iter().map(|value| (data_set, value.clone())));
        delivered.take(data_set, &values, &report);
    }
    Ok(delivered)
}

/// Confirms what an interrupted run sent and the target turned out to hold.
async fn adopt<L: PublicationLog>(log: &mut L, target: &str, plan_hash: &str, plan: &Plan) -> Result<(), PublishError> {
    let adopted: Vec<SentValue> = plan.adopted().collect();
    for values in adopted.chunk_by(|one, other| one.data_set == other.data_set) {
        let Some(first) = values.first() else { continue };
        let batch = BatchId { target: target.into(), plan: plan_hash.into(), number: 0, data_set: first.data_set };
        // Nothing is sent; what it came about by stands in the receipts of its own delivery, if that got so far.
        let receipt = BatchReceipt { confirmed: values.len(), ..BatchReceipt::default() };
        log.settle(&batch, values, &receipt).await.map_err(PublishError::log(target))?;
    }
    Ok(())
}

fn total(plan: &Plan) -> u64 {
    let counts = plan.counts();
    counts.new + counts.changed + counts.withdraw
}

async fn send(
    pusher: &mut Pusher<'_>,
    data_set: Uid,
    values: &[DataValue],
    total: u64,
    before: &Delivered,
    progress: &mut (dyn FnMut(PublishProgress) + Send),
) -> Result<SendReport, mlatho_connect::dhis2::Dhis2Error> {
    let (done, refused) = (before.sent, before.refused.len() as u64);
    pusher
        .send(data_set, values, &mut |batch| {
            let done = done + (batch.applied + batch.refused) as u64;
            progress(PublishProgress { total, done, refused: refused + batch.refused as u64 });
        })
        .await
}

impl Delivered {
    fn take(&mut self, data_set: Uid, values: &[DataValue], report: &SendReport) {
        self.batches += 1;
        self.sent += report.sent as u64;
        self.requests += report.requests as u64;
        self.refused.extend(report.refused.iter().filter_map(|refused| {
            Some(RefusedValue {
                data_set,
                value: values.get(refused.index)?.clone(),
                code: refused.code.clone(),
                action: refused.action,
                message: refused.message.clone(),
            })
        }));
    }
}

/// The values of a plan in batches of one data set and one attribute option combo.
struct Batches<I: Iterator<Item = Change>>(std::iter::Peekable<I>);

impl Batches<std::iter::Empty<Change>> {
    fn of(plan: &Plan) -> Batches<impl Iterator<Item = Change>> {
        Batches(plan.to_send().peekable())
    }
}

impl<I: Iterator<Item = Change>> Iterator for Batches<I> {
    type Item = (Uid, Vec<DataValue>);

    fn next(&mut self) -> Option<Self::Item> {
        let first = self.0.next()?;
        let (data_set, combo) = (first.data_set, first.key.attribute_option_combo);
        let mut values = vec![first.data_value()];
        while values.len() < BATCH {
            let same = |next: &Change| next.data_set == data_set && next.key.attribute_option_combo == combo;
            let Some(change) = self.0.next_if(same) else { break };
            values.push(change.data_value());
        }
        Some((data_set, values))
    }
}
