//! Observations in memory: one vector per column.

use jiff::civil::Date;
use mlatho_model::{Decimal, Period, Status, Value};
use xxhash_rust::xxh3::Xxh3Default;

use super::column::Column;
use super::months::{self, EPOCH};
use crate::catalogue::{REPORTED, TermKind, Terms};

/// One observation with its lineage. Texts stand as term numbers (see [`Terms`]); 0 is the empty text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub source: i32,
    pub org_unit: i32,
    pub item: i32,
    pub measure: i32,
    pub disaggregation: i32,
    pub unit: i32,
    pub status: Status,
    /// Why the row does not count, where reading decided that; a [`TermKind::Reason`].
    pub reason: i32,
    pub period: Period,
    /// The day within the period that the record speaks of; the last one where the source names none.
    pub day: Date,
    /// The day on which it was reported, where the source says.
    pub reported_at: Option<Date>,
    pub value: Value,
    /// Number of the receipt.
    pub receipt: i32,
    /// Hash of the source-side identity of the record. Rows with one key are versions of one record, of which only
    /// the newest is current.
    pub record_key: i64,
    /// The source's version of the record, a higher one being newer; 0 where there are none. The rows that one record
    /// gives have the same key, version, receipt and position.
    pub version: i64,
    /// The record within the receipt.
    pub position: i64,
    pub column: i32,
    pub crosswalk: i32,
    pub unit_rule: i32,
    pub period_rule: i32,
    pub source_org_unit: i32,
    pub source_item: i32,
}

/// Many observations, all columns of the same length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    pub source: Column<i32>,
    pub org_unit: Column<i32>,
    pub item: Column<i32>,
    pub measure: Column<i32>,
    pub disaggregation: Column<i32>,
    pub unit: Column<i32>,
    pub receipt: Column<i32>,
    pub column: Column<i32>,
    pub crosswalk: Column<i32>,
    pub unit_rule: Column<i32>,
    pub period_rule: Column<i32>,
    pub source_org_unit: Column<i32>,
    pub source_item: Column<i32>,
    /// Value state, a [`TermKind::State`].
    pub state: Column<i32>,
    pub reason: Column<i32>,
    pub status: Column<Status>,
    pub period: Column<Period>,
    /// Days since 1970: ask [`Rows::day`].
    pub(crate) day: Column<i32>,
    /// Days since 1970: ask [`Rows::reported_at`].
    pub(crate) reported_at: Column<Option<i32>>,
    /// The number where one is reported; zero elsewhere, and then without meaning: ask [`Rows::number`].
    pub(crate) value: Vec<Decimal>,
    pub record_key: Column<i64>,
    pub version: Column<i64>,
    pub position: Column<i64>,
    pub run: Column<i64>,
}

/// Names of the integer columns, in the order of [`Rows::integers`].
pub(crate) const INTEGERS: [&str; 15] = [
    "source",
    "org_unit",
    "item",
    "measure",
    "disaggregation",
    "unit",
    "receipt",
    "column",
    "crosswalk",
    "unit_rule",
    "period_rule",
    "source_org_unit",
    "source_item",
    "state",
    "reason",
];

impl Rows {
    #[must_use]
    pub fn len(&self) -> usize {
        self.source.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.source.is_empty()
    }

    /// The day within its period that a row speaks of.
    ///
    /// # Panics
    /// There is no such row.
    #[must_use]
    pub fn day(&self, row: usize) -> Date {
        months::day(self.day[row]).unwrap_or(EPOCH) // a day it is: `push` takes no other, and `decode` looks
    }

    /// The day on which a row was reported, where the source says.
    #[must_use]
    pub fn reported_at(&self, row: usize) -> Option<Date> {
        self.reported_at.get(row).flatten().and_then(months::day)
    }

    /// The number of a row, if one is reported.
    #[must_use]
    pub fn number(&self, row: usize) -> Option<Decimal> {
        let reported = self.state.get(row) == Some(REPORTED);
        self.value.get(row).copied().filter(|_| reported)
    }

    /// Puts a value in the place of the one that a row has.
    ///
    /// # Panics
    /// There is no such row.
    pub fn set_value(&mut self, row: usize, value: &Value, terms: &mut Terms) {
        self.state.set(row, terms.state(value));
        self.value[row] = value.reported().unwrap_or_default().normalize();
    }

    /// The value of a row. Nothing, where there is no such row or its state is none.
    #[must_use]
    pub fn value(&self, row: usize, terms: &Terms) -> Option<Value> {
        match self.state.get(row)? {
            REPORTED => self.value.get(row).copied().map(Value::Reported),
            state => Value::from_state(terms.text(TermKind::State, state), None).ok(),
        }
    }

    pub(crate) fn push(&mut self, row: &Row, state: i32, run: i64) {
        let Row { source, org_unit, item, measure, disaggregation, unit, receipt, column, crosswalk, .. } = *row;
        let Row { unit_rule, period_rule, source_org_unit, source_item, status, reason, period, .. } = *row;
        self.source.push(source);
        self.org_unit.push(org_unit);
        self.item.push(item);
        self.measure.push(measure);
        self.disaggregation.push(disaggregation);
        self.unit.push(unit);
        self.receipt.push(receipt);
        self.column.push(column);
        self.crosswalk.push(crosswalk);
        self.unit_rule.push(unit_rule);
        self.period_rule.push(period_rule);
        self.source_org_unit.push(source_org_unit);
        self.source_item.push(source_item);
        self.state.push(state);
        self.reason.push(reason);
        self.status.push(status);
        self.period.push(period);
        self.day.push(months::days(row.day));
        self.reported_at.push(row.reported_at.map(months::days));
        self.value.push(row.value.reported().unwrap_or_default());
        self.record_key.push(row.record_key);
        self.version.push(row.version);
        self.position.push(row.position);
        self.run.push(run);
    }

    pub(crate) fn integers(&self) -> [&Column<i32>; 15] {
        [
            &self.source,
            &self.org_unit,
            &self.item,
            &self.measure,
            &self.disaggregation,
            &self.unit,
            &self.receipt,
            &self.column,
            &self.crosswalk,
            &self.unit_rule,
            &self.period_rule,
            &self.source_org_unit,
            &self.source_item,
            &self.state,
            &self.reason,
        ]
    }

    pub(crate) fn integers_mut(&mut self) -> [&mut Column<i32>; 15] {
        [
            &mut self.source,
            &mut self.org_unit,
            &mut self.item,
            &mut self.measure,
            &mut self.disaggregation,
            &mut self.unit,
            &mut self.receipt,
            &mut self.column,
            &mut self.crosswalk,
            &mut self.unit_rule,
            &mut self.period_rule,
            &mut self.source_org_unit,
            &mut self.source_item,
            &mut self.state,
            &mut self.reason,
        ]
    }

    /// Whether all columns have one length, as they have unless a caller changed them.
    pub(crate) fn is_regular(&self) -> bool {
        let rows = self.len();
        self.integers().iter().all(|column| column.len() == rows)
            && [self.status.len(), self.period.len(), self.day.len(), self.reported_at.len(), self.value.len()]
                .iter()
                .all(|len| *len == rows)
            && [&self.record_key, &self.version, &self.position, &self.run].iter().all(|column| column.len() == rows)
    }

    /// Hash over everything but the run: two runs that come to the same month find it unchanged.
    pub(crate) fn content(&self) -> u128 {
        let mut hash = Xxh3Default::new();
        for column in self.integers().into_iter().chain([&self.day]) {
            feed(&mut hash, column, i32::to_le_bytes);
        }
        let none = i32::MIN; // no day is so early
        feed(&mut hash, &self.reported_at, |day| day.unwrap_or(none).to_le_bytes());
        feed(&mut hash, &self.status, |status| [status as u8]);
        feed(&mut hash, &self.period, |period| [period.period_type() as u8]);
        feed(&mut hash, &self.period, |period| months::days(period.start()).to_le_bytes());
        feed_each(&mut hash, (0..self.len()).map(|row| self.number(row).unwrap_or_default().serialize()));
        for column in [&self.record_key, &self.version, &self.position] {
            feed(&mut hash, column, i64::to_le_bytes);
        }
        hash.digest128()
    }
}

/// Hashes a column: once, where all rows are alike.
fn feed<T: Copy + PartialEq, const N: usize>(hash: &mut Xxh3Default, column: &Column<T>, bytes: impl Fn(T) -> [u8; N]) {
    match column.alike() {
        Some(value) => {
            hash.update(&(column.len() as u64).to_le_bytes());
            hash.update(&bytes(value));
        }
        None => feed_each(hash, column.iter().map(bytes)),
    }
}

/// Hashes many small parts a few thousand bytes at a time.
fn feed_each<const N: usize>(hash: &mut Xxh3Default, parts: impl Iterator<Item = [u8; N]>) {
    const AT_ONCE: usize = 4096;
    let mut waiting = Vec::with_capacity(AT_ONCE + N);
    for part in parts {
        waiting.extend_from_slice(&part);
        if waiting.len() >= AT_ONCE {
            hash.update(&waiting);
            waiting.clear();
        }
    }
    hash.update(&waiting);
}
