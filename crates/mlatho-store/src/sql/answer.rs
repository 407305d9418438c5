//! The answer to a query, as it comes, and its written forms.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::cast;
use arrow::csv::WriterBuilder as CsvWriterBuilder;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::json::WriterBuilder as JsonWriterBuilder;
use arrow::json::writer::JsonArray;
use arrow::util::pretty::pretty_format_batches_with_schema;
use datafusion::execution::SendableRecordBatchStream;
use futures::StreamExt;
use parquet::arrow::ArrowWriter;

use crate::error::{Result, StoreError};
use crate::records::compressed;
use crate::repository::Pending;

/// Rows of an answer, batch by batch.
pub struct Answer {
    schema: SchemaRef,
    stream: SendableRecordBatchStream,
}

impl Answer {
    /// Dictionaries are an inner matter of the tables: outside, texts are plain.
    pub(super) fn new(schema: &SchemaRef, stream: SendableRecordBatchStream) -> Self {
        let plain = |field: &Arc<Field>| match field.data_type() {
            DataType::Dictionary(_, texts) => field.as_ref().clone().with_data_type(texts.as_ref().clone()),
            _ => field.as_ref().clone(),
        };
        let schema = Schema::new(schema.fields().iter().map(plain).collect::<Vec<_>>());
        Self { schema: Arc::new(schema), stream }
    }

    /// The columns.
    #[must_use]
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The next rows; nothing at the end.
    ///
    /// # Errors
    /// The query fails while it runs.
    pub fn next_batch(&mut self) -> Pending<'_, Option<RecordBatch>> {
        Box::pin(self.batch())
    }

    async fn batch(&mut self) -> Result<Option<RecordBatch>> {
        let Some(batch) = self.stream.next().await else { return Ok(None) };
        let batch = batch.map_err(StoreError::query)?;
        let columns = batch.columns().iter().zip(self.schema.fields());
        let columns = columns.map(|(column, field)| cast(column, field.data_type())).collect::<Result<_, _>>()?;
        Ok(Some(RecordBatch::try_new(Arc::clone(&self.schema), columns)?))
    }

    /// Writes the answer as CSV with a header. Gives the number of rows.
    ///
    /// # Errors
    /// The query fails while it runs, or `out` cannot be written.
    pub async fn write_csv(mut self, out: impl Write) -> Result<usize> {
        let mut writer = CsvWriterBuilder::new().with_header(true).build(out);
        writer.write(&RecordBatch::new_empty(Arc::clone(&self.schema)))?;
        let mut rows = 0;
        while let Some(batch) = self.next_batch().await? {
            rows += batch.num_rows();
            writer.write(&batch)?;
        }
        Ok(rows)
    }

    /// Writes the answer as a JSON array of objects; nulls are written. Gives the number of rows.
    ///
    /// # Errors
    /// The query fails while it runs, or `out` cannot be written.
    pub async fn write_json(mut self, out: impl Write) -> Result<usize> {
        let mut writer = JsonWriterBuilder::new().with_explicit_nulls(true).build::<_, JsonArray>(out);
        let mut rows = 0;
        while let Some(batch) = self.next_batch().await? {
            rows += batch.num_rows();
            writer.write(&batch)?;
        }
        writer.finish()?;
        Ok(rows)
    }

    /// Writes the answer as a table with aligned columns; holds all of it in memory. Gives the number of rows.
    ///
    /// # Errors
    /// The query fails while it runs, or `out` cannot be written.
    pub async fn write_table(mut self, mut out: impl Write) -> Result<usize> {
        let mut batches = Vec::new();
        while let Some(batch) = self.next_batch().await? {
            batches.push(batch);
        }
        let table = pretty_format_batches_with_schema(Arc::clone(&self.schema), &batches)?;
        writeln!(out, "{table}").map_err(arrow::error::ArrowError::from)?;
        Ok(batches.iter().map(RecordBatch::num_rows).sum())
    }

    /// Writes the answer to a new Parquet file. Gives the number of rows.
    ///
    /// # Errors
    /// The query fails while it runs, or the file cannot be written.
    pub async fn write_parquet(mut self, path: &Path) -> Result<usize> {
        let file = File::create(path).map_err(StoreError::io("creating", path))?;
        let writer = ArrowWriter::try_new(file, Arc::clone(&self.schema), Some(compressed()));
        let mut writer = writer.map_err(StoreError::parquet("creating", path))?;
        let mut rows = 0;
        while let Some(batch) = self.next_batch().await? {
            rows += batch.num_rows();
            writer.write(&batch).map_err(StoreError::parquet("writing", path))?;
        }
        writer.close().map_err(StoreError::parquet("writing", path))?;
        Ok(rows)
    }
}
