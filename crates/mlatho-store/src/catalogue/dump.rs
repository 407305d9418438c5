//! All tables of the catalogue as lines of JSON, and back.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use futures::TryStreamExt;
use sea_orm::{
    AccessMode, ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IntoActiveModel,
    IsolationLevel, PaginatorTrait, TransactionTrait,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::entity::{
    audit, audit_anchors, links, mapping_versions, outbox, publications, receipts, reopened_links, run_months, runs,
    table_files, terms, unmapped,
};
use super::{Catalogue, Versions};
use crate::error::{Result, StoreError};

/// Does the same with every table.
macro_rules! each_table {
    ($each:ident, $($args:expr),*) => {
        $each::<audit::Entity>("audit", $($args),*).await?;
        $each::<audit_anchors::Entity>("audit_anchors", $($args),*).await?;
        $each::<links::Entity>("links", $($args),*).await?;
        $each::<mapping_versions::Entity>("mapping_versions", $($args),*).await?;
        $each::<outbox::Entity>("outbox", $($args),*).await?;
        $each::<publications::Entity>("publications", $($args),*).await?;
        $each::<receipts::Entity>("receipts", $($args),*).await?;
        $each::<reopened_links::Entity>("reopened_links", $($args),*).await?;
        $each::<run_months::Entity>("run_months", $($args),*).await?;
        $each::<runs::Entity>("runs", $($args),*).await?;
        $each::<table_files::Entity>("table_files", $($args),*).await?;
        $each::<terms::Entity>("terms", $($args),*).await?;
        $each::<unmapped::Entity>("unmapped", $($args),*).await?;
    };
}

const READING: &str = "copying";
const WRITING: &str = "restoring";

impl Catalogue {
    /// Writes all tables as they stand at one moment, and gives the table versions that are recorded then.
    pub(crate) async fn dump(&self, folder: &Path) -> Result<Versions> {
        let snapshot = match self.db.get_database_backend() {
            DbBackend::Postgres => {
                self.db.begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)).await
            }
            // In WAL mode a transaction goes on reading what it saw first.
            _ => self.db.begin().await,
        };
        let snapshot = snapshot.map_err(StoreError::db(READING))?;
        let fail = || StoreError::db(READING);
        let all_runs = runs::Entity::find().all(&snapshot).await.map_err(fail())?;
        let months = run_months::Entity::find().all(&snapshot).await.map_err(fail())?;
        let run = |version: fn(&runs::Model) -> Option<i64>| all_runs.iter().filter_map(version).max().unwrap_or(0);
        let month =
            |version: fn(&run_months::Model) -> Option<i64>| months.iter().filter_map(version).max().unwrap_or(0);
        let versions = Versions {
            log: run(|run| run.log_version),
            observations: run(|run| run.observations_version).max(month(|month| month.observations_version)),
            findings: run(|run| run.findings_version).max(month(|month| month.findings_version)),
        };
        each_table!(dump, folder, &snapshot);
        snapshot.rollback().await.map_err(fail())?;
        Ok(versions)
    }

    /// Fills the empty tables, all of them or none.
    pub(crate) async fn load(&self, folder: &Path, place: &Path) -> Result<()> {
        let transaction = self.begin(WRITING).await?;
        each_table!(load, folder, place, &transaction);
        if self.db.get_database_backend() == DbBackend::Postgres {
            for (table, column) in [("receipts", "number"), ("outbox", "id")] {
                let sql = format!(
                    "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), COALESCE(MAX({column}) + 1, 1), false) FROM {table}"
                );
                transaction.execute_unprepared(&sql).await.map_err(StoreError::db(WRITING))?;
            }
        }
        transaction.commit().await.map_err(StoreError::db(WRITING))
    }
}

async fn dump<E>(table: &str, folder: &Path, snapshot: &DatabaseTransaction) -> Result<()>
where
    E: EntityTrait,
    E::Model: Serialize,
{
    let path = folder.join(format!("{table}.jsonl"));
    let fail = |doing| StoreError::io(doing, &path);
    let mut out = BufWriter::new(File::create(&path).map_err(fail("creating"))?);
    let mut rows = E::find().stream(snapshot).await.map_err(StoreError::db(READING))?;
    while let Some(row) = rows.try_next().await.map_err(StoreError::db(READING))? {
        serde_json::to_writer(&mut out, &row).map_err(|error| fail("writing")(error.into()))?;
        out.write_all(b"\n").map_err(fail("writing"))?;
    }
    let file = out.into_inner().map_err(|error| fail("writing")(error.into_error()))?;
    file.sync_all().map_err(fail("writing"))
}

async fn load<E>(table: &str, folder: &Path, place: &Path, transaction: &DatabaseTransaction) -> Result<()>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
    E::Model: DeserializeOwned + IntoActiveModel<E::ActiveModel> + Send + Sync,
{
    if E::find().count(transaction).await.map_err(StoreError::db(WRITING))? > 0 {
        return Err(StoreError::NotEmpty { path: place.into() });
    }
    let path = folder.join(format!("{table}.jsonl"));
    let file = File::open(&path).map_err(StoreError::io("opening", &path))?;
    let mut waiting: Vec<E::ActiveModel> = Vec::new();
    for line in BufReader::new(file).lines() {
        let line = line.map_err(StoreError::io("reading", &path))?;
        let row: E::Model = serde_json::from_str(&line).map_err(|_| StoreError::BadCopy { path: path.clone() })?;
        waiting.push(row.into_active_model());
        if waiting.len() == super::CHUNK {
            insert::<E>(std::mem::take(&mut waiting), transaction).await?;
        }
    }
    insert::<E>(waiting, transaction).await
}

async fn insert<E>(rows: Vec<E::ActiveModel>, transaction: &DatabaseTransaction) -> Result<()>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    if rows.is_empty() {
        return Ok(());
    }
    let insert = E::insert_many(rows).exec_without_returning(transaction).await;
    insert.map_err(StoreError::db(WRITING))?;
    Ok(())
}
