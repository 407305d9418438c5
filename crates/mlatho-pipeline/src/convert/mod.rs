//! The file route: reads, harmonizes with the project's mappings, writes DHIS2 payloads; keeps nothing.
//!
//! Memory is bounded for input of any size: lines wait in [`partitions`], first by report line (to drop older
//! versions), then by what they add up to (to merge them), and only one partition is in hand at a time.

mod deliver;
mod groups;
mod line;
mod newest;
mod partitions;
mod take;

use std::path::PathBuf;

use mlatho_model::{Decimal, Finding};
use serde::Serialize;

pub(crate) use deliver::Outlet;
pub use deliver::{Delivery, FileFormat};

use crate::PipelineError;
use crate::project::Project;

/// Bytes of lines that stay in memory at each of the two stages.
const MEMORY_LIMIT: usize = 48 << 20;

/// What to convert and where to.
#[derive(Clone, Debug)]
pub struct ConvertRequest {
    pub files: Vec<PathBuf>,
    /// The source that the files belong to; none: the only one of the project.
    pub source: Option<String>,
    /// The target whose elements are used; none: the only one of the project.
    pub target: Option<String>,
    pub delivery: Delivery,
}

/// What happened to the lines. Every line is in exactly one of `replaced`, `not_counting`, the three rejections and
/// those that went into groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ConvertCounts {
    /// Records read.
    pub lines: u64,
    /// Records that a higher version replaced.
    pub replaced: u64,
    /// Records of reports whose status does not count.
    pub not_counting: u64,
    /// Records that count: lines − replaced − `not_counting`.
    pub kept: u64,
    /// Kept records whose org unit has no mapping.
    pub unmapped_org_unit: u64,
    /// Kept records whose item has no mapping.
    pub unmapped_item: u64,
    /// Kept records that lack a number in a required measure.
    pub incomplete: u64,
    /// Combinations of org unit, item, disaggregation and period.
    pub groups: u64,
    /// Data values delivered.
    pub values: u64,
    /// Numbers without a data element in the target, by design or by omission.
    pub without_element: u64,
    /// Merged numbers that are missing because a part of them is.
    pub missing: u64,
    /// Sum over all delivered values.
    pub sum: Decimal,
}

/// Converts files.
///
/// # Errors
/// The project is incomplete, a file cannot be read, or a payload cannot be delivered.
pub fn convert(
    project: &Project,
    request: &ConvertRequest,
    findings: &mut Vec<Finding>,
) -> Result<ConvertCounts, PipelineError> {
    let source = project.source(request.source.as_deref())?;
    let target = project.target(request.target.as_deref())?;
    let mappings = project.mappings()?;
    findings.extend(mappings.findings.iter().cloned());
    let mut counts = ConvertCounts::default();
    let layout = project.layout(source)?;
    let taken = take::take(source, layout.as_ref(), &request.files, &mut counts, findings)?;
    let resolved = newest::newest(taken, source, &mappings.crosswalk, &mut counts)?;
    let mut out = Outlet::open(&request.delivery)?;
    groups::merge(resolved, &mappings.elements, &target.name, &mut counts, &mut out)?;
    out.close(findings)?;
    Ok(counts)
}
