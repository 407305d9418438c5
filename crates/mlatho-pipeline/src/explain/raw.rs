//! A record as it stands in the bytes that arrived.

use std::collections::BTreeMap;
use std::io::{Read, Seek};
use std::ops::ControlFlow;

use flate2::read::MultiGzDecoder;
use mlatho_formats::place_of;
use mlatho_model::{Finding, Period, RawRecord, RecordSink};
use mlatho_store::{Receipt, Repository};
use serde::Serialize;

use crate::PipelineError;
use crate::held::text_of;
use crate::project::Project;
use crate::run::received;

/// A record in what arrived.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Raw {
    /// The first byte of the record, counted from 0, and the first one after it; none, where the form of the file has no
    /// such place. Of a file packed with gzip it is the place in the unpacked file.
    pub bytes: Option<(usize, usize)>,
    /// What stands there; bytes that are no UTF-8 are shown by a mark.
    pub text: Option<String>,
    /// What the reader of the format took from it, by column; empty, where the project does not have the source any more or
    /// reads it by another layout.
    pub record: BTreeMap<String, String>,
}

/// Which record is looked for.
pub(super) struct Place<'a> {
    pub(super) source: &'a str,
    pub(super) receipt: &'a Receipt,
    pub(super) position: u64,
    pub(super) codes: (&'a str, &'a str),
    pub(super) period: Period,
}

/// Looks the record up.
///
/// # Errors
/// What arrived cannot be read.
pub(super) fn read(project: &Project, repository: &Repository, place: &Place<'_>) -> Result<Raw, PipelineError> {
    let Ok(source) = project.source(Some(place.source)) else { return Ok(Raw::default()) };
    let mut file = received(repository, place.receipt)?;
    let mut look = Look { place, found: BTreeMap::new() };
    let layout = project.layout(source)?;
    let fail = |doing| PipelineError::io(doing, &*place.receipt.origin);
    let again = file.try_clone().map_err(fail("reading"))?;
    mlatho_formats::read(source.format, layout.as_ref(), &place.receipt.origin, again, &mut look);
    file.rewind().map_err(fail("reading"))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(fail("reading"))?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut unpacked = Vec::new();
        MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked).map_err(fail("unpacking"))?;
        bytes = unpacked;
    }
    let range = place_of(source.format, &bytes, place.position);
    let text = range.clone().and_then(|range| bytes.get(range));
    let text = text.map(|text| String::from_utf8_lossy(text).into_owned());
    // What names neither code would be another record.
    let text = text.filter(|text| [place.codes.0, place.codes.1].iter().any(|code| text.contains(*code)));
    let bytes = range.filter(|_| text.is_some()).map(|range| (range.start, range.end));
    Ok(Raw { bytes, text, record: look.found })
}

/// Waits for one record.
struct Look<'a> {
    place: &'a Place<'a>,
    found: BTreeMap<String, String>,
}

impl RecordSink for Look<'_> {
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        let place = self.place;
        if (record.position, record.org_unit, record.item) != (place.position, place.codes.0, place.codes.1)
            || record.period != place.period
        {
            return ControlFlow::Continue(());
        }
        let mut add = |name: &str, text: &str| {
            if !text.is_empty() {
                self.found.insert(name.to_owned(), text.to_owned());
            }
        };
        add("org_unit", record.org_unit);
        add("org_unit_name", record.org_unit_name);
        add("item", record.item);
        add("item_name", record.item_name);
        add("disaggregation", record.disaggregation);
        add("period", &record.period.to_string());
        add("status", record.status);
        add("reported_at", record.reported_at);
        add("report", record.report);
        add("line", record.line);
        add("date", record.date);
        for value in record.values {
            add(value.measure.name(), &text_of(&value.value));
        }
        ControlFlow::Break(())
    }

    fn finding(&mut self, _: Finding) {}
}
