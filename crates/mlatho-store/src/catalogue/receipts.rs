//! Receipts: what arrived, from where, and with which rules its rows are in the repository.

use jiff::Timestamp;
use mlatho_model::{ReceiptId, SourceName};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use super::entity::receipts::{ActiveModel, Column, Entity, Model};
use super::{Catalogue, micros, timestamp};
use crate::error::{Result, StoreError};

/// Bytes that arrived from one origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Numbers the receipts of a repository; stands in the rows.
    pub number: i32,
    /// The hash of the bytes, by which they lie in the landing area.
    pub id: ReceiptId,
    pub source: SourceName,
    /// File name or address, without secrets.
    pub origin: String,
    /// Length of the bytes as they arrived.
    pub bytes: u64,
    pub received_at: Timestamp,
    /// How far the source was read, in the source's own words.
    pub watermark: Option<String>,
    /// The receipt that replaced this one: later content of the same source and origin.
    pub superseded_by: Option<i32>,
    /// Names the rules (mappings, layout, checks) with which its rows are in the repository; nothing, where they are
    /// not in it.
    pub processed_rules: Option<String>,
}

/// A receipt whose rows a run brings into the repository, and the name (a hash) of the rules it did so with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Processed {
    pub receipt: i32,
    pub rules: String,
}

impl TryFrom<Model> for Receipt {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self> {
        let bad = |what: &str| StoreError::damaged(format!("{what} of receipt {}", row.number));
        Ok(Self {
            number: row.number,
            id: row.hash.parse().map_err(|_| bad("the hash"))?,
            source: row.source.parse().map_err(|_| bad("the source"))?,
            bytes: u64::try_from(row.bytes).map_err(|_| bad("the length"))?,
            received_at: timestamp(row.received_at)?,
            origin: row.origin,
            watermark: row.watermark,
            superseded_by: row.superseded_by,
            processed_rules: row.processed_rules,
        })
    }
}

impl Catalogue {
    /// Records an arrival. The same content from the same origin gives the receipt that exists; whatever else came
    /// from that origin is superseded by it.
    pub(crate) async fn receive(
        &self,
        id: &ReceiptId,
        source: &SourceName,
        origin: &str,
        bytes: u64,
        now: Timestamp,
    ) -> Result<Receipt> {
        let fail = "recording a receipt";
        let arrival = ActiveModel {
            number: ActiveValue::NotSet,
            hash: ActiveValue::Set(id.to_string()),
            source: ActiveValue::Set(source.to_string()),
            origin: ActiveValue::Set(origin.into()),
            bytes: ActiveValue::Set(i64::try_from(bytes).unwrap_or(i64::MAX)),
            received_at: ActiveValue::Set(micros(now)),
            watermark: ActiveValue::Set(None),
            superseded_by: ActiveValue::Set(None),
            processed_rules: ActiveValue::Set(None),
        };
        let same = OnConflict::columns([Column::Source, Column::Origin, Column::Hash]).do_nothing().to_owned();
        let of_origin = || Entity::find().filter(Column::Source.eq(source.as_str())).filter(Column::Origin.eq(origin));
        let transaction = self.begin(fail).await?;
        Entity::insert(arrival)
            .on_conflict(same)
            .exec_without_returning(&transaction)
            .await
            .map_err(StoreError::db(fail))?;
        let found = of_origin().filter(Column::Hash.eq(id.as_str())).one(&transaction).await;
        let mut row = found.map_err(StoreError::db(fail))?.ok_or_else(|| StoreError::damaged("a receipt is gone"))?;
        let supersede = |by: Option<i32>| {
            Entity::update_many()
                .col_expr(Column::SupersededBy, Expr::value(by))
                .filter(Column::Source.eq(source.as_str()))
                .filter(Column::Origin.eq(origin))
        };
        let others = supersede(Some(row.number)).filter(Column::Number.ne(row.number));
        others.exec(&transaction).await.map_err(StoreError::db(fail))?;
        let this = supersede(None).filter(Column::Number.eq(row.number));
        this.exec(&transaction).await.map_err(StoreError::db(fail))?;
        row.superseded_by = None;
        transaction.commit().await.map_err(StoreError::db(fail))?;
        row.try_into()
    }

    pub(crate) async fn receipts(&self) -> Result<Vec<Receipt>> {
        let rows = Entity::find().order_by_asc(Column::Number).all(&self.db).await;
        rows.map_err(StoreError::db("reading receipts"))?.into_iter().map(Receipt::try_from).collect()
    }

    pub(crate) async fn set_watermark(&self, receipt: i32, watermark: &str) -> Result<()> {
        let update = Entity::update_many()
            .col_expr(Column::Watermark, Expr::value(watermark))
            .filter(Column::Number.eq(receipt));
        update.exec(&self.db).await.map_err(StoreError::db("recording a watermark"))?;
        Ok(())
    }

    /// The receipts whose rows leave the repository when these come in: themselves (processed anew) and those that
    /// they supersede.
    pub(crate) async fn replaced_by(&self, processed: &[Processed]) -> Result<Vec<i32>> {
        let new: Vec<i32> = processed.iter().map(|processed| processed.receipt).collect();
        let all = self.receipts().await?.into_iter();
        let leaves = |receipt: &Receipt| {
            receipt.processed_rules.is_some()
                && (new.contains(&receipt.number) || receipt.superseded_by.is_some_and(|by| new.contains(&by)))
        };
        Ok(all.filter(leaves).map(|receipt| receipt.number).collect())
    }
}
