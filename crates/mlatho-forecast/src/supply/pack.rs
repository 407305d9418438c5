//! Orders go in packs.

use mlatho_model::Decimal;

/// How a product is bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packing {
    /// Base units in a pack, above 0.
    pub pack_size: Decimal,
    /// Packs go in multiples of this, at least 1.
    pub multiple: u64,
    /// The fewest packs that can be ordered.
    pub minimum: u64,
}

impl Packing {
    /// Packs for so many base units: rounded up to packs, then to the multiple, and not under the minimum. None for
    /// nothing or less; the most that can be counted where it is more.
    #[must_use]
    pub fn packs(&self, units: Decimal) -> u64 {
        if units <= Decimal::ZERO {
            return 0;
        }
        let packs = units.checked_div(self.pack_size).map_or(Decimal::MAX, |packs| packs.ceil());
        let packs = u64::try_from(packs).unwrap_or(u64::MAX).max(self.minimum);
        packs.checked_next_multiple_of(self.multiple.max(1)).unwrap_or(u64::MAX)
    }

    /// Base units in packs.
    #[must_use]
    pub fn units(&self, packs: u64) -> Decimal {
        Decimal::from(packs).checked_mul(self.pack_size).unwrap_or(Decimal::MAX)
    }
}

#[cfg(test)]
mod tests {
    use mlatho_model::Decimal;

    use super::Packing;

    #[test]
    fn packs_by_hand() {
        let by_ten = Packing { pack_size: 30.into(), multiple: 10, minimum: 20 };
        let packs = |units: i64| by_ten.packs(Decimal::from(units));
        // 601 units are 20.03 packs, so 21, so 30 in tens.
        assert_eq!([packs(-5), packs(0), packs(1), packs(600), packs(601)], [0, 0, 20, 20, 30]);
        assert_eq!(by_ten.packs(Decimal::MAX), u64::MAX);
        assert_eq!(by_ten.units(20), Decimal::from(600));
    }
}
