//! Everything that the double holds: one state for writing and for reading.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::DateTime;
use mlatho_model::{Period, Uid};
use serde_json::Value as Json;

use super::analytics::Snapshot;
use super::config::{Config, User};
use super::faults::Fault;
use super::metadata::Metadata;
use super::structure::Structure;
use super::values::{Stamp, Values};
use crate::http::Log;

pub(super) struct State {
    pub(super) config: Config,
    pub(super) users: Vec<Arc<User>>,
    pub(super) metadata: Metadata,
    pub(super) structure: Structure,
    pub(super) values: Values,
    pub(super) completions: BTreeMap<Slice, Completion>,
    pub(super) approvals: HashSet<Approval>,
    pub(super) lock_exceptions: BTreeSet<LockException>,
    pub(super) jobs: VecDeque<Job>,
    pub(super) now: DateTime,
    pub(super) faults: Vec<Fault>,
    pub(super) log: Log,
    pub(super) analytics: Option<Snapshot>,
}

/// What a completeness registration is about: data set, period, org unit, attribute option combo.
pub(super) type Slice = (Uid, Period, Uid, Uid);

/// What an approval is about: workflow, period, org unit, attribute option combo.
pub(super) type Approval = (Uid, Period, Uid, Uid);

/// A closed period that is open all the same: data set, period, org unit.
pub(super) type LockException = (Uid, Period, Uid);

#[derive(Clone, Debug)]
pub(super) struct Completion {
    pub(super) date: String,
    pub(super) stored_by: String,
    pub(super) created: DateTime,
    pub(super) completed: bool,
}

/// A task in the background.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) started: DateTime,
    pub(super) completed: bool,
    pub(super) summary: Option<Json>,
}

impl State {
    pub(super) fn new(config: Config, metadata: Metadata) -> Self {
        Self {
            users: config.users.iter().cloned().map(Arc::new).collect(),
            structure: Structure::compile(&metadata, config.calendar),
            metadata,
            values: Values::default(),
            completions: BTreeMap::new(),
            approvals: HashSet::new(),
            lock_exceptions: BTreeSet::new(),
            jobs: VecDeque::new(),
            now: config.now,
            faults: Vec::new(),
            log: Log::default(),
            analytics: None,
            config,
        }
    }

    /// Compiles the metadata again after a change.
    pub(super) fn recompile(&mut self) {
        self.structure = Structure::compile(&self.metadata, self.config.calendar);
    }

    /// Whether the data is approved at the org unit itself: all that engine B asks `[C]`.
    pub(super) fn is_approved(&self, approval: Approval) -> bool {
        self.approvals.contains(&approval)
    }

    /// Whether the data is approved at an org unit above. Engine A asks at the lowest level of the workflow that is not
    /// below the org unit `[C]`; here the levels of a workflow are those at which something is approved `[U]`.
    pub(super) fn is_approved_above(&self, (workflow, period, org_unit, combo): Approval) -> bool {
        let above = self.structure.org_units.get(&org_unit).map_or(&[][..], |unit| &unit.path);
        above.iter().any(|&step| step != org_unit && self.approvals.contains(&(workflow, period, step, combo)))
    }

    /// The moment of a write; each is a millisecond after the one before.
    pub(super) fn tick(&mut self, by: &Arc<User>) -> Arc<Stamp> {
        self.now = self.now.saturating_add(1.millisecond());
        Arc::new(Stamp { now: self.now, by: by.clone() })
    }

    /// Remembers a job, and forgets the oldest ones.
    pub(super) fn add_job(&mut self, job: Job) {
        self.jobs.push_back(job);
        while self.jobs.len() > self.config.jobs_kept {
            self.jobs.pop_front();
        }
    }
}

/// A moment as DHIS2 writes it.
pub(super) fn moment(moment: DateTime) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S.%3f").to_string()
}
