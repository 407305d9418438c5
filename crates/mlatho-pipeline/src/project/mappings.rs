//! The project's mappings, loaded and named by their content.

use std::io::Cursor;
use std::path::Path;

use jiff::Timestamp;
use mlatho_harmonize::units::Products;
use mlatho_harmonize::{Crosswalk, Decisions, Kind, Link, Relation};
use mlatho_model::{Factor, Finding, Unit};
use xxhash_rust::xxh3::Xxh3Default;

use super::{ElementMap, Project, shown};
use crate::PipelineError;

/// Every mapping of a project.
#[derive(Debug, Default)]
pub struct ProjectMappings {
    pub crosswalk: Crosswalk,
    pub elements: ElementMap,
    /// What was decided about links; they are in the crosswalk.
    pub decisions: Decisions,
    /// What is wrong with the files; the links concerned are left out.
    pub findings: Vec<Finding>,
    /// Names the content of all mapping files and product tables: it changes when any of them does.
    pub version: String,
}

/// Which decisions count.
#[derive(Clone, Copy, Debug)]
pub(super) enum Decided<'a> {
    /// Those of the file.
    All,
    /// Those of the file that had been made at this time.
    By(Timestamp),
    /// These bytes instead of the file.
    As(&'a [u8]),
}

/// Reads all mapping files.
pub(super) fn load(project: &Project, decided: Decided<'_>) -> Result<ProjectMappings, PipelineError> {
    let mut found = ProjectMappings::default();
    let mut hash = Xxh3Default::new();
    let mut content = |path: &Path| {
        let bytes = std::fs::read(path).map_err(PipelineError::io("reading the mapping", path))?;
        hash.update(&(bytes.len() as u64).to_le_bytes());
        hash.update(&bytes);
        mlatho_formats::comma_separated(Cursor::new(bytes)).map_err(PipelineError::io("unpacking the mapping", path))
    };
    let mut products = Products::default();
    for path in project.products()? {
        let bytes = content(&path)?;
        products.read(&shown(&path), &bytes, &mut found.findings);
    }
    found.crosswalk = Crosswalk::with_products(products);
    let settings = &project.config.mappings;
    for (kind, files) in [(Kind::OrgUnit, &settings.org_units), (Kind::Item, &settings.items)] {
        for path in files.iter().map(|file| project.path(file)) {
            let bytes = content(&path)?;
            found.crosswalk.read(kind, &shown(&path), &bytes, &mut found.findings);
        }
    }
    for table in &settings.tables {
        let path = project.path(&table.file);
        let bytes = content(&path)?;
        let findings = &mut found.findings;
        found.crosswalk.read_table(table.kind.kind(), &table.source, &table.columns, &shown(&path), &bytes, findings);
    }
    let path = project.path(&settings.decisions);
    let bytes = match decided {
        Decided::As(bytes) => Some(bytes.to_vec()),
        Decided::All | Decided::By(_) if path.exists() => Some(content(&path)?),
        Decided::All | Decided::By(_) => None,
    };
    if let Some(bytes) = bytes {
        found.decisions = Decisions::read(&shown(&path), &bytes, &mut found.findings);
        if let Decided::By(time) = decided {
            found.decisions = found.decisions.as_of(time);
        }
        found.crosswalk.decide(&found.decisions, &mut found.findings);
    }
    for path in settings.elements.iter().map(|file| project.path(file)) {
        let bytes = content(&path)?;
        found.elements.read(&shown(&path), &bytes, &mut found.findings);
    }
    for table in &settings.element_tables {
        let path = project.path(&table.file);
        let bytes = content(&path)?;
        found.elements.read_table(table, &shown(&path), &bytes, &mut found.findings);
    }
    found.version = format!("{:032x}", hash.digest128());
    Ok(found)
}

/// A link as the repository keeps it, its cells as in the mapping file.
pub(crate) fn stored(link: &Link) -> mlatho_store::Link {
    let date = |date: Option<jiff::civil::Date>| date.map_or_else(String::new, |date| date.to_string());
    mlatho_store::Link {
        kind: match link.kind {
            Kind::OrgUnit => "org_unit".into(),
            Kind::Item => "item".into(),
        },
        source: link.source.to_string(),
        source_id: link.source_id.to_string(),
        source_name: link.source_name.to_string(),
        target: link.target.to_string(),
        target_name: link.target_name.to_string(),
        factor: link.factor.to_string(),
        unit: link.unit.as_ref().map_or_else(String::new, ToString::to_string),
        share: link.share.to_string(),
        relation: link.relation.name().into(),
        valid_from: date(link.valid_from),
        valid_to: date(link.valid_to),
        reason: link.reason.to_string(),
    }
}

/// The link that the repository keeps; nothing, where it is none.
pub(crate) fn link_of(stored: &mlatho_store::Link) -> Option<Link> {
    let date = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
    Some(Link {
        kind: Kind::ALL.into_iter().find(|kind| kind.name().replace('-', "_") == stored.kind)?,
        source: stored.source.parse().ok()?,
        source_id: stored.source_id.as_str().into(),
        source_name: stored.source_name.as_str().into(),
        target: stored.target.as_str().into(),
        target_name: stored.target_name.as_str().into(),
        relation: Relation::ALL.into_iter().find(|relation| relation.name() == stored.relation)?,
        share: stored.share.parse::<Factor>().ok()?,
        factor: stored.factor.parse::<Factor>().ok()?,
        unit: Unit::named(&stored.unit),
        valid_from: date(&stored.valid_from)?,
        valid_to: date(&stored.valid_to)?,
        reason: stored.reason.as_str().into(),
    })
}
