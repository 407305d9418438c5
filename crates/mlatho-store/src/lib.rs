#![doc = include_str!("../README.md")]

mod catalogue;
mod error;
mod failpoint;
mod landing;
mod records;
mod repository;
mod sql;
mod warehouse;

pub use catalogue::{
    AuditEntry, Batch, BatchState, DeliveryBatch, Link, NewEntry, Processed, Receipt, Reopened, RunState, RunSummary,
    Sent, Term, TermKind, Terms, Unmapped, UnmappedKind,
};
pub use error::StoreError;
pub use failpoint::STEPS;
pub use records::ParquetRecords;
pub use repository::{AsOf, Pending, Repository};
pub use sql::Answer;
pub use warehouse::{Column, Current, Filter, Row, RowFinding, Rows, Run, Written};
