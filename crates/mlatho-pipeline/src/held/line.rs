//! A line of a report: the rows of one record.

use std::fmt::Write;

use mlatho_model::{Status, Value};
use mlatho_store::{Rows, TermKind, Terms};
use xxhash_rust::xxh3::Xxh3Default;

/// Names a line for people and in the audit log: the hash of what its record is.
pub(crate) fn id_of(record_key: i64) -> String {
    format!("{:016x}", record_key.cast_unsigned())
}

/// The line that a person names; nothing, where that is no name of a line.
pub(crate) fn parse(id: &str) -> Option<i64> {
    let right = id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    right.then(|| u64::from_str_radix(id, 16).ok()).flatten().map(u64::cast_signed)
}

/// A value as it is written into decisions: the number, or the state.
pub(crate) fn text_of(value: &Value) -> String {
    value.reported().map_or_else(|| value.state().to_string(), |number| number.normalize().to_string())
}

/// The value behind its text.
pub(crate) fn value_of(text: &str) -> Option<Value> {
    text.parse().map(Value::Reported).ok().or_else(|| Value::from_state(text, None).ok())
}

/// A hash over what a line says: all its measures with their values, and whom it is about.
pub(crate) fn seen(rows: &Rows, of_line: &[usize], terms: &Terms) -> String {
    let mut parts: Vec<String> = of_line.iter().map(|row| part(rows, *row, terms)).collect();
    parts.sort();
    let mut hash = Xxh3Default::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update(b"\n");
    }
    format!("{:016x}", hash.digest())
}

/// What one row says, in words that stay the same.
fn part(rows: &Rows, row: usize, terms: &Terms) -> String {
    let value = rows.value(row, terms).map_or_else(String::new, |value| text_of(&value));
    let mut part = String::new();
    let texts = [
        (TermKind::Source, rows.source[row]),
        (TermKind::OrgUnit, rows.org_unit[row]),
        (TermKind::Item, rows.item[row]),
        (TermKind::Measure, rows.measure[row]),
        (TermKind::Disaggregation, rows.disaggregation[row]),
    ];
    for (kind, id) in texts {
        // Writing to a text does not fail.
        let _ = write!(part, "{}\t", terms.text(kind, id));
    }
    let _ = write!(part, "{}\t{value}", rows.period[row]);
    part
}

/// A hash over what one row says, for the sum over a batch.
pub(crate) fn digest(rows: &Rows, row: usize, terms: &Terms) -> u64 {
    xxhash_rust::xxh3::xxh3_64(format!("{}\t{}", rows.record_key[row], part(rows, row, terms)).as_bytes())
}

/// Whether a row takes part in what is decided: its org unit and item are known, and no rule of reading has left it out.
pub(crate) fn takes_part(status: Status) -> bool {
    matches!(status, Status::Accepted | Status::Held)
}
