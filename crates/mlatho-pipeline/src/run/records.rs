//! What became of records, and why some do not count.

use std::collections::HashSet;

use mlatho_model::RunId;
use mlatho_store::{Rows, TermKind, Terms, UnmappedKind};
use serde::Serialize;

/// Why a record does not count, as far as reading it decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The status of its report is none of those that count.
    NotCounting,
    /// Without a number in a required measure.
    Incomplete,
    /// Reviewed: its org unit or item has no counterpart.
    NoCounterpart,
    /// Org unit without a mapping, where the item has one.
    UnmappedOrgUnit,
    /// Item without a mapping, where the org unit has one.
    UnmappedItem,
    /// Neither org unit nor item has one.
    UnmappedBoth,
}

impl Reason {
    pub(super) const ALL: [Self; 6] = [
        Self::NotCounting,
        Self::Incomplete,
        Self::NoCounterpart,
        Self::UnmappedOrgUnit,
        Self::UnmappedItem,
        Self::UnmappedBoth,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::NotCounting => "not-counting",
            Self::Incomplete => "incomplete",
            Self::NoCounterpart => "no-counterpart",
            Self::UnmappedOrgUnit => "unmapped-org-unit",
            Self::UnmappedItem => "unmapped-item",
            Self::UnmappedBoth => "unmapped-org-unit-and-item",
        }
    }

    /// What waits for a mapping.
    pub(super) const fn unmapped(self) -> &'static [UnmappedKind] {
        match self {
            Self::NotCounting | Self::Incomplete | Self::NoCounterpart => &[],
            Self::UnmappedOrgUnit => &[UnmappedKind::OrgUnit],
            Self::UnmappedItem => &[UnmappedKind::Item],
            Self::UnmappedBoth => &[UnmappedKind::OrgUnit, UnmappedKind::Item],
        }
    }
}

/// What became of the records of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RecordCounts {
    /// Read, in whatever version.
    pub records: u64,
    /// Among them the newest versions, which stand in the repository now. Each stands in at most one of the others.
    pub current: u64,
    /// Of reports whose status does not count.
    pub not_counting: u64,
    /// Without a number in a required measure.
    pub incomplete: u64,
    /// Reviewed: their org unit or item has no counterpart.
    pub no_counterpart: u64,
    /// Org unit without a mapping, whatever the item has.
    pub unmapped_org_unit: u64,
    /// Item without a mapping, where the org unit has one.
    pub unmapped_item: u64,
}

impl RecordCounts {
    /// Adds the current records of a month that the run brought.
    pub(super) fn add_month(&mut self, rows: &Rows, run: RunId, terms: &Terms) {
        let reasons = Reason::ALL.map(|reason| (reason, terms.find(TermKind::Reason, reason.name())));
        let mut seen = HashSet::new();
        let mut last = None; // rows of one record are neighbours, as a rule
        for row in (0..rows.len()).filter(|row| rows.run[*row] == run.0) {
            let key = rows.record_key[row];
            if last.replace(key) == Some(key) || !seen.insert(key) {
                continue;
            }
            self.current += 1;
            let reason = reasons.iter().find(|(_, term)| *term == Some(rows.reason[row]));
            if let Some((reason, _)) = reason {
                *self.of(*reason) += 1;
            }
        }
    }

    fn of(&mut self, reason: Reason) -> &mut u64 {
        match reason {
            Reason::NotCounting => &mut self.not_counting,
            Reason::Incomplete => &mut self.incomplete,
            Reason::NoCounterpart => &mut self.no_counterpart,
            Reason::UnmappedOrgUnit | Reason::UnmappedBoth => &mut self.unmapped_org_unit,
            Reason::UnmappedItem => &mut self.unmapped_item,
        }
    }
}
