#![doc = include_str!("../README.md")]

pub mod country;
pub mod dhis2;
mod http;
pub mod openlmis;

pub use http::{Behind, Double, Fault};
