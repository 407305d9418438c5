#![doc = include_str!("README.md")]

mod client;
mod config;
mod error;
mod map;
mod pages;
mod references;
mod request;
mod requisitions;
mod status;
mod stock;
mod token;
mod visibility;
mod watermark;
pub mod write;

pub use client::Client;
pub use config::{Config, Credentials};
pub use error::OpenlmisError;
pub use map::{
    CardLevel, Facility, Order, OrderLine, Orderable, Period, Program, Proof, ProofLine, RangeSummary, Read, Schedule,
    StockSummary, Zone, distinct_cards,
};
pub use requisitions::{Document, Pulled, RequisitionPull, RequisitionQuery};
pub use status::Status;
pub use visibility::Visibility;
pub use watermark::Watermark;
