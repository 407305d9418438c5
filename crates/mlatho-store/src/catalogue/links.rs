//! Mapping versions: the links that were in force, kept under the hash of their content.

use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::entity::{links, mapping_versions};
use super::{CHUNK, Catalogue, micros, timestamp};
use crate::error::{Result, StoreError};

/// One link of a mapping, its cells as in the mapping file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// `org_unit`, `item` or `element`.
    pub kind: String,
    pub source: String,
    pub source_id: String,
    pub source_name: String,
    pub target: String,
    pub target_name: String,
    pub factor: String,
    pub unit: String,
    pub share: String,
    pub relation: String,
    pub valid_from: String,
    pub valid_to: String,
    pub reason: String,
}

impl Catalogue {
    /// Keeps the links of a mapping version; a version that is kept already is left as it is.
    pub(crate) async fn save_links(&self, version: &str, all: &[Link], now: Timestamp) -> Result<()> {
        let fail = "saving links";
        let known = mapping_versions::Entity::find_by_id(version).one(&self.db).await.map_err(StoreError::db(fail))?;
        if known.is_some() {
            return Ok(());
        }
        let transaction = self.begin(fail).await?;
        let row = mapping_versions::Model { version: version.into(), loaded_at: micros(now) };
        let insert = mapping_versions::Entity::insert(row.into_active_model());
        insert.exec_without_returning(&transaction).await.map_err(StoreError::db(fail))?;
        let rows: Vec<_> = (0i32..).zip(all).map(|(number, link)| row_of(version, number, link)).collect();
        for chunk in rows.chunks(CHUNK) {
            let insert = links::Entity::insert_many(chunk.to_vec());
            insert.exec_without_returning(&transaction).await.map_err(StoreError::db(fail))?;
        }
        transaction.commit().await.map_err(StoreError::db(fail))
    }

    /// The links of a mapping version in the order of the files, and when it was first loaded; nothing, where it is not
    /// known.
    pub(crate) async fn links_of(&self, version: &str) -> Result<Option<(Timestamp, Vec<Link>)>> {
        let fail = "reading links";
        let known = mapping_versions::Entity::find_by_id(version).one(&self.db).await.map_err(StoreError::db(fail))?;
        let Some(known) = known else { return Ok(None) };
        let rows = links::Entity::find()
            .filter(links::Column::Version.eq(version))
            .order_by_asc(links::Column::Number)
            .all(&self.db)
            .await
            .map_err(StoreError::db(fail))?;
        Ok(Some((timestamp(known.loaded_at)?, rows.into_iter().map(|row| link_of(row).1).collect())))
    }

    /// All links of all versions, oldest version first, each with its version.
    pub(crate) async fn links(&self) -> Result<Vec<(String, Link)>> {
        let fail = "reading links";
        let versions = mapping_versions::Entity::find()
            .order_by_asc(mapping_versions::Column::LoadedAt)
            .order_by_asc(mapping_versions::Column::Version)
            .all(&self.db)
            .await
            .map_err(StoreError::db(fail))?;
        let rows = links::Entity::find().order_by_asc(links::Column::Number).all(&self.db).await;
        let mut rows: Vec<_> = rows.map_err(StoreError::db(fail))?.into_iter().map(link_of).collect();
        rows.sort_by_cached_key(|(version, _)| versions.iter().position(|known| known.version == *version));
        Ok(rows)
    }
}

fn row_of(version: &str, number: i32, link: &Link) -> links::ActiveModel {
    let Link {
        kind,
        source,
        source_id,
        source_name,
        target,
        target_name,
        factor,
        unit,
        share,
        relation,
        valid_from,
        valid_to,
        reason,
    } = link.clone();
    let row = links::Model {
        version: version.into(),
        number,
        kind,
        source,
        source_id,
        source_name,
        target,
        target_name,
        factor,
        unit,
        share,
        relation,
        valid_from,
        valid_to,
        reason,
    };
    row.into_active_model()
}

fn link_of(row: links::Model) -> (String, Link) {
    let link = Link {
        kind: row.kind,
        source: row.source,
        source_id: row.source_id,
        source_name: row.source_name,
        target: row.target,
        target_name: row.target_name,
        factor: row.factor,
        unit: row.unit,
        share: row.share,
        relation: row.relation,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        reason: row.reason,
    };
    (row.version, link)
}
