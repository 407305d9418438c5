#![doc = include_str!("../README.md")]

pub mod align;
mod convert;
mod crosswalk;
mod merge;

pub use convert::{convert, split};
pub use crosswalk::{Crosswalk, Kind, Link, Lookup, Relation, Share, TableColumns};
pub use merge::Merge;
