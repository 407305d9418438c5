//! The repository through its public face, over SQLite and over PostgreSQL.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test says what it does and fails by panicking")]

mod audit;
mod backup;
mod catalogue;
mod common;
mod crash;
mod files;
mod ingest;
mod publication;
mod retention;
mod sql;
mod verify;
mod versions;
