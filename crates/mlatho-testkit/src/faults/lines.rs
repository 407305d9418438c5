//! The lines of a ledger or a service table, as plain numbers.

use std::io;

use mlatho_model::{Decimal, Period};

/// A column of numbers. A service table has one, `Consumed`, which is its `value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    Opening,
    Received,
    Consumed,
    Adjustments,
    Closing,
}

impl Column {
    pub const ALL: [Self; 5] = [Self::Opening, Self::Received, Self::Consumed, Self::Adjustments, Self::Closing];

    /// The name in the tables of `mlatho quality`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opening => "beginning_balance",
            Self::Received => "received",
            Self::Consumed => "consumed",
            Self::Adjustments => "adjustments",
            Self::Closing => "closing_balance",
        }
    }
}

/// One line; a number that the table does not have is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub facility: String,
    /// The product, or the service element.
    pub item: String,
    pub period: Period,
    pub numbers: [Option<Decimal>; 5],
}

impl Line {
    #[must_use]
    pub const fn get(&self, column: Column) -> Option<Decimal> {
        self.numbers[column as usize]
    }

    pub(super) const fn set(&mut self, column: Column, number: Decimal) {
        self.numbers[column as usize] = Some(number);
    }

    pub(super) fn add(&mut self, column: Column, number: Decimal) {
        if let Some(known) = &mut self.numbers[column as usize] {
            *known = known.saturating_add(number);
        }
    }
}

/// Reads a table of `mlatho quality`: a ledger, or services.
///
/// # Errors
/// What is no CSV.
pub fn read(table: impl io::Read) -> csv::Result<Vec<Line>> {
    let mut rows = csv::Reader::from_reader(table);
    let header = rows.headers()?.clone();
    let at = |name: &str| header.iter().position(|cell| cell == name);
    let item = at("product").or(at("element"));
    let columns = Column::ALL.map(|column| at(column.name()).or(at("value").filter(|_| column == Column::Consumed)));
    let mut lines = Vec::new();
    for row in rows.records() {
        let row = row?;
        let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or_default();
        let Ok(period) = cell(at("period")).parse() else { continue };
        let numbers = columns.map(|column| cell(column).parse().ok());
        lines.push(Line { facility: cell(at("facility")).into(), item: cell(item).into(), period, numbers });
    }
    Ok(lines)
}

/// Writes them as such a table; as services where the lines have nothing but `Consumed` and `services` says so.
///
/// # Errors
/// The output cannot be written.
pub fn write(out: impl io::Write, lines: &[Line], services: bool) -> csv::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    let has = |column: &Column| lines.iter().any(|line| line.get(*column).is_some());
    let columns: Vec<Column> = Column::ALL.into_iter().filter(has).collect();
    let item = if services { "element" } else { "product" };
    let names = columns.iter().map(|column| if services { "value" } else { column.name() });
    rows.write_record(["facility", item, "period"].into_iter().chain(names))?;
    for line in lines {
        let numbers =
            columns.iter().map(|column| line.get(*column).map_or_else(String::new, |number| number.to_string()));
        let ids = [line.facility.clone(), line.item.clone(), line.period.to_string()];
        rows.write_record(ids.into_iter().chain(numbers))?;
    }
    rows.flush()?;
    Ok(())
}
