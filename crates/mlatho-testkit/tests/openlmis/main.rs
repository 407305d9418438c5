//! The double of OpenLMIS as a client meets it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod reading;
mod world;
mod writing;
