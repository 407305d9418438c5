//! Proposals for two lists of products.

use mlatho_model::Factor;

use super::compare::compare;
use super::factor::{FactorReason, propose_factor};
use super::index::{Index, respell};
use super::record::{ProductRow, Record};
use crate::matching::Proposal;
use crate::matching::rank::{Rules, Scored, rank};

/// For each left product up to five right ones, the best first, with evidence that sums to the score; behind them a row
/// that says *none* where nothing fits. Ordered by left record.
///
/// One right product is assigned to several left ones only where these are packs of one item. `accept` stands only where
/// both have the same code, or where substances, strength, form and pack are known on both sides and equal; in both
/// cases only where the packs give the factor one. Everything else is for review.
#[must_use]
pub fn propose(left: &[ProductRow], right: &[ProductRow]) -> Vec<Proposal> {
    let rights: Vec<Record> = right.iter().map(Record::read).collect();
    let index = Index::new(rights.iter().map(Record::keys));
    let lefts: Vec<Record> = left.iter().map(|row| respelled(row, &index)).collect();
    let weight = |word: &str| index.weight(&format!("w:{word}"));
    let scored = lefts.iter().map(|one| {
        let candidates = index.candidates(&one.keys());
        candidates
            .into_iter()
            .map(|other| Scored { right: other, evidence: compare(one, &rights[other], &weight) })
            .collect()
    });
    let accept = |one: usize, candidate: &Scored| {
        let proposal = propose_factor(&left[one], &right[candidate.right]);
        let checked = proposal.factor == Factor::ONE && proposal.reason != FactorReason::Unstated;
        may_accept(&lefts[one], &rights[candidate.right], checked)
    };
    let same = |one: usize, other: usize| lefts[one].same_item(&lefts[other]);
    rank(scored.collect(), &Rules { probability: &probability, accept: &accept, same: &same })
}

fn respelled(row: &ProductRow, index: &Index) -> Record {
    let mut record = Record::read(row);
    record.words = respell(&record.words, index);
    record
}

/// The shipped calibration: a logistic curve over the score. Scores of dependent parts add up to more than they are
/// worth, so the curve is flatter than the one of independent evidence.
fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-0.5 * bits).exp2())
}

fn may_accept(left: &Record, right: &Record, factor_checked: bool) -> bool {
    let contradicts = left.name.items != right.name.items;
    if left.code.is_some() && left.code == right.code {
        let packs_differ = left.name.pack_total() != right.name.pack_total() || left.name.doses != right.name.doses;
        return !contradicts && !packs_differ;
    }
    let known = !left.name.items.is_empty() && left.name.strength.is_some() && left.name.form.is_some();
    known && factor_checked && !left.name.pack.is_empty() && left.name == right.name
}
