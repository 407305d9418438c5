//! Proposals for two lists of products.

use mlatho_model::Factor;

use super::compare::compare;
use super::factor::{FactorReason, factors};
use super::index::{Index, Rarity, respell};
use super::record::{ProductRow, Record};
use crate::matching::Proposal;
use crate::matching::rank::{Rules, Scored, rank};

/// A list of products, ready to be asked.
#[derive(Debug)]
pub struct Catalogue {
    records: Vec<Record>,
    index: Index,
}

impl Catalogue {
    #[must_use]
    pub fn new(rows: &[ProductRow]) -> Self {
        let records: Vec<Record> = rows.iter().map(Record::read).collect();
        let index = Index::new(records.iter().map(Record::keys));
        Self { records, index }
    }

    /// For each left product up to five of the list, the best first, with evidence that sums to the score; behind them a
    /// row that says *none* where nothing fits. Ordered by left record.
    ///
    /// One right product is assigned to several left ones only where these are packs of one item. `accept` stands only
    /// where both have the same code, or where substances, strength, form and pack are known on both sides and equal; in
    /// both cases only where the packs give the factor one. Everything else is for review.
    #[must_use]
    pub fn propose(&self, left: &[ProductRow]) -> Vec<Proposal> {
        let (rights, index) = (&self.records, &self.index);
        let lefts: Vec<Record> = left.iter().map(|row| respelled(row, index)).collect();
        let rarity = Rarity::new(lefts.iter().chain(rights).map(|record| &record.words));
        let scored = lefts.iter().map(|one| {
            let candidates = index.candidates(&one.keys());
            candidates
                .into_iter()
                .map(|other| Scored { right: other, evidence: compare(one, &rights[other], &rarity) })
                .collect()
        });
        let accept = |one: usize, candidate: &Scored| may_accept(&lefts[one], &rights[candidate.right]);
        let same = |one: usize, other: usize| lefts[one].same_item(&lefts[other]);
        rank(scored.collect(), &Rules { probability: &probability, accept: &accept, same: &same })
    }
}

/// Proposals for two lists, as [`Catalogue::propose`] gives them.
#[must_use]
pub fn propose(left: &[ProductRow], right: &[ProductRow]) -> Vec<Proposal> {
    Catalogue::new(right).propose(left)
}

fn respelled(row: &ProductRow, index: &Index) -> Record {
    let mut record = Record::read(row);
    record.words = respell(&record.words, index);
    record
}

/// The shipped calibration: a logistic curve over the score, flatter than that of independent evidence would be, since
/// the parts of a name depend on each other.
pub(in crate::matching) fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (0.9 - 0.45 * bits).exp2())
}

/// Codes shorter than this are mostly numbers of rows, which agree by chance.
const SHORT_CODE: usize = 6;

fn may_accept(left: &Record, right: &Record) -> bool {
    let (one, two) = (&left.name, &right.name);
    if one.items != two.items {
        return false;
    }
    // Neither vials of other doses nor other packs, nor a pack on one side only.
    let [factor] = &factors(one, two)[..] else { return false };
    if let Some(code) = left.code.as_ref().filter(|code| right.code.as_ref() == Some(code)) {
        return code.len() >= SHORT_CODE || !one.items.is_empty();
    }
    let known = !one.items.is_empty() && one.strength.is_some() && one.form.is_some();
    known && factor.factor == Factor::ONE && factor.reason != FactorReason::SingleUnits && one == two
}
