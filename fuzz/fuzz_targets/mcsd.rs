//! Registers, and what is written of them.
#![no_main]

use std::io::{Cursor, sink};

use mlatho_formats::mcsd::{OrgUnitKind, read, write, write_register};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (units, _) = read("f", Cursor::new(data));
    for kind in [OrgUnitKind::Facility, OrgUnitKind::Area] {
        write_register(sink(), &units, kind).expect("nothing can fail where nothing is kept");
    }
    let mut bundle = Vec::new();
    let refused = write(&mut bundle, &units).expect("memory can be written").len();
    assert_eq!(read("f", Cursor::new(bundle)).0.len(), units.len() - refused);
});
