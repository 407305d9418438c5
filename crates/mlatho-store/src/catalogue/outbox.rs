//! What was sent to a target, batch by batch and value by value.

use jiff::Timestamp;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::entity::{outbox, publications};
use super::{CHUNK, Catalogue, micros, timestamp};
use crate::error::{Result, StoreError};

/// How far a batch has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchState {
    Planned,
    /// All of it went out; it is not read back yet.
    Sent,
    /// Some values were refused.
    Partial,
    /// The connection broke: what the target holds must be read before anything is sent again.
    Unknown,
    /// Read back and found as sent.
    Done,
}

impl BatchState {
    const ALL: [Self; 5] = [Self::Planned, Self::Sent, Self::Partial, Self::Unknown, Self::Done];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Sent => "sent",
            Self::Partial => "partial",
            Self::Unknown => "unknown",
            Self::Done => "done",
        }
    }
}

/// One delivery to a target.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Numbers the batches of a repository from 1.
    pub id: i64,
    pub target: String,
    /// Hash of the plan.
    pub plan: String,
    pub state: BatchState,
    pub created_at: Timestamp,
    pub counts: serde_json::Value,
    /// The target's answers as they came.
    pub report: Option<String>,
}

/// The last thing that was sent for one key of a target.
#[derive(Clone, Debug, PartialEq)]
pub struct Publication {
    /// `data_element/category_option_combo/attribute_option_combo/org_unit/period`.
    pub key: String,
    /// As sent; nothing, where the value was withdrawn.
    pub value: Option<String>,
    pub comment: Option<String>,
    /// What the target said of it.
    pub outcome: serde_json::Value,
    pub batch: i64,
    pub sent_at: Timestamp,
}

fn json(text: &str) -> Result<serde_json::Value> {
    serde_json::from_str(text).map_err(|_| StoreError::damaged("JSON in the outbox"))
}

impl TryFrom<outbox::Model> for Batch {
    type Error = StoreError;

    fn try_from(row: outbox::Model) -> Result<Self> {
        let state = BatchState::ALL.into_iter().find(|state| state.name() == row.state);
        Ok(Self {
            id: row.id,
            target: row.target,
            plan: row.plan,
            state: state.ok_or_else(|| StoreError::damaged(format!("the state of batch {}", row.id)))?,
            created_at: timestamp(row.created_at)?,
            counts: json(&row.counts)?,
            report: row.report,
        })
    }
}

impl Catalogue {
    pub(crate) async fn plan_batch(
        &self,
        target: &str,
        plan: &str,
        counts: &serde_json::Value,
        now: Timestamp,
    ) -> Result<Batch> {
        let fail = "planning a batch";
        let last = outbox::Entity::find().order_by_desc(outbox::Column::Id).one(&self.db).await;
        let row = outbox::Model {
            id: last.map_err(StoreError::db(fail))?.map_or(0, |batch| batch.id) + 1,
            target: target.into(),
            plan: plan.into(),
            state: BatchState::Planned.name().into(),
            created_at: micros(now),
            counts: counts.to_string(),
            report: None,
        };
        let insert = outbox::Entity::insert(row.clone().into_active_model());
        insert.exec_without_returning(&self.db).await.map_err(StoreError::db(fail))?;
        row.try_into()
    }

    pub(crate) async fn set_batch(
        &self,
        id: i64,
        state: BatchState,
        counts: &serde_json::Value,
        report: Option<&str>,
    ) -> Result<()> {
        let update = outbox::Entity::update_many()
            .col_expr(outbox::Column::State, Expr::value(state.name()))
            .col_expr(outbox::Column::Counts, Expr::value(counts.to_string()))
            .col_expr(outbox::Column::Report, Expr::value(report))
            .filter(outbox::Column::Id.eq(id));
        update.exec(&self.db).await.map_err(StoreError::db("recording a batch"))?;
        Ok(())
    }

    pub(crate) async fn batches(&self) -> Result<Vec<Batch>> {
        let rows = outbox::Entity::find().order_by_asc(outbox::Column::Id).all(&self.db).await;
        rows.map_err(StoreError::db("reading batches"))?.into_iter().map(Batch::try_from).collect()
    }

    pub(crate) async fn save_publications(&self, target: &str, sent: &[Publication]) -> Result<()> {
        let renewed = OnConflict::columns([publications::Column::Target, publications::Column::Key])
            .update_columns([
                publications::Column::Value,
                publications::Column::Comment,
                publications::Column::Outcome,
                publications::Column::Batch,
                publications::Column::SentAt,
            ])
            .to_owned();
        for chunk in sent.chunks(CHUNK) {
            let rows = chunk.iter().map(|publication| {
                let row = publications::Model {
                    target: target.into(),
                    key: publication.key.clone(),
                    value: publication.value.clone(),
                    comment: publication.comment.clone(),
                    outcome: publication.outcome.to_string(),
                    batch: publication.batch,
                    sent_at: micros(publication.sent_at),
                };
                row.into_active_model()
            });
            let insert = publications::Entity::insert_many(rows).on_conflict(renewed.clone());
            insert.exec_without_returning(&self.db).await.map_err(StoreError::db("recording publications"))?;
        }
        Ok(())
    }

    pub(crate) async fn publications(&self, target: &str) -> Result<Vec<Publication>> {
        let rows = publications::Entity::find()
            .filter(publications::Column::Target.eq(target))
            .order_by_asc(publications::Column::Key)
            .all(&self.db)
            .await
            .map_err(StoreError::db("reading publications"))?;
        let read = |row: publications::Model| {
            Ok(Publication {
                key: row.key,
                value: row.value,
                comment: row.comment,
                outcome: json(&row.outcome)?,
                batch: row.batch,
                sent_at: timestamp(row.sent_at)?,
            })
        };
        rows.into_iter().map(read).collect()
    }
}
