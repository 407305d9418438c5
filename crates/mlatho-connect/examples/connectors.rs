//! Writes `docs/connectors.md` to the standard output.

use std::io::{Result, Write, stdout};

fn main() -> Result<()> {
    stdout().write_all(mlatho_connect::connectors::table().as_bytes())
}
