//! Links that a person is asked about again, because the registers changed under them.

use jiff::Timestamp;
use mlatho_model::SourceName;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel, QueryOrder};

use super::entity::reopened_links::{Column, Entity, Model};
use super::{CHUNK, Catalogue, micros, timestamp};
use crate::error::{Result, StoreError};

/// A link that is in doubt again. Whether it still is follows from the links and decisions since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reopened {
    /// `org-unit` or `item`.
    pub kind: String,
    pub source: SourceName,
    pub code: String,
    /// Where the link led.
    pub target: String,
    pub at: Timestamp,
}

impl TryFrom<Model> for Reopened {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self> {
        let bad = |_| StoreError::damaged(format!("the reopened link of `{}`", row.code));
        Ok(Self {
            source: row.source.parse().map_err(bad)?,
            at: timestamp(row.reopened_at)?,
            kind: row.kind,
            code: row.code,
            target: row.target,
        })
    }
}

impl Catalogue {
    /// Notes links; one that was noted before has the later time.
    pub(crate) async fn reopen(&self, links: &[Reopened]) -> Result<()> {
        let row = |link: &Reopened| Model {
            kind: link.kind.clone(),
            source: link.source.to_string(),
            code: link.code.clone(),
            target: link.target.clone(),
            reopened_at: micros(link.at),
        };
        let rows: Vec<_> = links.iter().map(row).map(IntoActiveModel::into_active_model).collect();
        let later = OnConflict::columns([Column::Kind, Column::Source, Column::Code, Column::Target])
            .update_column(Column::ReopenedAt)
            .to_owned();
        for chunk in rows.chunks(CHUNK) {
            let insert = Entity::insert_many(chunk.to_vec()).on_conflict(later.clone());
            insert.exec_without_returning(&self.db).await.map_err(StoreError::db("reopening links"))?;
        }
        Ok(())
    }

    /// All that were ever reopened, ordered by kind, source, code and target.
    pub(crate) async fn reopened(&self) -> Result<Vec<Reopened>> {
        let rows = Entity::find()
            .order_by_asc(Column::Kind)
            .order_by_asc(Column::Source)
            .order_by_asc(Column::Code)
            .order_by_asc(Column::Target)
            .all(&self.db)
            .await;
        rows.map_err(StoreError::db("reading reopened links"))?.into_iter().map(Reopened::try_from).collect()
    }
}
