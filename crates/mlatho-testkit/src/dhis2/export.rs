//! `GET /api/dataValueSets`: which values are asked for, and their answer in pieces.

mod write;

use std::collections::HashSet;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures::stream;
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};
use mlatho_model::{Period, Uid};

use super::call::{self, Call};
use super::config::Engine;
use super::server::Shared;
use super::state::State;
use super::structure::{id_of, list};
use super::values::Row;
use write::{Format, Writer};

/// Bytes after which a piece of the answer is sent.
const PIECE: usize = 64 * 1024;

/// What is asked for.
struct Query {
    elements: HashSet<Uid>,
    attribute_combos: HashSet<Uid>,
    updated_since: Option<DateTime>,
    include_deleted: bool,
    offset: usize,
    limit: usize,
}

pub(super) fn get(shared: &Arc<Shared>, call: &Call) -> Response {
    let state = shared.lock();
    let Some(format) = Format::of(call) else {
        return call::status(406, "Not Acceptable", "ERROR", "Not acceptable", None);
    };
    let (query, cells) = match read(&state, call) {
        Ok(read) => read,
        Err((code, message)) => return call::conflict(code, &message),
    };
    let data_set = call.parameters("dataSet").first().and_then(|text| text.parse().ok());
    let writer = match Writer::new(&state, call, format, data_set) {
        Ok(writer) => writer,
        Err((code, message)) => return call::conflict(code, &message),
    };
    // Engine B fails the whole export if one object has no identifier of the scheme [C].
    if state.config.version.engine() == Engine::B
        && let Some((code, message)) =
            matching(&state, &query, &cells).find_map(|(cell, row)| writer.unnamed(cell, row))
    {
        return call::conflict(code, &message);
    }
    let export = Export {
        shared: shared.clone(),
        writer,
        query,
        cells: cells.into_iter(),
        seen: 0,
        written: 0,
        step: Step::Head,
    };
    call::with_type(200, format.media_type(), Body::from_stream(stream::iter(export)))
}

type Cell = (Period, Uid);

fn matching<'a>(state: &'a State, query: &'a Query, cells: &'a [Cell]) -> impl Iterator<Item = (Cell, &'a Row)> {
    let rows = cells.iter().flat_map(|cell| state.values.cell(cell.0, cell.1).iter().map(|row| (*cell, row)));
    rows.filter(|(_, row)| query.takes(row))
}

impl Query {
    fn takes(&self, row: &Row) -> bool {
        (self.include_deleted || !row.content.deleted)
            && self.elements.contains(&row.series.data_element)
            && (self.attribute_combos.is_empty() || self.attribute_combos.contains(&row.series.attribute_combo))
            && self.updated_since.is_none_or(|since| row.updated.now >= since)
    }
}

type Refused = (&'static str, String);

fn refused<T>(code: &'static str, message: &str) -> Result<T, Refused> {
    Err((code, message.into()))
}

/// The checks of `DataExportParams` `[C]`; their numbers are `[U]`.
fn read(state: &State, call: &Call) -> Result<(Query, Vec<Cell>), Refused> {
    let structure = &state.structure;
    let ids = |name: &str| {
        call.parameters(name)
            .into_iter()
            .map(|text| text.parse().map_err(|_| text.to_owned()))
            .collect::<Result<Vec<Uid>, _>>()
    };
    let ids = |name: &str| ids(name).map_err(|text| ("E2000", format!("Identifier is not a UID: {text}")));
    let (sets, elements, groups) = (ids("dataSet")?, ids("dataElement")?, ids("dataElementGroup")?);
    if sets.is_empty() && elements.is_empty() && groups.is_empty() {
        return refused("E2001", "At least one data element, data set or data element group must be specified");
    }
    let mut wanted: HashSet<Uid> = elements.into_iter().collect();
    for set in &sets {
        let set = structure.data_sets.get(set).ok_or_else(|| ("E1005", format!("Data set {set} does not exist")))?;
        wanted.extend(set.elements.keys().copied());
    }
    for group in &groups {
        let members = state.metadata.object(group.as_str()).map_or(&[][..], |object| list(object, "dataElements"));
        wanted.extend(members.iter().filter_map(id_of));
    }

    let mut periods = HashSet::new();
    for text in call.parameters("period") {
        let period = state.config.calendar.read(text);
        periods.insert(period.ok_or_else(|| ("E2000", format!("Invalid period: {text}")))?);
    }
    let day = |name: &str| call.parameter(name).and_then(|text| text.parse::<Date>().ok());
    let between = day("startDate").zip(day("endDate"));
    let updated_since = since(state, call)?;
    let alone = periods.is_empty() && between.is_none();
    if alone && (updated_since.is_none() || state.config.version.refuses_last_updated_alone()) {
        let message =
            "At least one valid period, start/end dates, last updated or last updated duration must be specified";
        return refused("E2002", message);
    }
    if !periods.is_empty() && between.is_some() {
        return refused("E2003", "Both periods and start/end date cannot be specified");
    }
    if between.is_some_and(|(start, end)| end < start) {
        return refused("E2004", "Start date must be before end date");
    }

    let org_units = org_units(state, call, &ids("orgUnit")?, &ids("orgUnitGroup")?)?;
    let calendar = state.config.calendar;
    let takes = |(period, unit): &Cell| {
        (alone
            || periods.contains(period)
            || between.is_some_and(|(start, end)| start <= calendar.start(*period) && calendar.end(*period) <= end))
            && org_units.contains(unit)
    };
    let cells = state.values.cells().map(|(cell, _)| *cell).filter(takes).collect();
    let number = |name: &str| call.parameter(name).and_then(|text| text.parse().ok());
    let query = Query {
        elements: wanted,
        attribute_combos: ids("attributeOptionCombo")?.into_iter().collect(),
        updated_since,
        include_deleted: call.flag("includeDeleted"),
        offset: number("offset").unwrap_or(0),
        limit: number("limit").unwrap_or(usize::MAX),
    };
    Ok((query, cells))
}

/// `lastUpdated`, or `lastUpdatedDuration` before now: `10m`, `2h`, `7d`.
fn since(state: &State, call: &Call) -> Result<Option<DateTime>, Refused> {
    if let Some(text) = call.parameter("lastUpdated") {
        let moment = text.parse().ok().or_else(|| text.parse::<Date>().ok().map(|day| day.at(0, 0, 0, 0)));
        return moment.map(Some).ok_or_else(|| ("E2000", format!("Invalid date: {text}")));
    }
    let Some(text) = call.parameter("lastUpdatedDuration") else { return Ok(None) };
    let bad = || ("E2005", format!("Duration is not valid: {text}"));
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(bad)?;
    let number: i64 = number.parse().map_err(|_| bad())?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(bad()),
    };
    let span = SignedDuration::from_secs(number.saturating_mul(seconds));
    Ok(Some(state.now.checked_sub(span).map_err(|_| bad())?))
}

fn org_units(state: &State, call: &Call, given: &[Uid], groups: &[Uid]) -> Result<HashSet<Uid>, Refused> {
    let structure = &state.structure;
    if given.is_empty() && groups.is_empty() {
        return refused("E2006", "At least one organisation unit or organisation unit group must be specified");
    }
    if call.flag("children") && !groups.is_empty() {
        return refused("E2007", "Organisation unit children cannot be included for organisation unit groups");
    }
    for unit in given {
        if !call.user.is_super() && !structure.is_within(*unit, &call.user.data_view_org_units) {
            return Err(("E2012", format!("User is not allowed to view org unit: {unit}")));
        }
    }
    let mut units: HashSet<Uid> = given.iter().copied().collect();
    if call.flag("children") {
        let below = structure.org_units.iter().filter(|(_, unit)| unit.path.iter().any(|step| given.contains(step)));
        units.extend(below.map(|(id, _)| *id));
    }
    for group in groups {
        let members = state.metadata.object(group.as_str()).map_or(&[][..], |object| list(object, "organisationUnits"));
        units.extend(members.iter().filter_map(id_of));
    }
    Ok(units)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Head,
    Rows,
    Done,
}

/// The answer, made piece by piece, so that a million values never stand in memory as text.
struct Export {
    shared: Arc<Shared>,
    writer: Writer,
    query: Query,
    cells: std::vec::IntoIter<Cell>,
    /// Values that fit, those before the offset included.
    seen: usize,
    written: usize,
    step: Step,
}

impl Iterator for Export {
    type Item = Result<Bytes, std::io::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.step == Step::Done {
            return None;
        }
        let mut piece = Vec::with_capacity(PIECE + PIECE / 4);
        if self.step == Step::Head {
            self.writer.head(&mut piece);
            self.step = Step::Rows;
        }
        let shared = self.shared.clone();
        let state = shared.lock();
        while piece.len() < PIECE {
            let Some(cell) = self.cells.next().filter(|_| self.written < self.query.limit) else {
                self.writer.tail(&mut piece, self.written);
                self.step = Step::Done;
                break;
            };
            let mut rows: Vec<&Row> =
                state.values.cell(cell.0, cell.1).iter().filter(|row| self.query.takes(row)).collect();
            let skipped = self.query.offset.saturating_sub(self.seen).min(rows.len());
            self.seen += rows.len();
            rows.drain(..skipped);
            rows.truncate(self.query.limit.saturating_sub(self.written));
            self.writer.cell(&mut piece, &state, cell, &rows, self.written > 0);
            self.written += rows.len();
        }
        Some(Ok(piece.into()))
    }
}
