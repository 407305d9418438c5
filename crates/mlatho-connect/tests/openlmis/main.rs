//! The OpenLMIS connector against a double of the server.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod changes;
mod faults;
#[path = "../matrix/mod.rs"]
mod matrix;
mod orders;
mod reading;
mod signing;
mod world;
mod writing;
