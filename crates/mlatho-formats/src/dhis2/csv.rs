//! Data value sets in CSV.

use std::io::{self, Read, Write};

use csv::{ByteRecord, Position};
use mlatho_model::RecordSink;

use super::DataValue;
use super::incoming::Incoming;
use crate::input::lossless;
use crate::unreadable;

/// The order that both import engines of DHIS2 take: by position in one, by name in the other.
const COLUMNS: [&str; 10] = [
    "dataelement",
    "period",
    "orgunit",
    "categoryoptioncombo",
    "attributeoptioncombo",
    "value",
    "storedby",
    "timestamp",
    "comment",
    "followup",
];

/// Reads a data value set, with or without a header, by name where there is one.
pub(crate) fn read(file: &str, input: &mut dyn Read, sink: &mut dyn RecordSink) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
    let mut record = ByteRecord::new();
    let mut places: Vec<Option<usize>> = (0..11).map(Some).collect();
    let mut first = true;
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return sink.finding(unreadable(file, reader.position().line(), &error)),
        }
        if std::mem::take(&mut first) {
            let header: Vec<String> = record.iter().map(|cell| squeezed(&lossless(cell))).collect();
            if header.iter().any(|name| name == "dataelement" || name == "dataelementid") {
                let at = |name: &str| header.iter().position(|cell| cell == name || *cell == format!("{name}id"));
                places = COLUMNS.iter().chain(&["deleted"]).map(|name| at(name)).collect();
                continue;
            }
        }
        let cell = |column: usize| {
            let at = places.get(column).copied().flatten();
            at.and_then(|at| record.get(at)).map(|cell| lossless(cell).trim().to_owned()).unwrap_or_default()
        };
        let value = Incoming {
            data_element: cell(0),
            period: cell(1),
            org_unit: cell(2),
            category_option_combo: cell(3),
            attribute_option_combo: cell(4),
            value: cell(5),
            timestamp: cell(7),
            comment: cell(8),
            deleted: cell(10).eq_ignore_ascii_case("true"),
        };
        if value.give(file, record.position().map_or(0, Position::line), sink).is_break() {
            return;
        }
    }
}

/// A header without spaces, underscores and capitals.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Writes a data value set that both import engines take.
pub struct CsvWriter<W: Write>(csv::Writer<W>);

impl<W: Write> CsvWriter<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn new(out: W) -> io::Result<Self> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(COLUMNS)?;
        Ok(Self(writer))
    }

    /// Writes one value. A deletion has no place in this form and is refused.
    ///
    /// # Errors
    /// The output cannot be written, or the value is a deletion.
    pub fn push(&mut self, value: &DataValue<'_>) -> io::Result<()> {
        if value.deleted {
            return Err(io::Error::other("a deletion cannot be written as CSV; write JSON"));
        }
        self.0.write_record([
            value.data_element,
            &value.period.to_string(),
            value.org_unit,
            value.category_option_combo,
            value.attribute_option_combo,
            value.value,
            "",
            "",
            value.comment,
            if value.follow_up { "true" } else { "" },
        ])?;
        Ok(())
    }

    /// Ends the file and gives the output back.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn into_inner(self) -> io::Result<W> {
        self.0.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}
