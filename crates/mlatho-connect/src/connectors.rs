//! What each connector can do, for the table in the documentation.

use std::fmt::Write;

/// What a connector can do, in words for people. Every folder of a system has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connector {
    /// The folder below `src`.
    pub folder: &'static str,
    /// The system and its versions.
    pub system: &'static str,
    pub reads: &'static str,
    pub writes: &'static str,
    pub signs_in: &'static str,
    /// How a pull goes on after it broke off, and the next time.
    pub goes_on: &'static str,
    /// The format that a source of the project names, for `mlatho read --as` too.
    pub read_as: &'static str,
    /// What `mlatho testkit serve` calls the double.
    pub double: &'static str,
}

/// All connectors, in the order of the table.
pub const CONNECTORS: [Connector; 5] = [
    crate::dhis2::CONNECTOR,
    crate::openlmis::CONNECTOR,
    crate::elmis::CONNECTOR,
    crate::logistimo::CONNECTOR,
    crate::openhim::CONNECTOR,
];

const HEAD: &str = "\
# Connectors

What mlatho connects to over the network. This file is made by
`cargo run -p mlatho-connect --example connectors > docs/connectors.md`; a test fails where a connector has no row. What
each does when the line or the server is in trouble stands in the README of its folder, as a table that a test prints.
Files of other systems are read without a connection: see `mlatho read --list`.

| System | Reads | Writes | Signs in by | Goes on | `format` of a source | To try |
|---|---|---|---|---|---|---|
";

/// The table in Markdown, with what stands above it.
#[must_use]
pub fn table() -> String {
    let mut table = HEAD.to_owned();
    for own in CONNECTORS {
        let Connector { folder, system, reads, writes, signs_in, goes_on, read_as, double } = own;
        let link = format!("[{system}](../crates/mlatho-connect/src/{folder}/README.md)");
        let formats: Vec<String> = read_as.split(", ").map(|name| format!("`{name}`")).collect();
        let formats = formats.join(", ");
        // Writing into memory cannot fail.
        let _ = writeln!(
            table,
            "| {link} | {reads} | {writes} | {signs_in} | {goes_on} | {formats} | `mlatho testkit serve {double}` |"
        );
    }
    table
}
