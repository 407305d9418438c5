//! Proposes a layout for a table from its first rows.

mod sample;
mod shape;
mod words;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::{Cursor, Read, Seek};
use std::ops::ControlFlow;

use mlatho_model::{Finding, Findings, RawRecord, RecordSink};

use crate::{Format, Layout, read, unreadable};
use sample::Sample;
use shape::{Columns, Shaped};

/// What is wrong with the first rows is shown up to this many times.
const MOST_FINDINGS: usize = 20;

/// A layout proposed for a file, and how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// `csv` or `xlsx`.
    pub format: Format,
    /// The layout file.
    pub layout: String,
    /// What each column was taken for, in their order.
    pub columns: Vec<Understood>,
    /// Rows of the sample below the header.
    pub rows: usize,
    /// Numbers that the layout reads from the sample, and cells that it finds blank.
    pub numbers: usize,
    pub missing: usize,
    /// What the layout lacks, and what it finds wrong with the sample.
    pub findings: Findings,
}

/// A column and what it was taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understood {
    /// From 1.
    pub number: usize,
    pub header: String,
    /// A key of the layout, or a measure; blank where nothing was recognized.
    pub meaning: String,
    /// The first cell that says anything.
    pub example: String,
}

/// Proposes a layout for a table (CSV, or a workbook) from its first rows. The proposal is tried on them.
///
/// # Errors
/// The file cannot be read, or there is no table in it.
pub fn suggest<R: Read + Seek>(file: &str, mut input: R) -> Result<Suggestion, Finding> {
    let sample = Sample::take(file, &mut input)?;
    let shaped = Shaped::of(&sample).ok_or_else(|| Finding::error("no-table").in_file(file))?;
    let text = write(&sample, &shaped);
    let layout = Layout::parse(&text).map_err(|error| unreadable(file, 0, &error))?;
    let mut tried = Tried::default();
    let bytes = sample.as_csv();
    let format = sample.format();
    let mut on_sample = layout;
    (on_sample.sheet, on_sample.delimiter) = (None, Some(','));
    read(Format::Csv, Some(&on_sample), file, Cursor::new(bytes), &mut tried);
    let mut findings: Findings = lacking(&shaped).into_iter().map(|finding| finding.in_file(file)).collect();
    // Where something is lacking, every row lacks it.
    let complete = findings.is_empty();
    findings.extend(tried.findings.into_iter().filter(|_| complete).take(MOST_FINDINGS));
    Ok(Suggestion {
        format,
        layout: text,
        columns: shaped.understood(&sample),
        rows: shaped.data_rows(&sample),
        numbers: tried.numbers,
        missing: tried.missing,
        findings,
    })
}

/// What a table needs and has not got.
fn lacking(shaped: &Shaped) -> Vec<Finding> {
    let mut lacking = Vec::new();
    if !shaped.names_org_units() {
        lacking.push(Finding::error("suggest-no-org-unit"));
    }
    if !shaped.names_periods() {
        lacking.push(Finding::error("suggest-no-period"));
    }
    if !shaped.has_values() {
        lacking.push(Finding::error("suggest-no-values"));
    }
    lacking
}

/// Counts what a layout reads.
#[derive(Default)]
struct Tried {
    numbers: usize,
    missing: usize,
    findings: Findings,
}

impl RecordSink for Tried {
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        let numbers = record.values.iter().filter(|raw| raw.value.reported().is_some()).count();
        self.numbers += numbers;
        self.missing += record.values.len() - numbers;
        ControlFlow::Continue(())
    }

    fn finding(&mut self, finding: Finding) {
        // The sample has commas and only one sheet; its cells and rows are those of the file.
        self.findings.push(finding);
    }
}

/// Writes the layout file.
fn write(sample: &Sample, shaped: &Shaped) -> String {
    let mut out = String::new();
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    // Writing to memory does not fail.
    let _ = writeln!(out, "shape = \"{}\"", shaped.shape());
    if let Some(sheet) = &sample.sheet {
        let _ = writeln!(out, "sheet = {}", quoted(sheet));
    }
    if let Some(delimiter) = sample.delimiter {
        let _ = writeln!(out, "delimiter = {}", quoted(&delimiter.to_string()));
    }
    if shaped.first_row > 1 {
        let _ = writeln!(out, "first_row = {}", shaped.first_row);
    }
    let _ = writeln!(out, "header_rows = {}", shaped.header_rows);
    let column = |at: usize| match shaped.unique_header(at) {
        Some(header) => quoted(header),
        None => (at + 1).to_string(),
    };
    let _ = writeln!(out, "\n[columns]");
    let mut roles: BTreeMap<_, usize> = shaped.roles.clone();
    let year_month = shaped.year_month();
    roles.retain(|role, _| !matches!(role, words::Role::Year | words::Role::Month));
    for (role, at) in roles {
        let _ = writeln!(out, "{} = {}", role.key(), column(at));
    }
    match &shaped.columns {
        Columns::Named => {}
        Columns::From(first) => {
            let _ = writeln!(out, "first_value = {}", first + 1);
        }
        Columns::Pattern(pattern) => {
            let _ = writeln!(out, "pattern = {}", quoted(pattern));
        }
    }
    if shaped.names_periods() {
        let _ = writeln!(out, "\n[period]");
        if let Some(kind) = shaped.period_type {
            let _ = writeln!(out, "type = \"{}\"", kind.name().to_lowercase());
        }
        if let Some(format) = shaped.period_format.filter(|_| year_month.is_none()) {
            let _ = writeln!(out, "format = \"{format}\"");
        }
        if let Some([year, month]) = year_month {
            let _ = writeln!(out, "from = [{}, {}]", column(year), column(month));
        }
    }
    for (header, measure) in &shaped.measures {
        let _ = writeln!(out, "\n[[measures]]");
        if let Some(header) = header {
            let _ = writeln!(out, "column = {}", quoted(header));
        }
        let _ = writeln!(out, "measure = {}", quoted(measure.name()));
    }
    out
}
