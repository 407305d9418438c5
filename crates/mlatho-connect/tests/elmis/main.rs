//! The eLMIS connector against a double of the server.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod faults;
#[path = "../matrix/mod.rs"]
mod matrix;
mod requisitions;
mod signing;
mod stock_status;
mod world;
mod writing;
