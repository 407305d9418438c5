//! What the fuzz targets have in common: each gives bytes to a reader through the public face, as a file would come.

use std::io::{Cursor, sink};

use mlatho_formats::rows::RowWriter;
use mlatho_formats::{Format, Layout};

/// Lets panics be caught again: the readers catch those of libraries, and libFuzzer ends at the first one otherwise.
/// A panic that nobody catches is still a crash.
pub fn let_readers_catch() {
    std::panic::set_hook(Box::new(|_| {}));
}

/// Reads bytes as a format, and writes what was read as rows.
pub fn read(format: Format, layout: Option<&Layout>, bytes: &[u8]) {
    let mut rows = RowWriter::new(sink(), "f");
    mlatho_formats::read(format, layout, "f", Cursor::new(bytes), &mut rows);
    for finding in rows.finish().expect("nothing can fail where nothing is kept") {
        assert!(&*finding.place.file == "f", "{finding:?}");
    }
}

/// Reads bytes by the layout that stands before the first zero byte; without one, by none.
pub fn read_after_layout(format: Format, data: &[u8]) {
    let (layout, bytes) = after_layout(data);
    read(format, layout.as_ref(), bytes);
}

/// The layout before the first zero byte, and what comes after it. Where there is none, or it is no layout: all bytes.
pub fn after_layout(data: &[u8]) -> (Option<Layout>, &[u8]) {
    let at = data.iter().position(|byte| *byte == 0);
    let parts = at.and_then(|at| Some((std::str::from_utf8(&data[..at]).ok()?, &data[at + 1..])));
    match parts.and_then(|(text, bytes)| Some((Layout::parse(text).ok()?, bytes))) {
        Some((layout, bytes)) => (Some(layout), bytes),
        None => (None, data),
    }
}

pub mod database {
    //! Databases to damage. Their pages point at each other, so that changes to one that is whole go deeper than bytes
    //! made up, and a few of them are a smaller thing to change than a whole file.

    use std::io::Read;
    use std::sync::LazyLock;

    use flate2::read::GzDecoder;

    static WHOLE: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
        [&include_bytes!("../seeds/small.mdb.gz")[..], include_bytes!("../seeds/small.accdb.gz")].map(|packed| {
            let mut bytes = Vec::new();
            GzDecoder::new(packed).read_to_end(&mut bytes).expect("the seed is whole");
            bytes
        })
    });

    /// The database that the first byte (`m` or `a`) names, changed by what follows: three bytes of a place, one of a
    /// length, the bytes that come there. Nothing: another first byte.
    pub fn patched(data: &[u8]) -> Option<Vec<u8>> {
        let (which, mut changes) = data.split_first()?;
        let mut bytes = WHOLE.get(b"ma".iter().position(|name| name == which)?)?.clone();
        while let [high, middle, low, length, rest @ ..] = changes {
            let (new, further) = rest.split_at(usize::from(*length).min(rest.len()));
            let place = u32::from_be_bytes([0, *high, *middle, *low]) as usize % bytes.len();
            let fitting = new.len().min(bytes.len() - place);
            bytes[place..place + fitting].copy_from_slice(&new[..fitting]);
            changes = further;
        }
        Some(bytes)
    }
}

pub mod workbook {
    //! Workbooks whose parts can be changed without a check sum or a packed stream in the way.

    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    const PARTS: [&str; 7] = [
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "_rels/.rels",
        "[Content_Types].xml",
    ];
    const USUAL: [&str; 7] = [
        "<worksheet><sheetData/></worksheet>",
        "<sst/>",
        "<styleSheet/>",
        "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>\
         <sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        "<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/\
         relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
        "<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/\
         relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        "<Types/>",
    ];

    /// A workbook of parts set apart by zero bytes: sheet, shared texts, styles, workbook, relations; the usual one
    /// where it is blank. Nothing: the data does not begin as a part does.
    pub fn of_parts(data: &[u8]) -> Option<Vec<u8>> {
        if data.first() != Some(&b'<') {
            return None;
        }
        let mut given = data.split(|byte| *byte == 0);
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        for (name, usual) in PARTS.into_iter().zip(USUAL) {
            let part = given.next().filter(|part| !part.is_empty()).unwrap_or(usual.as_bytes());
            archive.start_file(name, options).expect("memory can be written");
            archive.write_all(part).expect("memory can be written");
        }
        Some(archive.finish().expect("memory can be written").into_inner())
    }
}
