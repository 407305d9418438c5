//! Supply plans through their public face.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

mod plans;
mod properties;
mod replay;
