//! Rows as Arrow batches and back; the designs of the tables.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Float64Array, Int8Array, Int32Array, Int64Array, RecordBatch, StringArray,
    StringBuilder,
};
use arrow::compute::{max, min};
use arrow::datatypes::{
    DataType as ArrowType, Date32Type, Field, Float64Type, Int8Type, Int32Type, Int64Type, Schema, SchemaRef,
};
use deltalake::kernel::DataType;
use mlatho_model::{Decimal, Status};

use super::months::{PeriodCache, day};
use super::number;
use super::rows::{INTEGERS, Rows};
use super::table::Design;
use crate::catalogue::REPORTED;
use crate::error::{Result, StoreError};

/// Everything that was ever received.
pub(crate) static LOG: Design =
    Design { name: "observations_log", partition: "ingest_month", columns: OBSERVATION, quick: true };

/// The current truth.
pub(crate) static OBSERVATIONS: Design =
    Design { name: "observations", partition: "ym", columns: OBSERVATION, quick: false };

/// What the checks found about the current truth.
pub(crate) static FINDINGS: Design = Design {
    name: "findings",
    partition: "ym",
    columns: &[
        ("code", DataType::INTEGER, false),
        ("severity", DataType::BYTE, false),
        ("source", DataType::INTEGER, false),
        ("org_unit", DataType::INTEGER, false),
        ("item", DataType::INTEGER, false),
        ("measure", DataType::INTEGER, false),
        ("disaggregation", DataType::INTEGER, false),
        ("receipt", DataType::INTEGER, false),
        ("column", DataType::INTEGER, false),
        ("position", DataType::LONG, false),
        ("period_type", DataType::BYTE, false),
        ("period_start", DataType::DATE, false),
        ("args", DataType::STRING, false),
    ],
    quick: false,
};

const OBSERVATION: &[(&str, DataType, bool)] = &[
    ("source", DataType::INTEGER, false),
    ("org_unit", DataType::INTEGER, false),
    ("item", DataType::INTEGER, false),
    ("measure", DataType::INTEGER, false),
    ("disaggregation", DataType::INTEGER, false),
    ("unit", DataType::INTEGER, false),
    ("receipt", DataType::INTEGER, false),
    ("column", DataType::INTEGER, false),
    ("crosswalk", DataType::INTEGER, false),
    ("unit_rule", DataType::INTEGER, false),
    ("period_rule", DataType::INTEGER, false),
    ("source_org_unit", DataType::INTEGER, false),
    ("source_item", DataType::INTEGER, false),
    ("state", DataType::INTEGER, false),
    ("reason", DataType::INTEGER, false),
    ("status", DataType::BYTE, false),
    ("period_type", DataType::BYTE, false),
    ("period_start", DataType::DATE, false),
    ("value", DataType::DOUBLE, true),
    ("value_text", DataType::STRING, true),
    ("record_key", DataType::LONG, false),
    ("position", DataType::LONG, false),
    ("run", DataType::LONG, false),
    ("version", DataType::LONG, false),
    ("day", DataType::DATE, false),
    ("reported_at", DataType::DATE, true),
];

/// The Arrow schema of a table's files. Texts are `Utf8`: other engines refuse files with view types.
pub(crate) fn schema(design: &Design) -> SchemaRef {
    let field = |(name, kind, nullable): &(&str, DataType, bool)| {
        let arrow = match kind {
            kind if *kind == DataType::INTEGER => ArrowType::Int32,
            kind if *kind == DataType::BYTE => ArrowType::Int8,
            kind if *kind == DataType::DATE => ArrowType::Date32,
            kind if *kind == DataType::DOUBLE => ArrowType::Float64,
            kind if *kind == DataType::LONG => ArrowType::Int64,
            _ => ArrowType::Utf8,
        };
        Field::new(*name, arrow, *nullable)
    };
    Arc::new(Schema::new(design.columns.iter().map(field).collect::<Vec<_>>()))
}

/// Rows `from..to` as a batch of [`OBSERVATION`].
pub(crate) fn encode(rows: &Rows, from: usize, to: usize, schema: &SchemaRef) -> Result<RecordBatch> {
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(OBSERVATION.len());
    for column in rows.integers() {
        columns.push(Arc::new(Int32Array::from(column[from..to].to_vec())));
    }
    let status: Vec<i8> = rows.status[from..to].iter().map(|status| *status as i8).collect();
    columns.push(Arc::new(Int8Array::from(status)));
    let mut cache = PeriodCache::default();
    let periods = &rows.period[from..to];
    #[expect(clippy::cast_possible_wrap, reason = "there are 23 period types")]
    let kinds = periods.iter().map(|period| period.period_type() as u8 as i8);
    columns.push(Arc::new(Int8Array::from_iter_values(kinds)));
    columns.push(Arc::new(Date32Array::from_iter_values(periods.iter().map(|period| cache.start(*period)))));
    let mut texts = StringBuilder::new();
    let values: Float64Array = (from..to)
        .map(|row| {
            let Some(decimal) = rows.number(row) else {
                texts.append_null();
                return None;
            };
            let (float, exact) = number::float(decimal);
            texts.append_option((!exact).then(|| decimal.to_string()));
            Some(float)
        })
        .collect();
    columns.push(Arc::new(values));
    columns.push(Arc::new(texts.finish()));
    for column in [&rows.record_key, &rows.position, &rows.run, &rows.version] {
        columns.push(Arc::new(Int64Array::from(column[from..to].to_vec())));
    }
    columns.push(Arc::new(Date32Array::from(rows.day[from..to].to_vec())));
    columns.push(Arc::new(rows.reported_at[from..to].iter().copied().collect::<Date32Array>()));
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

/// Which version of which record a row is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) key: i64,
    pub(crate) version: i64,
    pub(crate) receipt: i32,
    pub(crate) position: i64,
}

/// What tells whether a row is wanted.
pub(crate) struct Candidate {
    pub(crate) record: Record,
    pub(crate) run: i64,
    pub(crate) source: i32,
    pub(crate) measure: i32,
    pub(crate) status: Status,
}

/// Adds the rows of a batch that are wanted.
pub(crate) fn decode(
    batch: &RecordBatch,
    rows: &mut Rows,
    cache: &mut PeriodCache,
    mut wanted: impl FnMut(&Candidate) -> bool,
) -> Result<()> {
    let integer = |name: &str| typed(batch, name).map(|array| array.as_primitive_opt::<Int32Type>());
    let integers = INTEGERS.iter().map(|name| integer(name)?.ok_or_else(|| not_as_designed(name)));
    let integers: Vec<&Int32Array> = integers.collect::<Result<_>>()?;
    let byte = |name: &str| typed(batch, name)?.as_primitive_opt::<Int8Type>().ok_or_else(|| not_as_designed(name));
    let long = |name: &str| typed(batch, name)?.as_primitive_opt::<Int64Type>().ok_or_else(|| not_as_designed(name));
    let statuses = byte("status")?;
    let (kinds, keys, positions) = (byte("period_type")?, long("record_key")?, long("position")?);
    let (runs, versions) = (long("run")?, long("version")?);
    let date = |name: &str| typed(batch, name)?.as_primitive_opt::<Date32Type>().ok_or_else(|| not_as_designed(name));
    let (starts, days, reported) = (date("period_start")?, date("day")?, date("reported_at")?);
    if [min(days), max(days), min(reported), max(reported)].into_iter().flatten().any(|extreme| day(extreme).is_none())
    {
        return Err(StoreError::damaged("a day that is none"));
    }
    let values = typed(batch, "value")?.as_primitive_opt::<Float64Type>().ok_or_else(|| not_as_designed("value"))?;
    let texts = typed(batch, "value_text")?.as_string_opt::<i32>().ok_or_else(|| not_as_designed("value_text"))?;
    let column = |name: &str| INTEGERS.iter().position(|known| *known == name).and_then(|at| integers.get(at).copied());
    let receipts = column("receipt").ok_or_else(|| not_as_designed("receipt"))?;
    let sources = column("source").ok_or_else(|| not_as_designed("source"))?;
    let measures = column("measure").ok_or_else(|| not_as_designed("measure"))?;
    let states = column("state").ok_or_else(|| not_as_designed("state"))?;
    let mut taken = Vec::with_capacity(batch.num_rows());
    for row in 0..batch.num_rows() {
        let judged = usize::try_from(statuses.value(row)).ok().and_then(|number| Status::ALL.get(number));
        let candidate = Candidate {
            record: Record {
                key: keys.value(row),
                version: versions.value(row),
                receipt: receipts.value(row),
                position: positions.value(row),
            },
            run: runs.value(row),
            source: sources.value(row),
            measure: measures.value(row),
            status: *judged.ok_or_else(|| StoreError::damaged("a status"))?,
        };
        if !wanted(&candidate) {
            continue;
        }
        taken.push(row);
        rows.status.push(candidate.status);
        rows.period.push(cache.period(kinds.value(row), starts.value(row))?);
        rows.value.push(if states.value(row) == REPORTED { decimal(values, texts, row)? } else { Decimal::ZERO });
    }
    for (column, array) in rows.integers_mut().into_iter().zip(integers) {
        take(column, array.values(), &taken);
    }
    take(&mut rows.day, days.values(), &taken);
    rows.reported_at.extend(taken.iter().map(|row| reported.is_valid(*row).then(|| reported.value(*row))));
    take(&mut rows.record_key, keys.values(), &taken);
    take(&mut rows.version, versions.values(), &taken);
    take(&mut rows.position, positions.values(), &taken);
    take(&mut rows.run, runs.values(), &taken);
    Ok(())
}

/// Which versions of which records the rows of a batch are part of; it need have no other columns.
pub(crate) fn records(batch: &RecordBatch) -> Result<impl Iterator<Item = Record>> {
    let long = |name: &str| typed(batch, name)?.as_primitive_opt::<Int64Type>().ok_or_else(|| not_as_designed(name));
    let (keys, versions, positions) = (long("record_key")?, long("version")?, long("position")?);
    let receipts = typed(batch, "receipt")?.as_primitive_opt::<Int32Type>();
    let receipts = receipts.ok_or_else(|| not_as_designed("receipt"))?;
    let record = move |row| Record {
        key: keys.value(row),
        version: versions.value(row),
        receipt: receipts.value(row),
        position: positions.value(row),
    };
    Ok((0..batch.num_rows()).map(record))
}

fn take<T: Copy>(column: &mut Vec<T>, values: &[T], taken: &[usize]) {
    if taken.len() == values.len() {
        column.extend_from_slice(values);
    } else {
        column.extend(taken.iter().map(|row| values[*row]));
    }
}

fn decimal(values: &Float64Array, texts: &StringArray, row: usize) -> Result<Decimal> {
    let number = if texts.is_valid(row) { texts.value(row).parse().ok() } else { number::decimal(values.value(row)) };
    number.ok_or_else(|| StoreError::damaged("a reported value without its number"))
}

fn typed<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef> {
    batch.column_by_name(name).ok_or_else(|| not_as_designed(name))
}

fn not_as_designed(name: &str) -> StoreError {
    StoreError::damaged(format!("column `{name}` is not as designed"))
}
