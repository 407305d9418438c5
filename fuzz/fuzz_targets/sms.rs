#![no_main]

use std::io::{Cursor, sink};

use mlatho_formats::{Format, NamelessSms};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    mlatho_fuzz::read_after_layout(Format::CstockSms, data);
    let (layout, bytes) = mlatho_fuzz::after_layout(data);
    let nameless = NamelessSms::new(Format::CstockSms, layout.as_ref()).expect("a format of SMS");
    nameless.copy("f", Cursor::new(bytes), sink()).expect("nothing can fail where nothing is kept");
});
