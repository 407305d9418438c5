//! Data elements: which element of an HMIS holds a measure of a product.

mod name;
mod propose;

pub use name::{ElementName, parse_element};
pub use propose::{ElementRow, elements, propose};
