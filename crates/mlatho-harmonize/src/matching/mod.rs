//! Matching: which record of one register is which of another, with probability and evidence.

mod drift;
pub mod element;
pub mod facility;
mod list;
pub mod product;
mod proposal;
mod rank;

pub use drift::{Change, Drift, drift};
pub use list::{LINK_COLUMNS, List, evidence_json, evidence_text, link_row, read_links, write_links};
pub use proposal::{Decision, Evidence, Proposal, doubt};
