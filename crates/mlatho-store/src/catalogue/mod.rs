//! The catalogue: the audit log, receipts, runs, terms, mappings, reopened links, unmapped volumes, publications. SQLite or PostgreSQL.

mod audit;
mod dump;
pub(crate) mod entity;
mod files;
mod links;
mod migration;
mod outbox;
mod receipts;
mod reopened;
mod runs;
mod sent;
mod terms;
mod unmapped;

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

use crate::error::{Result, StoreError};

pub use audit::{AuditEntry, NewEntry};
pub(crate) use audit::{NOTHING, hash_of as entry_hash};
pub(crate) use files::{TableFile, hash_of as file_hash, name_of as file_name};
pub use links::Link;
pub(crate) use migration::LAST as LAST_MIGRATION;
pub use outbox::{Batch, BatchState, DeliveryBatch};
pub use receipts::{Processed, Receipt};
pub use reopened::Reopened;
pub(crate) use runs::{RunMonth, Versions};
pub use runs::{RunState, RunSummary};
pub use sent::Sent;
pub(crate) use terms::REPORTED;
pub use terms::{Term, TermKind, Terms};
pub use unmapped::{Unmapped, UnmappedKind};

/// Rows of one `INSERT`: SQLite takes 32,766 values in a statement, and no table has over 15 columns.
const CHUNK: usize = 2_000;

#[derive(Debug)]
pub(crate) struct Catalogue {
    db: DatabaseConnection,
}

impl Catalogue {
    /// Connects and brings the tables up to date.
    pub(crate) async fn open(data_dir: &Path, url: Option<&str>) -> Result<Self> {
        let mut options = match url {
            Some(url) if url.starts_with("postgres:") || url.starts_with("postgresql:") => ConnectOptions::new(url),
            Some(url) if url.starts_with("sqlite:") => ConnectOptions::new(url),
            Some(_) => return Err(StoreError::BadCatalogueAddress),
            None => ConnectOptions::new("sqlite::memory:"),
        };
        let file = url.is_none().then(|| data_dir.join("catalogue.db"));
        options.max_connections(4).sqlx_logging(false).map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = match &file {
                Some(file) => sqlite.filename(file).in_memory(false).shared_cache(false).create_if_missing(true),
                None => sqlite,
            };
            sqlite
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .busy_timeout(Duration::from_secs(5))
                .foreign_keys(true)
        });
        let db = Database::connect(options).await.map_err(StoreError::db("connecting"))?;
        migration::Migrations::up(&db, None).await.map_err(StoreError::db("creating the tables"))?;
        Ok(Self { db })
    }

    /// Begins a transaction that writes. On SQLite it waits for its turn here: one that begins by reading would fail
    /// when another process has written in between.
    async fn begin(&self, doing: &'static str) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.db.begin_with_options(options).await.map_err(StoreError::db(doing))
    }

    pub(crate) async fn close(self) -> Result<()> {
        self.db.close().await.map_err(StoreError::db("closing"))
    }
}

/// Microseconds since 1970, as times are stored.
fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

fn timestamp(micros: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(|_| StoreError::damaged(format!("{micros} is no time")))
}
