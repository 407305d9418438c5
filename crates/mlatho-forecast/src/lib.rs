#![doc = include_str!("../README.md")]

mod boost;
pub mod demand;
mod forecast;
mod learn;
mod models;
mod panel;
pub mod quantify;
mod score;
pub mod supply;
mod write;

pub use forecast::{AtOrigin, Forecaster, Goal, Kind, Prediction, Settings};
pub use panel::{Covariates, Panel, read_covariates, read_panel};
pub use score::{Score, Scores};
pub use write::{COLUMNS, Writer};
