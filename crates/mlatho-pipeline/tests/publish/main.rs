//! Delivery to the double of DHIS2 over loopback, with both import engines: plan, pre-flight, sending, reading back.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod export;
mod life;
mod locks;
mod property;
mod refusals;
mod resume;
mod rules;
mod troubles;
mod world;
