//! Registers of org units as FHIR Location and Organization, the way IHE mCSD pairs them.
//!
//! [`read`] gives the org units of a bundle, [`write()`] makes one, [`write_register`] the list that matching takes.

mod read;
mod resource;
mod write;

use std::collections::HashMap;
use std::io::{self, Cursor, Read, Seek, Write};

use mlatho_model::{Decimal, Findings, OrgUnitId};

use crate::{Document, document};
pub use read::read;
pub use write::write;

/// The codes of mCSD for what a resource is.
const TYPES: &str = "https://profiles.ihe.net/ITI/mCSD/CodeSystem/IHE.mCSD.Organization.Location.Types";
/// The codes of physical types.
const PHYSICAL_TYPES: &str = "http://terminology.hl7.org/CodeSystem/location-physical-type";

/// An org unit as a register has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgUnit {
    /// The logical id of the Location.
    pub id: OrgUnitId,
    pub name: String,
    pub kind: OrgUnitKind,
    /// The org unit above.
    pub parent: Option<OrgUnitId>,
    /// In the register's own words, such as `Health Centre III`; blank where it is not known.
    pub type_name: String,
    /// Who manages it; blank where it is not known.
    pub owner: String,
    /// Latitude and longitude in degrees.
    pub position: Option<[Decimal; 2]>,
    /// Identifiers that other registers may know too.
    pub codes: Vec<String>,
    pub aliases: Vec<String>,
    pub is_active: bool,
}

/// Where care is given, or an area that holds such places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrgUnitKind {
    Facility,
    Area,
}

/// Areas from the top that a register list has columns for.
const LEVELS: usize = 5;

/// Writes the org units of a kind as the list that `mlatho match` takes, with the names of the areas that they lie in,
/// from the top. A circle of parents ends where it closes.
///
/// # Errors
/// The output cannot be written.
pub fn write_register(out: impl Write, units: &[OrgUnit], kind: OrgUnitKind) -> io::Result<()> {
    let by_id: HashMap<&OrgUnitId, &OrgUnit> = units.iter().map(|unit| (&unit.id, unit)).collect();
    let mut out = csv::Writer::from_writer(out);
    out.write_record([
        "id", "name", "type", "owner", "level1", "level2", "level3", "level4", "level5", "lat", "lon", "code",
        "aliases",
    ])?;
    for unit in units.iter().filter(|unit| unit.kind == kind) {
        let mut areas: Vec<&str> = above(unit, &by_id).iter().rev().map(|area| area.name.as_str()).collect();
        areas.resize(LEVELS, "");
        let degrees = |at: usize| unit.position.map(|position| position[at].to_string()).unwrap_or_default();
        let (latitude, longitude, codes, aliases) =
            (degrees(0), degrees(1), joined(&unit.codes), joined(&unit.aliases));
        let first = [unit.id.as_str(), &unit.name, &unit.type_name, &unit.owner];
        let last = [latitude.as_str(), &longitude, &codes, &aliases];
        out.write_record(first.iter().chain(&areas).chain(&last))?;
    }
    out.flush()
}

/// The list that matching takes, from whatever holds a register: a table as it is ([`crate::comma_separated`]), a FHIR document
/// as the org units of a kind in it.
///
/// # Errors
/// The input cannot be read.
pub fn register_list<R: Read + Seek>(file: &str, input: R, kind: OrgUnitKind) -> io::Result<(Vec<u8>, Findings)> {
    let bytes = match document(input)? {
        Document::Table(bytes) => return Ok((bytes, Findings::new())),
        Document::Json(bytes) => bytes,
    };
    let (units, findings) = read(file, Cursor::new(bytes));
    let mut list = Vec::new();
    write_register(&mut list, &units, kind)?;
    Ok((list, findings))
}

/// The org units above one, the nearest first.
fn above<'u>(unit: &'u OrgUnit, by_id: &HashMap<&OrgUnitId, &'u OrgUnit>) -> Vec<&'u OrgUnit> {
    let mut above: Vec<&OrgUnit> = Vec::new();
    let mut next = unit.parent.as_ref().and_then(|id| by_id.get(id));
    while let Some(parent) =
        next.filter(|parent| parent.id != unit.id && !above.iter().any(|seen| seen.id == parent.id))
    {
        above.push(parent);
        next = parent.parent.as_ref().and_then(|id| by_id.get(id));
    }
    above
}

/// Texts with `|` between them, which none of them may hold.
fn joined(texts: &[String]) -> String {
    texts.iter().map(|text| text.replace('|', " ")).collect::<Vec<_>>().join("|")
}
