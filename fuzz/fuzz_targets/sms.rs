#![no_main]

use mlatho_formats::Format;

libfuzzer_sys::fuzz_target!(|data: &[u8]| mlatho_fuzz::read_after_layout(Format::CstockSms, data));
