#![doc = include_str!("../README.md")]

pub mod demand;
pub mod supply;
