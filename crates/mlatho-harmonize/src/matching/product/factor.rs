//! Conversion factors between two products: proposed with their reason, never used unseen.

use mlatho_model::Factor;

use super::parse::parse;
use super::record::ProductRow;

/// Why a factor is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactorReason {
    /// Both names give the pack: so many units on the left and on the right.
    Packs { left: u32, right: u32 },
    /// Only one name gives a pack; the other is taken to count single units.
    OneSide { pack: u32, on_left: bool },
    /// Vials hold so many doses on the left and on the right.
    Doses { left: u32, right: u32 },
    /// Neither name gives a pack: both are taken to count the same unit.
    Unstated,
}

/// How many units of the right product one unit of the left product is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorProposal {
    pub factor: Factor,
    pub reason: FactorReason,
}

/// The factor that the names of two products give reason to.
///
/// Units are the ones in which each list counts its packs: a pack of 1,000 tablets is ten packs of 100. It is a question
/// to a person, not an answer: many systems count single tablets whatever pack the name gives.
#[must_use]
pub fn propose_factor(left: &ProductRow, right: &ProductRow) -> FactorProposal {
    let name = |row: &ProductRow| parse(&format!("{}, pack {}", row.name, row.pack));
    let (left, right) = (name(left), name(right));
    if let (Some(one), Some(two)) = (left.doses, right.doses) {
        return of(one, two, FactorReason::Doses { left: one, right: two });
    }
    match (left.pack_total(), right.pack_total()) {
        (Some(one), Some(two)) => of(one, two, FactorReason::Packs { left: one, right: two }),
        (Some(pack), None) => of(pack, 1, FactorReason::OneSide { pack, on_left: true }),
        (None, Some(pack)) => of(1, pack, FactorReason::OneSide { pack, on_left: false }),
        (None, None) => of(1, 1, FactorReason::Unstated),
    }
}

fn of(left: u32, right: u32, reason: FactorReason) -> FactorProposal {
    let factor = Factor::new(left.into(), right.into()).unwrap_or(Factor::ONE);
    FactorProposal { factor, reason }
}
