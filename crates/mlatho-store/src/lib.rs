#![doc = include_str!("../README.md")]

mod backup;
mod catalogue;
mod error;
mod failpoint;
mod landing;
mod records;
mod repository;
mod retention;
mod sql;
mod verify;
mod warehouse;

pub use backup::Manifest;
pub use catalogue::{
    AuditEntry, Batch, BatchState, DeliveryBatch, Link, NewEntry, Processed, Receipt, Reopened, RunState, RunSummary,
    Sent, Term, TermKind, Terms, Unmapped, UnmappedKind,
};
pub use error::StoreError;
pub use failpoint::STEPS;
pub use records::ParquetRecords;
pub use repository::{AsOf, Pending, Repository};
pub use retention::Removed;
pub use sql::Answer;
pub use verify::Verified;
pub use warehouse::{Column, Current, Filter, Row, RowFinding, Rows, Run, Written};
