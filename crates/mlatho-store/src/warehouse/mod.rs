//! The warehouse: Delta tables of observations and findings.

mod column;
mod columns;
mod current;
mod files;
mod findings;
mod months;
mod newest;
mod number;
mod order;
mod rows;
mod run;
mod table;

use std::path::{Path, PathBuf};

pub use column::Column;
pub use current::{Current, Filter};
pub use findings::RowFinding;
pub use rows::{Row, Rows};
pub use run::{Run, Written};

pub(crate) use columns::{FINDINGS, LOG, OBSERVATIONS, schema};
pub(crate) use months::{PeriodCache, days, month_number, month_period};
pub(crate) use number::float;
pub(crate) use table::{DataFile, Table};

use crate::catalogue::Versions;
use crate::error::{Result, StoreError};

/// The three tables, at one moment.
#[derive(Debug)]
pub(crate) struct Warehouse {
    /// The folder of the tables, as [`Table`] names it.
    pub(crate) root: PathBuf,
    pub(crate) log: Table,
    pub(crate) observations: Table,
    pub(crate) findings: Table,
}

impl Warehouse {
    /// Opens the tables as they are now, making them if `create` says so.
    pub(crate) async fn open(root: &Path, create: bool) -> Result<Self> {
        if create {
            std::fs::create_dir_all(root).map_err(StoreError::io("creating", root))?;
        }
        Ok(Self {
            root: root.canonicalize().map_err(StoreError::io("opening", root))?,
            log: Table::open(root, &LOG, create).await?,
            observations: Table::open(root, &OBSERVATIONS, create).await?,
            findings: Table::open(root, &FINDINGS, create).await?,
        })
    }

    /// Goes back to these versions, for reading.
    pub(crate) async fn go_to(&mut self, versions: Versions) -> Result<()> {
        self.log.go_to(versions.log).await?;
        self.observations.go_to(versions.observations).await?;
        self.findings.go_to(versions.findings).await
    }

    pub(crate) fn versions(&self) -> Versions {
        Versions {
            log: self.log.version(),
            observations: self.observations.version(),
            findings: self.findings.version(),
        }
    }
}
