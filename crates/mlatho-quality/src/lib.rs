#![doc = include_str!("../README.md")]

mod check;
mod explain;
mod finding;
mod gate;
mod ledger;
mod rank;
mod rules;
mod scorecard;
mod series;
mod services;
mod table;

pub use check::{Context, DaysInMonth, check_line, check_series};
pub use explain::check_ledger;
pub use finding::QualityFinding;
pub use gate::Gate;
pub use ledger::LedgerLine;
pub use rules::{BadRules, Ran, Rules, check_rules};
pub use scorecard::{Card, scorecard, write_scorecard};
pub use services::{ServiceLine, check_services};
pub use table::{Table, read_table, write_findings};
