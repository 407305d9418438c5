//! Orders that keep stock between its bounds.

use mlatho_model::Decimal;

use super::lots::expiry_risk;
use super::shelf::Shelf;
use super::{Bounds, Outlook, Packing, PlanMonth, Policy, Shipment, Stock};

/// What is known of a product when it is planned.
#[derive(Clone, Debug, PartialEq)]
pub struct Supply {
    pub outlook: Outlook,
    pub stock: Stock,
    pub policy: Policy,
    pub packing: Packing,
    /// Months that what is ordered can be used from its arrival on; nothing where it does not expire.
    pub life: Option<u32>,
}

/// Packs to order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Month at whose beginning it is placed.
    pub placed: u32,
    /// Month at whose beginning it can be used.
    pub arrives: u32,
    pub packs: u64,
}

/// The shelf with what is coming and what is ordered; a row for each month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub months: Vec<PlanMonth>,
    /// Bounds of the stock position at the beginning of the month.
    pub bounds: Vec<Bounds>,
    /// On hand + on order - back orders at the end of the month.
    pub positions: Vec<Decimal>,
    pub orders: Vec<Order>,
}

impl Supply {
    /// Plans so many months.
    ///
    /// At each review, and whenever the shelf is empty and nothing arrives, an order is placed if the stock position
    /// less the demand until the next review falls below Min: `Max - (on hand + on order - back orders - certain
    /// losses)`, up to packs. Certain losses are what will expire before it can be used. Orders that arrive after the
    /// plan are placed too: it ends with its pipeline full.
    #[must_use]
    pub fn plan(&self, horizon: u32) -> Plan {
        self.run(horizon, |month, stock, received| self.due(month, stock, received))
    }

    /// The months of a plan in which these orders are placed and no others.
    #[must_use]
    pub fn replay(&self, orders: &[Order], horizon: u32) -> Plan {
        let mut left = orders.iter().copied().peekable();
        self.run(horizon, |month, _, _| left.next_if(|order| order.placed <= month))
    }

    /// `next` is asked at the beginning of each month until it has none.
    fn run(&self, horizon: u32, mut next: impl FnMut(u32, &Shelf, Decimal) -> Option<Order>) -> Plan {
        let mut stock = Shelf::new(&self.stock);
        let mut plan = Plan::default();
        for month in 0..horizon {
            let today = signed(month);
            let mut received = stock.receive(today);
            while let Some(order) = next(month, &stock, received) {
                stock.coming.push(self.shipment(order));
                plan.orders.push(order);
            }
            // With no lead time an order is there at once.
            received += stock.receive(today);
            plan.bounds.push(self.policy.bounds(&self.outlook, month as usize));
            plan.months.push(stock.pass(today, received, self.outlook.month(month as usize)));
            plan.positions.push(stock.position());
        }
        plan
    }

    fn due(&self, month: u32, stock: &Shelf, received: Decimal) -> Option<Order> {
        let at = month as usize;
        let review = self.policy.review_months.max(1);
        let empty = stock.on_hand() <= Decimal::ZERO && received <= Decimal::ZERO;
        if !month.is_multiple_of(review) && !empty {
            return None;
        }
        let bounds = self.policy.bounds(&self.outlook, at);
        let demand = |ahead: u32| self.outlook.month(at.saturating_add(ahead as usize));
        let position = stock.position() - expiry_risk(&stock.lots, signed(month), demand);
        if position - self.outlook.sum(at, review) >= bounds.min {
            return None;
        }
        let packs = self.packing.packs(bounds.max - position);
        (packs > 0).then(|| Order { placed: month, arrives: month.saturating_add(self.policy.lead_months), packs })
    }

    fn shipment(&self, order: Order) -> Shipment {
        let arrives = signed(order.arrives);
        let expires = self.life.map(|months| arrives.saturating_add(signed(months)).saturating_sub(1));
        Shipment { quantity: self.packing.units(order.packs), arrives, expires }
    }
}

fn signed(month: u32) -> i32 {
    i32::try_from(month).unwrap_or(i32::MAX)
}
