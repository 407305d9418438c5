//! CSV: engine A by position, engine B by the names in a header `[C]`.

use std::collections::BTreeMap;

use super::{Combo, Group, Incoming, Payload, Unreadable, owned, owned_combo};
use crate::dhis2::config::Engine;

const COLUMNS: [&str; 11] = [
    "dataelement",
    "period",
    "orgunit",
    "categoryoptioncombo",
    "attributeoptioncombo",
    "value",
    "storedby",
    "timestamp",
    "comment",
    "followup",
    "deleted",
];

pub(super) fn read(engine: Engine, body: &[u8]) -> Result<Payload<'static>, Unreadable> {
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(body);
    let malformed = |error: ::csv::Error| Unreadable::Malformed(error.to_string());
    let header = reader.headers().map_err(malformed)?.clone();
    let names: Vec<String> = match engine {
        Engine::A => COLUMNS.iter().map(|&name| name.into()).collect(),
        Engine::B => header.iter().map(|name| name.trim().into()).collect(),
    };
    if engine == Engine::B && !names.iter().any(|name| name.eq_ignore_ascii_case("dataelement")) {
        return Err(Unreadable::Malformed("CSV header must contain a column dataelement".into()));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(malformed)?;
        let (mut row, mut options) = (Incoming::default(), BTreeMap::new());
        for (name, cell) in names.iter().zip(record.iter()).filter(|(_, cell)| !cell.is_empty()) {
            match name.to_ascii_lowercase().as_str() {
                "dataelement" => row.data_element = owned(cell),
                "period" => row.period = owned(cell),
                "orgunit" => row.org_unit = owned(cell),
                "categoryoptioncombo" => row.category_option_combo = owned_combo(cell),
                "attributeoptioncombo" => row.attribute_option_combo = owned_combo(cell),
                "value" => row.value = owned(cell),
                "comment" => row.comment = owned(cell),
                "followup" => row.follow_up = Some(cell == "true"),
                "deleted" => row.deleted = Some(cell == "true"),
                "storedby" => row.stored_by = owned(cell),
                "timestamp" | "created" | "lastupdated" => {}
                _ => {
                    options.insert(name.clone(), cell.to_owned());
                }
            }
        }
        if !options.is_empty() {
            row.category_option_combo = Some(Combo::Options(options));
        }
        rows.push(row);
    }
    Ok(Payload { groups: vec![Group { data_values: rows, ..Group::default() }], defaults_to_code: false })
}
