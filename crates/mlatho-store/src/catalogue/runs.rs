//! Runs and the months that they touch.

use std::collections::HashMap;

use jiff::Timestamp;
use mlatho_model::RunId;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ActiveValue, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::audit;
use super::entity::{receipts, run_months, runs};
use super::files::{self, TableFile};
use super::receipts::Processed;
use super::{CHUNK, Catalogue, micros, timestamp};
use crate::error::{Result, StoreError};

/// Whether a run has come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// Going on, or cut off: the next run resumes it.
    Open,
    Finished,
}

/// One run, as the catalogue tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSummary {
    pub id: RunId,
    pub kind: String,
    pub state: RunState,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// What the caller had to say at the end.
    pub summary: Option<serde_json::Value>,
}

/// The version of each Delta table at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Versions {
    pub(crate) log: i64,
    pub(crate) observations: i64,
    pub(crate) findings: i64,
}

/// A month that a run rewrites. `lease` numbers the rewrites of this month over all runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RunMonth {
    pub(crate) month: i32,
    pub(crate) lease: i64,
    pub(crate) done: bool,
}

const OPEN: &str = "open";
const FINISHED: &str = "finished";

impl TryFrom<runs::Model> for RunSummary {
    type Error = StoreError;

    fn try_from(row: runs::Model) -> Result<Self> {
        let summary = row.summary.map(|text| serde_json::from_str(&text)).transpose();
        Ok(Self {
            id: RunId(row.id),
            kind: row.kind,
            state: if row.state == FINISHED { RunState::Finished } else { RunState::Open },
            started_at: timestamp(row.started_at)?,
            finished_at: row.finished_at.map(timestamp).transpose()?,
            summary: summary.map_err(|_| StoreError::damaged(format!("the summary of run {}", row.id)))?,
        })
    }
}

impl Catalogue {
    /// The open run, if one was cut off; else a new one. Says whether the log of the run is recorded as committed.
    pub(crate) async fn begin_or_resume(&self, kind: &str, now: Timestamp) -> Result<(RunId, bool, bool)> {
        let fail = "beginning a run";
        let open = runs::Entity::find().filter(runs::Column::State.eq(OPEN)).one(&self.db).await;
        if let Some(open) = open.map_err(StoreError::db(fail))? {
            return Ok((RunId(open.id), true, open.log_version.is_some()));
        }
        let last = runs::Entity::find().order_by_desc(runs::Column::Id).one(&self.db).await;
        let id = last.map_err(StoreError::db(fail))?.map_or(0, |run| run.id) + 1;
        let run = runs::Model {
            id,
            kind: kind.into(),
            state: OPEN.into(),
            started_at: micros(now),
            finished_at: None,
            processed: None,
            summary: None,
            log_version: None,
            observations_version: None,
            findings_version: None,
        };
        runs::Entity::insert(run.into_active_model())
            .exec_without_returning(&self.db)
            .await
            .map_err(StoreError::db(fail))?;
        Ok((RunId(id), false, false))
    }

    async fn run(&self, run: RunId) -> Result<runs::Model> {
        let found = runs::Entity::find_by_id(run.0).one(&self.db).await;
        found.map_err(StoreError::db("reading a run"))?.ok_or_else(|| StoreError::damaged(format!("run {run} is gone")))
    }

    /// Keeps what the run processes, before its log is committed.
    pub(crate) async fn save_processed(&self, run: RunId, processed: &[Processed]) -> Result<()> {
        let text = serde_json::to_string(processed).map_err(|error| StoreError::damaged(error.to_string()))?;
        let update = runs::Entity::update_many()
            .col_expr(runs::Column::Processed, Expr::value(text))
            .filter(runs::Column::Id.eq(run.0));
        update.exec(&self.db).await.map_err(StoreError::db("recording receipts of a run"))?;
        Ok(())
    }

    pub(crate) async fn processed(&self, run: RunId) -> Result<Vec<Processed>> {
        let text = self.run(run).await?.processed;
        let bad = |_| StoreError::damaged(format!("the receipts of run {run}"));
        text.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text).map_err(bad))
    }

    /// In one transaction: the log is committed at this version with these files, and these months are leased.
    pub(crate) async fn record_log(
        &self,
        run: RunId,
        log_version: i64,
        files: &[TableFile],
        months: &[i32],
    ) -> Result<()> {
        let fail = "recording the log of a run";
        let transaction = self.begin(fail).await?;
        files::keep(&transaction, run, files).await?;
        let all = run_months::Entity::find().all(&transaction).await.map_err(StoreError::db(fail))?;
        let leases = months.iter().map(|&month| {
            let last = all.iter().filter(|row| row.month == month).map(|row| row.lease).max().unwrap_or(0);
            run_months::ActiveModel {
                run: ActiveValue::Set(run.0),
                month: ActiveValue::Set(month),
                lease: ActiveValue::Set(last + 1),
                done: ActiveValue::Set(false),
                content: ActiveValue::Set(None),
                observations_version: ActiveValue::Set(None),
                findings_version: ActiveValue::Set(None),
            }
        });
        let leases: Vec<_> = leases.collect();
        for chunk in leases.chunks(CHUNK) {
            let insert = run_months::Entity::insert_many(chunk.to_vec()).exec_without_returning(&transaction).await;
            insert.map_err(StoreError::db(fail))?;
        }
        let update = runs::Entity::update_many()
            .col_expr(runs::Column::LogVersion, Expr::value(log_version))
            .filter(runs::Column::Id.eq(run.0));
        update.exec(&transaction).await.map_err(StoreError::db(fail))?;
        transaction.commit().await.map_err(StoreError::db(fail))
    }

    /// The table versions that each finished run left, oldest run first.
    pub(crate) async fn finished_versions(&self) -> Result<Vec<(RunId, Versions)>> {
        let rows = runs::Entity::find()
            .filter(runs::Column::State.eq(FINISHED))
            .order_by_asc(runs::Column::Id)
            .all(&self.db)
            .await
            .map_err(StoreError::db("reading runs"))?;
        let versions = |run: runs::Model| {
            let (log, observations, findings) =
                run.log_version.zip(run.observations_version).zip(run.findings_version).map(|((a, b), c)| (a, b, c))?;
            Some((RunId(run.id), Versions { log, observations, findings }))
        };
        Ok(rows.into_iter().filter_map(versions).collect())
    }

    /// The rewrites of months whose content stands no more since before this time: month and lease of each. What a run
    /// that is not finished has replaced is not among them.
    pub(crate) async fn outdated(&self, before: Timestamp) -> Result<Vec<(i32, i64)>> {
        let fail = "reading the months of runs";
        let all_runs = runs::Entity::find().all(&self.db).await.map_err(StoreError::db(fail))?;
        let finished: HashMap<i64, i64> =
            all_runs.into_iter().filter_map(|run| Some((run.id, run.finished_at?))).collect();
        let rows = run_months::Entity::find()
            .filter(run_months::Column::Done.eq(true))
            .order_by_asc(run_months::Column::Month)
            .order_by_asc(run_months::Column::Lease)
            .all(&self.db)
            .await
            .map_err(StoreError::db(fail))?;
        // A rewrite that came out as the one before left the older file in its place.
        let written: Vec<&run_months::Model> = rows
            .chunk_by(|one, next| (one.month, &one.content) == (next.month, &next.content))
            .filter_map(|same| same.first())
            .collect();
        let outdated = written.windows(2).filter_map(|pair| match pair {
            [old, new] if old.month == new.month => {
                finished.get(&new.run).filter(|at| **at < micros(before)).map(|_| (old.month, old.lease))
            }
            _ => None,
        });
        Ok(outdated.collect())
    }

    /// The months that the run touches, ascending.
    pub(crate) async fn run_months(&self, run: RunId) -> Result<Vec<RunMonth>> {
        let rows = run_months::Entity::find()
            .filter(run_months::Column::Run.eq(run.0))
            .order_by_asc(run_months::Column::Month)
            .all(&self.db)
            .await
            .map_err(StoreError::db("reading the months of a run"))?;
        Ok(rows.into_iter().map(|row| RunMonth { month: row.month, lease: row.lease, done: row.done }).collect())
    }

    /// Hash of what a month holds, as of its last rewrite.
    pub(crate) async fn month_content(&self, month: i32) -> Result<Option<String>> {
        let last = run_months::Entity::find()
            .filter(run_months::Column::Month.eq(month))
            .filter(run_months::Column::Done.eq(true))
            .order_by_desc(run_months::Column::Lease)
            .one(&self.db)
            .await;
        Ok(last.map_err(StoreError::db("reading a month"))?.and_then(|row| row.content))
    }

    /// The month is as the run wants it, at these table versions (`log` is not looked at).
    pub(crate) async fn record_month(
        &self,
        run: RunId,
        month: i32,
        content: &str,
        at: Versions,
        files: &[TableFile],
    ) -> Result<()> {
        let fail = "recording a month";
        let transaction = self.begin(fail).await?;
        files::keep(&transaction, run, files).await?;
        let row = run_months::ActiveModel {
            run: ActiveValue::Unchanged(run.0),
            month: ActiveValue::Unchanged(month),
            lease: ActiveValue::NotSet,
            done: ActiveValue::Set(true),
            content: ActiveValue::Set(Some(content.into())),
            observations_version: ActiveValue::Set(Some(at.observations)),
            findings_version: ActiveValue::Set(Some(at.findings)),
        };
        row.update(&transaction).await.map_err(StoreError::db(fail))?;
        transaction.commit().await.map_err(StoreError::db(fail))
    }

    /// In one transaction: the run is finished, its receipts are in the repository, those they replaced are not.
    pub(crate) async fn finish(
        &self,
        run: RunId,
        summary: &serde_json::Value,
        at: Versions,
        now: Timestamp,
    ) -> Result<()> {
        let fail = "finishing a run";
        let processed = self.processed(run).await?;
        let replaced = self.replaced_by(&processed).await?;
        let transaction = self.begin(fail).await?;
        let set_rules = |receipt: i32, rules: Option<&str>| {
            receipts::Entity::update_many()
                .col_expr(receipts::Column::ProcessedRules, Expr::value(rules))
                .filter(receipts::Column::Number.eq(receipt))
        };
        for receipt in replaced {
            set_rules(receipt, None).exec(&transaction).await.map_err(StoreError::db(fail))?;
        }
        for Processed { receipt, rules } in &processed {
            set_rules(*receipt, Some(rules)).exec(&transaction).await.map_err(StoreError::db(fail))?;
        }
        let update = runs::Entity::update_many()
            .col_expr(runs::Column::State, Expr::value(FINISHED))
            .col_expr(runs::Column::FinishedAt, Expr::value(micros(now)))
            .col_expr(runs::Column::Summary, Expr::value(summary.to_string()))
            .col_expr(runs::Column::LogVersion, Expr::value(at.log))
            .col_expr(runs::Column::ObservationsVersion, Expr::value(at.observations))
            .col_expr(runs::Column::FindingsVersion, Expr::value(at.findings))
            .filter(runs::Column::Id.eq(run.0));
        update.exec(&transaction).await.map_err(StoreError::db(fail))?;
        audit::anchor(&transaction, run).await?;
        transaction.commit().await.map_err(StoreError::db(fail))
    }

    pub(crate) async fn runs(&self) -> Result<Vec<RunSummary>> {
        let rows = runs::Entity::find().order_by_asc(runs::Column::Id).all(&self.db).await;
        rows.map_err(StoreError::db("reading runs"))?.into_iter().map(RunSummary::try_from).collect()
    }

    /// The tables as the last run left them that had finished by this time.
    pub(crate) async fn versions_at(&self, time: Timestamp) -> Result<Option<Versions>> {
        self.last_versions(runs::Column::FinishedAt.lte(micros(time))).await
    }

    /// The tables as the last run left them whose `observations` are not newer than this version.
    pub(crate) async fn versions_up_to(&self, observations: i64) -> Result<Option<Versions>> {
        self.last_versions(runs::Column::ObservationsVersion.lte(observations)).await
    }

    async fn last_versions(&self, which: sea_orm::sea_query::SimpleExpr) -> Result<Option<Versions>> {
        let run = runs::Entity::find()
            .filter(runs::Column::State.eq(FINISHED))
            .filter(which)
            .order_by_desc(runs::Column::Id)
            .one(&self.db)
            .await
            .map_err(StoreError::db("reading runs"))?;
        Ok(run.and_then(|run| {
            Some(Versions {
                log: run.log_version?,
                observations: run.observations_version?,
                findings: run.findings_version?,
            })
        }))
    }
}
