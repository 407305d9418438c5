//! Puts decisions into effect, month by month, while a run writes it.

use std::collections::{HashMap, HashSet};

use mlatho_model::Status;
use mlatho_store::{Rows, TermKind, Terms};

use super::areas::Areas;
use super::batch::Batches;
use super::decisions::{Decisions, Verdict};
use super::line::{seen, takes_part, text_of, value_of};
use crate::PipelineError;
use crate::project::{Policy, Project};

/// Why a row stands as it does, where a person or a policy decided it: texts of [`TermKind::Reason`].
pub(crate) const AWAITING: &str = "awaiting-approval";
pub(crate) const CORRECTED: &str = "corrected";
pub(crate) const CORRECTED_AWAITING: &str = "corrected-awaiting-approval";
const ACCEPTED: &str = "accepted-as-reported";
const REJECTED: &str = "rejected-by-review";

/// The numbers of the reasons.
#[derive(Clone, Copy, Debug)]
struct Reasons {
    awaiting: i32,
    corrected: i32,
    corrected_awaiting: i32,
    accepted: i32,
    rejected: i32,
}

/// Decisions, and the policies of the sources.
#[derive(Debug)]
pub(crate) struct Desk {
    decisions: Decisions,
    /// The line of every correction; looked up once for each row.
    corrected: HashSet<i64>,
    approved_first: HashSet<i32>,
    areas: Areas,
    reasons: Reasons,
    /// What lines said, of those that are decided about, and batches: of the month in hand.
    seen: HashMap<i64, String>,
    batches: Batches,
}

impl Desk {
    /// # Errors
    /// The register of org units cannot be read.
    pub(crate) fn new(project: &Project, decisions: Decisions, terms: &mut Terms) -> Result<Self, PipelineError> {
        let sources = project.config().sources.iter().filter(|source| source.policy == Policy::ApproveFirst);
        let approved_first: HashSet<i32> =
            sources.map(|source| terms.id(TermKind::Source, source.name.as_str())).collect();
        let areas = if approved_first.is_empty() { Areas::default() } else { Areas::of(project)? };
        let mut reason = |text| terms.id(TermKind::Reason, text);
        let reasons = Reasons {
            awaiting: reason(AWAITING),
            corrected: reason(CORRECTED),
            corrected_awaiting: reason(CORRECTED_AWAITING),
            accepted: reason(ACCEPTED),
            rejected: reason(REJECTED),
        };
        let corrected = decisions.corrections.keys().map(|(key, _)| *key).collect();
        let (seen, batches) = (HashMap::new(), Batches::default());
        Ok(Self { decisions, corrected, approved_first, areas, reasons, seen, batches })
    }

    /// Before the checks: takes earlier decisions back out of the rows, and puts in corrections. `is_divided` says of a
    /// row whether it was judged with its whole line when that was read.
    pub(crate) fn prepare(
        &mut self,
        rows: &mut Rows,
        terms: &mut Terms,
        mut is_divided: impl FnMut(&Rows, usize, &Terms) -> bool,
    ) {
        self.take_back(rows, terms, &mut is_divided);
        let mut lines: HashMap<i64, Vec<usize>> = HashMap::new();
        for row in 0..rows.len() {
            let key = rows.record_key[row];
            if takes_part(rows.status[row]) && (self.decisions.about(key) || self.corrected.contains(&key)) {
                lines.entry(key).or_default().push(row);
            }
        }
        self.seen = lines.iter().map(|(key, own)| (*key, seen(rows, own, terms))).collect();
        self.batches = self.batches(rows, terms);
        for (key, own) in &lines {
            let seen = self.seen.get(key).map_or("", String::as_str);
            if self.decisions.verdict(*key, seen) == Some(Verdict::Reject) {
                continue;
            }
            for row in own {
                let measure = terms.text(TermKind::Measure, rows.measure[*row]);
                let correction = self.decisions.correction(*key, measure, seen);
                let Some(value) = correction.and_then(|correction| value_of(&correction.value)) else { continue };
                rows.set_value(*row, &value, terms);
                rows.reason.set(*row, self.reasons.corrected);
            }
        }
    }

    pub(crate) fn decisions(&self) -> &Decisions {
        &self.decisions
    }

    pub(crate) fn into_decisions(self) -> Decisions {
        self.decisions
    }

    /// The batches of rows that say what the source said.
    pub(crate) fn batches(&self, rows: &Rows, terms: &Terms) -> Batches {
        Batches::of(rows, terms, &self.approved_first, &self.areas)
    }

    /// Takes decisions back out of rows that are only looked at.
    pub(crate) fn restore(&self, rows: &mut Rows, terms: &mut Terms) {
        self.take_back(rows, terms, &mut |_, _, _| false);
    }

    /// Rows as they came out of reading.
    fn take_back(&self, rows: &mut Rows, terms: &mut Terms, is_divided: &mut impl FnMut(&Rows, usize, &Terms) -> bool) {
        for row in (0..rows.len()).filter(|row| rows.reason[*row] != 0).collect::<Vec<_>>() {
            self.take_back_one(rows, row, terms, is_divided);
        }
    }

    fn take_back_one(
        &self,
        rows: &mut Rows,
        row: usize,
        terms: &mut Terms,
        is_divided: &mut impl FnMut(&Rows, usize, &Terms) -> bool,
    ) {
        let reasons = self.reasons;
        let reason = rows.reason[row];
        let ours =
            [reasons.awaiting, reasons.corrected, reasons.corrected_awaiting, reasons.accepted, reasons.rejected];
        if !ours.contains(&reason) {
            return;
        }
        let key = rows.record_key[row];
        if reason == reasons.corrected || reason == reasons.corrected_awaiting {
            let measure = terms.text(TermKind::Measure, rows.measure[row]);
            let now = rows.value(row, terms).map(|value| text_of(&value)).unwrap_or_default();
            let original = self.decisions.original(key, measure, &now).and_then(value_of);
            if let Some(original) = original {
                rows.set_value(row, &original, terms);
            }
        }
        let by_line = reason == reasons.accepted || reason == reasons.rejected;
        let held = by_line && is_divided(rows, row, terms) && self.decisions.was_held(key);
        rows.status.set(row, if held { Status::Held } else { Status::Accepted });
        rows.reason.set(row, 0);
    }

    /// After the checks: what was accepted passes, what was rejected does not count, and what must be approved waits.
    pub(crate) fn settle(&self, rows: &mut Rows) {
        if self.seen.is_empty() && self.approved_first.is_empty() {
            return;
        }
        for row in 0..rows.len() {
            if !takes_part(rows.status[row]) {
                continue;
            }
            let (key, reasons) = (rows.record_key[row], self.reasons);
            let corrected = rows.reason[row] == reasons.corrected;
            match self.seen.get(&key).and_then(|seen| self.decisions.verdict(key, seen)) {
                Some(Verdict::Reject) => {
                    rows.status.set(row, Status::Rejected);
                    rows.reason.set(row, reasons.rejected);
                    continue;
                }
                Some(Verdict::Pass) if rows.status[row] == Status::Held => {
                    rows.status.set(row, Status::Accepted);
                    if !corrected {
                        rows.reason.set(row, reasons.accepted);
                    }
                }
                _ => {}
            }
            let Some((name, says)) = self.batches.of_row(row) else { continue };
            if rows.status[row] != Status::Accepted {
                continue;
            }
            match self.decisions.of_batch(name, says) {
                Some(Verdict::Pass) => {}
                Some(Verdict::Reject) => {
                    rows.status.set(row, Status::Rejected);
                    rows.reason.set(row, reasons.rejected);
                }
                None => {
                    rows.status.set(row, Status::Held);
                    rows.reason.set(row, if corrected { reasons.corrected_awaiting } else { reasons.awaiting });
                }
            }
        }
    }
}
