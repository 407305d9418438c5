//! Conversion factors between two products: proposed with their reason, never used unseen.

use std::fmt;

use mlatho_model::Factor;

use super::name::ProductName;
use super::record::ProductRow;

/// Why a factor is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactorReason {
    /// Both names give the pack: so many units on the left and on the right.
    Packs { left: u32, right: u32 },
    /// Only the left name gives a pack; the right is taken to count single units.
    LeftPack(u32),
    /// Only the right name gives a pack; the left is taken to count single units.
    RightPack(u32),
    /// Vials hold so many doses on the left and on the right.
    Doses { left: u32, right: u32 },
    /// Both count single units, whatever packs the names give, as many systems do.
    SingleUnits,
}

impl fmt::Display for FactorReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packs { left, right } => write!(f, "packs of {left} and {right}"),
            Self::LeftPack(pack) => write!(f, "packs of {pack} to single units"),
            Self::RightPack(pack) => write!(f, "single units to packs of {pack}"),
            Self::Doses { left, right } => write!(f, "vials of {left} and {right} doses"),
            Self::SingleUnits => f.write_str("both in single units"),
        }
    }
}

/// How many units of the right product one unit of the left product is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorProposal {
    pub factor: Factor,
    pub reason: FactorReason,
}

/// The factors that the names of two products give reason to, the one by their packs first. It is a question to a
/// person, not an answer: a name that says `box of 100` does not tell whether boxes or tablets are counted.
///
/// There is only one where both packs are given and equal, or none is.
#[must_use]
pub fn propose_factors(left: &ProductRow, right: &ProductRow) -> Vec<FactorProposal> {
    factors(&left.parse(), &right.parse())
}

pub(super) fn factors(left: &ProductName, right: &ProductName) -> Vec<FactorProposal> {
    let (one, two, reason) = match (left.doses, right.doses, left.pack_total(), right.pack_total()) {
        (Some(left), Some(right), _, _) => (left, right, FactorReason::Doses { left, right }),
        (_, _, Some(left), Some(right)) => (left, right, FactorReason::Packs { left, right }),
        (_, _, Some(left), None) => (left, 1, FactorReason::LeftPack(left)),
        (_, _, None, Some(right)) => (1, right, FactorReason::RightPack(right)),
        (_, _, None, None) => (1, 1, FactorReason::SingleUnits),
    };
    let single = FactorProposal { factor: Factor::ONE, reason: FactorReason::SingleUnits };
    let by_pack = Factor::new(one.into(), two.into()).map(|factor| FactorProposal { factor, reason });
    match by_pack {
        Some(found) if found.factor == Factor::ONE => vec![found],
        Some(found) => vec![found, single],
        None => vec![single],
    }
}
