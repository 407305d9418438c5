//! OpenLMIS v3, and eLMIS with versions 1 and 2: requisitions with their lines, and the figures of each line computed again.

mod calculate;
pub(crate) mod elmis;
mod fields;
mod figures;
mod reference;
mod requisition;

pub(crate) use fields::Requisitions;
pub(crate) use requisition::read;
