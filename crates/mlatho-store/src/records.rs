//! Records as a reader gives them, written to a Parquet file of one's own (`mlatho read --out rows.parquet`).

use std::fs::File;
use std::io::BufWriter;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Float64Builder, RecordBatch, StringBuilder, UInt64Builder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use mlatho_model::{Finding, RawRecord, RecordSink};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::error::{Result, StoreError};
use crate::warehouse::float;

/// Values held before they are written.
const BATCH: usize = 65_536;

/// The text columns of the command line contract, in the order of the builders.
const TEXTS: [&str; 11] = [
    "org_unit",
    "org_unit_name",
    "item",
    "item_name",
    "measure",
    "disaggregation",
    "period",
    "state",
    "unit",
    "status",
    "reported_at",
];

/// How files for other programs are written.
pub(crate) fn compressed() -> WriterProperties {
    WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build()
}

/// Takes records and writes one row for each value. `value` is a float; `value_text` holds the exact number where a
/// float cannot.
pub struct ParquetRecords<F> {
    path: PathBuf,
    source: String,
    on_finding: F,
    writer: ArrowWriter<BufWriter<File>>,
    schema: SchemaRef,
    position: UInt64Builder,
    texts: [StringBuilder; 11],
    value: Float64Builder,
    exact: StringBuilder,
    waiting: usize,
    failed: Option<StoreError>,
}

impl<F: FnMut(Finding)> ParquetRecords<F> {
    /// Begins a file whose `source` column says this name. Findings go to `on_finding`.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create(path: &Path, source: &str, on_finding: F) -> Result<Self> {
        let text = |name: &str| Field::new(name, DataType::Utf8, false);
        let mut fields = vec![text("source"), Field::new("position", DataType::UInt64, false)];
        for name in TEXTS {
            if name == "state" {
                fields.push(Field::new("value", DataType::Float64, true));
            }
            fields.push(text(name));
        }
        fields.push(Field::new("value_text", DataType::Utf8, true));
        let schema = Arc::new(Schema::new(fields));
        let file = File::create(path).map_err(StoreError::io("creating", path))?;
        let writer = ArrowWriter::try_new(BufWriter::new(file), Arc::clone(&schema), Some(compressed()));
        Ok(Self {
            path: path.into(),
            source: source.into(),
            on_finding,
            writer: writer.map_err(StoreError::parquet("creating", path))?,
            schema,
            position: UInt64Builder::new(),
            texts: std::array::from_fn(|_| StringBuilder::new()),
            value: Float64Builder::new(),
            exact: StringBuilder::new(),
            waiting: 0,
            failed: None,
        })
    }

    fn write(&mut self) -> Result<()> {
        let source = vec![self.source.as_str(); self.waiting];
        let mut columns: Vec<arrow::array::ArrayRef> =
            vec![Arc::new(arrow::array::StringArray::from(source)), Arc::new(self.position.finish())];
        for (name, texts) in TEXTS.iter().zip(&mut self.texts) {
            if *name == "state" {
                columns.push(Arc::new(self.value.finish()));
            }
            columns.push(Arc::new(texts.finish()));
        }
        columns.push(Arc::new(self.exact.finish()));
        self.waiting = 0;
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        self.writer.write(&batch).map_err(StoreError::parquet("writing", &self.path))
    }

    /// Completes the file.
    ///
    /// # Errors
    /// The file could not be written, now or while records came.
    pub fn finish(mut self) -> Result<()> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.write()?;
        self.writer.close().map_err(StoreError::parquet("writing", &self.path))?;
        Ok(())
    }
}

impl<F: FnMut(Finding)> RecordSink for ParquetRecords<F> {
    /// `Break` where the file cannot be written; [`ParquetRecords::finish`] says why.
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        let period = record.period.to_string();
        for value in record.values {
            self.position.append_value(record.position);
            let state = value.value.state().to_string();
            let texts = [
                record.org_unit,
                record.org_unit_name,
                record.item,
                record.item_name,
                value.measure.name(),
                record.disaggregation,
                &period,
                &state,
                value.unit.map_or("", |unit| unit.as_str()),
                record.status,
                record.reported_at,
            ];
            self.texts.iter_mut().zip(texts).for_each(|(column, text)| column.append_value(text));
            let number = value.value.reported().map(|number| (number, float(number)));
            self.value.append_option(number.map(|(_, (float, _))| float));
            self.exact.append_option(number.filter(|(_, (_, exact))| !exact).map(|(number, _)| number.to_string()));
            self.waiting += 1;
        }
        if self.waiting >= BATCH
            && let Err(error) = self.write()
        {
            self.failed = Some(error);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    fn finding(&mut self, finding: Finding) {
        (self.on_finding)(finding);
    }
}
