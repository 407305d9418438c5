#![doc = include_str!("../README.md")]

mod access;
mod csv_file;
pub mod dhis2;
mod fhir;
pub mod findings;
mod format;
mod input;
mod json;
mod layout;
mod logistimo;
mod number;
mod openlmis;
mod plain;
pub mod rows;
mod sms;
mod table;
mod xlsx;

use std::io::{Read, Seek};

use mlatho_model::{Finding, RecordSink};

pub use format::{BadFormat, Format};
pub use layout::{BadLayout, Layout};
pub use plain::comma_separated;

/// Reads a file of a format, record by record, into a sink.
///
/// It never fails as a whole: whatever cannot be read is a finding with its place, and the rest is read. Memory does
/// not grow with the size of the input, but for the shared texts of a workbook. Gzip is recognized and opened.
pub fn read<R: Read + Seek>(
    format: Format,
    layout: Option<&Layout>,
    file: &str,
    mut input: R,
    sink: &mut dyn RecordSink,
) {
    if format == Format::Xlsx {
        return xlsx::read(layout, file, input, sink);
    }
    let mut text = match input::open(&mut input, layout.and_then(Layout::encoding)) {
        Ok(text) => text,
        Err(error) => return sink.finding(unreadable(file, 0, &error)),
    };
    match format {
        Format::Csv => csv_file::read(layout, file, &mut text, sink),
        Format::Dhis2Json => dhis2::json::read(file, &mut text, sink),
        Format::Dhis2Csv => dhis2::csv::read(file, &mut text, sink),
        Format::Dhis2Xml => dhis2::xml::read(file, &mut text, sink),
        Format::Adx => dhis2::adx::read(file, &mut text, sink),
        Format::CstockSms => sms::read(layout, "cstock", file, &mut text, sink),
        Format::IlsgatewaySms => sms::read(layout, "ilsgateway", file, &mut text, sink),
        Format::MtracSms => sms::read(layout, "mtrac", file, &mut text, sink),
        Format::OpenlmisRequisitions => openlmis::read(layout, file, &mut text, sink),
        Format::ElmisJson => openlmis::elmis::read(layout, file, &mut text, sink),
        Format::LogistimoJson => logistimo::json::read(file, &mut text, sink),
        Format::LogistimoCsv => logistimo::csv::read(layout, file, &mut text, sink),
        Format::FhirMeasureReport => fhir::read_measure_reports(file, &mut text, sink),
        Format::ScmAccess => access::read(layout, file, &mut text, sink),
        Format::Xlsx => {}
    }
}

fn unreadable(file: &str, row: u64, error: &dyn std::fmt::Display) -> Finding {
    Finding::error("unreadable").in_file(file).at(row, "").with("reason", error.to_string())
}
