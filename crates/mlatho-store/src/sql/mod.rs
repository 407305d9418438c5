//! Read-only SQL over the repository.

mod answer;
mod by_number;
mod names;
mod tables;

use std::sync::Arc;

use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SQLOptions, SessionConfig, SessionContext};

pub use answer::Answer;
use by_number::ByNumber;

use crate::error::{Result, StoreError};
use crate::repository::{AsOf, Pending, Repository};

/// What a query may hold in memory, in bytes; beyond it sorts and joins spill to disk.
const MEMORY: usize = 1 << 30;

impl Repository {
    /// Asks the repository in SQL: `SELECT`, `WITH`, `SHOW`, `DESCRIBE` and `EXPLAIN` over the tables `observations`,
    /// `observations_log`, `findings`, `org_units`, `items`, `links` and `runs`. Texts that are not there (no unit,
    /// no disaggregation) are empty, not null.
    ///
    /// # Errors
    /// The query is not one that only reads, or it fails; [`StoreError::BeforeFirstRun`].
    pub fn query<'a>(&'a self, sql: &'a str, as_of: Option<AsOf>) -> Pending<'a, Answer> {
        Box::pin(self.ask(sql, as_of))
    }

    async fn ask(&self, sql: &str, as_of: Option<AsOf>) -> Result<Answer> {
        let context = context().map_err(StoreError::query)?;
        tables::register(self, &context, as_of).await?;
        let reading = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        let frame = context.sql_with_options(sql, reading).await.map_err(StoreError::query)?;
        let schema = Arc::new(frame.schema().as_arrow().clone());
        Ok(Answer::new(&schema, frame.execute_stream().await.map_err(StoreError::query)?))
    }
}

fn context() -> datafusion::error::Result<SessionContext> {
    let config = SessionConfig::new()
        .with_information_schema(true)
        .set_bool("datafusion.execution.parquet.pushdown_filters", true)
        .set_bool("datafusion.execution.parquet.schema_force_view_types", false);
    let memory = RuntimeEnvBuilder::new().with_memory_pool(Arc::new(FairSpillPool::new(MEMORY)));
    let context = SessionContext::new_with_config_rt(config, memory.build_arc()?);
    context.add_optimizer_rule(Arc::new(ByNumber));
    Ok(context)
}
