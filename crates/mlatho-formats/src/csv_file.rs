//! CSV files by a layout.

use std::io::{self, Cursor, Read, Seek};
use std::ops::ControlFlow;

use csv::{ByteRecord, StringRecord};
use mlatho_model::{Finding, RecordSink};

use crate::input::lossless;
use crate::layout::Layout;
use crate::rows;
use crate::table::{Cells, Head, Plan, RowReader};
use crate::unreadable;

/// How much is looked at to find the delimiter.
const HEAD: u64 = 64 << 10;
/// How much a sample is taken from.
const SAMPLE: u64 = 4 << 20;

pub(crate) fn read(layout: Option<&Layout>, file: &str, input: &mut dyn Read, sink: &mut dyn RecordSink) {
    let mut head = Vec::new();
    if let Err(error) = input.take(HEAD).read_to_end(&mut head) {
        return sink.finding(unreadable(file, 0, &error));
    }
    let delimiter = layout.and_then(|layout| layout.delimiter).and_then(|c| u8::try_from(c).ok());
    let delimiter = delimiter.unwrap_or_else(|| detect_delimiter(&head));
    let lines = Lines::ending_as_in(&head);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(1 << 17)
        .from_reader(Cursor::new(head).chain(input));
    match layout {
        Some(layout) => by_layout(layout, file, &mut reader, &lines, sink),
        None => rows::read(file, &mut reader, &lines, sink),
    }
}

/// Tells the line of a record as an editor counts. Where lines end in CR LF the reader places a record before the LF
/// of the line above.
pub(crate) struct Lines {
    crlf: bool,
}

impl Lines {
    pub(crate) fn ending_as_in(head: &[u8]) -> Self {
        Self { crlf: head.windows(2).any(|pair| pair == b"\r\n") }
    }

    /// `after` is the line that the reader stands on after the record. Where blank lines were passed over before it,
    /// only this tells.
    pub(crate) fn of(&self, record: &ByteRecord, after: u64) -> u64 {
        let inside = record.as_slice().split(|byte| *byte == b'\n').count() as u64 - 1;
        let by_end = (after + u64::from(self.crlf)).saturating_sub(inside + 1);
        let by_start = record.position().map_or(0, |place| place.line() + u64::from(self.crlf && place.byte() > 0));
        by_start.max(by_end)
    }
}

/// Rows as text with their numbers.
pub(crate) type NumberedRows = Vec<(u64, Vec<String>)>;

/// The delimiter and the first rows of a file, with their lines.
pub(crate) fn sample_rows<R: Read + Seek>(input: &mut R, most: usize) -> io::Result<(u8, NumberedRows)> {
    let mut head = Vec::new();
    crate::input::open(input, None)?.take(SAMPLE).read_to_end(&mut head)?;
    let (delimiter, lines) = (detect_delimiter(head.get(..64 << 10).unwrap_or(&head)), Lines::ending_as_in(&head));
    let mut builder = csv::ReaderBuilder::new();
    let mut reader = builder.delimiter(delimiter).has_headers(false).flexible(true).from_reader(head.as_slice());
    let (mut rows, mut record) = (Vec::new(), ByteRecord::new());
    while rows.len() < most && matches!(reader.read_byte_record(&mut record), Ok(true)) {
        let cells = record.iter().map(|cell| lossless(cell).into_owned()).collect();
        rows.push((lines.of(&record, reader.position().line()), cells));
    }
    Ok((delimiter, rows))
}

/// A table whose columns are known by their names.
pub(crate) struct Headed<'a> {
    /// In small letters, without outer spaces.
    pub(crate) header: Vec<String>,
    reader: csv::Reader<Box<dyn Read + 'a>>,
    lines: Lines,
}

/// Takes a row and its line.
type TakeRow<'a> = &'a mut dyn FnMut(u64, &StringRecord, &mut dyn RecordSink) -> ControlFlow<()>;

impl<'a> Headed<'a> {
    /// Reads the header; an empty or unreadable file is told and is nothing.
    pub(crate) fn open(file: &str, input: &'a mut dyn Read, sink: &mut dyn RecordSink) -> Option<Self> {
        let mut head = Vec::new();
        if let Err(error) = input.take(HEAD).read_to_end(&mut head) {
            sink.finding(unreadable(file, 0, &error));
            return None;
        }
        let (delimiter, lines) = (detect_delimiter(&head), Lines::ending_as_in(&head));
        let whole: Box<dyn Read + 'a> = Box::new(Cursor::new(head).chain(input));
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.delimiter(delimiter).has_headers(false).flexible(true).from_reader(whole);
        let mut record = ByteRecord::new();
        let fault = match reader.read_byte_record(&mut record) {
            Ok(true) => None,
            Ok(false) => Some(Finding::error("empty-file").in_file(file)),
            Err(error) => Some(unreadable(file, 0, &error)),
        };
        if let Some(fault) = fault {
            sink.finding(fault);
            return None;
        }
        let header = record.iter().map(|cell| lossless(cell).trim().to_lowercase()).collect();
        Some(Self { header, reader, lines })
    }

    /// Gives every row, up to where the file ends or can no longer be read.
    pub(crate) fn rows(&mut self, file: &str, sink: &mut dyn RecordSink, take: TakeRow<'_>) -> ControlFlow<()> {
        let mut record = ByteRecord::new();
        loop {
            match self.reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return ControlFlow::Continue(()),
                Err(error) => {
                    sink.finding(unreadable(file, self.reader.position().line(), &error));
                    return ControlFlow::Continue(());
                }
            }
            let cells: StringRecord = record.iter().map(lossless).collect();
            take(self.lines.of(&record, self.reader.position().line()), &cells, sink)?;
        }
    }
}

fn by_layout<R: Read>(
    layout: &Layout,
    file: &str,
    reader: &mut csv::Reader<R>,
    lines: &Lines,
    sink: &mut dyn RecordSink,
) {
    let mut record = ByteRecord::new();
    let mut head = Head::default();
    let mut first = None;
    // Blank lines are passed over by the reader, so the header is the first lines that say anything.
    while first.is_none() {
        match reader.read_byte_record(&mut record) {
            Ok(false) => break,
            Ok(true) if lines.of(&record, reader.position().line()) < layout.first_row => {
                let cell = |at: usize| record.get(at).map(|cell| lossless(cell).into_owned()).unwrap_or_default();
                head.take_above(layout, lines.of(&record, reader.position().line()), &cell);
            }
            Ok(true) if head.header.len() < usize::from(layout.header_rows) => {
                head.row = lines.of(&record, reader.position().line());
                head.header.push(record.iter().map(|cell| lossless(cell).into_owned()).collect());
            }
            Ok(true) => first = Some(()),
            Err(error) => return sink.finding(unreadable(file, 0, &error)),
        }
    }
    let header = &head.header;
    let width = header.iter().map(Vec::len).max().unwrap_or(0).max(record.len());
    let mut findings = Vec::new();
    let plan = Plan::new(layout, &head, width, file, &mut findings);
    findings.into_iter().for_each(|finding| sink.finding(finding));
    let Some(plan) = plan else { return };
    let mut rows = RowReader::new(&plan, layout, file);
    let width = header.last().map_or(record.len(), Vec::len);
    while first.is_some() {
        let line = lines.of(&record, reader.position().line());
        let uneven =
            !header.is_empty() && record.len() > width && record.iter().skip(width).any(|cell| !cell.is_empty());
        if uneven {
            let finding = Finding::error("too-many-cells").in_file(file).at(line, "");
            sink.finding(finding.with("found", record.len()).with("expected", width));
        } else {
            let text = StringRecord::from_byte_record(record)
                .unwrap_or_else(|error| error.into_byte_record().iter().map(lossless).collect());
            let flow = rows.read(line, &text, sink);
            record = text.into_byte_record();
            if flow.is_break() {
                return;
            }
        }
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return sink.finding(unreadable(file, line + 1, &error)),
        }
    }
}

impl Cells for StringRecord {
    fn cell(&self, at: usize) -> &str {
        self.get(at).unwrap_or_default().trim()
    }

    fn len(&self) -> usize {
        self.len()
    }
}

/// The delimiter of the first lines: the one that stands in each of them most evenly, outside quotes.
pub(crate) fn detect_delimiter(head: &[u8]) -> u8 {
    let mut best = (0, b',');
    for delimiter in [b',', b';', b'\t', b'|'] {
        let mut counts = Vec::new();
        let (mut quoted, mut count) = (false, 0usize);
        for byte in head {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => {
                    counts.push(count);
                    count = 0;
                    if counts.len() == 20 {
                        break;
                    }
                }
                byte if *byte == delimiter && !quoted => count += 1,
                _ => {}
            }
        }
        if counts.is_empty() {
            counts.push(count);
        }
        let least = counts.iter().copied().filter(|count| *count > 0).min().unwrap_or(0);
        let lines_with = counts.iter().filter(|count| **count > 0).count();
        if least * lines_with > best.0 {
            best = (least * lines_with, delimiter);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_seen_outside_quotes() {
        assert_eq!(detect_delimiter(b"a,b,c\n1,2,3\n"), b',');
        assert_eq!(detect_delimiter(b"a;b;c\n1,5;2,5;3,5\n"), b';');
        assert_eq!(detect_delimiter(b"a\tb\n1\t2\n"), b'\t');
        assert_eq!(detect_delimiter(b"\"a,b,c,d\";x\n\"1,2,3,4\";5\n"), b';');
        assert_eq!(detect_delimiter(b"single\n"), b',');
        assert_eq!(detect_delimiter(b""), b',');
    }
}
