//! What holds for every plan.

use mlatho_forecast::supply::{Holding, Lot, Shipment, Supply, redistribute};
use mlatho_model::Decimal;
use proptest::prelude::*;

use crate::plans::supply;

fn any_supply() -> impl Strategy<Value = Supply> {
    let lots = prop::collection::vec((0_i64..800, prop::option::of(-2..20)), 0..4);
    let coming = prop::collection::vec((0_i64..500, -2..8, prop::option::of(0..24)), 0..3);
    let demand = prop::collection::vec(0_i64..300, 1..15);
    (lots, coming, demand, 0_u32..5, 1_u32..5, 1_i64..60, 1_u64..4, prop::option::of(2_u32..30), 0_i64..40).prop_map(
        |(lots, coming, demand, lead, review, pack, multiple, life, owed)| {
            let mut it = supply(0);
            it.outlook.monthly = demand.into_iter().map(Decimal::from).collect();
            it.stock.lots =
                lots.into_iter().map(|(quantity, expires)| Lot { quantity: quantity.into(), expires }).collect();
            let shipment = |(quantity, arrives, expires): (i64, i32, Option<i32>)| Shipment {
                quantity: quantity.into(),
                arrives,
                expires,
            };
            it.stock.on_order = coming.into_iter().map(shipment).collect();
            it.stock.back_orders = owed.into();
            (it.policy.lead_months, it.policy.review_months) = (lead, review);
            (it.packing.pack_size, it.packing.multiple) = (pack.into(), multiple);
            it.life = life;
            it
        },
    )
}

proptest! {
    #[test]
    fn stock_is_neither_made_nor_lost(supply in any_supply()) {
        let plan = supply.plan(18);
        let mut before: Decimal = supply.stock.lots.iter().map(|lot| lot.quantity).sum();
        for month in &plan.months {
            prop_assert_eq!(month.opening, before);
            prop_assert_eq!(month.opening + month.received - month.issued - month.expired, month.closing);
            prop_assert_eq!(month.issued + month.unmet, month.demand);
            prop_assert!(month.closing >= Decimal::ZERO && month.unmet >= Decimal::ZERO);
            // While stock is left, or rather was not expiring, nobody is sent away.
            prop_assert!(month.unmet.is_zero() || month.closing.is_zero());
            before = month.closing;
        }
        prop_assert!(plan.orders.iter().all(|order| order.packs % supply.packing.multiple == 0));
        prop_assert!(plan.bounds.iter().all(|bounds| bounds.min <= bounds.max));
        prop_assert_eq!(supply.replay(&plan.orders, 18), plan);
    }

    #[test]
    fn the_first_order_grows_with_demand(supply in any_supply(), more in 0_i64..100) {
        let first = |supply: &Supply| {
            let plan = supply.plan(1);
            plan.orders.first().map_or(0, |order| order.packs)
        };
        let mut asked = supply.clone();
        asked.stock.lots.iter_mut().for_each(|lot| lot.expires = None);
        let mut asks_more = asked.clone();
        asks_more.outlook.monthly.iter_mut().for_each(|month| *month += Decimal::from(more));
        prop_assert!(first(&asks_more) >= first(&asked));
    }

    #[test]
    fn redistribution_conserves_and_takes_nobody_below_min(
        facilities in prop::collection::vec((0_i64..500, 0_i64..100, 0_i64..300), 0..12)
    ) {
        let holdings: Vec<Holding> = facilities
            .into_iter()
            .map(|(on_hand, monthly, min)| Holding { on_hand: on_hand.into(), monthly: monthly.into(), min: min.into() })
            .collect();
        let mut after: Vec<Decimal> = holdings.iter().map(|holding| holding.on_hand).collect();
        for transfer in redistribute(&holdings) {
            prop_assert!(transfer.quantity > Decimal::ZERO);
            after[transfer.from] -= transfer.quantity;
            after[transfer.to] += transfer.quantity;
        }
        let before: Decimal = holdings.iter().map(|holding| holding.on_hand).sum();
        prop_assert_eq!(after.iter().copied().sum::<Decimal>(), before);
        for (holding, after) in holdings.iter().zip(&after) {
            let (low, high) = (holding.on_hand.min(holding.min), holding.on_hand.max(holding.min));
            prop_assert!(*after >= low && *after <= high, "{:?} {}", holding, after);
        }
    }
}
