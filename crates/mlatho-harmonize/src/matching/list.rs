//! The plain lists of `mlatho match`: registers in, links out.

use std::io::{self, Write};

use mlatho_model::{Finding, Findings};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::{Evidence, Proposal};

/// A register as a table: rows with an id and a name, and whatever else is known of them.
#[derive(Clone, Debug, Default)]
pub struct List {
    columns: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    line: u64,
    cells: csv::StringRecord,
}

impl List {
    /// Reads a table of comma-separated values with a header that has at least `id` and `name`, in any case. A row
    /// without an id or a name, and one whose id another row has already, is told and left out.
    #[must_use]
    pub fn read(file: &str, bytes: &[u8]) -> (Self, Findings) {
        let (mut list, mut findings) = Self::table(file, bytes, &["id", "name"]);
        let mut first: FxHashMap<String, u64> = FxHashMap::default();
        let (columns, rows) = (list.columns, std::mem::take(&mut list.rows));
        list = Self { columns, rows: Vec::with_capacity(rows.len()) };
        for row in rows {
            let cell = |name| list.column(name).and_then(|at| row.cells.get(at)).unwrap_or_default();
            if let Some(blank) = ["id", "name"].into_iter().find(|name| cell(name).is_empty()) {
                let finding = Finding::error("missing-name").in_file(file).at(row.line, blank);
                findings.push(finding.with("column", blank));
                continue;
            }
            let id = cell("id").to_owned();
            if let Some(line) = first.get(&id) {
                let finding = Finding::error("duplicate-id").in_file(file).at(row.line, "id");
                findings.push(finding.with("id", id).with("first", *line));
                continue;
            }
            first.insert(id, row.line);
            list.rows.push(row);
        }
        (list, findings)
    }

    /// Reads a table that must have these columns.
    pub(super) fn table(file: &str, bytes: &[u8], needed: &[&'static str]) -> (Self, Findings) {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
        let mut findings = Vec::new();
        let header = reader.headers().cloned().unwrap_or_default();
        let columns: Vec<String> = header.iter().map(str::to_lowercase).collect();
        let mut list = Self { columns, rows: Vec::new() };
        for name in needed.iter().filter(|name| list.column(name).is_none()) {
            let finding = Finding::error("missing-column").in_file(file).at(1, name);
            findings.push(finding.with("column", *name).with("found", header.iter().collect::<Vec<_>>().join(", ")));
        }
        if !findings.is_empty() {
            return (list, findings);
        }
        let mut cells = csv::StringRecord::new();
        loop {
            match reader.read_record(&mut cells) {
                Ok(true) if cells.iter().all(str::is_empty) => {}
                Ok(true) => {
                    let line = cells.position().map_or(0, csv::Position::line);
                    list.rows.push(Row { line, cells: cells.clone() });
                }
                Ok(false) => return (list, findings),
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    let finding = Finding::error("bad-row").in_file(file).at(line, "");
                    findings.push(finding.with("reason", error.to_string()));
                }
            }
        }
    }

    /// Adds records of which no more is known than their ids and names, but those whose id the list has. A blank name is
    /// the id.
    pub fn add<'a>(&mut self, records: impl IntoIterator<Item = (&'a str, &'a str)>) {
        for column in ["id", "name"] {
            if self.column(column).is_none() {
                self.columns.push(column.into());
            }
        }
        let mut known: FxHashSet<String> = self.ids().map(str::to_owned).collect();
        for (id, name) in records {
            if known.insert(id.to_owned()) {
                let cell = |column: &String| match column.as_str() {
                    "id" => id,
                    "name" if name.is_empty() => id,
                    "name" => name,
                    _ => "",
                };
                self.rows.push(Row { line: 0, cells: self.columns.iter().map(cell).collect() });
            }
        }
    }

    /// Rows that can be used.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no such row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// A cell, trimmed; empty where there is none.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|row| row.cells.get(column)).unwrap_or_default()
    }

    /// The cell in the column of this name; empty where there is none.
    pub fn named(&self, row: usize, column: &str) -> &str {
        self.column(column).map_or("", |column| self.cell(row, column))
    }

    /// What a row says beside its id and its name, by column; blank cells are left out.
    #[must_use]
    pub fn known(&self, row: usize) -> Vec<(String, String)> {
        let cells = self.columns.iter().enumerate().map(|(at, column)| (column.clone(), self.cell(row, at).to_owned()));
        cells.filter(|(column, cell)| !cell.is_empty() && column != "id" && column != "name").collect()
    }

    /// Line of a row in the file, counted from 1; 0 for a row that is not there.
    pub fn line(&self, row: usize) -> u64 {
        self.rows.get(row).map_or(0, |row| row.line)
    }

    /// The ids in the order of the rows.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let column = self.column("id").unwrap_or(usize::MAX);
        (0..self.len()).map(move |row| self.cell(row, column))
    }
}

/// Reads the links of a crosswalk, `left_id,right_id`. Rows that name no right record, and in a result of `mlatho match`
/// those that are not `assigned`, are no links.
#[must_use]
pub fn read_links(file: &str, bytes: &[u8]) -> (Vec<(String, String)>, Findings) {
    let (table, mut findings) = List::table(file, bytes, &["left_id", "right_id"]);
    let mut seen = FxHashSet::default();
    let mut links = Vec::new();
    for row in 0..table.len() {
        let (left, right) = (table.named(row, "left_id").to_owned(), table.named(row, "right_id").to_owned());
        if left.is_empty() {
            let finding = Finding::error("missing-name").in_file(file).at(table.line(row), "left_id");
            findings.push(finding.with("column", "left_id"));
        } else if !right.is_empty()
            && table.named(row, "assigned") != "false"
            && seen.insert((left.clone(), right.clone()))
        {
            links.push((left, right));
        }
    }
    (links, findings)
}

/// The columns of [`write_links`].
pub const LINK_COLUMNS: [&str; 8] =
    ["left_id", "right_id", "rank", "score_bits", "probability", "assigned", "decision", "evidence"];

/// One row of a result, by column of [`LINK_COLUMNS`].
pub fn link_row(left: &List, right: &List, proposal: &Proposal) -> [String; 8] {
    let mut row = csv::ByteRecord::new();
    link_cells(left, right, proposal, &mut row, &mut Vec::new());
    std::array::from_fn(|at| String::from_utf8_lossy(row.get(at).unwrap_or_default()).into_owned())
}

/// Puts the cells of one row into `row`; `text` is room to write them in.
fn link_cells(left: &List, right: &List, proposal: &Proposal, row: &mut csv::ByteRecord, text: &mut Vec<u8>) {
    let mut cell = |row: &mut csv::ByteRecord, write: &dyn Fn(&mut Vec<u8>) -> io::Result<()>| {
        text.clear();
        // Writing into memory does not fail.
        let _ = write(text);
        row.push_field(text);
    };
    row.clear();
    row.push_field(left.named(proposal.left, "id").as_bytes());
    row.push_field(proposal.right.map_or("", |at| right.named(at, "id")).as_bytes());
    cell(row, &|text| write!(text, "{}", proposal.rank));
    cell(row, &|text| write!(text, "{:.3}", proposal.score_bits));
    cell(row, &|text| write!(text, "{:.4}", proposal.probability));
    row.push_field(if proposal.assigned { b"true" } else { b"false" });
    row.push_field(proposal.decision.name().as_bytes());
    cell(row, &|text| Ok(serde_json::to_writer(text, &proposal.evidence)?));
}

/// Writes proposals as `left_id,right_id,rank,score_bits,probability,assigned,decision,evidence`.
///
/// # Errors
/// The output cannot be written.
pub fn write_links(
    out: impl Write,
    left: &List,
    right: &List,
    proposals: impl Iterator<Item = Proposal>,
) -> csv::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(LINK_COLUMNS)?;
    let (mut row, mut text) = (csv::ByteRecord::new(), Vec::new());
    for proposal in proposals {
        link_cells(left, right, &proposal, &mut row, &mut text);
        rows.write_byte_record(&row)?;
    }
    Ok(rows.flush()?)
}

/// Evidence as a JSON list of `{feature, finding, bits}`.
pub fn evidence_json(evidence: &[Evidence]) -> Value {
    // Texts and finite numbers always have a form.
    serde_json::to_value(evidence).unwrap_or_default()
}

/// The same as text.
pub fn evidence_text(evidence: &[Evidence]) -> String {
    serde_json::to_string(evidence).unwrap_or_default()
}
