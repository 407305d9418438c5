//! Matching: which record of one register is which of another, with probability and evidence.

pub mod facility;
mod proposal;

pub use proposal::{Decision, Evidence, Proposal};
