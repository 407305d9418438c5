#![doc = include_str!("../README.md")]

mod axis;
mod svg;
mod trend;

pub use trend::{Band, Place, TrendChart, TrendPoint, TrendWords};
