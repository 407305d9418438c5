//! The Logistimo connector against a double of the server.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod exports;
mod faults;
mod inventory;
#[path = "../matrix/mod.rs"]
mod matrix;
mod world;
