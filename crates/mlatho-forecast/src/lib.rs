#![doc = include_str!("../README.md")]

mod boost;
mod forecast;
mod learn;
mod models;
mod panel;
mod score;
mod write;

pub use forecast::{AtOrigin, Forecaster, Goal, Kind, Prediction, Settings};
pub use panel::{Covariates, Panel, read_covariates, read_panel};
pub use score::{Score, Scores};
pub use write::{COLUMNS, Writer};
