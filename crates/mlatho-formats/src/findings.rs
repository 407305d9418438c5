//! Findings as CSV.

use std::io::{self, Write};

use mlatho_model::Finding;

/// Writes `file,row,column,code,severity,message`. The row is blank where a finding is about the whole file; `message`
/// gives the text in the person's language.
///
/// # Errors
/// The output cannot be written.
pub fn write(out: impl Write, findings: &[Finding], message: impl Fn(&Finding) -> String) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(["file", "row", "column", "code", "severity", "message"])?;
    for finding in findings {
        let place = &finding.place;
        let row = if place.row == 0 { String::new() } else { place.row.to_string() };
        writer.write_record([
            &place.file,
            row.as_str(),
            &place.column,
            finding.code,
            finding.severity.name(),
            &message(finding),
        ])?;
    }
    writer.flush()
}
