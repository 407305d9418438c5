//! Bundles of Locations and Organizations as org units.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};
use std::ops::ControlFlow;

use mlatho_model::{Decimal, Finding, Findings, OrgUnitId, RawRecord, RecordSink};

use super::resource::{Resource, target};
use super::{OrgUnit, OrgUnitKind};
use crate::json::{at, elements, number, text};
use crate::unreadable;

/// Steps that a chain of parents is followed for.
const DEEPEST: usize = 50;

/// Reads a FHIR bundle in JSON, a list of resources, or one resource. Resources of other types, such as persons, are
/// passed over. Positions count the resources from 1.
///
/// A Location is an org unit. The Organization that manages it and has the same mCSD type is its other half; any other
/// that manages it is its owner. An Organization that manages no Location is an org unit of its own. What no type says,
/// is an area where another lies in it, else a facility.
pub fn read<R: Read + Seek>(file: &str, mut input: R) -> (Vec<OrgUnit>, Findings) {
    let mut told = Told { file, findings: Vec::new() };
    let (mut locations, mut organizations, mut position) = (Vec::new(), Vec::new(), 0);
    match crate::input::open(&mut input, None) {
        Ok(mut bytes) => elements(file, &mut bytes, &["entry"], &mut told, &mut |_, element, sink| {
            position += 1;
            let resource = element.get("resource").unwrap_or(&element);
            let into = match at(resource, "resourceType").as_str() {
                Some("Location") => &mut locations,
                Some("Organization") => &mut organizations,
                _ => return ControlFlow::Continue(()),
            };
            match Resource::of(resource, target(&text(&element, &["fullUrl"])), position) {
                Ok(resource) => into.push(resource),
                Err(column) => {
                    let finding = Finding::error("missing-name").with("column", column);
                    sink.finding(finding.in_file(file).at(position, column));
                }
            }
            ControlFlow::Continue(())
        }),
        Err(error) => told.findings.push(unreadable(file, 0, &error)),
    }
    if locations.is_empty() && organizations.is_empty() && told.findings.is_empty() {
        told.findings.push(Finding::error("no-org-units").in_file(file));
    }
    let units = told.units(&locations, &organizations);
    (units, told.findings)
}

struct Told<'a> {
    file: &'a str,
    findings: Findings,
}

impl RecordSink for Told<'_> {
    fn record(&mut self, _: &RawRecord<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn finding(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

impl Told<'_> {
    fn tell(&mut self, finding: Finding, row: u64, column: &str) {
        self.findings.push(finding.in_file(self.file).at(row, column));
    }

    fn units(&mut self, locations: &[Resource], organizations: &[Resource]) -> Vec<OrgUnit> {
        let managers: HashMap<&str, &Resource> = organizations.iter().map(|it| (it.id.as_str(), it)).collect();
        let manager = |location: &Resource| managers.get(location.managed_by.as_str()).copied();
        let is_half = |location: &Resource, manager: &Resource| manager.kind.is_some() && manager.kind == location.kind;
        // The Location that an Organization is the other half of.
        let whole: HashMap<&str, &str> = locations
            .iter()
            .filter_map(|it| {
                manager(it).filter(|manager| is_half(it, manager)).map(|half| (half.id.as_str(), it.id.as_str()))
            })
            .collect();
        let of_organization = |id: &str| whole.get(id).copied().unwrap_or(id).to_owned();

        let (mut units, mut rows, mut parents) = (Vec::new(), HashMap::new(), Vec::new());
        let mut add = |told: &mut Self, resource: &Resource, manager: Option<&Resource>, parent: String| {
            if let Some(first) = rows.get(&resource.id) {
                let finding = Finding::error("duplicate-id").with("id", resource.id.as_str()).with("first", *first);
                return told.tell(finding, resource.row, "id");
            }
            rows.insert(resource.id.clone(), resource.row);
            let half = manager.filter(|manager| is_half(resource, manager));
            let owner = manager.filter(|_| half.is_none()).map_or("", |owner| owner.name.as_str());
            units.push(told.unit(resource, half, owner));
            parents.push((resource.kind, parent));
        };
        for location in locations {
            let manager = manager(location);
            let by_half =
                manager.filter(|manager| is_half(location, manager)).map(|half| of_organization(&half.part_of));
            let parent = Some(location.part_of.clone()).filter(|id| !id.is_empty()).or(by_half).unwrap_or_default();
            add(self, location, manager, parent);
        }
        let managing: HashSet<&str> = locations.iter().map(|location| location.managed_by.as_str()).collect();
        for organization in organizations.iter().filter(|it| !managing.contains(it.id.as_str())) {
            add(self, organization, None, of_organization(&organization.part_of));
        }
        self.put_below(&mut units, &rows, &parents);
        units
    }

    fn unit(&mut self, resource: &Resource, half: Option<&Resource>, owner: &str) -> OrgUnit {
        let both = |texts: &dyn Fn(&Resource) -> &Vec<String>| {
            let mut all: Vec<String> = Vec::new();
            for text in std::iter::once(resource).chain(half).flat_map(texts) {
                if !all.contains(text) {
                    all.push(text.clone());
                }
            }
            all
        };
        let mut aliases = both(&|it| &it.aliases);
        if let Some(other) =
            half.map(|half| &half.name).filter(|name| **name != resource.name && !aliases.contains(name))
        {
            aliases.push(other.clone());
        }
        let type_names = std::iter::once(resource).chain(half).map(|it| it.type_name.as_str());
        OrgUnit {
            id: resource.id.clone(),
            name: resource.name.clone(),
            kind: resource.kind.unwrap_or(OrgUnitKind::Facility),
            parent: None,
            type_name: type_names.into_iter().find(|name| !name.is_empty()).unwrap_or_default().to_owned(),
            owner: owner.to_owned(),
            position: self.position(resource),
            codes: both(&|it| &it.codes),
            aliases,
            is_active: resource.is_active && half.is_none_or(|half| half.is_active),
        }
    }

    /// Latitude and longitude, both or none.
    fn position(&mut self, resource: &Resource) -> Option<[Decimal; 2]> {
        let mut degrees = |at: usize, column: &str, most: u32| {
            let found = match number(&resource.position[at]) {
                Ok(Some(degrees)) if degrees.abs() <= Decimal::from(most) => return Some(degrees),
                Ok(None) => return None,
                Ok(Some(degrees)) => degrees.to_string(),
                Err(text) => text,
            };
            let finding = Finding::warning("not-degrees").with("text", found).with("most", u64::from(most));
            self.tell(finding, resource.row, column);
            None
        };
        let (latitude, longitude) = (degrees(0, "position.latitude", 90), degrees(1, "position.longitude", 180));
        Some([latitude?, longitude?])
    }

    /// Puts each org unit below its parent, where there is one and it does not lie below the unit itself.
    fn put_below(
        &mut self,
        units: &mut [OrgUnit],
        rows: &HashMap<OrgUnitId, u64>,
        parents: &[(Option<OrgUnitKind>, String)],
    ) {
        let places: HashMap<String, usize> = units.iter().map(|unit| unit.id.to_string()).zip(0..).collect();
        let above: Vec<Option<usize>> = parents.iter().map(|(_, parent)| places.get(parent).copied()).collect();
        let parents_of_any: HashSet<usize> = above.iter().flatten().copied().collect();
        for (place, (kind, parent)) in parents.iter().enumerate() {
            if kind.is_none() && parents_of_any.contains(&place) {
                units[place].kind = OrgUnitKind::Area;
            }
            let row = rows.get(&units[place].id).copied().unwrap_or_default();
            let mut chain = std::iter::successors(above[place], |at| above[*at]).take(DEEPEST);
            match above[place] {
                None if parent.is_empty() => {}
                None => self.tell(Finding::warning("unknown-parent").with("id", parent.as_str()), row, "partOf"),
                Some(_) if chain.any(|at| at == place) => {
                    self.tell(Finding::error("org-unit-below-itself").with("id", parent.as_str()), row, "partOf");
                }
                Some(at) => units[place].parent = Some(units[at].id.clone()),
            }
        }
    }
}
