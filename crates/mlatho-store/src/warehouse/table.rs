//! One Delta table: its live files, and commits that carry an application transaction.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use deltalake::kernel::transaction::CommitBuilder;
use deltalake::kernel::transaction::CommitProperties;
use deltalake::kernel::{Action, Add, DataType, Remove, StructField, Transaction};
use deltalake::operations::create::CreateBuilder;
use deltalake::protocol::{DeltaOperation, SaveMode};
use deltalake::{DeltaTable, DeltaTableBuilder};
use url::Url;

use crate::error::{Result, StoreError};

/// How long old versions and their files stay readable.
const RETENTION: &str = "interval 730 days";

/// What a table is made of.
#[derive(Debug)]
pub(crate) struct Design {
    pub(crate) name: &'static str,
    /// An integer column that is not in the files.
    pub(crate) partition: &'static str,
    pub(crate) columns: &'static [(&'static str, DataType, bool)],
    /// Written by every run and seldom read: it is compressed in less time, to more bytes.
    pub(crate) quick: bool,
}

#[derive(Debug)]
pub(crate) struct Table {
    design: &'static Design,
    root: PathBuf,
    delta: DeltaTable,
}

/// A live file of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DataFile {
    pub(crate) partition: i32,
    pub(crate) path: PathBuf,
}

/// A file that was written and is not part of the table yet.
#[derive(Debug)]
pub(crate) struct NewFile {
    pub(crate) partition: i32,
    /// Within the partition's folder.
    pub(crate) name: String,
    pub(crate) rows: u64,
}

impl Table {
    /// Opens the table in `warehouse`, making it if `create` says so.
    pub(crate) async fn open(warehouse: &Path, design: &'static Design, create: bool) -> Result<Self> {
        let root = warehouse.join(design.name);
        if create {
            std::fs::create_dir_all(&root).map_err(StoreError::io("creating", &root))?;
        }
        let root = root.canonicalize().map_err(StoreError::io("opening", &root))?;
        let fail = |doing: &'static str| StoreError::table(doing, design.name);
        let builder = DeltaTableBuilder::from_url(url_of(&root)?).map_err(fail("opening"))?;
        let mut delta = builder.build().map_err(fail("opening"))?;
        if create && !delta.verify_deltatable_existence().await.map_err(fail("opening"))? {
            let columns =
                design.columns.iter().map(|(name, kind, nullable)| StructField::new(*name, kind.clone(), *nullable));
            let partition = StructField::new(design.partition, DataType::INTEGER, false);
            delta = CreateBuilder::new()
                .with_log_store(delta.log_store())
                .with_table_name(design.name)
                .with_columns(columns.chain([partition]))
                .with_partition_columns([design.partition])
                .with_configuration([
                    ("delta.logRetentionDuration", Some(RETENTION)),
                    ("delta.deletedFileRetentionDuration", Some(RETENTION)),
                ])
                .await
                .map_err(fail("creating"))?;
        } else {
            delta.load().await.map_err(fail("opening"))?;
        }
        Ok(Self { design, root, delta })
    }

    /// Goes to another version of the table, for reading.
    pub(crate) async fn go_to(&mut self, version: i64) -> Result<()> {
        let wanted = u64::try_from(version).map_err(|_| StoreError::damaged(format!("table version {version}")))?;
        self.delta.load_version(wanted).await.map_err(StoreError::table("reading a version of", self.design.name))
    }

    pub(crate) fn name(&self) -> &'static str {
        self.design.name
    }

    pub(crate) fn version(&self) -> i64 {
        self.delta.version().and_then(|version| i64::try_from(version).ok()).unwrap_or(0)
    }

    /// The live files, by partition.
    pub(crate) fn files(&self) -> Result<Vec<DataFile>> {
        let state = self.delta.snapshot().map_err(StoreError::table("reading", self.design.name))?;
        let mut files = Vec::new();
        for file in state.log_data().iter() {
            let partitions = file.partition_values_map();
            let partition = partitions.get(self.design.partition).and_then(|value| value.as_deref()?.parse().ok());
            let partition = partition.ok_or_else(|| StoreError::damaged(format!("a file of {}", self.design.name)))?;
            files.push(DataFile { partition, path: self.root.join(file.path().as_ref()) });
        }
        files.sort();
        Ok(files)
    }

    /// The last transaction number that was committed under this name.
    pub(crate) async fn committed(&self, name: &str) -> Result<Option<i64>> {
        let fail = || StoreError::table("reading", self.design.name);
        let state = self.delta.snapshot().map_err(fail())?;
        state.transaction_version(&*self.delta.log_store(), name).await.map_err(fail())
    }

    /// Where a new file of a partition goes.
    pub(crate) fn place(&self, partition: i32, name: &str) -> Result<PathBuf> {
        let folder = self.root.join(format!("{}={partition}", self.design.partition));
        std::fs::create_dir_all(&folder).map_err(StoreError::io("creating", &folder))?;
        Ok(folder.join(name))
    }

    /// Adds files; nothing leaves the table.
    pub(crate) async fn append(&mut self, files: &[NewFile], transaction: (&str, i64)) -> Result<()> {
        let operation = DeltaOperation::Write {
            mode: SaveMode::Append,
            partition_by: Some(vec![self.design.partition.into()]),
            predicate: None,
        };
        self.commit(files, Vec::new(), transaction, operation).await
    }

    /// Puts these files in the place of all that the partition holds: what Delta calls overwriting with `replaceWhere`.
    pub(crate) async fn replace(&mut self, partition: i32, files: &[NewFile], transaction: (&str, i64)) -> Result<()> {
        let column = self.design.partition;
        let operation = DeltaOperation::Write {
            mode: SaveMode::Overwrite,
            partition_by: Some(vec![column.into()]),
            predicate: Some(format!("{column} = {partition}")),
        };
        let state = self.delta.snapshot().map_err(StoreError::table("reading", self.design.name))?;
        let of_partition = |map: std::collections::HashMap<String, Option<String>>| {
            map.get(column).and_then(|value| value.as_deref()?.parse().ok()) == Some(partition)
        };
        let live = state.log_data();
        let old = live.iter().filter(|file| of_partition(file.partition_values_map()));
        let removes = old.map(|file| file.remove_action(true)).collect();
        self.commit(files, removes, transaction, operation).await
    }

    async fn commit(
        &mut self,
        files: &[NewFile],
        removes: Vec<Remove>,
        (name, number): (&str, i64),
        operation: DeltaOperation,
    ) -> Result<()> {
        let mut actions: Vec<Action> = removes.into_iter().map(Action::from).collect();
        for file in files {
            actions.push(self.add(file)?.into());
        }
        let fail = || StoreError::table("committing to", self.design.name);
        let properties = CommitProperties::default().with_application_transaction(Transaction::new(name, number));
        let state = self.delta.snapshot().map_err(fail())?;
        let commit = CommitBuilder::from(properties)
            .with_actions(actions)
            .build(Some(state), self.delta.log_store(), operation)
            .await
            .map_err(fail())?;
        self.delta.state = Some(commit.snapshot());
        Ok(())
    }

    fn add(&self, file: &NewFile) -> Result<Add> {
        let column = self.design.partition;
        let path = self.place(file.partition, &file.name)?;
        let meta = std::fs::metadata(&path).map_err(StoreError::io("reading", &path))?;
        let written = meta.modified().map_err(StoreError::io("reading", &path))?;
        let age = written.duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(Add {
            path: format!("{column}={}/{}", file.partition, file.name),
            partition_values: [(column.to_owned(), Some(file.partition.to_string()))].into(),
            size: i64::try_from(meta.len()).unwrap_or(i64::MAX),
            modification_time: i64::try_from(age.as_millis()).unwrap_or(i64::MAX),
            data_change: true,
            stats: Some(format!("{{\"numRecords\":{}}}", file.rows)),
            tags: None,
            deletion_vector: None,
            base_row_id: None,
            default_row_commit_version: None,
            clustering_provider: None,
        })
    }
}

fn url_of(root: &Path) -> Result<Url> {
    Url::from_directory_path(root).map_err(|()| StoreError::damaged(format!("`{}` is no full path", root.display())))
}
