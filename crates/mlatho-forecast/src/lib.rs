#![doc = include_str!("../README.md")]

pub mod demand;
pub mod quantify;
pub mod supply;
