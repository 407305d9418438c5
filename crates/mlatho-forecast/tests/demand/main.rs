//! Demand recovery through its public face.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

mod ledgers;
mod simulation;
