//! Tables that other rooms read by themselves: any CSV file as UTF-8 with commas.

use std::io::{self, Read, Seek};

use crate::csv_file::detect_delimiter;
use crate::input::{lossless, open};

/// How much is looked at to find the delimiter.
const HEAD: usize = 64 << 10;

/// The whole of a CSV file as UTF-8 with commas, whatever its delimiter (`,`, `;`, tab, `|`), encoding and packing
/// (gzip). Every line stays where it is, so that places in findings are those of the file.
///
/// # Errors
/// The input cannot be read or unpacked.
pub fn comma_separated<R: Read + Seek>(mut input: R) -> io::Result<Vec<u8>> {
    Ok(with_commas_between(unpacked(&mut input)?))
}

/// A whole file, unpacked, by what its first letter says that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    Json(Vec<u8>),
    /// As [`comma_separated`] gives it.
    Table(Vec<u8>),
}

/// Reads a file that may hold a JSON document or a table.
///
/// # Errors
/// The input cannot be read or unpacked.
pub fn document<R: Read + Seek>(mut input: R) -> io::Result<Document> {
    let bytes = unpacked(&mut input)?;
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if matches!(first, Some(b'{' | b'[')) {
        return Ok(Document::Json(bytes));
    }
    Ok(Document::Table(with_commas_between(bytes)))
}

fn unpacked<R: Read + Seek>(input: &mut R) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(input, None)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn with_commas_between(mut bytes: Vec<u8>) -> Vec<u8> {
    if std::str::from_utf8(&bytes).is_err() {
        let lines = bytes.split_inclusive(|byte| *byte == b'\n').map(lossless);
        bytes = lines.collect::<String>().into_bytes();
    }
    match detect_delimiter(bytes.get(..HEAD).unwrap_or(&bytes)) {
        b',' => bytes,
        delimiter => with_commas(&bytes, delimiter),
    }
}

/// Puts commas in the place of the delimiter, and quotes around cells that hold a comma themselves.
fn with_commas(bytes: &[u8], delimiter: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8);
    let mut rest = bytes;
    while !rest.is_empty() {
        let (cell, after) = rest.split_at(cell_length(rest, delimiter));
        if cell.contains(&b',') && cell.first() != Some(&b'"') {
            out.push(b'"');
            out.extend(cell.iter().flat_map(|byte| std::iter::repeat_n(*byte, if *byte == b'"' { 2 } else { 1 })));
            out.push(b'"');
        } else {
            out.extend_from_slice(cell);
        }
        let ends = after.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let (end, after) = after.split_at(ends.max(1).min(after.len()));
        out.extend(end.iter().map(|byte| if *byte == delimiter { b',' } else { *byte }));
        rest = after;
    }
    out
}

/// Up to the delimiter or the end of the line; in a cell that begins with a quote these count only after its end.
fn cell_length(bytes: &[u8], delimiter: u8) -> usize {
    let (opens, mut quoted) = (bytes.first() == Some(&b'"'), false);
    let ends = |byte: &u8| {
        quoted ^= opens && *byte == b'"';
        !quoted && (*byte == delimiter || matches!(byte, b'\r' | b'\n'))
    };
    bytes.iter().position(ends).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn plain(bytes: &[u8]) -> String {
        String::from_utf8(comma_separated(Cursor::new(bytes)).unwrap()).unwrap()
    }

    #[test]
    fn delimiters_marks_and_encodings() {
        assert_eq!(plain(b"a,b\n1,2\n"), "a,b\n1,2\n");
        assert_eq!(plain(b"\xef\xbb\xbfa;b\r\n1;2\r\n"), "a,b\r\n1,2\r\n");
        assert_eq!(plain(b"a\tb\n1\t\n"), "a,b\n1,\n");
        assert_eq!(plain(b"nom;n\nThi\xe8s, ville;4\n"), "nom,n\n\"Thiès, ville\",4\n");
        assert_eq!(plain(b""), "");
    }

    #[test]
    fn quotes_and_lines_stay() {
        let text = b"a;b\n\"x;\"\"y\nz\";2\n\n5\" nail, long;6";
        assert_eq!(plain(text), "a,b\n\"x;\"\"y\nz\",2\n\n\"5\"\" nail, long\",6");
    }

    proptest! {
        #[test]
        fn cells_read_back(rows in prop::collection::vec(prop::array::uniform3("[a-z,;\" \n\té]{0,5}"), 1..6)) {
            let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
            writer.write_record(["one", "two", "three"]).unwrap();
            rows.iter().for_each(|row| writer.write_record(row).unwrap());
            let text = with_commas(&writer.into_inner().unwrap(), b';');
            let read: Vec<Vec<String>> = csv::Reader::from_reader(text.as_slice())
                .records()
                .map(|record| record.unwrap().iter().map(Into::into).collect())
                .collect();
            prop_assert_eq!(read, rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>());
        }
    }
}
