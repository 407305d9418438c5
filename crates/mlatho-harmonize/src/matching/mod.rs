//! Matching: which record of one register is which of another, with probability and evidence.

pub mod element;
pub mod product;
mod proposal;
mod rank;

pub use proposal::{Decision, Evidence, Proposal};
