#![no_main]

use mlatho_formats::Format;

libfuzzer_sys::fuzz_target!(|data: &[u8]| match data.first() {
    Some(b'{' | b'[') => mlatho_fuzz::read(Format::LogistimoJson, None, data),
    _ => mlatho_fuzz::read_after_layout(Format::LogistimoCsv, data),
});
