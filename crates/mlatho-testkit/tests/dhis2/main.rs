//! The double of DHIS2 as a client sees it: one test for each rule that it claims to keep (`dhis2.md` sections 1 and 8).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod access;
mod engine_a;
mod engine_b;
mod formats;
mod jobs;
mod locks;
mod metadata;
mod order;
mod reading;
mod transport;
mod world;
