//! Parquet files of the warehouse: written once, in row groups that say which month they hold.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Int32Type, Int64Type, SchemaRef};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnPath;

use super::columns::{Candidate, decode, encode};
use super::months::{PeriodCache, day};
use super::rows::Rows;
use crate::error::{Result, StoreError};

/// Most rows of one row group.
pub(crate) const ROW_GROUP: usize = 131_072;
/// Rows decoded at a time.
const BATCH: usize = 16_384;

/// Writes a file from batches, each ending a row group; returns only when it is on disk.
pub(crate) struct FileWriter {
    path: PathBuf,
    writer: ArrowWriter<BufWriter<File>>,
    rows: u64,
}

impl FileWriter {
    pub(crate) fn create(path: &Path, schema: &SchemaRef) -> Result<Self> {
        let file = File::create(path).map_err(StoreError::io("creating", path))?;
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_dictionary_enabled(false)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_max_row_group_row_count(Some(ROW_GROUP));
        for field in schema.fields() {
            // Small and repeating integers shrink to almost nothing; hashes would not.
            if field.data_type().is_integer() && field.name() != "record_key" {
                let column = ColumnPath::from(field.name().as_str());
                properties = properties.set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
            }
        }
        let writer = ArrowWriter::try_new(BufWriter::new(file), schema.clone(), Some(properties.build()));
        Ok(Self { path: path.into(), writer: writer.map_err(StoreError::parquet("creating", path))?, rows: 0 })
    }

    pub(crate) fn group(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rows += batch.num_rows() as u64;
        let written = self.writer.write(batch).and_then(|()| self.writer.flush());
        written.map_err(StoreError::parquet("writing", &self.path))
    }

    pub(crate) fn rows(&mut self, rows: &Rows, schema: &SchemaRef) -> Result<()> {
        for from in (0..rows.len()).step_by(ROW_GROUP) {
            self.group(&encode(rows, from, rows.len().min(from + ROW_GROUP), schema)?)?;
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
}

impl OpenFile {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(StoreError::io("opening", path))?;
        let footer = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new());
        let footer = footer.map_err(StoreError::parquet("reading", path))?;
        let columns = footer.parquet_schema().columns();
        let start = columns.iter().position(|column| column.name() == "period_start");
        let month = |group: &parquet::file::metadata::RowGroupMetaData| {
            let statistics = group.columns().get(start?)?.statistics()?;
            let Statistics::Int32(range) = statistics else { return None };
            let first = day(*range.min_opt()?)?;
            Some(i32::from(first.year()) * 100 + i32::from(first.month()))
        };
        let months = footer.metadata().row_groups().iter().map(month).collect();
        Ok(Self { path: path.into(), footer, months })
    }

    /// Adds the wanted rows: of one month, or of all.
    pub(crate) fn read(
        &self,
        month: Option<i32>,
        rows: &mut Rows,
        mut wanted: impl FnMut(&Candidate) -> bool,
    ) -> Result<()> {
        let groups = (0..).zip(&self.months).filter(|(_, of)| month.is_none() || **of == month);
        let groups: Vec<usize> = groups.map(|(group, _)| group).collect();
        if groups.is_empty() {
            return Ok(());
        }
        let mut cache = PeriodCache::default();
        for batch in self.batches(groups, ProjectionMask::all())? {
            decode(&batch?, rows, &mut cache, &mut wanted)?;
        }
        Ok(())
    }

    /// Shows each row's record key and receipt; reads only these two columns. Stops when told so.
    pub(crate) fn any_key(&self, mut found: impl FnMut(i64, i32) -> bool) -> Result<bool> {
        let mask = ProjectionMask::columns(self.footer.parquet_schema(), ["record_key", "receipt"]);
        for batch in self.batches((0..self.months.len()).collect(), mask)? {
            let batch = batch?;
            let keys = batch.column_by_name("record_key").and_then(|array| array.as_primitive_opt::<Int64Type>());
            let receipts = batch.column_by_name("receipt").and_then(|array| array.as_primitive_opt::<Int32Type>());
            let (keys, receipts) = keys.zip(receipts).ok_or_else(|| StoreError::damaged("a file without keys"))?;
            if keys.values().iter().zip(receipts.values()).any(|(key, receipt)| found(*key, *receipt)) {
                return Ok(true);
            }
        }
        Ok(false)
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
