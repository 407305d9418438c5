//! Tables that come back, found by their columns.

use std::io::{self, Read, Seek};

use calamine::{Cell, DataRef, Reader, SheetType, XlsxCellFormula};
use mlatho_model::{Finding, Findings};

use crate::csv_file::Lines;
use crate::guard::guarded;
use crate::plain::comma_separated;
use crate::unreadable;
use crate::xlsx::{Row, Rows, open};

/// Rows in which a header is looked for: a title may stand above it.
const HEAD: usize = 20;

/// A table as it came back. Cells are trimmed texts: numbers as short as they read back, dates as ISO dates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Name of its sheet; empty for a CSV file.
    pub sheet: String,
    header_row: u64,
    columns: Vec<String>,
    rows: Vec<(u64, Cells)>,
}

/// The cells of a row that are not blank, with their columns: a row may be wide and hold little.
type Cells = Vec<(usize, String)>;

fn cells(texts: impl Iterator<Item = impl AsRef<str>>) -> Cells {
    texts.map(|text| text.as_ref().trim().to_owned()).enumerate().filter(|(_, text)| !text.is_empty()).collect()
}

impl Table {
    /// Its rows, in their order.
    pub fn rows(&self) -> impl Iterator<Item = TableRow<'_>> {
        self.rows.iter().map(|(number, cells)| TableRow { columns: &self.columns, number: *number, cells })
    }

    /// Takes a row of a sheet as its header, unless it took one that says more. Whether it has the columns.
    fn take_header(&mut self, row: Row, needed: &[&str]) -> bool {
        let columns = row.cells.into_iter().map(|text| text.trim().to_owned()).collect();
        let header = Self { header_row: row.number, columns, ..Self::default() };
        let whole = header.lacks(needed).is_none();
        if whole || self.columns.is_empty() {
            (self.header_row, self.columns) = (header.header_row, header.columns);
        }
        whole
    }

    fn lacks<'a>(&self, columns: &[&'a str]) -> Option<&'a str> {
        columns.iter().find(|name| !self.columns.iter().any(|column| column == **name)).copied()
    }
}

/// One row of a [`Table`].
#[derive(Clone, Copy, Debug)]
pub struct TableRow<'a> {
    columns: &'a [String],
    /// Its number as an editor shows it, from 1.
    pub number: u64,
    cells: &'a [(usize, String)],
}

impl<'a> TableRow<'a> {
    /// The cell in the column of this name; empty where there is none.
    #[must_use]
    pub fn cell(&self, column: &str) -> &'a str {
        let at = self.columns.iter().position(|name| name == column);
        self.cells.iter().find(|(column, _)| Some(*column) == at).map_or("", |(_, text)| text)
    }
}

/// The tables of a workbook or a CSV file (any delimiter, encoding, gzip) that have these columns in their header,
/// whatever else stands beside, above or on other sheets. Where no table has them, the first column that lacks is told.
///
/// A formula counts as its result; one whose result the file does not hold stands as its own text, `=…`.
///
/// # Errors
/// The input cannot be read.
pub fn read_tables<R: Read + Seek>(file: &str, mut input: R, needed: &[&str]) -> io::Result<(Vec<Table>, Findings)> {
    let mut magic = Vec::new();
    input.by_ref().take(4).read_to_end(&mut magic)?;
    input.rewind()?;
    let mut findings = Vec::new();
    let mut tables = if magic == *b"PK\x03\x04" {
        of_workbook(file, input, needed, &mut findings)
    } else {
        vec![of_csv(file, &comma_separated(input)?, &mut findings)]
    };
    if let Some(first) = tables.first()
        && let Some(column) = first.lacks(needed)
        && tables.iter().all(|table| table.lacks(needed).is_some())
    {
        let finding = Finding::error("missing-column").in_file(file).at(first.header_row, column);
        findings.push(finding.with("column", column).with("found", first.columns.join(", ")));
    }
    tables.retain(|table| table.lacks(needed).is_none());
    Ok((tables, findings))
}

/// One table for each sheet; a sheet that has no such header gives its first row, to be told.
fn of_workbook<R: Read + Seek>(file: &str, input: R, needed: &[&str], findings: &mut Findings) -> Vec<Table> {
    let mut book = match open(input) {
        Ok(book) => book,
        Err(error) => {
            findings.push(unreadable(file, 0, &error));
            return Vec::new();
        }
    };
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let sheets: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
    let mut tables = Vec::new();
    for sheet in sheets {
        let mut reader = match guarded(|| book.worksheet_cells_reader(&sheet)) {
            Ok(reader) => reader,
            Err(error) => {
                findings.push(unreadable(file, 0, &format!("{sheet}: {error}")));
                continue;
            }
        };
        let mut rows = Rows::default();
        let mut table = Table { sheet, ..Table::default() };
        let (mut seen, mut whole) = (0, false);
        loop {
            let row = match rows.read(&mut || guarded(|| reader.next_cell_with_formula().map(|cell| cell.map(result))))
            {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(error) => {
                    findings.push(unreadable(file, 0, &format!("{}: {error}", table.sheet)));
                    break;
                }
            };
            if whole {
                table.rows.push((row.number, cells(row.cells.iter())));
            } else if seen < HEAD {
                whole = table.take_header(row, needed);
                seen += 1;
            }
        }
        tables.push(table);
    }
    tables
}

/// What a cell says: its value, or the formula whose result nobody has worked out.
fn result(cell: XlsxCellFormula<'_>) -> Cell<DataRef<'_>> {
    let value = match cell.formula {
        Some(formula) if cell.value == DataRef::Empty => DataRef::String(format!("={formula}")),
        _ => cell.value,
    };
    Cell::new(cell.pos, value)
}

fn of_csv(file: &str, bytes: &[u8], findings: &mut Findings) -> Table {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let header = reader.headers().cloned().unwrap_or_default();
    let columns = header.iter().map(str::to_owned).collect();
    let mut table = Table { header_row: 1, columns, ..Table::default() };
    let lines = Lines::ending_as_in(bytes);
    let mut found = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut found) {
            Ok(true) => {
                let line = lines.of(found.as_byte_record(), reader.position().line());
                table.rows.push((line, cells(found.iter())));
            }
            Ok(false) => return table,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                findings.push(Finding::error("bad-row").in_file(file).at(line, "").with("reason", error.to_string()));
            }
        }
    }
}
