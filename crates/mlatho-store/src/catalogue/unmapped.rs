//! What has no mapping yet, with the volume that waits for one.

use mlatho_model::{Decimal, Period, SourceName};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::entity::unmapped::{Column, Entity, Model};
use super::{CHUNK, Catalogue};
use crate::error::{Result, StoreError};
use crate::warehouse::{month_number, month_period};

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

/// A code of a source without a mapping, and what its current records of a month carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmapped {
    /// The month in which the periods of its records begin.
    pub month: Period,
    pub kind: UnmappedKind,
    pub source: SourceName,
    pub code: String,
    /// As the source calls it; empty where it does not.
    pub name: String,
    pub records: u64,
    /// Sum of the absolute values of its reported flows, in the source's units.
    pub quantity: Decimal,
}

impl TryFrom<Model> for Unmapped {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self> {
        let bad = || StoreError::damaged(format!("the unmapped code `{}`", row.code));
        let kind = [UnmappedKind::OrgUnit, UnmappedKind::Item].into_iter().find(|kind| kind.name() == row.kind);
        Ok(Self {
            month: month_period(row.month)?,
            kind: kind.ok_or_else(bad)?,
            source: row.source.parse().map_err(|_| bad())?,
            name: row.name.clone(),
            records: u64::try_from(row.records).map_err(|_| bad())?,
            quantity: row.quantity.parse().map_err(|_| bad())?,
            code: row.code,
        })
    }
}

impl Catalogue {
    /// Puts these volumes in the place of all that the month had.
    pub(crate) async fn replace_unmapped(&self, month: Period, volumes: &[Unmapped]) -> Result<()> {
        let fail = "saving unmapped volumes";
        let rows: Vec<_> = volumes
            .iter()
            .map(|volume| Model {
                month: month_number(volume.month),
                kind: volume.kind.name().into(),
                source: volume.source.to_string(),
                code: volume.code.clone(),
                name: volume.name.clone(),
                records: i64::try_from(volume.records).unwrap_or(i64::MAX),
                quantity: volume.quantity.to_string(),
            })
            .map(IntoActiveModel::into_active_model)
            .collect();
        let transaction = self.begin(fail).await?;
        let delete = Entity::delete_many().filter(Column::Month.eq(month_number(month)));
        delete.exec(&transaction).await.map_err(StoreError::db(fail))?;
        for chunk in rows.chunks(CHUNK) {
            let insert = Entity::insert_many(chunk.to_vec()).exec_without_returning(&transaction).await;
            insert.map_err(StoreError::db(fail))?;
        }
        transaction.commit().await.map_err(StoreError::db(fail))
    }

    /// Ordered by kind, source, code, month.
    pub(crate) async fn unmapped(&self) -> Result<Vec<Unmapped>> {
        let rows = Entity::find()
            .order_by_asc(Column::Kind)
            .order_by_asc(Column::Source)
            .order_by_asc(Column::Code)
            .order_by_asc(Column::Month)
            .all(&self.db)
            .await;
        rows.map_err(StoreError::db("reading unmapped volumes"))?.into_iter().map(Unmapped::try_from).collect()
    }
}
