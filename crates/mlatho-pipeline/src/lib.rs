#![doc = include_str!("../README.md")]

pub mod check;
mod convert;
mod error;
mod identity;
mod intern;
mod project;
pub mod publish;
pub mod repository;

pub use convert::{ConvertCounts, ConvertRequest, Delivery, FileFormat, convert};
pub use error::PipelineError;
pub use project::{Config, Element, ElementMap, Project, ProjectMappings, Side, Source, Target, init_project};
