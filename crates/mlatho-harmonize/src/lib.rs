#![doc = include_str!("../README.md")]

pub mod align;
mod convert;
mod crosswalk;
pub mod matching;
mod merge;

pub use convert::{Part, convert, split, spread};
pub use crosswalk::{Crosswalk, Kind, Link, Lookup, Relation, Share, Shares, TableColumns};
pub use merge::Merge;
