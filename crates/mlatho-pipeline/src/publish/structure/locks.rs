//! Lock exceptions and approval, read for what a plan sends.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use mlatho_connect::dhis2::{Approval, ApprovalSlice, Client, DataSet, Dhis2Error, Engine, LockException, ValueKey};
use mlatho_model::{Finding, Period, Uid};

use super::Structure;
use crate::publish::plan::Plan;
use crate::publish::rules::Rule;

/// What closes single slices of data, or opens them.
#[derive(Clone, Debug, Default)]
pub(super) struct Locks {
    /// None: not read, so that any expired period may be open.
    exceptions: Option<HashSet<LockException>>,
    /// Those that were read.
    approvals: HashMap<ApprovalSlice, Approval>,
}

impl Locks {
    pub(super) fn may_open(&self, data_set: Uid, key: &ValueKey) -> bool {
        let exception = LockException { data_set, period: key.period, org_unit: key.org_unit };
        self.exceptions.as_ref().is_none_or(|exceptions| exceptions.contains(&exception))
    }
}

impl Structure {
    /// Reads the lock exceptions and approvals that matter to the plan: none where nothing has expired and no data set has
    /// a workflow. What the user may not read is said in a finding and left to the server.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn add_locks(
        &mut self,
        client: &Client,
        plan: &Plan,
        today: Date,
        findings: &mut Vec<Finding>,
    ) -> Result<(), Dhis2Error> {
        self.add_exceptions(client, plan, today, findings).await?;
        self.add_approvals(client, plan, today, findings).await
    }

    async fn add_exceptions(
        &mut self,
        client: &Client,
        plan: &Plan,
        today: Date,
        findings: &mut Vec<Finding>,
    ) -> Result<(), Dhis2Error> {
        if self.data_sets.values().all(|set| set.expiry_days.is_none()) {
            return Ok(());
        }
        let (mut data_sets, mut periods, mut count) = (BTreeSet::<Uid>::new(), BTreeSet::<Period>::new(), 0u64);
        for change in plan.to_send() {
            let set = self.data_sets.get(&change.data_set);
            if set.is_some_and(|set| self.has_expired(change.key.period, set, today)) {
                data_sets.insert(change.data_set);
                periods.insert(change.key.period);
                count += 1;
            }
        }
        if count > 0 {
            let read = client.lock_exceptions(&data_sets, &periods).await;
            self.locks.exceptions = known(read, "publish-lock-exceptions-unread", count, findings)?;
        }
        Ok(())
    }

    async fn add_approvals(
        &mut self,
        client: &Client,
        plan: &Plan,
        today: Date,
        findings: &mut Vec<Finding>,
    ) -> Result<(), Dhis2Error> {
        if self.data_sets.values().all(|set| set.workflow.is_none()) {
            return Ok(());
        }
        let mut slices = BTreeMap::<ApprovalSlice, u64>::new();
        for change in plan.to_send() {
            let slice = self.data_sets.get(&change.data_set).and_then(|set| slice(&change.key, set));
            let asks =
                || self.refuses(&change, today).is_none_or(|rule| comes_after_approval(rule, self.version.engine()));
            if let Some(slice) = slice.filter(|_| asks()) {
                *slices.entry(slice).or_default() += 1;
            }
        }
        let read = client.approvals(&slices.keys().copied().collect()).await;
        let count = slices.values().sum();
        let Some(approvals) = known(read, "publish-approvals-unread", count, findings)? else { return Ok(()) };
        let hidden = slices.iter().filter(|(slice, _)| approvals.get(slice) == Some(&Approval::Hidden));
        let hidden: u64 = hidden.map(|(_, count)| count).sum();
        if hidden > 0 {
            findings.push(Finding::warning("publish-approvals-hidden").with("count", hidden));
        }
        self.locks.approvals = approvals;
        Ok(())
    }

    /// Engine B asks only whether the org unit's own data is approved, engine A also above it.
    pub(super) fn approved(&self, key: &ValueKey, data_set: &DataSet) -> Option<Rule> {
        let approved = match (self.locks.approvals.get(&slice(key, data_set)?)?, self.version.engine()) {
            (Approval::Here, _) | (Approval::Elsewhere, Engine::A) => true,
            (Approval::Elsewhere, Engine::B) | (Approval::Open | Approval::Hidden, _) => false,
        };
        approved.then_some(Rule::Approved)
    }
}

/// Whether the engine looks at approval before it refuses by the rule.
const fn comes_after_approval(rule: Rule, engine: Engine) -> bool {
    match engine {
        Engine::A => matches!(rule, Rule::InputPeriod | Rule::ZeroDropped),
        Engine::B => matches!(
            rule,
            Rule::AttributeDates | Rule::ValueType | Rule::Option | Rule::CommentOption | Rule::CommentTooLong
        ),
    }
}

fn slice(key: &ValueKey, data_set: &DataSet) -> Option<ApprovalSlice> {
    Some(ApprovalSlice {
        workflow: data_set.workflow?,
        attribute_option_combo: key.attribute_option_combo,
        period: key.period,
        org_unit: key.org_unit,
    })
}

/// What was read, or nothing and a finding where the server refuses to tell or does not know how.
fn known<T>(
    read: Result<T, Dhis2Error>,
    code: &'static str,
    count: u64,
    findings: &mut Vec<Finding>,
) -> Result<Option<T>, Dhis2Error> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error @ (Dhis2Error::Forbidden { .. } | Dhis2Error::Status { .. } | Dhis2Error::Answer { .. })) => {
            findings.push(Finding::warning(code).with("count", count).with("reason", error.to_string()));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
