//! Rows as Arrow batches and back; the designs of the tables.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, Date32Array, Float64Array, Int64Array, PrimitiveArray, RecordBatch,
    StringArray, StringBuilder, new_null_array,
};
use arrow::compute::{max, min};
use arrow::datatypes::{
    DataType as ArrowType, Date32Type, Field, Float64Type, Int8Type, Int32Type, Int64Type, Schema, SchemaRef,
};
use deltalake::kernel::DataType;
use mlatho_model::{Decimal, Period, Status};

use super::column::Column;
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
    let range = from..to;
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(OBSERVATION.len());
    for column in rows.integers() {
        columns.push(array::<Int32Type, _>(column, &range, |number| number));
    }
    columns.push(array::<Int8Type, _>(&rows.status, &range, |status| status as i8));
    let mut cache = PeriodCache::default();
    #[expect(clippy::cast_possible_wrap, reason = "there are 23 period types")]
    let kind = |period: Period| period.period_type() as u8 as i8;
    columns.push(array::<Int8Type, _>(&rows.period, &range, kind));
    columns.push(array::<Date32Type, _>(&rows.period, &range, |period| cache.start(period)));
    let mut texts = StringBuilder::new();
    let values: Float64Array = range
        .clone()
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
        columns.push(array::<Int64Type, _>(column, &range, |number| number));
    }
    columns.push(array::<Date32Type, _>(&rows.day, &range, |day| day));
    columns.push(match rows.reported_at.alike() {
        Some(None) => new_null_array(&ArrowType::Date32, range.len()),
        _ => Arc::new(range.map(|row| rows.reported_at[row]).collect::<Date32Array>()),
    });
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

/// Part of a column as an Arrow array.
fn array<A: ArrowPrimitiveType, T: Copy + PartialEq>(
    column: &Column<T>,
    range: &Range<usize>,
    mut stored: impl FnMut(T) -> A::Native,
) -> ArrayRef {
    Arc::new(match column.alike() {
        Some(value) => PrimitiveArray::<A>::from_value(stored(value), range.len()),
        None => PrimitiveArray::<A>::from_iter_values(range.clone().map(|row| stored(column[row]))),
    })
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

/// Which columns of rows are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Columns {
    All,
    /// What figures are made of. The others stand as zero or nothing.
    WithoutLineage,
}

/// Columns that no figure is made of.
const LINEAGE: [&str; 11] = [
    "unit",
    "receipt",
    "column",
    "crosswalk",
    "unit_rule",
    "period_rule",
    "reason",
    "record_key",
    "run",
    "version",
    "reported_at",
];

impl Columns {
    pub(crate) fn reads(self, name: &str) -> bool {
        self == Self::All || !LINEAGE.contains(&name)
    }
}

/// Adds the rows of a batch that are wanted; of what is not read, the candidates hold zero.
pub(crate) fn decode(
    batch: &RecordBatch,
    which: Columns,
    rows: &mut Rows,
    cache: &mut PeriodCache,
    mut wanted: impl FnMut(&Candidate) -> bool,
) -> Result<()> {
    let batch = Batch { batch, which };
    let integers: Vec<_> = INTEGERS.iter().map(|name| batch.read::<Int32Type>(name)).collect::<Result<_>>()?;
    let integer = |name: &str| batch.read::<Int32Type>(name);
    let long = |name: &str| batch.read::<Int64Type>(name);
    let (statuses, kinds) = (batch.column::<Int8Type>("status")?, batch.column::<Int8Type>("period_type")?);
    let (starts, days) = (batch.column::<Date32Type>("period_start")?, batch.column::<Date32Type>("day")?);
    let reported = batch.read::<Date32Type>("reported_at")?;
    let extremes = [min(days), max(days), reported.and_then(min), reported.and_then(max)];
    if extremes.into_iter().flatten().any(|extreme| day(extreme).is_none()) {
        return Err(StoreError::damaged("a day that is none"));
    }
    let (values, texts) = (batch.column::<Float64Type>("value")?, batch.texts("value_text")?);
    let (keys, versions, runs) = (long("record_key")?, long("version")?, long("run")?);
    let (receipts, positions) = (integer("receipt")?, batch.column::<Int64Type>("position")?);
    let (sources, measures) = (batch.column::<Int32Type>("source")?, batch.column::<Int32Type>("measure")?);
    let states = batch.column::<Int32Type>("state")?;
    let number = |column: Option<&Int64Array>, row| column.map_or(0, |column| column.value(row));
    let mut taken = Vec::with_capacity(batch.batch.num_rows());
    for row in 0..batch.batch.num_rows() {
        let judged = usize::try_from(statuses.value(row)).ok().and_then(|number| Status::ALL.get(number));
        let candidate = Candidate {
            record: Record {
                key: number(keys, row),
                version: number(versions, row),
                receipt: receipts.map_or(0, |receipts| receipts.value(row)),
                position: positions.value(row),
            },
            run: number(runs, row),
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
        take(column, array, &taken);
    }
    take(&mut rows.day, Some(days), &taken);
    match reported {
        Some(reported) if reported.null_count() < reported.len() => {
            rows.reported_at.extend(taken.iter().map(|row| reported.is_valid(*row).then(|| reported.value(*row))));
        }
        _ => rows.reported_at.push_times(None, taken.len()),
    }
    take(&mut rows.record_key, keys, &taken);
    take(&mut rows.version, versions, &taken);
    take(&mut rows.position, Some(positions), &taken);
    take(&mut rows.run, runs, &taken);
    Ok(())
}

/// The columns of a batch by name and type.
struct Batch<'a> {
    batch: &'a RecordBatch,
    which: Columns,
}

impl<'a> Batch<'a> {
    /// A column, if it is one of those that are read.
    fn read<T: ArrowPrimitiveType>(&self, name: &str) -> Result<Option<&'a PrimitiveArray<T>>> {
        self.which.reads(name).then(|| self.column(name)).transpose()
    }

    fn column<T: ArrowPrimitiveType>(&self, name: &str) -> Result<&'a PrimitiveArray<T>> {
        typed(self.batch, name)?.as_primitive_opt::<T>().ok_or_else(|| not_as_designed(name))
    }

    fn texts(&self, name: &str) -> Result<&'a StringArray> {
        typed(self.batch, name)?.as_string_opt::<i32>().ok_or_else(|| not_as_designed(name))
    }
}

/// Which versions of which records the rows of a batch are part of; it need have no other columns.
pub(crate) fn records(batch: &RecordBatch) -> Result<impl Iterator<Item = Record>> {
    let rows = batch.num_rows();
    let batch = Batch { batch, which: Columns::All };
    let long = |name: &str| batch.column::<Int64Type>(name);
    let (keys, versions, positions) = (long("record_key")?, long("version")?, long("position")?);
    let receipts = batch.column::<Int32Type>("receipt")?;
    let record = move |row| Record {
        key: keys.value(row),
        version: versions.value(row),
        receipt: receipts.value(row),
        position: positions.value(row),
    };
    Ok((0..rows).map(record))
}

/// Adds the rows of an array that are taken; zeros, where it was not read.
fn take<T: ArrowPrimitiveType>(column: &mut Column<T::Native>, array: Option<&PrimitiveArray<T>>, taken: &[usize]) {
    match array.map(PrimitiveArray::values) {
        Some(values) if taken.len() == values.len() => column.extend_from_slice(values),
        Some(values) => column.extend(taken.iter().map(|row| values[*row])),
        None => column.push_times(T::Native::default(), taken.len()),
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
