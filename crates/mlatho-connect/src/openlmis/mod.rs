#![doc = include_str!("README.md")]

mod client;
mod config;
mod error;
mod map;
mod pages;
mod references;
mod request;
mod requisitions;
mod stock;
mod token;
mod visibility;
pub mod write;

pub use crate::requisition::{Document, Pulled, Status, Watermark};
pub use client::Client;
pub use config::{Config, Credentials};
pub use error::{OpenlmisError, OpenlmisOwn};
pub use map::{
    CardLevel, Facility, Order, OrderLine, Orderable, Period, Program, Proof, ProofLine, RangeSummary, Read, Schedule,
    StockSummary, Zone, distinct_cards,
};
pub use requisitions::{RequisitionPull, RequisitionQuery};
pub use visibility::Visibility;
