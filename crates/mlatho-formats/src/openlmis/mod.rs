//! OpenLMIS v3, and eLMIS with versions 1 and 2: requisitions with their lines, and the figures of each line
//! computed again; orders with what was shipped and accepted of them.

mod calculate;
pub(crate) mod elmis;
mod elmis_order;
mod fields;
mod figures;
mod ideal_stock;
mod order;
mod orders;
mod reference;
mod requisition;

pub use elmis::elmis_period;
pub use elmis_order::elmis_order;
pub(crate) use fields::Requisitions;
pub use ideal_stock::{BadAmount, IdealStockWriter};
pub use order::{Order, order};
pub(crate) use requisition::read;
