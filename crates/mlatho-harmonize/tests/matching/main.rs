//! Matching through its public face.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod drifting;
mod elements;
mod golden;
mod learning;
mod lists;
mod names;
mod products;
mod properties;
mod world;
