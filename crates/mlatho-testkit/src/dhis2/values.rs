//! The stored data values.

use std::collections::btree_map::Range;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use jiff::civil::DateTime;
use mlatho_model::{Period, Uid};

use super::config::User;

/// Who writes, and when.
#[derive(Clone, Debug)]
pub(super) struct Stamp {
    pub(super) now: DateTime,
    pub(super) by: Arc<User>,
}

/// What identifies a data value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) data_element: Uid,
    pub(super) org_unit: Uid,
    pub(super) period: Period,
    pub(super) option_combo: Uid,
    pub(super) attribute_combo: Uid,
}

/// What is stored under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) value: Arc<str>,
    pub(super) comment: Option<Box<str>>,
    pub(super) follow_up: bool,
    pub(super) deleted: bool,
}

/// What a row is about within its org unit and period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Series {
    pub(super) data_element: Uid,
    pub(super) option_combo: Uid,
    pub(super) attribute_combo: Uid,
}

/// A row of the data value table within its org unit and period.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) series: Arc<Series>,
    pub(super) created: Arc<Stamp>,
    pub(super) updated: Arc<Stamp>,
    pub(super) writes: u32,
    pub(super) content: Content,
}

impl Key {
    fn series(&self) -> Series {
        Series {
            data_element: self.data_element,
            option_combo: self.option_combo,
            attribute_combo: self.attribute_combo,
        }
    }
}

/// Rows by period and org unit, sorted within. What many rows say is kept once, so that a million take about a hundred
/// megabytes.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    cells: BTreeMap<(Period, Uid), Vec<Row>>,
    series: HashSet<Arc<Series>>,
    texts: HashSet<Arc<str>>,
}

impl Values {
    pub(super) fn get(&self, key: &Key) -> Option<&Row> {
        let rows = self.cells.get(&(key.period, key.org_unit))?;
        rows.binary_search_by_key(&key.series(), |row| *row.series).ok().and_then(|at| rows.get(at))
    }

    /// Writes a row, over what was there.
    pub(super) fn put(&mut self, key: Key, mut content: Content, stamp: &Arc<Stamp>) {
        content.value = kept(&mut self.texts, content.value);
        let series = key.series();
        let rows = self.cells.entry((key.period, key.org_unit)).or_default();
        match rows.binary_search_by_key(&series, |row| *row.series) {
            Ok(at) => {
                if let Some(row) = rows.get_mut(at) {
                    row.content = content;
                    row.updated = stamp.clone();
                    row.writes += 1;
                }
            }
            Err(at) => {
                let series = match self.series.get(&series) {
                    Some(known) => known.clone(),
                    None => kept(&mut self.series, Arc::new(series)),
                };
                let row = Row { series, created: stamp.clone(), updated: stamp.clone(), writes: 1, content };
                rows.insert(at, row);
            }
        }
    }

    /// Marks a row as deleted, its value and comment kept `[C]`. Whether there was one that was not deleted yet.
    pub(super) fn soft_delete(&mut self, key: &Key, stamp: &Arc<Stamp>) -> bool {
        let Some(row) = self.get(key) else { return false };
        let fresh = !row.content.deleted;
        self.put(*key, Content { deleted: true, ..row.content.clone() }, stamp);
        fresh
    }

    pub(super) fn cell(&self, period: Period, org_unit: Uid) -> &[Row] {
        self.cells.get(&(period, org_unit)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn cells(&self) -> Range<'_, (Period, Uid), Vec<Row>> {
        self.cells.range(..)
    }

    /// Gives back the memory that growing left over.
    pub(super) fn shrink(&mut self) {
        self.cells.values_mut().for_each(Vec::shrink_to_fit);
    }
}

/// The same as before, if it was there.
fn kept<T: ?Sized + Eq + std::hash::Hash>(known: &mut HashSet<Arc<T>>, one: Arc<T>) -> Arc<T> {
    if let Some(known) = known.get(&one) {
        return known.clone();
    }
    known.insert(one.clone());
    one
}

/// A value that is put at the server directly; see [`super::Server::load`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewValue {
    pub data_element: Uid,
    pub org_unit: Uid,
    pub period: Period,
    /// None: the default one.
    pub category_option_combo: Option<Uid>,
    /// None: the default one.
    pub attribute_option_combo: Option<Uid>,
    pub value: Box<str>,
    pub comment: Option<Box<str>>,
}

impl NewValue {
    /// A value without split or comment.
    #[must_use]
    pub fn new(data_element: Uid, org_unit: Uid, period: Period, value: &str) -> Self {
        Self {
            data_element,
            org_unit,
            period,
            category_option_combo: None,
            attribute_option_combo: None,
            value: value.into(),
            comment: None,
        }
    }
}

/// A stored value as a test sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredValue {
    pub data_element: Uid,
    pub org_unit: Uid,
    pub period: Period,
    pub category_option_combo: Uid,
    pub attribute_option_combo: Uid,
    pub value: String,
    pub comment: Option<String>,
    pub follow_up: bool,
    pub deleted: bool,
    pub created: DateTime,
    pub last_updated: DateTime,
    /// The name of the user who wrote it last.
    pub stored_by: String,
    /// How often the row was written: what an audit of changes would count.
    pub writes: u32,
}

pub(super) fn stored((period, org_unit): (Period, Uid), row: &Row) -> StoredValue {
    StoredValue {
        data_element: row.series.data_element,
        org_unit,
        period,
        category_option_combo: row.series.option_combo,
        attribute_option_combo: row.series.attribute_combo,
        value: row.content.value.to_string(),
        comment: row.content.comment.as_deref().map(str::to_owned),
        follow_up: row.content.follow_up,
        deleted: row.content.deleted,
        created: row.created.now,
        last_updated: row.updated.now,
        stored_by: row.updated.by.name.clone(),
        writes: row.writes,
    }
}
