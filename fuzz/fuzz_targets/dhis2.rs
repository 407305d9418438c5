//! The three forms of a data value set, told apart by their first byte as a person would.
#![no_main]

use mlatho_formats::Format;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let format = match data.first() {
        Some(b'{' | b'[') => Format::Dhis2Json,
        Some(b'<') => Format::Dhis2Xml,
        _ => Format::Dhis2Csv,
    };
    mlatho_fuzz::read(format, None, data);
});
