//! Which files runs made part of the tables, with the hashes of their bytes.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use mlatho_model::RunId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::Catalogue;
use super::entity::table_files::{Column, Entity, Model};
use crate::error::{Result, StoreError};

/// A file of the warehouse: its path from the warehouse on, with `/`, and the BLAKE3 hash of its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableFile {
    pub(crate) path: String,
    pub(crate) hash: String,
}

impl TableFile {
    /// Reads a file below the folder `warehouse` through.
    pub(crate) fn read(warehouse: &Path, path: &Path) -> Result<Self> {
        Ok(Self { path: name_of(warehouse, path), hash: hash_of(path)? })
    }
}

/// The path from the warehouse on.
pub(crate) fn name_of(warehouse: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(warehouse).unwrap_or(path);
    relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The BLAKE3 hash of a file.
pub(crate) fn hash_of(path: &Path) -> Result<String> {
    let mut hash = blake3::Hasher::new();
    let file = File::open(path).map_err(StoreError::io("opening", path))?;
    hash.update_reader(file).map_err(StoreError::io("reading", path))?;
    Ok(hash.finalize().to_hex().to_string())
}

/// Keeps the hashes; a file that was written again by a run that was cut off has the later one.
pub(super) async fn keep(db: &impl ConnectionTrait, run: RunId, files: &[TableFile]) -> Result<()> {
    let row = |file: &TableFile| {
        let model = Model { path: file.path.clone(), run: run.0, hash: file.hash.clone() };
        model.into_active_model()
    };
    let later = OnConflict::column(Column::Path).update_columns([Column::Run, Column::Hash]).to_owned();
    for chunk in files.chunks(super::CHUNK) {
        let insert = Entity::insert_many(chunk.iter().map(row)).on_conflict(later.clone());
        insert.exec_without_returning(db).await.map_err(StoreError::db("recording files of a table"))?;
    }
    Ok(())
}

impl Catalogue {
    /// The hashes of all files, by path.
    pub(crate) async fn table_files(&self) -> Result<HashMap<String, String>> {
        let rows = Entity::find().all(&self.db).await.map_err(StoreError::db("reading files of the tables"))?;
        Ok(rows.into_iter().map(|row| (row.path, row.hash)).collect())
    }
}

impl Catalogue {
    /// Forgets files that are about to be removed.
    pub(crate) async fn forget_files(&self, paths: &[String]) -> Result<()> {
        let fail = "forgetting files of the tables";
        let transaction = self.begin(fail).await?;
        for chunk in paths.chunks(super::CHUNK) {
            let delete = Entity::delete_many().filter(Column::Path.is_in(chunk.to_vec()));
            delete.exec(&transaction).await.map_err(StoreError::db(fail))?;
        }
        transaction.commit().await.map_err(StoreError::db(fail))
    }
}
