#![doc = include_str!("../README.md")]

pub mod country;
pub mod dhis2;
pub mod elmis;
pub mod faults;
mod http;
pub mod logistimo;
pub mod openhim;
pub mod openlmis;

pub use http::{Behind, Double, Fault, Trouble};
