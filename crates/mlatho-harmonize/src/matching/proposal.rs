//! What matching says: candidates, each with the evidence that adds up to its score.

use std::fmt;

use serde::Serialize;

/// What may be done with a proposal without asking anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Sure enough to be accepted with the rest of its band.
    Accept,
    /// A person decides.
    Review,
    /// Nothing in the other register fits.
    None,
}

impl Decision {
    /// The word in result files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Review => "review",
            Self::None => "none",
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One reason for or against a pair.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    /// What was compared: a stable kebab-case name, such as `core-name` or `district`.
    pub feature: &'static str,
    /// How it came out, such as `equal`, or what was found on the two sides.
    pub finding: String,
    /// Weight in bits (base-2 logarithm of a likelihood ratio): positive speaks for the pair, negative against it.
    pub bits: f64,
}

/// One candidate of a left record, or the statement that none fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Index of the record in the left list.
    pub left: usize,
    /// Index of the candidate in the right list; none where nothing fits.
    pub right: Option<usize>,
    /// 1 for the best candidate of this left record.
    pub rank: u32,
    /// Sum of the evidence, in bits.
    pub score_bits: f64,
    /// Calibrated probability, 0 to 1, that the pair is right.
    pub probability: f64,
    /// Part of the one-to-one solution.
    pub assigned: bool,
    /// What may be done with it.
    pub decision: Decision,
    /// The contributions; they sum to `score_bits`.
    pub evidence: Vec<Evidence>,
}

/// Probability below which a candidate is not worth a person's time.
pub(super) const NOT_WORTH_A_LOOK: f64 = 0.05;

/// A partner that is not among the candidates is there with this probability.
const OVERLOOKED: f64 = 0.01;

/// How likely it is that the likelier of two answers is wrong: that the best candidate is the partner, or that there is
/// none. `candidates` are the probabilities of all candidates of a record, in any order.
#[must_use]
pub fn doubt(candidates: &[f64]) -> f64 {
    let best = candidates.iter().copied().fold(0.0, f64::max);
    let some = candidates.iter().sum::<f64>() + OVERLOOKED;
    (1.0 - best).min(some)
}
