//! Matching of products and data elements through its public face.

mod elements;
mod names;
mod products;
