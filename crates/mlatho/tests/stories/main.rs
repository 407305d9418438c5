//! The nine stories of the mission, each from raw files to the numbers that a person reads. Expectations are computed by
//! hand.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

mod malaria;
mod world;
