//! Plans worked out by hand: 100 units a month, lead time 2 months, review every 3, a buffer of 1 month.

use mlatho_forecast::supply::{
    Bounds, Buffer, Holding, Lot, Order, Outlook, Packing, Policy, Shipment, Stock, Supply, Transfer, WarningKind,
    redistribute, warnings,
};
use mlatho_model::Decimal;

pub(crate) fn supply(stock: i64) -> Supply {
    Supply {
        outlook: Outlook { monthly: vec![Decimal::from(100); 12], spread: 0.0, doubt: 0.0 },
        stock: Stock { lots: vec![Lot { quantity: stock.into(), expires: None }], ..Stock::default() },
        policy: Policy {
            lead_months: 2,
            lead_spread: 0.0,
            review_months: 3,
            buffer: Buffer::Months(1.into()),
            least_months: None,
            most_months: None,
        },
        packing: Packing { pack_size: 30.into(), multiple: 1, minimum: 1 },
        life: None,
    }
}

fn whole(numbers: impl IntoIterator<Item = Decimal>) -> Vec<i64> {
    numbers.into_iter().map(|number| i64::try_from(number).unwrap()).collect()
}

#[test]
fn bounds_are_lead_time_and_buffer_and_review() {
    let supply = supply(0);
    // 100 × 2 + 100 and 100 × 3 more.
    assert_eq!(supply.policy.bounds(&supply.outlook, 0), Bounds { min: 300.into(), max: 600.into() });
    let railed = Policy { least_months: Some(4.into()), most_months: Some(5.into()), ..supply.policy };
    assert_eq!(railed.bounds(&supply.outlook, 0), Bounds { min: 400.into(), max: 500.into() });
}

/// Demand without spread is a Poisson count: of 500 its 97.7 % quantile lies two standard deviations, 45, higher.
#[test]
fn a_service_level_takes_the_buffer_from_the_distribution() {
    let mut supply = supply(0);
    let buffer = |supply: &Supply| {
        let bounds = supply.policy.bounds(&supply.outlook, 0);
        i64::try_from(bounds.min - Decimal::from(200)).unwrap()
    };
    supply.policy.buffer = Buffer::ServiceLevel(0.977);
    assert!((44..=47).contains(&buffer(&supply)), "{}", buffer(&supply));
    // A lead time that varies by a month adds 100² to the variance of 500: σ = 102.5, and skewness 0.4 a fifth of σ.
    supply.policy.lead_spread = 1.0;
    assert!((215..=232).contains(&buffer(&supply)), "{}", buffer(&supply));
    // A level that may be wrong by a fifth adds 100² more: σ = 143, skewness 0.57.
    supply.outlook.doubt = 0.2;
    assert!((310..=340).contains(&buffer(&supply)), "{}", buffer(&supply));
}

#[test]
fn orders_come_at_reviews_and_fill_up_to_max() {
    let plan = supply(400).plan(9);
    // Month 0: 400 - 300 < 300, so 600 - 400 = 200 units, 7 packs of 30. Month 3: 400 + 210 - 300 = 310 on hand, so
    // 290 units, 10 packs. Month 6: 310 + 300 - 300 = 310 again.
    let order = |placed, packs| Order { placed, arrives: placed + 2, packs };
    assert_eq!(plan.orders, [order(0, 7), order(3, 10), order(6, 10)]);
    assert_eq!(whole(plan.months.iter().map(|month| month.closing)), [300, 200, 310, 210, 110, 310, 210, 110, 310]);
    assert!(plan.months.iter().all(|month| month.unmet.is_zero()));
}

#[test]
fn an_empty_shelf_orders_at_once_and_shows_what_comes_too_late() {
    let mut supply = supply(150);
    supply.policy.review_months = 6;
    supply.stock.on_order = vec![Shipment { quantity: 60.into(), arrives: -1, expires: None }];
    supply.stock.back_orders = 20.into();
    let plan = supply.plan(6);
    // 150 + 60 - 20 = 190 at month 0; Max is 200 + 600 + 100, so 710 units, 24 packs, for month 2.
    assert_eq!(plan.orders[0], Order { placed: 0, arrives: 2, packs: 24 });
    assert_eq!(whole(plan.months.iter().map(|month| month.unmet)), [0, 10, 0, 0, 0, 0]);
    let found = warnings(&supply, &plan, Some(9));
    let kinds: Vec<_> = found.iter().map(|it| (it.month, it.kind, it.amount)).collect();
    assert!(kinds.contains(&(0, WarningKind::LateShipment, 60.into())), "{kinds:?}");
    assert!(kinds.contains(&(0, WarningKind::LateOrder, 10.into())), "{kinds:?}");
    assert!(kinds.contains(&(0, WarningKind::StaleForecast, 9.into())), "{kinds:?}");
    assert!(kinds.contains(&(1, WarningKind::StockOut, 10.into())), "{kinds:?}");
}

#[test]
fn what_will_expire_does_not_count_and_first_expiring_goes_first() {
    let mut supply = supply(0);
    let lot = |quantity: i64, expires| Lot { quantity: quantity.into(), expires };
    supply.stock.lots = vec![lot(300, None), lot(250, Some(1))];
    let plan = supply.plan(3);
    // 250 for two months of 100: 50 expire at the end of month 1. Position 550 - 50 = 500: 500 - 300 < 300, order 100.
    assert_eq!(plan.orders[0].packs, 4);
    assert_eq!(whole(plan.months.iter().map(|month| month.expired)), [0, 50, 0]);
    assert_eq!(whole(plan.months.iter().map(|month| month.closing)), [450, 300, 320]);
    // A plan of which only this order is paid for shows the same shelf.
    assert_eq!(supply.replay(&plan.orders, 3), plan);
    let unpaid = supply.replay(&[], 6);
    assert_eq!(whole(unpaid.months.iter().map(|month| month.unmet)), [0, 0, 0, 0, 0, 100]);
}

#[test]
fn a_district_helps_itself_without_anyone_falling_below_min() {
    let holding = |on_hand: i64, monthly: i64| Holding {
        on_hand: on_hand.into(),
        monthly: monthly.into(),
        min: (2 * monthly).into(),
    };
    // A has 9 months, B 0.5, C 1, D 3, E no use for its 12.
    let holdings = [holding(90, 10), holding(10, 20), holding(30, 30), holding(30, 10), holding(12, 0)];
    let transfer = |from, to, quantity: i64| Transfer { from, to, quantity: quantity.into() };
    // B lacks 30: 12 of E, 18 of A. C lacks 30: 30 of A, which has 22 left to give and keeps them.
    assert_eq!(redistribute(&holdings), [transfer(4, 1, 12), transfer(0, 1, 18), transfer(0, 2, 30)]);
}
