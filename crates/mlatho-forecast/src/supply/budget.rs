//! What orders cost, and what is bought when money is short.

use mlatho_model::Decimal;

/// Prices of a product, in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prices {
    pub pack: Decimal,
    /// Share of the price of the goods: 0.08 for 8 %.
    pub freight: Decimal,
    /// Quality control and clearing, as a share of the price of the goods.
    pub clearing: Decimal,
}

/// What packs cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub goods: Decimal,
    pub freight: Decimal,
    pub clearing: Decimal,
}

impl Cost {
    #[must_use]
    pub fn total(&self) -> Decimal {
        self.goods.saturating_add(self.freight).saturating_add(self.clearing)
    }
}

impl Prices {
    /// `packs × price + freight % + quality and clearing %`, exact.
    #[must_use]
    pub fn cost(&self, packs: u64) -> Cost {
        let goods = self.pack.saturating_mul(packs.into());
        Cost { goods, freight: goods.saturating_mul(self.freight), clearing: goods.saturating_mul(self.clearing) }
    }

    /// A pack on the shelf.
    fn landed(&self) -> Decimal {
        self.cost(1).total()
    }
}

/// An order that asks for money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// 1 is served first.
    pub priority: u32,
    pub month: u32,
    pub packs: u64,
    /// Packs are cut in multiples of this.
    pub multiple: u64,
    pub prices: Prices,
}

/// Packs of each claim that a sum pays for: class by class, within a class month by month, the last one in part.
#[must_use]
pub fn fund(claims: &[Claim], sum: Decimal) -> Vec<u64> {
    let mut order: Vec<usize> = (0..claims.len()).collect();
    order.sort_by_key(|&at| (claims[at].priority, claims[at].month, at));
    let mut left = sum;
    let mut funded = vec![0; claims.len()];
    for at in order {
        let claim = &claims[at];
        let landed = claim.prices.landed();
        let affordable = if landed <= Decimal::ZERO {
            claim.packs
        } else {
            let packs = (left.max(Decimal::ZERO) / landed).floor();
            u64::try_from(packs).unwrap_or(u64::MAX).min(claim.packs)
        };
        let multiple = claim.multiple.max(1);
        let packs = if affordable == claim.packs { affordable } else { affordable / multiple * multiple };
        left -= claim.prices.cost(packs).total();
        funded[at] = packs;
    }
    funded
}

#[cfg(test)]
mod tests {
    use mlatho_model::Decimal;

    use super::{Claim, Prices, fund};

    #[test]
    fn the_first_class_is_served_whole_and_the_last_in_part() {
        // 10 a pack, 8 % freight, 2 % clearing: 11 landed.
        let prices = Prices { pack: 10.into(), freight: Decimal::new(8, 2), clearing: Decimal::new(2, 2) };
        let cost = prices.cost(7);
        assert_eq!((cost.goods, cost.freight, cost.clearing), (70.into(), Decimal::new(56, 1), Decimal::new(14, 1)));
        let claim = |priority, month, packs| Claim { priority, month, packs, multiple: 5, prices };
        let claims = [claim(2, 0, 20), claim(1, 3, 10), claim(1, 0, 10)];
        // 330 pay for 30 packs: 10 and 10 of the first class, of the 20 others 10. 329 pay for 29, in fives 5.
        assert_eq!(fund(&claims, 330.into()), [10, 10, 10]);
        assert_eq!(fund(&claims, 329.into()), [5, 10, 10]);
        assert_eq!(fund(&claims, Decimal::ZERO), [0, 0, 0]);
        assert_eq!(fund(&claims, Decimal::MAX), [20, 10, 10]);
    }
}
