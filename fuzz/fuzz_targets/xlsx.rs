//! Workbooks made of the parts in the data, and whole ones as they are.
#![no_main]

use std::io::Cursor;

use mlatho_formats::Format;
use mlatho_formats::workbook::read_tables;
use mlatho_fuzz::{after_layout, let_readers_catch, read, workbook};

libfuzzer_sys::fuzz_target!(init: let_readers_catch(), |data: &[u8]| {
    let (layout, data) = after_layout(data);
    let parts = workbook::of_parts(data);
    let bytes = parts.as_deref().unwrap_or(data);
    read(Format::Xlsx, layout.as_ref(), bytes);
    let _ = read_tables("sheet", Cursor::new(bytes), &["a", "b"]);
});
