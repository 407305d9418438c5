//! The proposed layout, on the rest of the table that it was made for.
#![no_main]

use std::io::Cursor;

use mlatho_formats::{Layout, suggest};
use mlatho_fuzz::{let_readers_catch, read, workbook};

libfuzzer_sys::fuzz_target!(init: let_readers_catch(), |data: &[u8]| {
    let bytes = workbook::of_parts(data).unwrap_or_else(|| data.to_vec());
    if let Ok(suggestion) = suggest("f", Cursor::new(&bytes)) {
        let layout = Layout::parse(&suggestion.layout).expect("a proposal can be read");
        read(suggestion.format, Some(&layout), &bytes);
    }
});
