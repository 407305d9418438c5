//! Rows of the tables that people keep in a project.

use std::sync::Arc;

use jiff::civil::Date;
use mlatho_model::{Code, Factor, Finding};

/// What the findings about a kind of table are called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Codes {
    /// A cell cannot be read.
    pub(crate) row: Code,
    pub(crate) blank: Code,
    pub(crate) unreadable: Code,
    pub(crate) ends_before_start: Code,
}

/// A record with its header, so that cells are asked for by name.
pub(crate) struct Row<'a> {
    pub(crate) file: &'a Arc<str>,
    pub(crate) line: u64,
    codes: Codes,
    header: &'a csv::StringRecord,
    cells: &'a csv::StringRecord,
}

impl Row<'_> {
    /// The cell, trimmed; empty where the file has no such column.
    pub(crate) fn cell(&self, column: &str) -> &str {
        let at = self.header.iter().position(|name| name == column);
        at.and_then(|at| self.cells.get(at)).unwrap_or_default()
    }

    pub(crate) fn finding(&self, code: &'static str, column: &str) -> Finding {
        Finding::error(code).in_file(self.file).at(self.line, column).with("column", column)
    }

    /// A cell that cannot be read; `expected` shows what could be.
    pub(crate) fn bad(&self, column: &str, expected: &str) -> Finding {
        self.finding(self.codes.row, column).with("found", self.cell(column)).with("expected", expected)
    }

    pub(crate) fn filled(&self, column: &str) -> Result<&str, Finding> {
        match self.cell(column) {
            "" => Err(self.finding(self.codes.blank, column)),
            text => Ok(text),
        }
    }

    fn date(&self, column: &str) -> Result<Option<Date>, Finding> {
        match self.cell(column) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| self.bad(column, "YYYY-MM-DD")),
        }
    }

    pub(crate) fn factor(&self, column: &str) -> Result<Factor, Finding> {
        match self.cell(column) {
            "" => Ok(Factor::ONE),
            text => text.parse().map_err(|_| self.bad(column, "30, 0.5, 1/3")),
        }
    }

    /// The first and the last day on which the row holds, where it says so.
    pub(crate) fn validity(&self) -> Result<(Option<Date>, Option<Date>), Finding> {
        let (from, to) = (self.date("valid_from")?, self.date("valid_to")?);
        match (from, to) {
            (Some(from), Some(to)) if to < from => {
                let finding = self.finding(self.codes.ends_before_start, "valid_to");
                Err(finding.with("from", from.to_string()).with("to", to.to_string()))
            }
            dates => Ok(dates),
        }
    }
}

/// Goes through the rows of a CSV file that are not blank; a row that cannot be read, and a needed column that is
/// absent, are told.
pub(crate) fn each_row(
    file: &Arc<str>,
    bytes: &[u8],
    codes: Codes,
    needed: &[&str],
    findings: &mut Vec<Finding>,
    mut take: impl FnMut(&Row<'_>) -> Result<(), Finding>,
) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter(bytes)).trim(csv::Trim::All).flexible(true).from_reader(bytes);
    let unreadable = |line, error: &csv::Error| {
        Finding::error(codes.unreadable).in_file(file).at(line, "").with("reason", error.to_string())
    };
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            findings.push(unreadable(1, &error));
            return;
        }
    };
    if let Some(column) = needed.iter().find(|column| !header.iter().any(|name| name == **column)) {
        let found = header.iter().collect::<Vec<_>>().join(", ");
        let finding = Finding::error("missing-column").in_file(file).at(1, column);
        findings.push(finding.with("column", *column).with("found", found));
        return;
    }
    let mut cells = csv::StringRecord::new();
    loop {
        let before = reader.position().line();
        match reader.read_record(&mut cells) {
            Ok(false) => return,
            Ok(true) if cells.iter().all(str::is_empty) => {}
            Ok(true) => {
                let line = cells.position().map_or(before, csv::Position::line);
                if cells.len() > header.len() {
                    let finding = Finding::error("too-many-cells").in_file(file).at(line, "");
                    findings.push(finding.with("found", cells.len()).with("expected", header.len()));
                    continue;
                }
                findings.extend(take(&Row { file, line, codes, header: &header, cells: &cells }).err());
            }
            Err(error) => findings.push(unreadable(error.position().map_or(before, csv::Position::line), &error)),
        }
    }
}

/// Comma, semicolon or tab: whichever the header has most of.
fn delimiter(bytes: &[u8]) -> u8 {
    let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: &u8| header.split(|byte| byte == delimiter).count();
    b"\t;,".iter().copied().max_by_key(count).unwrap_or(b',')
}
