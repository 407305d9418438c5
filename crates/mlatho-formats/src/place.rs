//! Where in a file a record stands, byte by byte.

use std::ops::Range;

use crate::Format;

/// The bytes of the record at a position that a reader of the format gave, in the file as it came (unpacked, where it was
/// packed with gzip). Nothing, where the form has no such place (sheets, databases, lines that refer to other parts of the
/// document) or there is no such record.
///
/// Of text it is the row with its line ending left out; of JSON the element of the list; of XML the element.
#[must_use]
pub fn place_of(format: Format, bytes: &[u8], position: u64) -> Option<Range<usize>> {
    let number = usize::try_from(position).ok().filter(|number| *number > 0)?;
    match format {
        Format::Csv | Format::Dhis2Csv | Format::CstockSms | Format::IlsgatewaySms | Format::MtracSms => {
            row(bytes, number)
        }
        Format::LogistimoCsv => row(bytes, number),
        Format::Dhis2Json => element(bytes, &["dataValues"], number),
        Format::LogistimoJson => element(bytes, &["results", "inventory"], number),
        Format::DataElementsJson => element(bytes, &["values"], number),
        Format::Dhis2Xml => tag(bytes, b"dataValue", number),
        Format::Xlsx
        | Format::Adx
        | Format::OpenlmisRequisitions
        | Format::ElmisJson
        | Format::FhirMeasureReport
        | Format::ScmAccess => None,
    }
}

/// The row that begins on a line, counted from 1 as an editor does; it goes on over line ends between quotes.
fn row(bytes: &[u8], line: usize) -> Option<Range<usize>> {
    let start = match line {
        1 => 0,
        _ => 1 + bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(line - 2)?.0,
    };
    let mut quoted = false;
    let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
    let end = rest.iter().position(|byte| {
        quoted ^= *byte == b'"';
        *byte == b'\n' && !quoted
    });
    let end = start + end.unwrap_or(rest.len());
    let end = if bytes.get(start..end)?.ends_with(b"\r") { end - 1 } else { end };
    Some(start..end)
}

/// What is open around a place in a JSON document.
struct Open {
    object: bool,
    /// Whether its elements are counted.
    counted: bool,
}

/// The n-th element of the lists of these names, or of the list that the document is.
fn element(bytes: &[u8], names: &[&str], number: usize) -> Option<Range<usize>> {
    let (mut open, mut at, mut seen, mut name): (Vec<Open>, usize, usize, &[u8]) = (Vec::new(), 0, 0, b"");
    let mut found: Option<(usize, usize)> = None;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        match byte {
            b'{' | b'[' => {
                if open.last().is_some_and(|around| around.counted) {
                    seen += 1;
                    if seen == number {
                        found = Some((start, open.len()));
                    }
                }
                let wanted = open.is_empty() || names.iter().any(|known| known.as_bytes() == name);
                open.push(Open { object: *byte == b'{', counted: *byte == b'[' && wanted });
                name = b"";
                at += 1;
            }
            b'}' | b']' => {
                open.pop()?;
                at += 1;
                if let Some((from, _)) = found.filter(|(_, depth)| *depth == open.len()) {
                    return Some(from..at);
                }
            }
            b'"' => {
                at = end_of_text(bytes, at)?;
                let is_name = bytes.get(at..)?.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':');
                if is_name && open.last().is_some_and(|around| around.object) {
                    name = bytes.get(start + 1..at - 1)?;
                }
            }
            _ => at += 1,
        }
    }
    None
}

/// The place after a text that begins here.
fn end_of_text(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 2,
            b'"' => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The n-th XML element of a name that has no elements of that name in it.
fn tag(bytes: &[u8], name: &[u8], number: usize) -> Option<Range<usize>> {
    let opening = [b"<", name].concat();
    let begins = |at: &usize| {
        let after = bytes.get(at + opening.len());
        bytes.get(*at..).is_some_and(|rest| rest.starts_with(&opening))
            && after.is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
    };
    let start = (0..bytes.len()).filter(|at| bytes[*at] == b'<').filter(begins).nth(number - 1)?;
    let rest = bytes.get(start..)?;
    let head = rest.iter().position(|byte| *byte == b'>')?;
    if rest.get(..head)?.ends_with(b"/") {
        return Some(start..start + head + 1);
    }
    let closing = [b"</", name, b">"].concat();
    let end = rest.windows(closing.len()).position(|window| window == closing)?;
    Some(start..start + end + closing.len())
}
