//! The OpenHIM connector against a double of the core.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod faults;
#[path = "../matrix/mod.rs"]
mod matrix;
mod mediator;
mod tls;
mod world;
