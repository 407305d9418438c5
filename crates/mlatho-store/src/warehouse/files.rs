//! Parquet files of the warehouse: written once, in row groups that say which month they hold.

use std::fs::File;
use std::io::BufWriter;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::statistics::Statistics;

use super::columns::{Candidate, Columns, Record, decode, encode, records, schema};
use super::months::{PeriodCache, day};
use super::rows::Rows;
use super::table::Design;
use crate::error::{Result, StoreError};

/// Most rows of one row group.
pub(crate) const ROW_GROUP: usize = 131_072;
/// Rows decoded at a time.
const BATCH: usize = 16_384;

/// Columns whose range each row group states: the month and the versions in it, and what a reader may look for.
const RANGES: [&str; 3] = ["period_start", "version", "item"];

/// Writes a file from batches, each ending a row group; returns only when it is on disk.
pub(crate) struct FileWriter {
    path: PathBuf,
    schema: SchemaRef,
    writer: ArrowWriter<BufWriter<File>>,
    rows: u64,
}

impl FileWriter {
    pub(crate) fn create(path: &Path, design: &Design) -> Result<Self> {
        let schema = schema(design);
        let compression = if design.quick { Compression::SNAPPY } else { Compression::ZSTD(ZstdLevel::default()) };
        let file = File::create(path).map_err(StoreError::io("creating", path))?;
        let mut properties = WriterProperties::builder()
            .set_compression(compression)
            .set_dictionary_enabled(false)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_max_row_group_row_count(Some(ROW_GROUP));
        for name in RANGES {
            properties = properties.set_column_statistics_enabled(name.into(), EnabledStatistics::Chunk);
        }
        let writer = ArrowWriter::try_new(BufWriter::new(file), schema.clone(), Some(properties.build()));
        Ok(Self { path: path.into(), schema, writer: writer.map_err(StoreError::parquet("creating", path))?, rows: 0 })
    }

    pub(crate) fn group(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rows += batch.num_rows() as u64;
        let written = self.writer.write(batch).and_then(|()| self.writer.flush());
        written.map_err(StoreError::parquet("writing", &self.path))
    }

    pub(crate) fn rows(&mut self, rows: &Rows) -> Result<()> {
        for from in (0..rows.len()).step_by(ROW_GROUP) {
            self.group(&encode(rows, from, rows.len().min(from + ROW_GROUP), &self.schema)?)?;
        }
        Ok(())
    }

    /// Gives the number of rows.
    pub(crate) fn finish(self) -> Result<u64> {
        let file = self.writer.into_inner().map_err(StoreError::parquet("writing", &self.path))?;
        let file = file.into_inner().map_err(|error| StoreError::io("writing", &self.path)(error.into_error()))?;
        file.sync_all().map_err(StoreError::io("writing", &self.path))?;
        Ok(self.rows)
    }
}

/// A file whose footer was read.
#[derive(Debug)]
pub(crate) struct OpenFile {
    path: PathBuf,
    footer: ArrowReaderMetadata,
    /// The month of each row group, from the statistics of `period_start`.
    pub(crate) months: Vec<Option<i32>>,
    /// No row has a higher version.
    pub(crate) highest_version: i64,
}

impl OpenFile {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(StoreError::io("opening", path))?;
        let footer = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new());
        let footer = footer.map_err(StoreError::parquet("reading", path))?;
        let months = statistics(&footer, "period_start").map(|range| {
            let Some(Statistics::Int32(range)) = range else { return None };
            let first = day(*range.min_opt()?)?;
            Some(i32::from(first.year()) * 100 + i32::from(first.month()))
        });
        let highest = statistics(&footer, "version").map(|range| match range {
            Some(Statistics::Int64(range)) => range.max_opt().copied().unwrap_or(i64::MAX),
            _ => i64::MAX,
        });
        let (months, highest_version) = (months.collect(), highest.max().unwrap_or(i64::MAX));
        Ok(Self { path: path.into(), footer, months, highest_version })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Adds the wanted rows: of one month, or of all.
    pub(crate) fn read(
        &self,
        month: Option<i32>,
        columns: Columns,
        rows: &mut Rows,
        mut wanted: impl FnMut(&Candidate) -> bool,
    ) -> Result<()> {
        let groups = (0..).zip(&self.months).filter(|(_, of)| month.is_none() || **of == month);
        let groups: Vec<usize> = groups.map(|(group, _)| group).collect();
        if groups.is_empty() {
            return Ok(());
        }
        let mut cache = PeriodCache::default();
        let schema = self.footer.parquet_schema();
        let leaves = schema.columns().iter().enumerate().filter(|(_, column)| columns.reads(column.name()));
        let mask = ProjectionMask::leaves(schema, leaves.map(|(leaf, _)| leaf));
        for batch in self.batches(groups, mask)? {
            decode(&batch?, columns, rows, &mut cache, &mut wanted)?;
        }
        Ok(())
    }

    /// Shows which record each row is of, once for neighbours of one record; reads no other columns. Stops when told
    /// so.
    pub(crate) fn each_record(&self, mut show: impl FnMut(&Record) -> ControlFlow<()>) -> Result<()> {
        let columns = ["record_key", "version", "receipt", "position"];
        let mask = ProjectionMask::columns(self.footer.parquet_schema(), columns);
        let mut last = None;
        for batch in self.batches((0..self.months.len()).collect(), mask)? {
            for record in records(&batch?)? {
                if last.replace(record) != Some(record) && show(&record).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn batches(
        &self,
        groups: Vec<usize>,
        columns: ProjectionMask,
    ) -> Result<impl Iterator<Item = Result<RecordBatch>>> {
        let file = File::open(&self.path).map_err(StoreError::io("opening", &self.path))?;
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.footer.clone())
            .with_row_groups(groups)
            .with_projection(columns)
            .with_batch_size(BATCH)
            .build()
            .map_err(StoreError::parquet("reading", &self.path))?;
        Ok(reader.map(|batch| batch.map_err(StoreError::from)))
    }
}

/// What each row group's footer says about a column.
fn statistics<'a>(footer: &'a ArrowReaderMetadata, name: &str) -> impl Iterator<Item = Option<&'a Statistics>> {
    let column = footer.parquet_schema().columns().iter().position(|column| column.name() == name);
    footer.metadata().row_groups().iter().map(move |group| group.columns().get(column?)?.statistics())
}
