#![doc = include_str!("../README.md")]

mod check;
mod finding;
mod gate;
mod ledger;
mod services;
mod table;

pub use check::{Context, DaysInMonth, check_ledger, check_line, check_series};
pub use finding::QualityFinding;
pub use gate::Gate;
pub use ledger::LedgerLine;
pub use services::{ServiceLine, check_services};
pub use table::{Table, read_table, write_findings};
