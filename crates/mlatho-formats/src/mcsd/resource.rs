//! One Location or Organization: the fields that say what an org unit is.

use mlatho_model::OrgUnitId;
use serde_json::Value;

use super::{OrgUnitKind, TYPES};
use crate::json::{LONGEST_TEXT, at, text};

/// What OpenLMIS puts among the identifiers and is none of the org unit's own; its code is then the alias.
const NOT_CODES: [&str; 4] = ["/facilityTypes", "/facilityOperators", "/programs", "/geographicLevels"];

pub(super) struct Resource {
    pub(super) row: u64,
    pub(super) id: OrgUnitId,
    pub(super) name: String,
    /// Nothing: no type says it.
    pub(super) kind: Option<OrgUnitKind>,
    /// The id of the Location or Organization above; blank where there is none.
    pub(super) part_of: String,
    /// The id of the managing Organization; blank where there is none.
    pub(super) managed_by: String,
    pub(super) type_name: String,
    /// Latitude and longitude as they are written.
    pub(super) position: [Value; 2],
    pub(super) codes: Vec<String>,
    pub(super) aliases: Vec<String>,
    pub(super) is_active: bool,
}

impl Resource {
    /// `other_id` is that of the entry, for a resource that has none.
    ///
    /// # Errors
    /// The field that is needed and blank.
    pub(super) fn of(resource: &Value, other_id: &str, row: u64) -> Result<Self, &'static str> {
        let id = Some(text(resource, &["id"])).filter(|id| !id.is_empty());
        let id = id.as_deref().unwrap_or(other_id).parse().map_err(|_| "id")?;
        let name = text(resource, &["name"]);
        if name.is_empty() {
            return Err("name");
        }
        let identifiers = list(at(resource, "identifier"));
        let is_code = |identifier: &&Value| {
            let system = text(identifier, &["system"]);
            !NOT_CODES.iter().any(|end| system.ends_with(end))
        };
        let values = identifiers.iter().filter(is_code).map(|identifier| text(identifier, &["value"]));
        let mut codes: Vec<String> = values.filter(|code| !code.is_empty()).collect();
        let aliases = list(at(resource, "alias")).iter().filter_map(Value::as_str).map(str::trim);
        let mut aliases: Vec<String> =
            aliases.filter(|alias| !alias.is_empty() && alias.len() <= LONGEST_TEXT).map(str::to_owned).collect();
        if !identifiers.iter().all(|identifier| is_code(&identifier)) {
            codes.append(&mut aliases);
        }
        Ok(Self {
            row,
            id,
            name,
            kind: kind(resource),
            part_of: target(&text(resource, &["partOf.reference"])).to_owned(),
            managed_by: target(&text(resource, &["managingOrganization.reference"])).to_owned(),
            type_name: type_name(resource),
            position: ["position.latitude", "position.longitude"].map(|field| at(resource, field).clone()),
            codes,
            aliases,
            is_active: text(resource, &["status"]) != "inactive" && *at(resource, "active") != Value::Bool(false),
        })
    }
}

/// The id in a reference: `Location/a`, an address that ends so, also with a version, or `urn:uuid:a`.
pub(super) fn target(reference: &str) -> &str {
    let current = reference.split("/_history/").next().unwrap_or_default();
    current.rsplit(['/', ':']).next().unwrap_or_default()
}

/// The members of a list; what is none is one of its own.
fn list(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(members) => members,
        one => std::slice::from_ref(one),
    }
}

fn codings(concepts: &Value) -> impl Iterator<Item = &Value> {
    list(concepts).iter().flat_map(|concept| list(at(concept, "coding")))
}

/// What the types of mCSD or, without them, the physical type say.
fn kind(resource: &Value) -> Option<OrgUnitKind> {
    let by_type = codings(at(resource, "type")).filter(|coding| is_mcsd(coding)).find_map(|coding| {
        match text(coding, &["code"]).rsplit(':').next() {
            Some("facility") => Some(OrgUnitKind::Facility),
            Some("jurisdiction") => Some(OrgUnitKind::Area),
            _ => None,
        }
    });
    let mut by_form =
        codings(at(resource, "physicalType")).filter_map(|coding| match text(coding, &["code"]).as_str() {
            "si" | "bu" => Some(OrgUnitKind::Facility),
            "area" | "jdn" => Some(OrgUnitKind::Area),
            _ => None,
        });
    by_type.or_else(|| by_form.next())
}

/// Whether a coding is one of mCSD's own, in its form of today or of 2019.
fn is_mcsd(coding: &Value) -> bool {
    text(coding, &["system"]) == TYPES || text(coding, &["code"]).starts_with("urn:ihe:iti:mcsd:")
}

/// The first type that is none of mCSD's own.
fn type_name(resource: &Value) -> String {
    let names = list(at(resource, "type")).iter().filter(|concept| !codings(concept).any(is_mcsd)).map(|concept| {
        let coding = codings(concept).next().unwrap_or(&Value::Null);
        Some(text(concept, &["text"]))
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| text(coding, &["display", "code"]))
    });
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_default()
}
