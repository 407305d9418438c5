//! Org units as a bundle of Locations and Organizations.

use std::io::{self, Write};

use mlatho_model::{Finding, Findings};
use serde_json::{Map, Value, json};

use super::{OrgUnit, OrgUnitKind, PHYSICAL_TYPES, TYPES};

const PROFILES: &str = "https://profiles.ihe.net/ITI/mCSD/StructureDefinition/IHE.mCSD.";

/// Writes org units as a FHIR R4 transaction that sets, for each, its Organization and its Location, both under the id
/// of the org unit. Sending it again changes nothing. An id that FHIR does not take (letters, digits, `-` and `.`, at
/// most 64) is told, and the org unit left out. An owner has no place in mCSD and is not written.
///
/// # Errors
/// The output cannot be written.
pub fn write(mut out: impl Write, units: &[OrgUnit]) -> io::Result<Findings> {
    let mut findings = Vec::new();
    out.write_all(b"{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[")?;
    let mut between = "\n";
    for unit in units {
        if !is_fhir_id(unit.id.as_str()) {
            findings.push(Finding::error("not-a-fhir-id").with("id", unit.id.as_str()));
            continue;
        }
        for resource in [organization(unit), location(unit)] {
            let url = format!("{}/{}", resource["resourceType"].as_str().unwrap_or_default(), unit.id);
            out.write_all(between.as_bytes())?;
            let entry = json!({"resource": resource, "request": {"method": "PUT", "url": url}});
            serde_json::to_writer(&mut out, &entry)?;
            between = ",\n";
        }
    }
    out.write_all(b"\n]}\n")?;
    Ok(findings)
}

fn is_fhir_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

fn organization(unit: &OrgUnit) -> Value {
    let mut resource = both(unit, "Organization");
    resource.insert("active".into(), unit.is_active.into());
    resource.into()
}

fn location(unit: &OrgUnit) -> Value {
    let mut resource = both(unit, "Location");
    resource.insert("status".into(), if unit.is_active { "active" } else { "inactive" }.into());
    resource.insert("managingOrganization".into(), json!({"reference": format!("Organization/{}", unit.id)}));
    let form = match unit.kind {
        OrgUnitKind::Facility => "si",
        OrgUnitKind::Area => "jdn",
    };
    resource.insert("physicalType".into(), json!({"coding": [{"system": PHYSICAL_TYPES, "code": form}]}));
    // Numbers in JSON: the digits of a decimal are a number of JSON as they stand.
    let degrees =
        unit.position.map(|position| position.map(|degrees| degrees.to_string().parse::<serde_json::Number>()));
    if let Some([Ok(latitude), Ok(longitude)]) = degrees {
        resource.insert("position".into(), json!({"longitude": longitude, "latitude": latitude}));
    }
    resource.into()
}

/// What a Location and an Organization have in common.
fn both(unit: &OrgUnit, resource_type: &str) -> Map<String, Value> {
    let (profile, code) = match unit.kind {
        OrgUnitKind::Facility => ("Facility", "facility"),
        OrgUnitKind::Area => ("Jurisdiction", "jurisdiction"),
    };
    let mut types = vec![json!({"coding": [{"system": TYPES, "code": code}]})];
    if !unit.type_name.is_empty() {
        types.push(json!({"text": unit.type_name}));
    }
    let mut resource = Map::new();
    let mut set = |name: &str, value: Value| resource.insert(name.into(), value);
    set("resourceType", resource_type.into());
    set("id", unit.id.as_str().into());
    set("meta", json!({"profile": [format!("{PROFILES}{profile}{resource_type}")]}));
    set("name", unit.name.as_str().into());
    set("type", types.into());
    // FHIR knows no empty lists.
    if !unit.codes.is_empty() {
        set("identifier", unit.codes.iter().map(|code| json!({"value": code})).collect());
    }
    if !unit.aliases.is_empty() {
        set("alias", unit.aliases.clone().into());
    }
    if let Some(parent) = &unit.parent {
        set("partOf", json!({"reference": format!("{resource_type}/{parent}")}));
    }
    resource
}
