//! From need to orders: bounds of stock, orders in packs, what the shelf will hold, what it costs, and what can be moved.
//!
//! One base unit throughout; packs at the end. Months are numbered from 0, the first month of the plan; shipments and
//! lots may carry months before it. Stock, packs and money are decimal; only the buffer is a statistic.
//! Source: `forecasting.md` 4, `indicators.md` L3 and W4.

mod budget;
mod lots;
mod pack;
mod plan;
mod policy;
mod redistribution;
mod shelf;
mod warning;

pub use budget::{Claim, Cost, Prices, fund};
pub use lots::{Lot, expiry_risk};
pub use pack::Packing;
pub use plan::{Order, Plan, Supply};
pub use policy::{Bounds, Buffer, Outlook, Policy};
pub use redistribution::{Holding, Transfer, redistribute};
pub use shelf::{PlanMonth, Shipment, Stock};
pub use warning::{Warning, WarningKind, warnings};
