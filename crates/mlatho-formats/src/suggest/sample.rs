//! The first rows of a table as text.

use std::io::{Read, Seek};

use mlatho_model::Finding;

use crate::csv_file::{NumberedRows, sample_rows};
use crate::{Format, unreadable, xlsx};

/// Rows that are looked at.
pub(super) const MOST_ROWS: usize = 200;
/// Columns that are looked at.
const MOST_COLUMNS: usize = 4_000;

/// The first rows of a table with their numbers; rows without text are left out.
pub(super) struct Sample {
    pub(super) sheet: Option<String>,
    /// Where it is no comma.
    pub(super) delimiter: Option<char>,
    pub(super) rows: NumberedRows,
}

impl Sample {
    /// # Errors
    /// The file cannot be read, or is empty.
    pub(super) fn take<R: Read + Seek>(file: &str, input: &mut R) -> Result<Self, Finding> {
        let mut magic = [0; 2];
        let is_book = input.read_exact(&mut magic).is_ok() && magic == *b"PK";
        input.rewind().map_err(|error| unreadable(file, 0, &error))?;
        let mut sample = if is_book {
            let (sheet, rows) = xlsx::sample_rows(input, MOST_ROWS).map_err(|error| unreadable(file, 0, &error))?;
            Self { sheet: Some(sheet), delimiter: None, rows }
        } else {
            let (delimiter, rows) = sample_rows(input, MOST_ROWS).map_err(|error| unreadable(file, 0, &error))?;
            let delimiter = (delimiter != b',').then_some(char::from(delimiter));
            Self { sheet: None, delimiter, rows }
        };
        for (_, cells) in &mut sample.rows {
            cells.truncate(MOST_COLUMNS);
            cells.iter_mut().for_each(|cell| *cell = cell.trim().to_owned());
        }
        sample.rows.retain(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
        if sample.rows.is_empty() { Err(Finding::error("empty-file").in_file(file)) } else { Ok(sample) }
    }

    pub(super) const fn format(&self) -> Format {
        if self.sheet.is_some() { Format::Xlsx } else { Format::Csv }
    }

    /// The sample as CSV with each row on its own line.
    pub(super) fn as_csv(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut line = 1;
        for (number, cells) in &self.rows {
            while line < *number {
                out.push(b'\n');
                line += 1;
            }
            let quoted: Vec<String> = cells
                .iter()
                .map(|cell| format!("\"{}\"", cell.replace(['\n', '\r'], " ").replace('"', "\"\"")))
                .collect();
            out.extend_from_slice(quoted.join(",").as_bytes());
            out.push(b'\n');
            line += 1;
        }
        out
    }
}
