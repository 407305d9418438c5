//! Matching of facilities and areas through its public face.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod golden;
mod lists;
mod properties;
mod world;
