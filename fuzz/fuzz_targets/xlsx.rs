//! Workbooks made of the parts in the data, and whole ones as they are.
#![no_main]

use mlatho_formats::Format;
use mlatho_fuzz::{after_layout, let_readers_catch, read, workbook};

libfuzzer_sys::fuzz_target!(init: let_readers_catch(), |data: &[u8]| {
    let (layout, data) = after_layout(data);
    match workbook::of_parts(data) {
        Some(bytes) => read(Format::Xlsx, layout.as_ref(), &bytes),
        None => read(Format::Xlsx, layout.as_ref(), data),
    }
});
