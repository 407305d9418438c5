#![doc = include_str!("../README.md")]

pub mod connectors;
pub mod dhis2;
pub mod elmis;
mod http;
pub mod logistimo;
pub mod openhim;
pub mod openlmis;
pub mod payload;
mod requisition;

pub use http::{Own, SecretError, ServerError, places, secret};
