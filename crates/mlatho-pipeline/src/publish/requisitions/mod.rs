//! Numbers of patients into draft requisitions of OpenLMIS and eLMIS: plan, approval, write, read back, receipts.
//!
//! A requisition belongs to persons, so the rules are stricter than those of a DHIS2 target: nothing is withdrawn, nothing
//! that a person typed is replaced, and what is written is the very plan that was approved by its name.

mod ideal_stock;
pub(crate) mod lines;
mod memory;
mod publication;
mod server;
mod wanted;

pub use ideal_stock::IdealStock;
pub use mlatho_connect::openlmis::write::Cell;
pub use publication::{Publication, Written, plan_for, write};
pub use wanted::WantedCounts;
