//! Libraries that read files by their offsets panic on some damaged ones. Here that is an error like any other.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs what reads a file; a panic in it is an error. What it has borrowed must not be used again after one.
pub(crate) fn guarded<T, E: std::fmt::Display>(work: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(found) => found.map_err(|error| error.to_string()),
        Err(_) => Err("the file is damaged".into()),
    }
}
