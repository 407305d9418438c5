//! Records and findings as lines of JSON: how a process that reads a file in confinement hands them over. What comes
//! back is no more trusted than the file.

use std::io::{self, BufRead, Read, Write};
use std::ops::ControlFlow;

use mlatho_model::{Arg, Code, Decimal, Finding, Measure, RawRecord, RawValue, RecordSink, Severity, Unit, Value};
use serde::{Deserialize, Serialize};

/// A line longer than this ends the reading.
const LONGEST_LINE: u64 = 4 << 20;

/// Codes and names of arguments that readers in confinement use; a finding with another one is not believed.
const CODES: [Code; 12] = [
    "unreadable",
    "empty-file",
    "missing-table",
    "unreadable-table",
    "unreadable-rows",
    "missing-org-unit",
    "missing-item",
    "bad-period",
    "not-a-number",
    "several-lines-of-one-product",
    "adjustments-without-line",
    "flagged-by-source",
];
const ARGS: [&str; 6] = ["reason", "table", "found", "count", "text", "flags"];

#[derive(Serialize, Deserialize)]
enum Line {
    #[serde(rename = "r")]
    Record(Box<Record>),
    #[serde(rename = "f")]
    Finding(Told),
    /// The last line of a reading that came to its end.
    #[serde(rename = "e")]
    End,
}

#[derive(Serialize, Deserialize)]
struct Record {
    position: u64,
    org_unit: String,
    org_unit_name: String,
    item: String,
    item_name: String,
    disaggregation: String,
    period: mlatho_model::Period,
    status: String,
    reported_at: String,
    report: String,
    line: String,
    version: u64,
    comment: String,
    date: String,
    values: Vec<Number>,
}

#[derive(Serialize, Deserialize)]
struct Number {
    measure: String,
    state: String,
    reported: Option<Decimal>,
    unit: String,
    column: String,
}

#[derive(Serialize, Deserialize)]
struct Told {
    code: String,
    severity: String,
    row: u64,
    column: String,
    args: Vec<(String, String, bool)>,
}

/// Writes what a reader finds. The name of the file stays with whoever asked.
pub struct LineWriter<W: Write> {
    out: W,
    failure: Option<io::Error>,
}

impl<W: Write> LineWriter<W> {
    pub const fn new(out: W) -> Self {
        Self { out, failure: None }
    }

    fn line(&mut self, line: &Line) {
        if self.failure.is_none() {
            let written = serde_json::to_writer(&mut self.out, line).map_err(io::Error::from);
            self.failure = written.and_then(|()| self.out.write_all(b"\n")).err();
        }
    }

    /// Ends the lines.
    ///
    /// # Errors
    /// The output could not be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.line(&Line::End);
        self.failure.map_or_else(|| self.out.flush(), Err)
    }
}

impl<W: Write> RecordSink for LineWriter<W> {
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        let number = |raw: &RawValue<'_>| Number {
            measure: raw.measure.name().into(),
            state: raw.value.state().to_string(),
            reported: raw.value.reported(),
            unit: raw.unit.map_or("", Unit::as_str).into(),
            column: raw.column.into(),
        };
        self.line(&Line::Record(Box::new(Record {
            position: record.position,
            org_unit: record.org_unit.into(),
            org_unit_name: record.org_unit_name.into(),
            item: record.item.into(),
            item_name: record.item_name.into(),
            disaggregation: record.disaggregation.into(),
            period: record.period,
            status: record.status.into(),
            reported_at: record.reported_at.into(),
            report: record.report.into(),
            line: record.line.into(),
            version: record.version,
            comment: record.comment.into(),
            date: record.date.into(),
            values: record.values.iter().map(number).collect(),
        })));
        if self.failure.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn finding(&mut self, finding: Finding) {
        let arg = |(name, value): &(&str, Arg)| match value {
            Arg::Text(text) => ((*name).to_owned(), text.to_string(), false),
            Arg::Number(number) => ((*name).to_owned(), number.to_string(), true),
        };
        self.line(&Line::Finding(Told {
            code: finding.code.into(),
            severity: finding.severity.name().into(),
            row: finding.place.row,
            column: finding.place.column.to_string(),
            args: finding.args.iter().map(arg).collect(),
        }));
    }
}

/// How the lines of a reading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With their last line: the whole file was read.
    Whole,
    /// The sink wants no more.
    Stopped,
    /// Before their last line, or in one that cannot be read.
    Cut,
}

/// Gives what lines hold to a sink, as what was found in `file`.
pub fn read_lines(file: &str, mut input: impl BufRead, sink: &mut dyn RecordSink) -> Ending {
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if !matches!(input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut bytes), Ok(1..)) {
            return Ending::Cut;
        }
        match serde_json::from_slice(&bytes) {
            Ok(Line::End) => return Ending::Whole,
            Ok(Line::Record(record)) => match record.give(sink) {
                Some(ControlFlow::Continue(())) => {}
                Some(ControlFlow::Break(())) => return Ending::Stopped,
                None => return Ending::Cut,
            },
            Ok(Line::Finding(told)) => match told.finding(file) {
                Some(finding) => sink.finding(finding),
                None => return Ending::Cut,
            },
            Err(_) => return Ending::Cut,
        }
    }
}

impl Record {
    /// Nothing: a number of the record is none of ours.
    fn give(&self, sink: &mut dyn RecordSink) -> Option<ControlFlow<()>> {
        let mut numbers = Vec::with_capacity(self.values.len());
        for number in &self.values {
            let value = Value::from_state(&number.state, number.reported).ok()?;
            numbers.push((Measure::named(&number.measure).ok()?, value, Unit::named(&number.unit), &number.column));
        }
        let values: Vec<RawValue<'_>> = numbers
            .iter()
            .map(|(measure, value, unit, column)| RawValue {
                measure,
                value: value.clone(),
                unit: unit.as_ref(),
                column,
            })
            .collect();
        Some(sink.record(&RawRecord {
            position: self.position,
            org_unit: &self.org_unit,
            org_unit_name: &self.org_unit_name,
            item: &self.item,
            item_name: &self.item_name,
            disaggregation: &self.disaggregation,
            period: self.period,
            status: &self.status,
            reported_at: &self.reported_at,
            report: &self.report,
            line: &self.line,
            version: self.version,
            comment: &self.comment,
            date: &self.date,
            values: &values,
        }))
    }
}

impl Told {
    /// Nothing: it has a code that no reader in confinement uses.
    fn finding(&self, file: &str) -> Option<Finding> {
        let code = CODES.into_iter().find(|code| *code == self.code)?;
        let severity: Severity = self.severity.parse().ok()?;
        let mut finding = Finding::new(code, severity).in_file(file).at(self.row, &self.column);
        for (name, text, is_number) in &self.args {
            let name = ARGS.into_iter().find(|known| known == name)?;
            finding = match text.parse::<Decimal>() {
                Ok(number) if *is_number => finding.with(name, number),
                _ => finding.with(name, text.as_str()),
            };
        }
        Some(finding)
    }
}
