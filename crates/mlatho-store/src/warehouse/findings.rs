//! Findings of the checks, each about one row of a month.

use std::borrow::Cow;
use std::hash::Hasher;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int8Array, Int32Array, Int64Array, RecordBatch, StringBuilder};
use arrow::datatypes::SchemaRef;
use mlatho_model::{Arg, Finding};
use serde::{Serialize, Serializer};
use xxhash_rust::xxh3::Xxh3Default;

use super::column::Column;
use super::months::days;
use super::rows::Rows;
use crate::catalogue::{TermKind, Terms};
use crate::error::{Result, StoreError};

/// A finding about a row: the index of the row within its month, and the finding. Its place is that of the row.
pub type RowFinding = (usize, Finding);

/// The arguments as a JSON object; numbers stay exact as texts.
struct Args<'a>(&'a Finding);

impl Serialize for Args<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.args.iter().map(|(name, value)| {
            let text = match value {
                Arg::Number(number) => Cow::Owned(number.to_string()),
                Arg::Text(text) => Cow::Borrowed(&**text),
            };
            (name, text)
        }))
    }
}

/// The findings of a month as a batch, and a hash of them.
pub(crate) fn encode(
    rows: &Rows,
    findings: &[RowFinding],
    terms: &mut Terms,
    schema: &SchemaRef,
) -> Result<(RecordBatch, u128)> {
    if findings.iter().any(|(row, _)| *row >= rows.len()) {
        return Err(StoreError::damaged("a finding about a row that is not there"));
    }
    let of = |column: &Column<i32>| -> ArrayRef {
        Arc::new(Int32Array::from_iter_values(findings.iter().map(|(row, _)| column[*row])))
    };
    let codes =
        Int32Array::from_iter_values(findings.iter().map(|(_, finding)| terms.id(TermKind::Finding, finding.code)));
    let severities = Int8Array::from_iter_values(findings.iter().map(|(_, finding)| finding.severity as i8));
    let positions = Int64Array::from_iter_values(findings.iter().map(|(row, _)| rows.position[*row]));
    #[expect(clippy::cast_possible_wrap, reason = "there are 23 period types")]
    let kinds =
        Int8Array::from_iter_values(findings.iter().map(|(row, _)| rows.period[*row].period_type() as u8 as i8));
    let starts = Date32Array::from_iter_values(findings.iter().map(|(row, _)| days(rows.period[*row].start())));
    let mut texts = StringBuilder::new();
    for (_, finding) in findings {
        let args = serde_json::to_string(&Args(finding));
        texts.append_value(args.map_err(|error| StoreError::damaged(format!("arguments of a finding: {error}")))?);
    }
    let texts = texts.finish();
    let mut hash = Xxh3Default::new();
    for (place, (row, _)) in findings.iter().enumerate() {
        hash.write_usize(*row);
        hash.write_i32(codes.value(place));
        hash.write(texts.value(place).as_bytes());
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(codes),
        Arc::new(severities),
        of(&rows.source),
        of(&rows.org_unit),
        of(&rows.item),
        of(&rows.measure),
        of(&rows.disaggregation),
        of(&rows.receipt),
        of(&rows.column),
        Arc::new(positions),
        Arc::new(kinds),
        Arc::new(starts),
        Arc::new(texts),
    ];
    Ok((RecordBatch::try_new(Arc::clone(schema), columns)?, hash.digest128()))
}
