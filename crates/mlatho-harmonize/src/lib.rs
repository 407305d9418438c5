#![doc = include_str!("../README.md")]

pub mod align;
mod convert;
mod crosswalk;
pub mod matching;
mod merge;
mod rows;
pub mod units;

pub use convert::{Part, convert, split, spread};
pub use crosswalk::{
    Crosswalk, DECISION_COLUMNS, Decision, Decisions, Kind, Link, Lookup, Relation, Share, Shares, TableColumns,
    Verdict,
};
pub use merge::Merge;
