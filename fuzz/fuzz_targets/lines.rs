//! What a process that reads a file in confinement hands over.
#![no_main]

use std::io::{Cursor, sink};

use mlatho_formats::read_lines;
use mlatho_formats::rows::RowWriter;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let mut rows = RowWriter::new(sink(), "f");
    read_lines("f", Cursor::new(data), &mut rows);
    rows.finish().expect("nothing can fail where nothing is kept");
});
