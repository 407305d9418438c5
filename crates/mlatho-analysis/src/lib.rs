#![doc = include_str!("../README.md")]

pub mod amc;
pub mod compare;
pub mod indicator;
mod months_of_stock;
mod worklist;

pub use mlatho_model::{Rational, Rounding};
pub use months_of_stock::{MonthsOfStock, months_of_stock};
pub use worklist::{Compared, WorklistEntry, worklist, write_worklist};
