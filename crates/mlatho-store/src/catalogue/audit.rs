//! The audit log: what was decided, by whom, when and why. Entries are only ever added.
//!
//! Each entry holds the hash of the one before and its own: BLAKE3 over the length and the bytes of its number, its time
//! (microseconds since 1970), person, kind, subject, content and the hash before, in this order, numbers in decimal. The
//! first follows 64 zeros. Whoever changes, leaves out or inserts an entry breaks the chain from there on.

use jiff::Timestamp;
use mlatho_model::RunId;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use super::entity::audit::{ActiveModel, Column, Entity, Model};
use super::entity::audit_anchors;
use super::{Catalogue, micros, timestamp};
use crate::error::{Result, StoreError};

/// What the first entry follows.
pub(crate) const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// From 1, without gaps.
    pub number: i64,
    pub at: Timestamp,
    pub person: String,
    /// What kind of act it was, such as `data-correct`.
    pub kind: String,
    /// What it was about.
    pub subject: String,
    pub content: serde_json::Value,
    pub hash: String,
}

/// What is to be added to the audit log.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry {
    pub at: Timestamp,
    pub person: String,
    pub kind: &'static str,
    pub subject: String,
    pub content: serde_json::Value,
}

impl TryFrom<Model> for AuditEntry {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self> {
        let content = serde_json::from_str(&row.content);
        Ok(Self {
            number: row.number,
            at: timestamp(row.at)?,
            person: row.person,
            kind: row.kind,
            subject: row.subject,
            content: content.map_err(|_| StoreError::damaged(format!("entry {} of the audit log", row.number)))?,
            hash: row.hash,
        })
    }
}

/// The hash of an entry, over everything else in it.
pub(crate) fn hash_of(row: &Model) -> String {
    let mut hash = blake3::Hasher::new();
    let numbers = [row.number.to_string(), row.at.to_string()];
    let texts = [&row.person, &row.kind, &row.subject, &row.content, &row.previous];
    for text in numbers.iter().chain(texts) {
        hash.update(&(text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().to_hex().to_string()
}

impl Catalogue {
    /// Adds entries in one transaction. Those whose kind and subject are in the log already are left out if `once`. Gives
    /// how many were added.
    pub(crate) async fn record(&self, entries: &[NewEntry], once: bool) -> Result<usize> {
        let fail = "adding to the audit log";
        if entries.is_empty() {
            return Ok(0);
        }
        let transaction = self.begin(fail).await?;
        lock(&transaction).await?;
        let last =
            Entity::find().order_by_desc(Column::Number).one(&transaction).await.map_err(StoreError::db(fail))?;
        let (mut number, mut previous) = last.map_or((0, NOTHING.to_owned()), |row| (row.number, row.hash));
        let mut added = 0;
        for entry in entries {
            if once {
                let same =
                    Entity::find().filter(Column::Kind.eq(entry.kind)).filter(Column::Subject.eq(&*entry.subject));
                if same.one(&transaction).await.map_err(StoreError::db(fail))?.is_some() {
                    continue;
                }
            }
            number += 1;
            let mut row = Model {
                number,
                at: micros(entry.at),
                person: entry.person.clone(),
                kind: entry.kind.into(),
                subject: entry.subject.clone(),
                content: entry.content.to_string(),
                previous,
                hash: String::new(),
            };
            row.hash = hash_of(&row);
            previous = row.hash.clone();
            Entity::insert(ActiveModel::from(row))
                .exec_without_returning(&transaction)
                .await
                .map_err(StoreError::db(fail))?;
            added += 1;
        }
        transaction.commit().await.map_err(StoreError::db(fail))?;
        Ok(added)
    }

    /// The rows as they stand, by number.
    pub(crate) async fn audit_rows(&self) -> Result<Vec<Model>> {
        Entity::find().order_by_asc(Column::Number).all(&self.db).await.map_err(StoreError::db("reading the audit log"))
    }

    pub(crate) async fn anchors(&self) -> Result<Vec<audit_anchors::Model>> {
        let rows = audit_anchors::Entity::find().order_by_asc(audit_anchors::Column::Run).all(&self.db).await;
        rows.map_err(StoreError::db("reading where the audit log stood"))
    }

    pub(crate) async fn audit(&self) -> Result<Vec<AuditEntry>> {
        self.audit_rows().await?.into_iter().map(AuditEntry::try_from).collect()
    }
}

/// Notes where the log stands at the end of a run.
pub(super) async fn anchor(transaction: &DatabaseTransaction, run: RunId) -> Result<()> {
    let fail = "noting where the audit log stands";
    let last = Entity::find().order_by_desc(Column::Number).one(transaction).await.map_err(StoreError::db(fail))?;
    let Some(last) = last else { return Ok(()) };
    let row = audit_anchors::Model { run: run.0, number: last.number, hash: last.hash };
    let insert = audit_anchors::Entity::insert(row.into_active_model());
    insert.exec_without_returning(transaction).await.map_err(StoreError::db(fail))?;
    Ok(())
}

/// Lets one process at a time add to the log. On SQLite the transaction has seen to it.
async fn lock(transaction: &DatabaseTransaction) -> Result<()> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        let lock = transaction.execute_unprepared("LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE").await;
        lock.map_err(StoreError::db("waiting for the audit log"))?;
    }
    Ok(())
}
