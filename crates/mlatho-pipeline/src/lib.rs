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
pub mod release;
mod reporting;
pub mod repository;
mod resolve;
pub mod restate;
pub mod review;
pub mod run;
pub mod status;
mod stock_status;

pub use compare::{PeriodLine, RuleComparison, compare_project, trend, worklist};
pub use convert::{ConvertCounts, ConvertRequest, Delivery, FileFormat, convert};
pub use error::PipelineError;
pub use mlatho_analysis::MonthsOfStock;
pub use mlatho_analysis::compare::Evidence;
pub use mlatho_analysis::{WorklistEntry, write_worklist};
pub use overview::{LastRun, Overview, Unmapped};
pub use project::{
    Config, Element, ElementMap, Project, ProjectMappings, Side, Source, StockBounds, Target, init_project,
};
pub use reporting::{OrgUnitReports, Reporting};
pub use stock_status::{ProductStock, StockStatus};
