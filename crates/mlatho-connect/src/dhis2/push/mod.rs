//! Sends data values so that every valid one arrives and every other one is named.

mod chunk;
mod divide;
mod read_back;
mod request;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use mlatho_model::Uid;

use super::codes::is_row_level;
use super::{Action, Client, Conflict, DataValue, Dhis2Error, Engine, Outcome, PushOutcome};
use chunk::Chunk;
use request::Sent;

/// Divisions of one group by named offenders; after that it is halved.
const NAMED_ROUNDS: u32 = 20;
/// Replies that say nothing, one after another, before the server counts as unreachable.
const SILENT_TRIES: u32 = 5;
/// Times that a value is sent again because it was accepted and is not there.
const RESENDS: u32 = 2;

/// Whether the server is to write or only to say what it would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushMode {
    Write,
    /// Nothing is written, so nothing is read back.
    DryRun,
}

/// How far the sending of one batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub sent: usize,
    pub applied: usize,
    pub refused: usize,
}

/// A value that the server does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Position in what was sent, from 0.
    pub index: usize,
    /// The server's error code; ours are `zero-dropped`, `not-stored`, `too-large` and `server-error`.
    pub code: String,
    pub action: Action,
    pub message: String,
}

/// What became of a batch. Every value that is not refused is at the server (in a dry run: would be).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SendReport {
    pub sent: usize,
    /// In the order of the batch.
    pub refused: Vec<Refused>,
    /// The reports of all requests, for the receipts.
    pub outcomes: Vec<PushOutcome>,
    /// Import requests made, those without a reply included.
    pub requests: usize,
}

/// Sends batches to one server, one request at a time, and remembers how large a request it digests.
#[derive(Debug)]
pub struct Pusher<'a> {
    client: &'a Client,
    mode: PushMode,
    chunk: Chunk,
}

/// A group of values that is still to be sent.
#[derive(Debug)]
struct Work {
    items: Vec<usize>,
    /// Divisions so far.
    rounds: u32,
    /// Replies so far that left open what happened.
    silent: u32,
    /// Times that these were accepted and not found.
    resent: u32,
}

/// One batch under way.
struct Batch<'a> {
    data_set: Uid,
    values: &'a [DataValue],
    /// Still to be sent, last first.
    work: Vec<Work>,
    applied: usize,
    refused: BTreeMap<usize, Refused>,
    report: SendReport,
}

impl<'a> Pusher<'a> {
    /// # Errors
    /// The server is too old or counts its periods in another calendar; see [`Client::writable`].
    pub fn new(client: &'a Client, mode: PushMode) -> Result<Self, Dhis2Error> {
        client.writable()?;
        Ok(Self { client, mode, chunk: Chunk::starting(client.first_chunk) })
    }

    /// Sends values of one data set. Withdrawals are the values marked `deleted`.
    ///
    /// Sending again what was sent before changes nothing, so a batch that ended with an error can be repeated whole.
    ///
    /// # Errors
    /// The server is not reachable, refuses the token or password, or the user may not write data at all.
    pub async fn send(
        &mut self,
        data_set: Uid,
        values: &[DataValue],
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<SendReport, Dhis2Error> {
        let mut batch = Batch::new(data_set, values);
        while let Some(mut work) = batch.work.pop() {
            if work.items.len() > self.chunk.size() {
                let rest = work.items.split_off(self.chunk.size());
                batch.work.push(Work { items: rest, ..work });
            }
            self.send_group(&mut batch, work).await?;
            progress(Progress { sent: values.len(), applied: batch.applied, refused: batch.refused.len() });
        }
        let mut report = batch.report;
        report.refused = batch.refused.into_values().collect();
        Ok(report)
    }

    async fn send_group(&mut self, batch: &mut Batch<'_>, work: Work) -> Result<(), Dhis2Error> {
        let values = work.items.iter().filter_map(|&item| batch.values.get(item)).collect();
        batch.report.requests += 1;
        match self.client.import(batch.data_set, values, self.mode == PushMode::DryRun).await? {
            Sent::TooLarge => {
                self.chunk.halve();
                batch.halve_or_refuse(work, "too-large");
                Ok(())
            }
            Sent::NoReply { timed_out } => {
                if timed_out {
                    self.chunk.halve();
                }
                self.settle_silence(batch, work, None).await
            }
            Sent::Outcome { outcome, took } => {
                self.chunk.answered(work.items.len(), took);
                let settled = match outcome.outcome {
                    // A withdrawal counted where none was asked for: engine A's way with insignificant zeros.
                    Outcome::Applied if outcome.deleted > 0 && !batch.withdraws(&work) => {
                        self.settle_partly(batch, work, &outcome).await
                    }
                    Outcome::Applied => {
                        batch.applied += work.items.len();
                        Ok(())
                    }
                    Outcome::Unknown => self.settle_silence(batch, work, Some(outcome.http)).await,
                    Outcome::Partial | Outcome::Refused => self.settle_partly(batch, work, &outcome).await,
                };
                batch.report.outcomes.push(outcome);
                settled
            }
        }
    }

    /// Nobody knows what was applied: look, and send the difference.
    async fn settle_silence(&self, batch: &mut Batch<'_>, work: Work, http: Option<u16>) -> Result<(), Dhis2Error> {
        self.client.wait(work.silent + 1, None).await;
        let missing = self.missing(batch, &work.items).await?;
        let progressed = missing.len() < work.items.len();
        batch.applied += work.items.len() - missing.len();
        let silent = if progressed { 0 } else { work.silent + 1 };
        let work = Work { items: missing, silent, ..work };
        if silent < SILENT_TRIES {
            batch.send_again(work);
            return Ok(());
        }
        match http {
            // The server answers, and fails on this group each time: some value in it must be the reason.
            Some(_) => batch.halve_or_refuse(Work { silent: SILENT_TRIES - 2, ..work }, "server-error"),
            None => return Err(Dhis2Error::Unreachable { path: "api/dataValueSets".into(), source: None }),
        }
        Ok(())
    }

    /// The report names what was refused; the rest is looked at and sent again where it is missing.
    async fn settle_partly(&self, batch: &mut Batch<'_>, work: Work, outcome: &PushOutcome) -> Result<(), Dhis2Error> {
        let mut left: BTreeSet<usize> = work.items.iter().copied().collect();
        for conflict in &outcome.conflicts {
            if outcome.engine == Engine::A || is_row_level(&conflict.code) {
                for item in conflict.indexes.iter().filter_map(|&row| work.items.get(row)) {
                    left.remove(item);
                    batch.refuse(*item, conflict);
                }
            }
        }
        let left: Vec<usize> = left.into_iter().collect();
        if left.is_empty() {
            return Ok(());
        }
        if outcome.outcome == Outcome::Refused && left.len() == work.items.len() || outcome.group_refused {
            let group: Vec<Conflict> =
                outcome.conflicts.iter().filter(|conflict| !is_row_level(&conflict.code)).cloned().collect();
            let divided = divide::divide(batch.values, &left, &group, work.rounds >= NAMED_ROUNDS);
            for (item, position) in divided.refused {
                match group.get(position) {
                    Some(conflict) => batch.refuse(item, conflict),
                    None => batch.refuse_as(item, "not-stored", Action::Bug),
                }
            }
            let groups = divided.groups.into_iter().rev();
            batch.work.extend(groups.map(|items| Work { items, rounds: work.rounds + 1, ..work }));
            return Ok(());
        }
        let missing = self.missing(batch, &left).await?;
        batch.applied += left.len() - missing.len();
        let (zeros, missing): (Vec<usize>, Vec<usize>) =
            missing.into_iter().partition(|&item| outcome.engine == Engine::A && batch.is_zero(item));
        for zero in zeros {
            batch.refuse_as(zero, "zero-dropped", Action::Meta);
        }
        let work = Work { items: missing, resent: work.resent + 1, ..work };
        if work.resent <= RESENDS {
            batch.send_again(work);
        } else {
            batch.halve_or_refuse(work, "not-stored");
        }
        Ok(())
    }

    /// Those of the items that the target does not hold as sent. A dry run writes nothing, so nothing is missing.
    async fn missing(&self, batch: &Batch<'_>, items: &[usize]) -> Result<Vec<usize>, Dhis2Error> {
        if self.mode == PushMode::DryRun {
            return Ok(Vec::new());
        }
        let values = || items.iter().filter_map(|&item| Some((item, batch.values.get(item)?)));
        let held = self.client.read_back(batch.data_set, values().map(|(_, value)| value.key)).await?;
        Ok(values().filter(|(_, value)| !value.is_met_by(held.get(&value.key))).map(|(item, _)| item).collect())
    }
}

impl<'a> Batch<'a> {
    /// One group for each attribute option combo, withdrawals apart. A key that comes twice is refused the second time.
    fn new(data_set: Uid, values: &'a [DataValue]) -> Self {
        let mut batch = Self {
            data_set,
            values,
            work: Vec::new(),
            applied: 0,
            refused: BTreeMap::new(),
            report: SendReport { sent: values.len(), ..SendReport::default() },
        };
        let mut keys = HashSet::new();
        let mut groups: BTreeMap<(bool, Uid), Vec<usize>> = BTreeMap::new();
        for (item, value) in values.iter().enumerate() {
            if keys.insert(value.key) {
                groups.entry((value.deleted, value.key.attribute_option_combo)).or_default().push(item);
            } else {
                batch.refuse_as(item, "E8128", Action::Bug);
            }
        }
        let work = groups.into_values().rev().map(|items| Work { items, rounds: 0, silent: 0, resent: 0 });
        batch.work = work.collect();
        batch
    }

    fn send_again(&mut self, work: Work) {
        if !work.items.is_empty() {
            self.work.push(work);
        }
    }

    fn withdraws(&self, work: &Work) -> bool {
        work.items.first().and_then(|&item| self.values.get(item)).is_some_and(|value| value.deleted)
    }

    fn is_zero(&self, item: usize) -> bool {
        let value = self.values.get(item).and_then(|value| value.value.as_deref());
        value.is_some_and(|text| super::same_value(text, "0"))
    }

    fn refuse(&mut self, item: usize, conflict: &Conflict) {
        let code = if conflict.code.is_empty() { "not-stored" } else { &conflict.code };
        let message = conflict.message.clone();
        self.refused.insert(item, Refused { index: item, code: code.into(), action: conflict.action, message });
    }

    fn refuse_as(&mut self, item: usize, code: &str, action: Action) {
        self.refused.insert(item, Refused { index: item, code: code.into(), action, message: String::new() });
    }

    /// Sends the halves; a single value has shown that it is the reason.
    fn halve_or_refuse(&mut self, mut work: Work, code: &str) {
        match work.items.as_slice() {
            [] => {}
            [item] => self.refuse_as(*item, code, Action::Bug),
            items => {
                let high = work.items.split_off(items.len() / 2);
                self.work.push(Work { items: high, ..work });
                self.work.push(work);
            }
        }
    }
}
