//! Which version of each record counts.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::columns::Record;
use super::files::OpenFile;
use crate::error::Result;

/// A version of a record, in the order in which they replace each other: by the source's number, then by arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    number: i64,
    receipt: i32,
    position: i64,
}

impl Version {
    const fn of(record: &Record) -> Self {
        Self { number: record.version, receipt: record.receipt, position: record.position }
    }
}

/// The records that a run brings, each with its newest version among the new rows; nothing, where the current truth
/// has a newer one. Records that are not in it come in one version only, and none of them is current.
#[derive(Debug, Default)]
pub(crate) struct Newest(HashMap<i64, Option<Version>>);

impl Newest {
    /// Reads the new rows of a run. Where nothing is current, only records with several versions are kept in memory.
    pub(crate) fn read(log: &[OpenFile], nothing_current: bool) -> Result<Self> {
        let mut newest = Self::default();
        if nothing_current {
            for key in repeated(log)? {
                newest.0.insert(key, None);
            }
            if newest.0.is_empty() {
                return Ok(newest);
            }
        }
        for file in log {
            file.each_record(|record| {
                let version = Some(Version::of(record));
                if nothing_current {
                    if let Some(known) = newest.0.get_mut(&record.key) {
                        *known = version.max(*known);
                    }
                } else {
                    let known = newest.0.entry(record.key).or_default();
                    *known = version.max(*known);
                }
                ControlFlow::Continue(())
            })?;
        }
        Ok(newest)
    }

    /// No record comes with a newest version below this.
    pub(crate) fn lowest(&self) -> i64 {
        self.0.values().flatten().map(|version| version.number).min().unwrap_or(i64::MAX)
    }

    /// Takes note of a current row: if it is newer than what comes of its record, that does not count.
    pub(crate) fn yield_to(&mut self, current: &Record) {
        if let Some(known) = self.0.get_mut(&current.key)
            && known.is_some_and(|version| version.number < current.version)
        {
            *known = None;
        }
    }

    /// Whether a new row becomes current.
    pub(crate) fn admits(&self, new: &Record) -> bool {
        self.0.get(&new.key).is_none_or(|newest| *newest == Some(Version::of(new)))
    }

    /// Whether a current row has to leave, because its record came anew.
    pub(crate) fn replaces(&self, current: &Record) -> bool {
        self.0.get(&current.key).copied().flatten().is_some_and(|version| version.number >= current.version)
    }
}

/// Keys that stand at more than one place of the log: those of all records that come in several versions, and perhaps
/// others. Takes eight bytes for each record while it looks.
fn repeated(log: &[OpenFile]) -> Result<Vec<i64>> {
    let mut keys = Vec::new();
    for file in log {
        file.each_record(|record| {
            keys.push(record.key);
            ControlFlow::Continue(())
        })?;
    }
    keys.sort_unstable();
    Ok(keys
        .chunk_by(|a, b| a == b)
        .filter_map(|same| if let [first, _, ..] = same { Some(*first) } else { None })
        .collect())
}
