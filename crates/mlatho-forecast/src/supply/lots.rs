//! Lots: what expires first goes out first.

use mlatho_model::Decimal;

/// A batch on the shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    pub quantity: Decimal,
    /// The last month in which it may be used; nothing where it does not expire.
    pub expires: Option<i32>,
}

/// What will expire before it can be used, given the demand of the months from `now` on, that month included
/// (`indicators.md` W4): for lots by date, demand until the date less what earlier lots serve is all that is used.
#[must_use]
pub fn expiry_risk(lots: &[Lot], now: i32, demand: impl Fn(u32) -> Decimal) -> Decimal {
    let mut dated: Vec<(i32, Decimal)> = lots.iter().filter_map(|lot| Some((lot.expires?, lot.quantity))).collect();
    dated.sort_unstable();
    let (mut used, mut risk) = (Decimal::ZERO, Decimal::ZERO);
    let (mut months, mut until) = (0, Decimal::ZERO);
    for (expires, quantity) in dated {
        let left = u32::try_from(i64::from(expires) - i64::from(now) + 1).unwrap_or_default();
        while months < left {
            until += demand(months);
            months += 1;
        }
        let serves = (until - used).clamp(Decimal::ZERO, quantity);
        used += serves;
        risk += quantity - serves;
    }
    risk
}

/// Takes so much from the lots, first what expires first, and says what there was.
pub(super) fn take(lots: &mut Vec<Lot>, wanted: Decimal) -> Decimal {
    lots.sort_by_key(|lot| lot.expires.unwrap_or(i32::MAX));
    let mut left = wanted;
    for lot in lots.iter_mut() {
        let taken = lot.quantity.min(left);
        lot.quantity -= taken;
        left -= taken;
    }
    lots.retain(|lot| lot.quantity > Decimal::ZERO);
    wanted - left
}

/// Removes what may not be used after this month, and says how much it was.
pub(super) fn expire(lots: &mut Vec<Lot>, month: i32) -> Decimal {
    let gone = |lot: &Lot| lot.expires.is_some_and(|expires| expires <= month);
    let lost = lots.iter().filter(|lot| gone(lot)).map(|lot| lot.quantity).sum();
    lots.retain(|lot| !gone(lot));
    lost
}

#[cfg(test)]
mod tests {
    use mlatho_model::Decimal;

    use super::{Lot, expiry_risk, take};

    /// The golden case of `indicators.md`: 30 a month, 40 for one month and 50 for three, so 10 will expire.
    #[test]
    fn the_first_lot_leaves_ten() {
        let lot = |quantity: i64, expires| Lot { quantity: quantity.into(), expires };
        let lots = [lot(50, Some(2)), lot(40, Some(0)), lot(900, None)];
        assert_eq!(expiry_risk(&lots, 0, |_| Decimal::from(30)), Decimal::from(10));
        // What has expired before is lost as a whole.
        assert_eq!(expiry_risk(&lots[1..2], 1, |_| Decimal::from(30)), Decimal::from(40));
        let mut lots = lots.to_vec();
        assert_eq!(take(&mut lots, Decimal::from(60)), Decimal::from(60));
        assert_eq!(lots, [lot(30, Some(2)), lot(900, None)]);
    }
}
