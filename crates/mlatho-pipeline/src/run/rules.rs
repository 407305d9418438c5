//! What decides about the rows of a source, named by its content; and the names of targets.

use mlatho_harmonize::{Crosswalk, Kind};
use mlatho_store::{TermKind, Terms};
use xxhash_rust::xxh3::Xxh3Default;

use crate::PipelineError;
use crate::project::{Project, Source};

/// A hash over everything that decides what becomes of the bytes of a source: the mappings, the layout, the settings
/// of the source and the gate, and the version of the program. Rows that came about by other rules are made anew.
pub(super) fn of_source(project: &Project, source: &Source, mappings: &str) -> Result<String, PipelineError> {
    let mut hash = Xxh3Default::new();
    let mut add = |text: &str| {
        hash.update(&(text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    add(env!("CARGO_PKG_VERSION"));
    add(mappings);
    add(&format!("{:?} {:?}", source.format, project.config().gate));
    add(&format!("{:?} {} {:?}", source.policy, source.two_persons, project.config().review));
    add(&format!("{:?} {:?} {:?}", source.accept_status, source.required_measures, source.days_in_month));
    if let Some(path) = &source.layout {
        let path = project.path(path);
        add(&std::fs::read_to_string(&path).map_err(PipelineError::io("reading the layout", &path))?);
    }
    Ok(format!("{:032x}", hash.digest128()))
}

/// Tells the repository what the targets of the mappings are called.
pub(super) fn describe(crosswalk: &Crosswalk, terms: &mut Terms) {
    for link in crosswalk.links().filter(|link| !link.target.is_empty()) {
        let kind = match link.kind {
            Kind::OrgUnit => TermKind::OrgUnit,
            Kind::Item => TermKind::Item,
        };
        let known = terms.find(kind, &link.target).and_then(|id| terms.term(kind, id));
        let name = match known {
            Some(term) if link.target_name.is_empty() => term.name.clone(),
            _ => link.target_name.to_string(),
        };
        terms.describe(kind, &link.target, &name, true);
    }
}
