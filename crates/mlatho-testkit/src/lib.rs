//! TODO
pub mod country;
