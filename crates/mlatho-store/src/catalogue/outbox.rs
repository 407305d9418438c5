//! What went to each target: deliveries in batches, values that may have arrived, values that were found there.

use std::collections::BTreeMap;

use jiff::Timestamp;
use mlatho_model::Uid;
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::entity::{intentions, outbox, publications};
use super::{CHUNK, Catalogue, micros, timestamp};
use crate::error::{Result, StoreError};

/// Rows that are read at a time.
const PAGE: u64 = 5_000;

/// How far a batch has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchState {
    /// It is on its way, or was cut off there: its values may or may not have arrived.
    Open,
    /// Some values were refused, or found different when read back.
    Partial,
    /// Read back and found as sent.
    Done,
    /// It was cut off, and of each of its values something later is known.
    Overtaken,
}

impl BatchState {
    const ALL: [Self; 4] = [Self::Open, Self::Partial, Self::Done, Self::Overtaken];

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Partial => "partial",
            Self::Done => "done",
            Self::Overtaken => "overtaken",
        }
    }
}

/// A value that was sent to a target, or was about to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub data_set: Uid,
    /// `data_element/category_option_combo/attribute_option_combo/org_unit/period`.
    pub key: String,
    /// As sent; nothing, where the value was withdrawn.
    pub value: Option<String>,
    /// Whether it was found at the target. Otherwise it may or may not have arrived.
    pub confirmed: bool,
}

/// Names a batch of a plan while it is delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryBatch {
    pub target: String,
    /// Hash of the plan.
    pub plan: String,
    /// From 1 in each plan; 0 for values of an earlier, interrupted delivery that turned out to have arrived.
    pub number: u64,
    pub data_set: Uid,
}

/// A batch as the catalogue tells it. The same plan delivered twice makes two.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Numbers the batches of a repository.
    pub id: i64,
    pub batch: DeliveryBatch,
    pub state: BatchState,
    pub created_at: Timestamp,
    pub settled_at: Option<Timestamp>,
    /// What the caller had to say when it was settled.
    pub counts: Option<serde_json::Value>,
    /// The target's answers as they came.
    pub report: Option<String>,
}

impl TryFrom<outbox::Model> for Batch {
    type Error = StoreError;

    fn try_from(row: outbox::Model) -> Result<Self> {
        let bad = |what: &str| StoreError::damaged(format!("{what} of batch {}", row.id));
        let state = BatchState::ALL.into_iter().find(|state| state.name() == row.state);
        let counts = row.counts.as_deref().map(serde_json::from_str).transpose();
        let batch = DeliveryBatch {
            number: u64::try_from(row.number).map_err(|_| bad("the number"))?,
            data_set: row.data_set.parse().map_err(|_| bad("the data set"))?,
            target: row.target,
            plan: row.plan,
        };
        Ok(Self {
            id: row.id.into(),
            batch,
            state: state.ok_or_else(|| bad("the state"))?,
            created_at: timestamp(row.created_at)?,
            settled_at: row.settled_at.map(timestamp).transpose()?,
            counts: counts.map_err(|_| bad("the counts"))?,
            report: row.report,
        })
    }
}

fn sent(data_set: &str, key: String, value: Option<String>, confirmed: bool) -> Result<Sent> {
    let Ok(data_set) = data_set.parse() else { return Err(StoreError::damaged(format!("the data set of `{key}`"))) };
    Ok(Sent { data_set, key, value, confirmed })
}

/// Each key once, with what was said last, in the order of the index that it goes into.
fn by_key(values: &[Sent]) -> Vec<&Sent> {
    values.iter().map(|sent| (sent.key.as_str(), sent)).collect::<BTreeMap<_, _>>().into_values().collect()
}

impl Catalogue {
    /// Shows the open intentions of a target, then its confirmed values, each ordered by key.
    pub(crate) async fn sent(&self, target: &str, take: &mut (dyn FnMut(Sent) + Send)) -> Result<()> {
        // In this order, a value that is confirmed meanwhile is shown twice and not left out.
        let fail = "reading publications";
        let mut after: Option<(String, i32)> = None;
        loop {
            use intentions::{Column, Entity};
            let mut page = Entity::find().filter(Column::Target.eq(target));
            if let Some((key, batch)) = &after {
                let same = Condition::all().add(Column::Key.eq(key.as_str())).add(Column::Batch.gt(*batch));
                page = page.filter(Condition::any().add(Column::Key.gt(key.as_str())).add(same));
            }
            let page = page.order_by_asc(Column::Key).order_by_asc(Column::Batch).limit(PAGE);
            let rows = page.all(&self.db).await.map_err(StoreError::db(fail))?;
            let Some(last) = rows.last() else { break };
            after = Some((last.key.clone(), last.batch));
            for row in rows {
                take(sent(&row.data_set, row.key, row.value, false)?);
            }
        }
        let mut after: Option<String> = None;
        loop {
            use publications::{Column, Entity};
            let mut page = Entity::find().filter(Column::Target.eq(target));
            if let Some(key) = &after {
                page = page.filter(Column::Key.gt(key.as_str()));
            }
            let page = page.order_by_asc(Column::Key).limit(PAGE);
            let rows = page.all(&self.db).await.map_err(StoreError::db(fail))?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some(last.key.clone());
            for row in rows {
                take(sent(&row.data_set, row.key, row.value, true)?);
            }
        }
    }

    /// In one transaction: the batch is open, and these values may be at the target from now on.
    pub(crate) async fn intend(&self, batch: &DeliveryBatch, values: &[Sent], now: Timestamp) -> Result<()> {
        let fail = "recording a batch that goes out";
        let transaction = self.begin(fail).await?;
        let id = match open_batch(&transaction, batch).await.map_err(StoreError::db(fail))? {
            Some(id) => id,
            None => open(&transaction, batch, now).await.map_err(StoreError::db(fail))?,
        };
        let key = [intentions::Column::Target, intentions::Column::Key, intentions::Column::Batch];
        let again = OnConflict::columns(key)
            .update_columns([intentions::Column::DataSet, intentions::Column::Value])
            .to_owned();
        for chunk in by_key(values).chunks(CHUNK) {
            let rows = chunk.iter().map(|sent| {
                let (key, data_set) = (sent.key.clone(), sent.data_set.to_string());
                let row = intentions::Model {
                    target: batch.target.clone(),
                    key,
                    batch: id,
                    data_set,
                    value: sent.value.clone(),
                };
                row.into_active_model()
            });
            let insert = intentions::Entity::insert_many(rows).on_conflict(again.clone());
            insert.exec_without_returning(&transaction).await.map_err(StoreError::db(fail))?;
        }
        transaction.commit().await.map_err(StoreError::db(fail))
    }

    /// In one transaction: what was confirmed replaces everything known about its keys, the other intentions of the
    /// batch are forgotten, and the batch is settled.
    pub(crate) async fn settle(
        &self,
        batch: &DeliveryBatch,
        confirmed: &[Sent],
        counts: &serde_json::Value,
        report: &str,
        now: Timestamp,
    ) -> Result<()> {
        let fail = "recording a delivery";
        let transaction = self.begin(fail).await?;
        let id = match open_batch(&transaction, batch).await.map_err(StoreError::db(fail))? {
            Some(id) => id,
            None => open(&transaction, batch, now).await.map_err(StoreError::db(fail))?,
        };
        let renewed = OnConflict::columns([publications::Column::Target, publications::Column::Key])
            .update_columns([publications::Column::DataSet, publications::Column::Value, publications::Column::Batch])
            .to_owned();
        let of_target =
            || intentions::Entity::delete_many().filter(intentions::Column::Target.eq(batch.target.as_str()));
        for chunk in by_key(confirmed).chunks(CHUNK) {
            let keys = chunk.iter().map(|sent| sent.key.as_str());
            let known = of_target().filter(intentions::Column::Key.is_in(keys));
            known.exec(&transaction).await.map_err(StoreError::db(fail))?;
            let rows = chunk.iter().map(|sent| {
                let (key, data_set) = (sent.key.clone(), sent.data_set.to_string());
                let row = publications::Model {
                    target: batch.target.clone(),
                    key,
                    data_set,
                    value: sent.value.clone(),
                    batch: id,
                };
                row.into_active_model()
            });
            let insert = publications::Entity::insert_many(rows).on_conflict(renewed.clone());
            insert.exec_without_returning(&transaction).await.map_err(StoreError::db(fail))?;
        }
        let others = of_target().filter(intentions::Column::Batch.eq(id)).exec(&transaction).await;
        let complete = others.map_err(StoreError::db(fail))?.rows_affected == 0;
        let state = if complete { BatchState::Done } else { BatchState::Partial };
        let settled = outbox::Entity::update_many()
            .col_expr(outbox::Column::State, Expr::value(state.name()))
            .col_expr(outbox::Column::SettledAt, Expr::value(micros(now)))
            .col_expr(outbox::Column::Counts, Expr::value(counts.to_string()))
            .col_expr(outbox::Column::Report, Expr::value(report))
            .filter(outbox::Column::Id.eq(id));
        settled.exec(&transaction).await.map_err(StoreError::db(fail))?;
        // Batches that were cut off: nothing of them waits for an answer any more.
        let waiting = Query::select().column(intentions::Column::Batch).from(intentions::Entity).to_owned();
        let overtaken = outbox::Entity::update_many()
            .col_expr(outbox::Column::State, Expr::value(BatchState::Overtaken.name()))
            .filter(outbox::Column::State.eq(BatchState::Open.name()))
            .filter(outbox::Column::Target.eq(batch.target.as_str()))
            .filter(outbox::Column::Id.not_in_subquery(waiting));
        overtaken.exec(&transaction).await.map_err(StoreError::db(fail))?;
        transaction.commit().await.map_err(StoreError::db(fail))
    }

    pub(crate) async fn batches(&self) -> Result<Vec<Batch>> {
        let rows = outbox::Entity::find().order_by_asc(outbox::Column::Id).all(&self.db).await;
        rows.map_err(StoreError::db("reading batches"))?.into_iter().map(Batch::try_from).collect()
    }
}

/// The batch, if it was intended and is not settled.
async fn open_batch(db: &impl ConnectionTrait, batch: &DeliveryBatch) -> Result<Option<i32>, sea_orm::DbErr> {
    use outbox::{Column, Entity};
    let open = Entity::find()
        .filter(Column::State.eq(BatchState::Open.name()))
        .filter(Column::Target.eq(batch.target.as_str()))
        .filter(Column::Plan.eq(batch.plan.as_str()))
        .filter(Column::Number.eq(number(batch)));
    Ok(open.one(db).await?.map(|row| row.id))
}

async fn open(db: &impl ConnectionTrait, batch: &DeliveryBatch, now: Timestamp) -> Result<i32, sea_orm::DbErr> {
    let row = outbox::ActiveModel {
        id: ActiveValue::NotSet,
        target: ActiveValue::Set(batch.target.clone()),
        plan: ActiveValue::Set(batch.plan.clone()),
        number: ActiveValue::Set(number(batch)),
        data_set: ActiveValue::Set(batch.data_set.to_string()),
        state: ActiveValue::Set(BatchState::Open.name().into()),
        created_at: ActiveValue::Set(micros(now)),
        settled_at: ActiveValue::Set(None),
        counts: ActiveValue::Set(None),
        report: ActiveValue::Set(None),
    };
    Ok(outbox::Entity::insert(row).exec(db).await?.last_insert_id)
}

fn number(batch: &DeliveryBatch) -> i64 {
    i64::try_from(batch.number).unwrap_or(i64::MAX)
}
