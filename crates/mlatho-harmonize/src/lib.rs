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
    Crosswalk, DECISION_COLUMNS, Decision, Decisions, Given, Kind, LINK_TABLE_COLUMNS, Link, Lookup, Offer, Origin,
    Relation, Share, Shares, TableColumns, Taken, Taking, Verdict, concept_map, link_table_row, read_concept_map,
    read_link_table,
};
pub use merge::Merge;
