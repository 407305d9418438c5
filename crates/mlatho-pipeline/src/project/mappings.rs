//! The project's mappings, loaded and named by their content.

use std::io::Cursor;
use std::path::Path;

use mlatho_harmonize::units::Products;
use mlatho_harmonize::{Crosswalk, Decisions, Kind};
use mlatho_model::Finding;
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

/// Reads all mapping files; where they are given, the decisions are these bytes instead of those of the file.
pub(super) fn load(project: &Project, decisions: Option<&[u8]>) -> Result<ProjectMappings, PipelineError> {
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
    if decisions.is_some() || path.exists() {
        let bytes = decisions.map_or_else(|| content(&path), |bytes| Ok(bytes.to_vec()))?;
        found.decisions = Decisions::read(&shown(&path), &bytes, &mut found.findings);
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
