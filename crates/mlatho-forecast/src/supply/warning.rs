//! What a person should look at, 18 months ahead.

use mlatho_model::Decimal;

use super::{Plan, Supply};

/// Months that are looked at.
const AHEAD: usize = 18;
/// A forecast is stale when the data behind it is older, in months.
const STALE_AFTER: u32 = 6;

/// Why a month is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WarningKind {
    /// Demand cannot be met.
    StockOut,
    /// On hand and on order are below Min at the end of the month.
    BelowMin,
    /// On hand and on order are above Max at the end of the month, by more than the smallest order.
    AboveMax,
    /// Stock expires.
    Expiry,
    /// An order should have been placed before the plan began: its stock comes after it is needed.
    LateOrder,
    /// A shipment should have arrived before the plan began.
    LateShipment,
    /// The data behind the forecast is old.
    StaleForecast,
}

impl WarningKind {
    /// The stable name; the text a person reads is the catalogue entry `supply-<name>`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::StockOut => "stock-out",
            Self::BelowMin => "below-min",
            Self::AboveMax => "above-max",
            Self::Expiry => "expiry",
            Self::LateOrder => "late-order",
            Self::LateShipment => "late-shipment",
            Self::StaleForecast => "stale-forecast",
        }
    }
}

/// A month and why it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warning {
    pub month: u32,
    pub kind: WarningKind,
    /// Base units: what is not met, below Min, above Max, expires, or is late; months for a stale forecast.
    pub amount: Decimal,
}

/// Lists the next 18 months, by month and kind. `data_age` is the number of months between the last data and the plan.
#[must_use]
pub fn warnings(supply: &Supply, plan: &Plan, data_age: Option<u32>) -> Vec<Warning> {
    let mut found = Vec::new();
    // Rounding up to packs is no overstock.
    let one_order = supply.packing.units(supply.packing.packs(Decimal::ONE));
    for (month, (at, bounds)) in (0_u32..).zip(plan.months.iter().zip(&plan.bounds)).take(AHEAD) {
        let position = plan.positions.get(month as usize).copied().unwrap_or_default();
        let mut add = |kind, amount: Decimal| {
            if amount > Decimal::ZERO {
                found.push(Warning { month, kind, amount });
            }
        };
        add(WarningKind::StockOut, at.unmet);
        add(WarningKind::BelowMin, bounds.min - position);
        let above = position - bounds.max;
        add(WarningKind::AboveMax, if above > one_order { above } else { Decimal::ZERO });
        add(WarningKind::Expiry, at.expired);
        if month == 0 {
            let late = supply.stock.on_order.iter().filter(|shipment| shipment.arrives < 0);
            add(WarningKind::LateShipment, late.map(|shipment| shipment.quantity).sum());
            let until_first = plan.months.iter().take(supply.policy.lead_months as usize);
            let ordered_now = plan.orders.first().is_some_and(|order| order.placed == 0);
            let unmet: Decimal = until_first.map(|month| month.unmet).sum();
            add(WarningKind::LateOrder, if ordered_now { unmet } else { Decimal::ZERO });
            let age = data_age.filter(|age| *age > STALE_AFTER);
            add(WarningKind::StaleForecast, age.map(Decimal::from).unwrap_or_default());
        }
    }
    found
}
