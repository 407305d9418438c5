//! Reads a text and shows records and findings as short lines.

use std::fmt::Write;
use std::io::Cursor;
use std::ops::ControlFlow;

use mlatho_formats::{Format, Layout, read};
use mlatho_model::{Finding, RawRecord, RecordSink};

#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) records: Vec<String>,
    pub(crate) findings: Vec<String>,
}

impl RecordSink for Seen {
    /// `row org_unit item[/split] period measure=value …`
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        let split =
            if record.disaggregation.is_empty() { String::new() } else { format!("/{}", record.disaggregation) };
        let mut line = format!("{} {} {}{split} {}", record.position, record.org_unit, record.item, record.period);
        for raw in record.values {
            let value = raw.value.reported().map_or_else(|| raw.value.state().to_string(), |number| number.to_string());
            write!(line, " {}={value}", raw.measure).unwrap();
        }
        self.records.push(line);
        ControlFlow::Continue(())
    }

    /// `row column code`
    fn finding(&mut self, finding: Finding) {
        self.findings.push(format!("{} {} {}", finding.place.row, finding.place.column, finding.code));
    }
}

pub(crate) fn seen(format: Format, layout: Option<&str>, bytes: &[u8]) -> Seen {
    let layout = layout.map(|text| Layout::parse(text).unwrap());
    let mut seen = Seen::default();
    read(format, layout.as_ref(), "f", Cursor::new(bytes), &mut seen);
    seen
}
