//! The OpenLMIS connector against a double of the server.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod changes;
mod faults;
mod reading;
mod signing;
mod world;
mod writing;
