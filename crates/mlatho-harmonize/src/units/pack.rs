//! What one unit of a product contains.

use mlatho_model::{Factor, ItemId, Unit};

use super::Validity;

/// One unit of an item contains so many of another: a pack 30 dispensing units, a vial 10 doses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    pub item: ItemId,
    /// The version of the product in its source for which this holds; all versions where there is none.
    pub version: Option<Box<str>>,
    pub unit: Unit,
    pub contains: Factor,
    pub of: Unit,
    pub validity: Validity,
}

impl Pack {
    /// Whether the two are about the same unit of the same item and version on the same day.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        let about = |pack: &Self| (pack.version.clone(), pack.unit.clone(), pack.of.clone());
        self.item == other.item && about(self) == about(other) && self.validity.meets(other.validity)
    }
}
