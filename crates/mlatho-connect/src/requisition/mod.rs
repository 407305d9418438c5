//! What requisitions of all versions of OpenLMIS have in common: how far they have come, how far they were read, what a
//! pull of them gives, and how numbers are written into them.

mod pulled;
mod status;
mod watermark;
pub(crate) mod write;

pub use pulled::{Document, Pulled};
pub(crate) use pulled::{Fetched, Walk};
pub use status::Status;
pub use watermark::Watermark;
