//! What a reader gives, kept as plain rows.

use std::io::{Read, Seek};
use std::ops::ControlFlow;

use mlatho_formats::{Format, Layout};
use mlatho_model::{Finding, RawRecord, RecordSink};

#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) rows: Vec<Row>,
    pub(crate) findings: Vec<Finding>,
}

/// One number of a record; its value is blank where none was reported.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) position: u64,
    pub(crate) org_unit: String,
    pub(crate) item: String,
    pub(crate) measure: String,
    pub(crate) period: String,
    pub(crate) value: String,
    pub(crate) state: String,
    pub(crate) status: String,
    pub(crate) line: String,
}

impl RecordSink for Rows {
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        self.rows.extend(record.values.iter().map(|raw| Row {
            position: record.position,
            org_unit: record.org_unit.into(),
            item: record.item.into(),
            measure: raw.measure.name().into(),
            period: record.period.to_string(),
            value: raw.value.reported().map(|number| number.to_string()).unwrap_or_default(),
            state: raw.value.state().to_string(),
            status: record.status.into(),
            line: record.line.into(),
        }));
        ControlFlow::Continue(())
    }

    fn finding(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

pub(crate) fn read(format: Format, layout: Option<&str>, input: impl Read + Seek) -> Rows {
    let layout = layout.map(|text| Layout::parse(text).unwrap());
    let mut rows = Rows::default();
    mlatho_formats::read(format, layout.as_ref(), "file", input, &mut rows);
    rows
}
