//! Access databases table by table. Whatever is wrong inside a file, `jetdb` panics included, is an error here.

use std::collections::HashMap;
use std::io::Cursor;

use jetdb::{CatalogEntry, ObjectType, PageReader, TableDef, TableRows, Value};
use jiff::ToSpan;
use jiff::civil::Date;
use mlatho_model::Decimal;

use crate::guard::guarded;
use crate::json::LONGEST_TEXT;
use crate::number;

/// Rows of one table beyond this many are not read: Access files end at 2 GB.
const MOST_ROWS: usize = 20_000_000;

/// An open database.
pub(super) struct Database {
    reader: PageReader,
    catalog: Vec<CatalogEntry>,
}

impl Database {
    /// Opens a database that lies in memory.
    ///
    /// # Errors
    /// It is no Access database, is damaged, or asks for a password.
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self, String> {
        guarded(|| -> Result<Self, jetdb::FileError> {
            let mut reader = PageReader::open_reader(Cursor::new(bytes))?;
            let mut catalog = jetdb::read_catalog(&mut reader)?;
            catalog.retain(|entry| entry.object_type == ObjectType::Table && !entry.is_system());
            Ok(Self { reader, catalog })
        })
    }

    pub(super) fn tables(&self) -> Vec<&str> {
        self.catalog.iter().map(|entry| entry.name.as_str()).collect()
    }

    /// Gives the rows of a table with the wanted columns, each row and its number from 1, until told to stop. Nothing:
    /// there is no such table.
    ///
    /// # Errors
    /// The table cannot be read further.
    pub(super) fn rows(
        &mut self,
        table: &str,
        columns: &[&str],
        take: &mut dyn FnMut(u64, &Row<'_>) -> bool,
    ) -> Result<Option<Unread>, String> {
        let Some(entry) = self.catalog.iter().find(|entry| entry.name.eq_ignore_ascii_case(table)) else {
            return Ok(None);
        };
        let reader = &mut self.reader;
        let definition = guarded(|| jetdb::read_table_def(reader, &entry.name, entry.table_page))?;
        let places: HashMap<&str, usize> =
            columns.iter().filter_map(|name| Some((*name, place(&definition, name)?))).collect();
        let wanted: Vec<usize> = places.values().copied().collect();
        let calculated = HashMap::new();
        let mut rows = TableRows::new(&definition, &calculated).with_columns(&wanted);
        for number in 1..=MOST_ROWS {
            let Some(row) = guarded(|| rows.next_row(reader))? else { break };
            if !take(number as u64, &Row { places: &places, values: &row.values }) {
                break;
            }
        }
        Ok(Some(Unread(rows.skipped_rows())))
    }
}

/// How many rows could not be read.
pub(super) struct Unread(pub(super) usize);

fn place(definition: &TableDef, name: &str) -> Option<usize> {
    definition.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
}

/// The wanted columns of one row.
pub(super) struct Row<'r> {
    places: &'r HashMap<&'r str, usize>,
    values: &'r [Value],
}

impl Row<'_> {
    /// Nothing: the table has no such column.
    fn value(&self, column: &str) -> Option<&Value> {
        self.values.get(*self.places.get(column)?)
    }

    /// Trimmed; blank where there is none, or one that is too long to name anything.
    pub(super) fn text(&self, column: &str) -> String {
        match self.value(column) {
            Some(Value::Text(text)) if text.len() <= LONGEST_TEXT => text.trim().into(),
            Some(Value::Guid(text)) => text.clone(),
            Some(value) => {
                decimal(value).ok().flatten().map(|number| number.normalize().to_string()).unwrap_or_default()
            }
            None => String::new(),
        }
    }

    /// Nothing: the table has no such column. `Err` holds what is no number.
    pub(super) fn number(&self, column: &str) -> Option<Result<Option<Decimal>, String>> {
        self.value(column).map(decimal)
    }

    pub(super) fn is_yes(&self, column: &str) -> bool {
        self.value(column).is_some_and(|value| {
            matches!(value, Value::Bool(true))
                || decimal(value).is_ok_and(|number| number.is_some_and(|n| !n.is_zero()))
        })
    }

    /// The day of a moment, which Access counts from the end of 1899, without a zone.
    pub(super) fn day(&self, column: &str) -> Option<Date> {
        match self.value(column)? {
            Value::Timestamp(days) => {
                #[expect(clippy::cast_possible_truncation, reason = "bounded by the condition")]
                let days = (-600_000.0..2_900_000.0).contains(days).then(|| days.trunc() as i64)?;
                Date::constant(1899, 12, 30).checked_add(days.days()).ok()
            }
            Value::DateTimeExtended(text) | Value::Text(text) => text.get(..10)?.parse().ok(),
            _ => None,
        }
    }
}

fn decimal(value: &Value) -> Result<Option<Decimal>, String> {
    let text = match value {
        Value::Null | Value::Binary(_) => return Ok(None),
        Value::Bool(truth) => return Ok(Some(i64::from(*truth).into())),
        Value::Byte(number) => return Ok(Some((*number).into())),
        Value::Int(number) => return Ok(Some((*number).into())),
        Value::Long(number) => return Ok(Some((*number).into())),
        Value::BigInt(number) => return Ok(Some((*number).into())),
        Value::Float(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Text(text) | Value::Money(text) | Value::Numeric(text) => text.trim().to_owned(),
        other => return Err(format!("{other:?}").chars().take(40).collect()),
    };
    if text.is_empty() {
        return Ok(None);
    }
    number::parse(&text).map(Some).ok_or_else(|| text.chars().take(40).collect())
}
