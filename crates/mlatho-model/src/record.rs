//! What a reader gives: one record of a file as it was received, before anything is harmonized.

use std::ops::ControlFlow;

use crate::{Finding, Measure, Period, Unit, Value};

/// The split that the quantities of orders stand in. What a facility asks for in its report is `ordered` too, and the two
/// are never added up; nor is a second order of a period a duplicate of the first.
pub const ORDERS: &str = "order";

/// One record of a source: who, what and when as the source names them, and the numbers of that line.
///
/// Texts are borrowed from the reader's buffer, trimmed, and empty where the source has no such column: a record is
/// looked at and let go, so that reading needs the same memory for files of any size.
#[derive(Clone, Debug)]
pub struct RawRecord<'a> {
    /// Where it stands: a line of a text file (from 1, header included), a row of a sheet, an element of a document.
    pub position: u64,
    pub org_unit: &'a str,
    pub org_unit_name: &'a str,
    pub item: &'a str,
    pub item_name: &'a str,
    pub disaggregation: &'a str,
    pub period: Period,
    /// The source's own status of the report, such as `APPROVED`.
    pub status: &'a str,
    /// When it was reported, as the source wrote it.
    pub reported_at: &'a str,
    /// The report that the line belongs to, such as a requisition id.
    pub report: &'a str,
    /// The line within the report.
    pub line: &'a str,
    /// Higher replaces lower among records of the same report and line; 0 where the source has no versions.
    pub version: u64,
    /// A comment that travels with the values.
    pub comment: &'a str,
    /// The date within the period that the record speaks of, where the source gives one (`YYYY-MM-DD`).
    pub date: &'a str,
    pub values: &'a [RawValue<'a>],
}

impl<'a> RawRecord<'a> {
    /// A record of which nothing but period and numbers is known; name the rest with `..RawRecord::new(period, values)`.
    #[must_use]
    pub const fn new(period: Period, values: &'a [RawValue<'a>]) -> Self {
        Self {
            position: 0,
            org_unit: "",
            org_unit_name: "",
            item: "",
            item_name: "",
            disaggregation: "",
            period,
            status: "",
            reported_at: "",
            report: "",
            line: "",
            version: 0,
            comment: "",
            date: "",
            values,
        }
    }
}

/// One number of a record.
#[derive(Clone, Debug)]
pub struct RawValue<'a> {
    pub measure: &'a Measure,
    pub value: Value,
    pub unit: Option<&'a Unit>,
    /// The column it stood in: header text, or a number where there is no header.
    pub column: &'a str,
}

/// Takes what a reader finds, in the order of the file.
pub trait RecordSink {
    /// Takes one record. `Break` ends the reading early.
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()>;

    /// Takes one finding about the file; the reading goes on.
    fn finding(&mut self, finding: Finding);
}
