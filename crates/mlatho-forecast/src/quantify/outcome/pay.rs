//! Money for orders.

use super::Outcome;
use crate::quantify::Scenario;
use crate::supply::{Claim, Order, fund, warnings};

/// Cuts orders to the budget, and looks at the shelves that come of it.
pub(super) fn pay(scenario: &Scenario, outcome: &mut Outcome) {
    let mut claims = Vec::new();
    for (product, table) in outcome.products.iter().zip(&scenario.products) {
        let (Some(supplied), Some(supply), Some(price)) = (&product.supply, &table.supply, &table.price) else {
            continue;
        };
        let multiple = supply.packing().multiple;
        claims.extend(supplied.orders.iter().map(|order| Claim {
            priority: price.priority,
            month: order.placed,
            packs: order.packs,
            multiple,
            prices: price.prices(),
        }));
    }
    let mut funded = scenario.budget.map(|budget| fund(&claims, budget.0)).into_iter().flatten();
    for (product, table) in outcome.products.iter_mut().zip(&scenario.products) {
        let Some(supplied) = &mut product.supply else { continue };
        if let Some(price) = &table.price {
            for order in &mut supplied.orders {
                order.funded = funded.next().unwrap_or(order.packs);
                order.funded_cost = Some(price.prices().cost(order.funded));
            }
            let paid = supplied.plan.orders.iter().zip(&supplied.orders);
            let paid: Vec<_> = paid
                .filter(|(_, asked)| asked.funded > 0)
                .map(|(order, asked)| Order { packs: asked.funded, ..*order })
                .collect();
            supplied.plan = supplied.supply.replay(&paid, scenario.months);
        }
        let age = scenario.data_until.map(|until| -scenario.month_of(until));
        let age = age.and_then(|age| u32::try_from(age).ok());
        supplied.warnings = warnings(&supplied.supply, &supplied.plan, age);
    }
}
