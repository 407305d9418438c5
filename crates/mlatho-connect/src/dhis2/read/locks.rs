//! What closes data for writing, or opens it: lock exceptions and approval.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use mlatho_model::{Period, Uid};
use serde::Deserialize;

use crate::dhis2::client::Reference;
use crate::dhis2::{Client, Dhis2Error};

/// Org units in one question about approval.
const UNITS: usize = 100;
/// Periods in one question about approval.
const PERIODS: usize = 5;

/// A period that is open for a data set at an org unit although it has expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LockException {
    pub data_set: Uid,
    pub period: Period,
    pub org_unit: Uid,
}

/// What is approved as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ApprovalSlice {
    pub workflow: Uid,
    pub attribute_option_combo: Uid,
    pub period: Period,
    pub org_unit: Uid,
}

/// Whether data is approved, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approval {
    /// The user does not see it.
    Hidden,
    /// Not, or not for all of it, or approval does not apply.
    Open,
    /// At the org unit itself.
    Here,
    /// At an org unit above, or for a wider scope.
    Elsewhere,
}

impl Client {
    /// The lock exceptions of those data sets and periods.
    ///
    /// # Errors
    /// The server does not answer, refuses, or keeps to shorter pages than the list is.
    pub async fn lock_exceptions(
        &self,
        data_sets: &BTreeSet<Uid>,
        periods: &BTreeSet<Period>,
    ) -> Result<HashSet<LockException>, Dhis2Error> {
        let data_sets: Vec<&str> = data_sets.iter().map(Uid::as_str).collect();
        let data_sets = format!("dataSet.id:in:[{}]", data_sets.join(","));
        let periods: Vec<String> = periods.iter().map(ToString::to_string).collect();
        let mut exceptions = HashSet::new();
        for periods in periods.chunks(150) {
            let found = self.exceptions(&[&data_sets, &format!("period:in:[{}]", periods.join(","))]).await?;
            exceptions.extend(found.into_iter().filter_map(WireException::read));
        }
        Ok(exceptions)
    }

    /// A filtered list comes in another order with each request (a hash set of objects without a hash of their own), so
    /// that its pages do not fit together; it is asked for as one page of the length that the server names.
    async fn exceptions(&self, filters: &[&str]) -> Result<Vec<WireException>, Dhis2Error> {
        const PATH: &str = "api/lockExceptions";
        let mut size = u64::from(self.page_size);
        for _ in 0..3 {
            let page_size = size.to_string();
            let mut query = vec![("fields", "organisationUnit[id],dataSet[id],period[id]"), ("page", "1")];
            query.push(("pageSize", &page_size));
            query.extend(filters.iter().map(|&filter| ("filter", filter)));
            let answer: WireExceptions = self.get_json(PATH, &query).await?;
            if answer.lock_exceptions.len() as u64 >= answer.pager.total {
                return Ok(answer.lock_exceptions);
            }
            size = answer.pager.total;
        }
        Err(Dhis2Error::Answer { path: PATH.into(), problem: "the list is not given as a whole".into() })
    }

    /// The state of approval of each slice, in few questions of at most 500 slices. One whose period the server has never
    /// used, or the workflow does not know, is left out: nothing of it is approved.
    ///
    /// # Errors
    /// The server does not answer, refuses, or does not know one of the workflows, org units or option combos.
    pub async fn approvals(
        &self,
        slices: &BTreeSet<ApprovalSlice>,
    ) -> Result<HashMap<ApprovalSlice, Approval>, Dhis2Error> {
        let mut groups = BTreeMap::<(Uid, Uid), BTreeMap<Period, BTreeSet<Uid>>>::new();
        for slice in slices {
            let periods = groups.entry((slice.workflow, slice.attribute_option_combo)).or_default();
            periods.entry(slice.period).or_default().insert(slice.org_unit);
        }
        let mut states = HashMap::new();
        for ((workflow, combo), periods) in groups {
            let periods: Vec<(Period, BTreeSet<Uid>)> = periods.into_iter().collect();
            for periods in periods.chunks(PERIODS) {
                let names: Vec<String> = periods.iter().map(|(period, _)| period.to_string()).collect();
                let units: BTreeSet<&str> = periods.iter().flat_map(|(_, units)| units).map(Uid::as_str).collect();
                for units in units.into_iter().collect::<Vec<_>>().chunks(UNITS) {
                    let (periods, units) = (names.join(","), units.join(","));
                    let query = [
                        ("wf", workflow.as_str()),
                        ("aoc", combo.as_str()),
                        ("pe", periods.as_str()),
                        ("ou", units.as_str()),
                    ];
                    let answer: Vec<WireApproval> = self.get_json("api/dataApprovals/multiple", &query).await?;
                    states.extend(answer.into_iter().filter_map(WireApproval::read));
                }
            }
        }
        states.retain(|slice, _| slices.contains(slice));
        Ok(states)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireExceptions {
    pager: WirePager,
    #[serde(default)]
    lock_exceptions: Vec<WireException>,
}

#[derive(Deserialize)]
struct WirePager {
    total: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireException {
    data_set: Reference,
    organisation_unit: Reference,
    period: WirePeriod,
}

#[derive(Deserialize)]
struct WirePeriod {
    id: String,
}

impl WireException {
    fn read(self) -> Option<LockException> {
        let period = self.period.id.parse().ok()?;
        Some(LockException { data_set: self.data_set.id, period, org_unit: self.organisation_unit.id })
    }
}

#[derive(Deserialize)]
struct WireApproval {
    wf: Uid,
    pe: String,
    ou: Uid,
    aoc: Uid,
    state: Option<String>,
}

impl WireApproval {
    fn read(self) -> Option<(ApprovalSlice, Approval)> {
        let approval = match self.state.as_deref() {
            None => Approval::Hidden,
            Some("APPROVED_HERE" | "ACCEPTED_HERE") => Approval::Here,
            Some("APPROVED_ABOVE" | "APPROVED_ELSEWHERE" | "ACCEPTED_ELSEWHERE") => Approval::Elsewhere,
            Some(_) => Approval::Open,
        };
        let period = self.pe.parse().ok()?;
        let slice = ApprovalSlice { workflow: self.wf, attribute_option_combo: self.aoc, period, org_unit: self.ou };
        Some((slice, approval))
    }
}
