//! What requisitions of all versions of OpenLMIS have in common: how far they have come, how far they were read, and
//! what a pull of them gives.

mod pulled;
mod status;
mod watermark;

pub use pulled::{Document, Pulled};
pub(crate) use pulled::{Fetched, Walk};
pub use status::Status;
pub use watermark::Watermark;
