#![doc = include_str!("../README.md")]

pub mod audit;
pub mod check;
mod compare;
mod convert;
pub mod door;
pub mod drift;
mod error;
pub mod explain;
mod figures;
pub mod held;
mod identity;
mod intern;
mod names;
pub mod openhim;
mod overview;
mod project;
pub mod publish;
pub mod reconcile;
pub mod repository;
mod resolve;
pub mod restate;
pub mod review;
pub mod run;
pub mod status;

pub use compare::{PeriodLine, RuleComparison, WorklistEntry, compare_project, trend, worklist, write_worklist};
pub use convert::{ConvertCounts, ConvertRequest, Delivery, FileFormat, convert};
pub use error::PipelineError;
pub use overview::{LastRun, Overview, Unmapped};
pub use project::{Config, Element, ElementMap, Project, ProjectMappings, Side, Source, Target, init_project};
