//! The stored data values.

use std::collections::BTreeMap;
use std::collections::btree_map::Range;
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
    pub(super) value: Box<str>,
    pub(super) comment: Option<Box<str>>,
    pub(super) follow_up: bool,
    pub(super) deleted: bool,
}

/// A row of the data value table within its org unit and period.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) data_element: Uid,
    pub(super) option_combo: Uid,
    pub(super) attribute_combo: Uid,
    pub(super) writes: u32,
    pub(super) created: DateTime,
    pub(super) updated: DateTime,
    pub(super) by: Arc<User>,
    pub(super) content: Content,
}

impl Row {
    fn order(&self) -> (Uid, Uid, Uid) {
        (self.data_element, self.option_combo, self.attribute_combo)
    }
}

impl Key {
    fn order(&self) -> (Uid, Uid, Uid) {
        (self.data_element, self.option_combo, self.attribute_combo)
    }
}

/// Rows by period and org unit, sorted within; a million take about a hundred megabytes.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    cells: BTreeMap<(Period, Uid), Vec<Row>>,
}

impl Values {
    pub(super) fn get(&self, key: &Key) -> Option<&Row> {
        let rows = self.cells.get(&(key.period, key.org_unit))?;
        rows.binary_search_by_key(&key.order(), Row::order).ok().and_then(|at| rows.get(at))
    }

    /// Writes a row, over what was there.
    pub(super) fn put(&mut self, key: Key, content: Content, stamp: &Stamp) {
        let rows = self.cells.entry((key.period, key.org_unit)).or_default();
        match rows.binary_search_by_key(&key.order(), Row::order) {
            Ok(at) => {
                if let Some(row) = rows.get_mut(at) {
                    row.content = content;
                    row.updated = stamp.now;
                    row.by = stamp.by.clone();
                    row.writes += 1;
                }
            }
            Err(at) => rows.insert(
                at,
                Row {
                    data_element: key.data_element,
                    option_combo: key.option_combo,
                    attribute_combo: key.attribute_combo,
                    writes: 1,
                    created: stamp.now,
                    updated: stamp.now,
                    by: stamp.by.clone(),
                    content,
                },
            ),
        }
    }

    /// Marks a row as deleted, its value and comment kept `[C]`. Whether there was one that was not deleted yet.
    pub(super) fn soft_delete(&mut self, key: &Key, stamp: &Stamp) -> bool {
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
        data_element: row.data_element,
        org_unit,
        period,
        category_option_combo: row.option_combo,
        attribute_option_combo: row.attribute_combo,
        value: row.content.value.to_string(),
        comment: row.content.comment.as_deref().map(str::to_owned),
        follow_up: row.content.follow_up,
        deleted: row.content.deleted,
        created: row.created,
        last_updated: row.updated,
        stored_by: row.by.name.clone(),
        writes: row.writes,
    }
}
