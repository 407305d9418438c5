//! What went to each target, batch by batch.

use std::collections::HashMap;

use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::outbox;
use super::sent::{self, Sent, Values};
use super::{Catalogue, micros, timestamp};
use crate::error::{Result, StoreError};

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

/// Names a batch of a plan while it is delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryBatch {
    pub target: String,
    /// Hash of the plan.
    pub plan: String,
    /// From 1 in each plan; 0 for values of an earlier, interrupted delivery that turned out to have arrived.
    pub number: u64,
    /// As of [`Sent`].
    pub set: String,
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
            set: row.data_set,
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

impl Catalogue {
    /// Shows the values that may have arrived, batch by batch, then the confirmed ones.
    pub(crate) async fn sent(&self, target: &str, take: &mut (dyn FnMut(Sent) + Send)) -> Result<()> {
        // In this order, a value that is confirmed meanwhile is shown twice and not left out.
        for (_, intended) in open_batches(&self.db, target).await? {
            intended.give(false, take);
        }
        self.confirmed(target, &mut |sent, _| take(sent)).await
    }

    /// Shows the values that were found at a target, each with the time that its delivery began.
    pub(crate) async fn delivered(&self, target: &str, take: &mut (dyn FnMut(Sent, Timestamp) + Send)) -> Result<()> {
        use outbox::{Column, Entity};
        let batches: Vec<(i32, i64)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::CreatedAt])
            .filter(Column::Target.eq(target))
            .into_tuple()
            .all(&self.db)
            .await
            .map_err(StoreError::db("reading batches"))?;
        let begun = batches.into_iter().map(|(id, at)| Ok((id, timestamp(at)?))).collect::<Result<HashMap<_, _>>>()?;
        let mut lost = None;
        self.confirmed(target, &mut |sent, batch| match begun.get(&batch) {
            Some(at) => take(sent, *at),
            None => lost = Some(batch),
        })
        .await?;
        lost.map_or(Ok(()), |batch| Err(StoreError::damaged(format!("batch {batch} is gone"))))
    }

    /// In one transaction: the batch is open, and these values may be at the target from now on.
    pub(crate) async fn intend(&self, batch: &DeliveryBatch, values: &[Sent], now: Timestamp) -> Result<()> {
        let fail = "recording a batch that goes out";
        let transaction = self.begin(fail).await?;
        let (id, mut intended) = make_open(&transaction, batch, now).await?;
        values.iter().for_each(|sent| intended.add(sent, id));
        keep_intended(&transaction, id, &intended).await?;
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
        let (id, mut intended) = make_open(&transaction, batch, now).await?;
        let confirmed = Values::of(confirmed, id);
        sent::confirm(&transaction, &batch.target, &confirmed).await?;
        intended.forget(&confirmed);
        let state = if intended.is_empty() { BatchState::Done } else { BatchState::Partial };
        let settled = outbox::Entity::update_many()
            .col_expr(outbox::Column::State, Expr::value(state.name()))
            .col_expr(outbox::Column::SettledAt, Expr::value(micros(now)))
            .col_expr(outbox::Column::Counts, Expr::value(counts.to_string()))
            .col_expr(outbox::Column::Report, Expr::value(report))
            .col_expr(outbox::Column::Intended, Expr::value(None::<String>))
            .filter(outbox::Column::Id.eq(id));
        settled.exec(&transaction).await.map_err(StoreError::db(fail))?;
        for (other, mut intended) in open_batches(&transaction, &batch.target).await? {
            let forgotten = intended.forget(&confirmed);
            if intended.is_empty() {
                overtake(&transaction, other).await.map_err(StoreError::db(fail))?;
            } else if forgotten {
                keep_intended(&transaction, other, &intended).await?;
            }
        }
        transaction.commit().await.map_err(StoreError::db(fail))
    }

    pub(crate) async fn batches(&self) -> Result<Vec<Batch>> {
        let rows = outbox::Entity::find().order_by_asc(outbox::Column::Id).all(&self.db).await;
        rows.map_err(StoreError::db("reading batches"))?.into_iter().map(Batch::try_from).collect()
    }
}

/// The batches of a target that are not settled, each with what may have arrived of it.
async fn open_batches(db: &impl ConnectionTrait, target: &str) -> Result<Vec<(i32, Values)>> {
    use outbox::{Column, Entity};
    let open = Entity::find().filter(Column::State.eq(BatchState::Open.name())).filter(Column::Target.eq(target));
    let rows = open.order_by_asc(Column::Id).all(db).await.map_err(StoreError::db("reading open batches"))?;
    rows.into_iter().map(|row| Ok((row.id, intended(&row)?))).collect()
}

fn intended(row: &outbox::Model) -> Result<Values> {
    row.intended.as_deref().map_or_else(|| Ok(Values::default()), Values::read)
}

async fn keep_intended(db: &impl ConnectionTrait, id: i32, values: &Values) -> Result<()> {
    let update = outbox::Entity::update_many()
        .col_expr(outbox::Column::Intended, Expr::value(values.write()?))
        .filter(outbox::Column::Id.eq(id));
    update.exec(db).await.map_err(StoreError::db("recording what goes out"))?;
    Ok(())
}

/// Nothing of a batch that was cut off waits for an answer any more.
async fn overtake(db: &impl ConnectionTrait, id: i32) -> Result<(), DbErr> {
    let update = outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value(BatchState::Overtaken.name()))
        .col_expr(outbox::Column::Intended, Expr::value(None::<String>))
        .filter(outbox::Column::Id.eq(id));
    update.exec(db).await?;
    Ok(())
}

/// The batch with what may have arrived of it. It is opened, unless it was intended and is not settled.
async fn make_open(db: &impl ConnectionTrait, batch: &DeliveryBatch, now: Timestamp) -> Result<(i32, Values)> {
    use outbox::{Column, Entity};
    let fail = "opening a batch";
    let open_one = Entity::find()
        .filter(Column::State.eq(BatchState::Open.name()))
        .filter(Column::Target.eq(batch.target.as_str()))
        .filter(Column::Plan.eq(batch.plan.as_str()))
        .filter(Column::Number.eq(number(batch)));
    match open_one.one(db).await.map_err(StoreError::db(fail))? {
        Some(row) => Ok((row.id, intended(&row)?)),
        None => Ok((open(db, batch, now).await.map_err(StoreError::db(fail))?, Values::default())),
    }
}

async fn open(db: &impl ConnectionTrait, batch: &DeliveryBatch, now: Timestamp) -> Result<i32, DbErr> {
    let row = outbox::ActiveModel {
        id: ActiveValue::NotSet,
        target: ActiveValue::Set(batch.target.clone()),
        plan: ActiveValue::Set(batch.plan.clone()),
        number: ActiveValue::Set(number(batch)),
        data_set: ActiveValue::Set(batch.set.clone()),
        state: ActiveValue::Set(BatchState::Open.name().into()),
        created_at: ActiveValue::Set(micros(now)),
        settled_at: ActiveValue::Set(None),
        counts: ActiveValue::Set(None),
        report: ActiveValue::Set(None),
        intended: ActiveValue::Set(None),
    };
    Ok(outbox::Entity::insert(row).exec(db).await?.last_insert_id)
}

fn number(batch: &DeliveryBatch) -> i64 {
    i64::try_from(batch.number).unwrap_or(i64::MAX)
}
