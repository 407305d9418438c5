#![doc = include_str!("../README.md")]

pub mod dhis2;
pub mod payload;
