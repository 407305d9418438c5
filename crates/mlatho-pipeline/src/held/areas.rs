//! Which area an org unit lies in, at the level by which batches are made.

use std::collections::HashMap;

use mlatho_harmonize::Kind;

use crate::PipelineError;
use crate::project::Project;
use crate::review::register;

/// The areas of the project's org units.
#[derive(Debug, Default)]
pub(crate) struct Areas {
    /// Nothing, where batches are not made by area.
    of: Option<HashMap<String, String>>,
}

impl Areas {
    /// Reads the column that `[review] level` names from the project's own register of org units.
    ///
    /// # Errors
    /// The register cannot be read.
    pub(crate) fn of(project: &Project) -> Result<Self, PipelineError> {
        let Some(level) = &project.config().review.level else { return Ok(Self::default()) };
        let level = level.to_lowercase();
        let list = register(project, Kind::OrgUnit, None, &mut Vec::new())?.unwrap_or_default().1;
        let ids = list.ids().map(str::to_owned).enumerate();
        Ok(Self { of: Some(ids.map(|(row, id)| (id, list.named(row, &level).to_owned())).collect()) })
    }

    /// The area of an org unit; nothing, where batches are not made by area. Blank, where it is not known.
    pub(crate) fn area(&self, org_unit: &str) -> Option<&str> {
        self.of.as_ref().map(|of| of.get(org_unit).map_or("", String::as_str))
    }
}
