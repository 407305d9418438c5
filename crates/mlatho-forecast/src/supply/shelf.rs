//! The shelf, month by month.

use mlatho_model::Decimal;

use super::lots::{Lot, expire, take};

/// What comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipment {
    pub quantity: Decimal,
    /// It can be used from the beginning of this month on; one from before the plan is late and counts from month 0.
    pub arrives: i32,
    pub expires: Option<i32>,
}

/// Where a plan begins, in base units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    pub lots: Vec<Lot>,
    pub on_order: Vec<Shipment>,
    /// What is owed to others and goes out first.
    pub back_orders: Decimal,
}

/// One month of a plan: `opening + received - issued - expired = closing`, `issued + unmet = demand`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanMonth {
    pub opening: Decimal,
    pub received: Decimal,
    pub demand: Decimal,
    pub issued: Decimal,
    pub unmet: Decimal,
    pub expired: Decimal,
    pub closing: Decimal,
}

pub(super) struct Shelf {
    pub(super) lots: Vec<Lot>,
    pub(super) coming: Vec<Shipment>,
    owed: Decimal,
}

impl Shelf {
    pub(super) fn new(stock: &Stock) -> Self {
        let mut lots = stock.lots.clone();
        lots.retain(|lot| lot.quantity > Decimal::ZERO);
        Self { lots, coming: stock.on_order.clone(), owed: stock.back_orders }
    }

    pub(super) fn on_hand(&self) -> Decimal {
        self.lots.iter().map(|lot| lot.quantity).sum()
    }

    /// On hand + on order - back orders.
    pub(super) fn position(&self) -> Decimal {
        self.on_hand() + self.coming.iter().map(|shipment| shipment.quantity).sum::<Decimal>() - self.owed
    }

    /// What arrives at the beginning of a month.
    pub(super) fn receive(&mut self, month: i32) -> Decimal {
        let mut received = Decimal::ZERO;
        for shipment in self.coming.extract_if(.., |shipment| shipment.arrives <= month) {
            received += shipment.quantity;
            self.lots.push(Lot { quantity: shipment.quantity, expires: shipment.expires });
        }
        received
    }

    /// The rest of a month, after what arrived: issues, then what expires at its end.
    pub(super) fn pass(&mut self, month: i32, received: Decimal, demand: Decimal) -> PlanMonth {
        let opening = self.on_hand() - received;
        // What had expired before the plan began is not issued.
        let stale = expire(&mut self.lots, month - 1);
        let demand = demand + std::mem::take(&mut self.owed);
        let issued = take(&mut self.lots, demand);
        let expired = stale + expire(&mut self.lots, month);
        let unmet = demand - issued;
        PlanMonth { opening, received, demand, issued, unmet, expired, closing: self.on_hand() }
    }
}
