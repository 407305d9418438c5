//! Databases with some of their bytes replaced, and whole ones as they are.
#![no_main]

use mlatho_formats::Format;
use mlatho_fuzz::{database, let_readers_catch, read};

libfuzzer_sys::fuzz_target!(init: let_readers_catch(), |data: &[u8]| {
    read(Format::ScmAccess, None, &database::patched(data).unwrap_or_else(|| data.to_vec()));
});
