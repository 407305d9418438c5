//! How well proposals agree with known links.

#![expect(clippy::cast_precision_loss, reason = "counts of records are far below 2^52")]

use std::collections::{BTreeMap, BTreeSet};

use mlatho_harmonize::matching::facility::{Matcher, facilities};
use mlatho_harmonize::matching::{Decision, Proposal};

use super::sets::{Set, Without};

/// Shares of linked left records, of proposals and of links.
#[derive(Debug)]
pub(crate) struct Measured {
    /// Linked records whose first candidate is right, and those with the right one among five.
    pub(crate) hit_at_1: f64,
    pub(crate) recall_at_5: f64,
    /// Of the one-to-one solution.
    pub(crate) precision: f64,
    pub(crate) f1: f64,
    /// Of what may be accepted.
    pub(crate) accepted_precision: f64,
    pub(crate) accepted_recall: f64,
    pub(crate) accepted_wrong: f64,
    pub(crate) expected_wrong: f64,
    /// Mean over ten classes of probability of how far probability and share of right links are apart.
    pub(crate) calibration_error: f64,
    /// Of the best candidates that are worth a look, whatever else their right record is linked with.
    pub(crate) best_precision: f64,
    pub(crate) best_recall: f64,
    /// Records that have no partner and are in the one-to-one solution.
    pub(crate) linked_without_partner: f64,
}

/// Probability from which the best candidate counts where several records may share a partner.
const WORTH_A_LOOK: f64 = 0.25;

pub(crate) fn measure(set: &Set) -> Measured {
    let matcher = Matcher::new(&facilities("", &set.left).0, &facilities("", &set.right).0, 2);
    let proposals: Vec<Proposal> = (0..set.left.len()).flat_map(|row| matcher.proposals(row)).collect();
    let mut known: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (left, right) in &set.links {
        known.entry(left).or_default().insert(right);
    }
    let left_id = |proposal: &Proposal| set.left.named(proposal.left, "id");
    let right_id = |proposal: &Proposal| proposal.right.map_or("", |row| set.right.named(row, "id"));
    let is_right = |one: &&Proposal| known.get(left_id(one)).is_some_and(|rights| rights.contains(right_id(one)));
    let is_judged = |one: &&Proposal| match &set.without {
        Without::Rest => one.right.is_some(),
        Without::Unknown => one.right.is_some() && known.contains_key(left_id(one)),
        Without::These(alone) => {
            one.right.is_some() && (known.contains_key(left_id(one)) || alone.contains(left_id(one)))
        }
    };
    let links = set.links.len() as f64;
    let share = |chosen: &[&Proposal]| {
        let right = chosen.iter().filter(|one| is_right(one)).count() as f64;
        (right / chosen.len() as f64, right / links)
    };
    let chosen = |wanted: &dyn Fn(&Proposal) -> bool| -> Vec<&Proposal> {
        proposals.iter().filter(|one| wanted(one)).filter(is_judged).collect()
    };
    let assigned = chosen(&|one| one.assigned);
    let accepted = chosen(&|one| one.decision == Decision::Accept);
    let best = chosen(&|one| one.rank == 1 && one.probability >= WORTH_A_LOOK);
    let found = |most: u32| {
        let right = proposals.iter().filter(|one| one.rank <= most).filter(is_right);
        let lefts: BTreeSet<usize> = right.map(|one| one.left).collect();
        lefts.len() as f64 / known.len() as f64
    };
    let (precision, recall) = share(&assigned);
    let (accepted_precision, accepted_recall) = share(&accepted);
    let (best_precision, best_recall) = share(&best);
    let wrongly_linked = match &set.without {
        Without::These(alone) => {
            assigned.iter().filter(|one| alone.contains(left_id(one))).count() as f64 / alone.len() as f64
        }
        _ => 0.0,
    };
    Measured {
        hit_at_1: found(1),
        recall_at_5: found(5),
        precision,
        f1: 2.0 * precision * recall / (precision + recall),
        accepted_precision,
        accepted_recall,
        accepted_wrong: accepted.iter().filter(|one| !is_right(one)).count() as f64,
        expected_wrong: accepted.iter().map(|one| 1.0 - one.probability).sum(),
        calibration_error: calibration_error(&assigned, &is_right),
        best_precision,
        best_recall,
        linked_without_partner: wrongly_linked,
    }
}

fn calibration_error(assigned: &[&Proposal], is_right: &dyn Fn(&&Proposal) -> bool) -> f64 {
    const CLASSES: [f64; 10] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
    let mut apart = [0.0; CLASSES.len()];
    for one in assigned {
        let class = CLASSES.iter().rposition(|from| one.probability >= *from).unwrap_or(0);
        apart[class] += one.probability - if is_right(one) { 1.0 } else { 0.0 };
    }
    apart.iter().map(|sum: &f64| sum.abs()).sum::<f64>() / assigned.len() as f64
}
