//! What has no mapping yet, with the volume that waits for one.

use mlatho_model::{Decimal, Period, SourceName};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::entity::unmapped::{Column, Entity, Model};
use super::{CHUNK, Catalogue};
use crate::error::{Result, StoreError};

/// What the code names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UnmappedKind {
    OrgUnit,
    Item,
}

impl UnmappedKind {
    /// The stable name: `org_unit` or `item`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OrgUnit => "org_unit",
            Self::Item => "item",
        }
    }
}

/// A code of a source without a mapping, and what the records under it carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmapped {
    /// The receipt that brought it.
    pub receipt: i32,
    pub kind: UnmappedKind,
    pub source: SourceName,
    pub code: String,
    /// As the source calls it; empty where it does not.
    pub name: String,
    pub records: u64,
    /// Sum of the absolute values of its reported quantities, in the source's units.
    pub quantity: Decimal,
    pub first_period: Period,
    pub last_period: Period,
}

impl TryFrom<Model> for Unmapped {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self> {
        let bad = || StoreError::damaged(format!("the unmapped code `{}`", row.code));
        let kind = [UnmappedKind::OrgUnit, UnmappedKind::Item].into_iter().find(|kind| kind.name() == row.kind);
        Ok(Self {
            receipt: row.receipt,
            kind: kind.ok_or_else(bad)?,
            source: row.source.parse().map_err(|_| bad())?,
            name: row.name.clone(),
            records: u64::try_from(row.records).map_err(|_| bad())?,
            quantity: row.quantity.parse().map_err(|_| bad())?,
            first_period: row.first_period.parse().map_err(|_| bad())?,
            last_period: row.last_period.parse().map_err(|_| bad())?,
            code: row.code,
        })
    }
}

impl Catalogue {
    /// Puts these volumes in the place of all that these receipts had.
    pub(crate) async fn replace_unmapped(&self, receipts: &[i32], volumes: &[Unmapped]) -> Result<()> {
        let fail = "saving unmapped volumes";
        let rows: Vec<_> = volumes
            .iter()
            .map(|volume| Model {
                receipt: volume.receipt,
                kind: volume.kind.name().into(),
                source: volume.source.to_string(),
                code: volume.code.clone(),
                name: volume.name.clone(),
                records: i64::try_from(volume.records).unwrap_or(i64::MAX),
                quantity: volume.quantity.to_string(),
                first_period: volume.first_period.to_string(),
                last_period: volume.last_period.to_string(),
            })
            .map(IntoActiveModel::into_active_model)
            .collect();
        let transaction = self.begin(fail).await?;
        for chunk in receipts.chunks(CHUNK) {
            let delete = Entity::delete_many().filter(Column::Receipt.is_in(chunk.iter().copied()));
            delete.exec(&transaction).await.map_err(StoreError::db(fail))?;
        }
        for chunk in rows.chunks(CHUNK) {
            let insert = Entity::insert_many(chunk.to_vec()).exec_without_returning(&transaction).await;
            insert.map_err(StoreError::db(fail))?;
        }
        transaction.commit().await.map_err(StoreError::db(fail))
    }

    /// Ordered by kind, source, code, receipt.
    pub(crate) async fn unmapped(&self) -> Result<Vec<Unmapped>> {
        let rows = Entity::find()
            .order_by_asc(Column::Kind)
            .order_by_asc(Column::Source)
            .order_by_asc(Column::Code)
            .order_by_asc(Column::Receipt)
            .all(&self.db)
            .await;
        rows.map_err(StoreError::db("reading unmapped volumes"))?.into_iter().map(Unmapped::try_from).collect()
    }
}
