#![no_main]

use mlatho_formats::{Format, resource_about_persons};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    mlatho_fuzz::read(Format::DataElementsJson, None, data);
    let _ = resource_about_persons(data);
});
