//! What the pair of registers itself says about how their records agree: weights that start from what is shipped.

use super::association::Association;
use super::compare::Agreement;
use super::place;

/// Revision of the shipped weights; it rises whenever one of them changes.
pub const MODEL_REVISION: u32 = 1;

/// A candidate pair and what does not change between rounds.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) left: u32,
    pub(super) right: u32,
    /// From names: words in common, words lacking, words for types, ordinals.
    pub(super) names: [f32; 4],
    pub(super) agreement: Agreement,
    pub(super) distance: Option<u8>,
    pub(super) codes: Codes,
    /// Probability of the last round, with which the pair was counted.
    pub(super) counted: f32,
    pub(super) said: Said,
}

impl Pair {
    /// All that names say.
    pub(super) fn name_bits(&self) -> f64 {
        self.names.iter().map(|bits| f64::from(*bits)).sum()
    }
}

/// What a person said about a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Nothing,
    /// Both records are one.
    Same,
    /// They are not.
    Other,
}

/// More than any evidence.
const SAID: f64 = 50.0;

impl Said {
    pub(super) const fn bits(self) -> f64 {
        match self {
            Self::Nothing => 0.0,
            Self::Same => SAID,
            Self::Other => -SAID,
        }
    }
}

/// How identifiers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codes {
    /// A side has none.
    Unknown,
    Shared,
    Different,
}

/// Weights, counted again in each round.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    /// log2 of the odds of a pair about which nothing is known.
    pub(super) base: f64,
    pub(super) agreement: [f64; Agreement::COUNT],
    pub(super) distance: [f64; place::CLASSES],
    pub(super) code_shared: f64,
    pub(super) code_different: f64,
    pub(super) areas: Association,
    pub(super) categories: Association,
    pub(super) kinds: Association,
    pub(super) owners: Association,
}

/// Share of true pairs by agreement of their names, over the registers that were looked at.
const AGREEMENT: [f64; Agreement::COUNT] = [0.67, 0.12, 0.08, 0.08, 0.05];
/// Pairs that the shipped shares weigh as much as.
const AGREEMENT_WEIGHT: f64 = 60.0;
const MOST_AGREEMENT_BITS: f64 = 3.0;
/// Share of the records of the shorter list that have a partner, and how sure that is, before anything is counted.
const MATCHED: f64 = 0.6;
const FEWEST_MATCHED: f64 = 0.05;
const MOST_MATCHED: f64 = 0.95;
const DISTANCE_WEIGHT: f64 = 40.0;
const CODE_SHARED: f64 = 8.0;
const MOST_CODE_BITS: f64 = 18.0;

impl Model {
    /// What is shipped.
    pub(super) fn shipped(lefts: usize, rights: usize, by_chance: &[f64; place::CLASSES]) -> Self {
        let mut model = Self { code_shared: CODE_SHARED, ..Self::default() };
        model.base = base(MATCHED * lefts.min(rights) as f64, lefts, rights);
        model.distance = distance(&place::EXPECTED, by_chance);
        model
    }

    /// Counts again: pairs with their probabilities.
    pub(super) fn learn(&mut self, pairs: &[Pair], sizes: (usize, usize), by_chance: &[f64; place::CLASSES]) {
        let matched: f64 = pairs.iter().map(|pair| f64::from(pair.counted)).sum();
        self.base = base(matched, sizes.0, sizes.1);
        let mut agreement = AGREEMENT.map(|share| share * AGREEMENT_WEIGHT);
        let mut distances = place::EXPECTED.map(|share| share * DISTANCE_WEIGHT);
        let (mut shared, mut shared_wrong, mut known) = (1.0, 0.5, 2.0);
        for pair in pairs {
            let probability = f64::from(pair.counted);
            agreement[pair.agreement as usize] += probability;
            if let Some(class) = pair.distance {
                distances[usize::from(class)] += probability;
            }
            match pair.codes {
                Codes::Unknown => {}
                Codes::Shared => {
                    shared += probability;
                    shared_wrong += 1.0 - probability;
                    known += probability;
                }
                Codes::Different => known += probability,
            }
        }
        let total: f64 = agreement.iter().sum();
        for (bits, (count, shipped)) in self.agreement.iter_mut().zip(agreement.iter().zip(AGREEMENT)) {
            *bits = (count / total / shipped).log2().clamp(-MOST_AGREEMENT_BITS, MOST_AGREEMENT_BITS);
        }
        let total: f64 = distances.iter().sum();
        self.distance = distance(&distances.map(|count| count / total), by_chance);
        if known > 2.0 {
            let by_chance = shared_wrong / (sizes.0.max(1) as f64 * sizes.1.max(1) as f64);
            self.code_shared = (shared / known / by_chance).log2().clamp(0.0, MOST_CODE_BITS);
            self.code_different = (1.0 - (shared / known).min(0.98)).log2();
        }
    }
}

/// Odds that make the expected number of pairs `matched`, where all pairs are alike.
fn base(matched: f64, lefts: usize, rights: usize) -> f64 {
    let (lefts, rights) = (lefts.max(1) as f64, rights.max(1) as f64);
    let shorter = lefts.min(rights);
    let matched = matched.clamp(FEWEST_MATCHED * shorter, MOST_MATCHED * shorter);
    (matched / ((lefts - matched).max(0.5) * (rights - matched).max(0.5))).log2()
}

fn distance(shares: &[f64; place::CLASSES], by_chance: &[f64; place::CLASSES]) -> [f64; place::CLASSES] {
    std::array::from_fn(|class| (shares[class] / by_chance[class]).log2().clamp(-8.0, 12.0))
}
