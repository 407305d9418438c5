#![doc = include_str!("../README.md")]

mod convert;
mod error;
mod figures;
mod identity;
mod intern;
mod names;
mod project;
pub mod publish;
mod resolve;
pub mod run;
pub mod status;

pub use convert::{ConvertCounts, ConvertRequest, Delivery, FileFormat, convert};
pub use error::PipelineError;
pub use project::{Config, Element, ElementMap, Project, ProjectMappings, Side, Source, Target, init_project};
