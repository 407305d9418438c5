#![doc = include_str!("../README.md")]

pub mod dhis2;
mod http;
pub mod openlmis;
pub mod payload;
mod requisition;

pub use http::{Own, ServerError};
