//! Records as plain rows: what `mlatho read` writes, and what may be read again without a layout.

use std::io::{self, Read, Write};
use std::ops::ControlFlow;

use csv::{ByteRecord, StringRecord};
use mlatho_model::{Finding, MissingReason, RawRecord, RawValue, RecordSink, Unit, Value};

use crate::csv_file::Lines;
use crate::input::lossless;
use crate::number;
use crate::table::{measure_or_value, not_a_number};
use crate::unreadable;

/// The columns, in order.
pub const COLUMNS: [&str; 14] = [
    "source",
    "position",
    "org_unit",
    "org_unit_name",
    "item",
    "item_name",
    "measure",
    "disaggregation",
    "period",
    "value",
    "state",
    "unit",
    "status",
    "reported_at",
];

/// Writes one row for each number of each record, and keeps the findings.
pub struct RowWriter<'a, W: Write> {
    out: csv::Writer<W>,
    source: &'a str,
    findings: Vec<Finding>,
    failure: Option<csv::Error>,
}

impl<'a, W: Write> RowWriter<'a, W> {
    /// `source` fills the column of that name: the file.
    pub fn new(out: W, source: &'a str) -> Self {
        let mut out = csv::Writer::from_writer(out);
        let failure = out.write_record(COLUMNS).err();
        Self { out, source, findings: Vec::new(), failure }
    }

    /// Ends the writing and gives the findings.
    ///
    /// # Errors
    /// The output could not be written.
    pub fn finish(mut self) -> io::Result<Vec<Finding>> {
        if let Some(error) = self.failure {
            return Err(error.into());
        }
        self.out.flush()?;
        Ok(self.findings)
    }

    fn write(&mut self, record: &RawRecord<'_>) -> csv::Result<()> {
        for raw in record.values {
            let number = raw.value.reported().map(|number| number.to_string()).unwrap_or_default();
            self.out.write_record([
                self.source,
                &record.position.to_string(),
                record.org_unit,
                record.org_unit_name,
                record.item,
                record.item_name,
                raw.measure.name(),
                record.disaggregation,
                &record.period.to_string(),
                &number,
                &raw.value.state().to_string(),
                raw.unit.map_or("", Unit::as_str),
                record.status,
                record.reported_at,
            ])?;
        }
        Ok(())
    }
}

impl<W: Write> RecordSink for RowWriter<'_, W> {
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        if self.failure.is_none() {
            self.failure = self.write(record).err();
        }
        if self.failure.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn finding(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

/// Reads a CSV file that needs no layout because its header already has the columns of [`COLUMNS`]; at least
/// `org_unit`, `period` and `value`.
pub(crate) fn read<R: Read>(file: &str, reader: &mut csv::Reader<R>, lines: &Lines, sink: &mut dyn RecordSink) {
    let mut record = ByteRecord::new();
    match reader.read_byte_record(&mut record) {
        Ok(true) => {}
        Ok(false) => return sink.finding(Finding::error("empty-file").in_file(file)),
        Err(error) => return sink.finding(unreadable(file, 0, &error)),
    }
    let header: Vec<String> = record.iter().map(|cell| lossless(cell).trim().to_lowercase()).collect();
    let at = |name: &str| header.iter().position(|cell| cell == name);
    if ["org_unit", "period", "value"].iter().any(|needed| at(needed).is_none()) {
        return sink.finding(Finding::error("layout-needed").in_file(file).at(1, "").with("found", header.join(", ")));
    }
    let places = COLUMNS.map(at);
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return sink.finding(unreadable(file, reader.position().line(), &error)),
        }
        let row = lines.of(&record, reader.position().line());
        let cells: StringRecord = record.iter().map(lossless).collect();
        let place = |name: &str| COLUMNS.iter().position(|column| *column == name).and_then(|index| places[index]);
        let cell = |name: &str| place(name).and_then(|at| cells.get(at)).unwrap_or_default().trim();
        let Ok(period) = cell("period").parse() else {
            sink.finding(Finding::error("bad-period").in_file(file).at(row, "period").with("text", cell("period")));
            continue;
        };
        if cell("org_unit").is_empty() {
            sink.finding(Finding::error("missing-org-unit").in_file(file).at(row, "org_unit"));
            continue;
        }
        let number = number::parse(cell("value"));
        let value = match (cell("state"), cell("value")) {
            ("", "") => Value::Missing(MissingReason::Blank),
            ("", _) => number.map_or(Value::Missing(MissingReason::NotANumber), Value::Reported),
            (state, _) => match Value::from_state(state, number) {
                Ok(value) => value,
                Err(error) => {
                    let finding = Finding::error("bad-state").in_file(file).at(row, "state");
                    sink.finding(finding.with("text", error.found));
                    continue;
                }
            },
        };
        if cell("state").is_empty() && value == Value::Missing(MissingReason::NotANumber) {
            sink.finding(not_a_number(file, row, "value", cell("value")));
        }
        let name = if cell("measure").is_empty() { cell("item") } else { cell("measure") };
        let (measure, unit) = (measure_or_value(name), Unit::named(cell("unit")));
        let flow = sink.record(&RawRecord {
            position: row,
            org_unit: cell("org_unit"),
            org_unit_name: cell("org_unit_name"),
            item: cell("item"),
            item_name: cell("item_name"),
            disaggregation: cell("disaggregation"),
            status: cell("status"),
            reported_at: cell("reported_at"),
            ..RawRecord::new(period, &[RawValue { measure: &measure, value, unit: unit.as_ref(), column: "value" }])
        });
        if flow.is_break() {
            return;
        }
    }
}
