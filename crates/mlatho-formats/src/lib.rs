#![doc = include_str!("../README.md")]

mod access;
mod csv_file;
pub mod dhis2;
mod elements;
mod fhir;
mod fhir_persons;
pub mod findings;
mod format;
mod guard;
mod input;
mod items;
mod json;
mod layout;
mod lines;
mod logistimo;
pub mod mcsd;
mod number;
pub mod openlmis;
mod place;
mod plain;
pub mod rows;
mod sms;
mod suggest;
mod table;
mod totals;
pub mod workbook;
mod xlsx;

use std::io::{Read, Seek};

use mlatho_model::{Finding, RecordSink};

pub use fhir_persons::resource_about_persons;
pub use format::{BadFormat, Format};
pub use lines::{Ending, LineWriter, read_lines};

use elements::ByElement;
use layout::Totals;
pub use layout::{BadLayout, Layout};
pub use place::place_of;
pub use plain::{Document, comma_separated, document};
pub use sms::gateway::{BadSmsRequest, SmsGateway, SmsMessage, SmsSender};
pub use sms::nameless::NamelessSms;
pub use suggest::{Suggestion, Understood, suggest};

/// Reads a file of a format, record by record, into a sink.
///
/// It never fails as a whole: whatever cannot be read is a finding with its place, and the rest is read. Memory does
/// not grow with the size of the input, but for the shared texts of a workbook, a single element of a document, and a
/// database. Gzip is recognized and opened.
pub fn read<R: Read + Seek>(
    format: Format,
    layout: Option<&Layout>,
    file: &str,
    mut input: R,
    sink: &mut dyn RecordSink,
) {
    match layout.map(|layout| layout.elements.as_slice()).filter(|rules| !rules.is_empty()) {
        Some(rules) => read_apart(format, layout, file, &mut input, &mut ByElement::new(rules, sink)),
        None => read_apart(format, layout, file, &mut input, sink),
    }
}

/// Reads a file, and takes the texts of items apart where the layout says how.
fn read_apart<R: Read + Seek>(
    format: Format,
    layout: Option<&Layout>,
    file: &str,
    input: &mut R,
    sink: &mut dyn RecordSink,
) {
    match layout.and_then(|layout| Some((items::pattern(layout)?, layout))) {
        Some((pattern, layout)) => {
            read_parts(format, Some(layout), file, input, &mut items::Apart { pattern, layout, sink });
        }
        None => read_parts(format, layout, file, input, sink),
    }
}

/// Reads a file, and leaves totals among its columns out where org units stand in columns.
fn read_parts<R: Read + Seek>(
    format: Format,
    layout: Option<&Layout>,
    file: &str,
    input: &mut R,
    sink: &mut dyn RecordSink,
) {
    let is_table = matches!(format, Format::Csv | Format::Xlsx);
    match layout.filter(|layout| is_table && layout.totals == Totals::LeaveOut && layout.has_org_units_in_columns()) {
        Some(layout) => {
            let header_row = layout.first_row + u64::from(layout.header_rows).saturating_sub(1);
            let read = &mut |sink: &mut dyn RecordSink| read_once(format, Some(layout), file, input, sink);
            totals::leaving_out(file, header_row, read, sink);
        }
        None => read_once(format, layout, file, input, sink),
    }
}

fn read_once<R: Read + Seek>(
    format: Format,
    layout: Option<&Layout>,
    file: &str,
    input: &mut R,
    sink: &mut dyn RecordSink,
) {
    if let Err(error) = input.rewind() {
        return sink.finding(unreadable(file, 0, &error));
    }
    if format == Format::Xlsx {
        return xlsx::read(layout, file, input, sink);
    }
    let mut text = match input::open(input, layout.and_then(Layout::encoding)) {
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
        Format::DataElementsJson => dhis2::data_elements::read(file, &mut text, sink),
        Format::ScmAccess => access::read(layout, file, &mut text, sink),
        Format::Xlsx => {}
    }
}

fn unreadable(file: &str, row: u64, error: &dyn std::fmt::Display) -> Finding {
    Finding::error("unreadable").in_file(file).at(row, "").with("reason", error.to_string())
}
