//! Links that lead to what is not there.

use mlatho_harmonize::{Kind, Relation};
use mlatho_model::Finding;

use crate::project::{Project, ProjectMappings};
use crate::review::own_ids;

/// Tells every link without an end whose target is not in the project's list of its kind, and says how many there are. A
/// link that has ended may lead to what is gone: values from before follow it.
pub(crate) fn dead_links(project: &Project, mappings: &ProjectMappings, findings: &mut Vec<Finding>) -> usize {
    let mut count = 0;
    for kind in Kind::ALL {
        // A list that cannot be read is told where the lists are looked at.
        let Ok(Some((register, ids))) = own_ids(project, kind) else { continue };
        let open = mappings
            .crosswalk
            .placed()
            .filter(|(link, ..)| link.kind == kind && link.relation != Relation::None && link.valid_to.is_none());
        for (link, file, row) in open.filter(|(link, ..)| !ids.contains(&*link.target)) {
            count += 1;
            let finding = Finding::warning("link-target-gone").in_file(file).at(row, "source_id");
            let finding = finding.with("code", &*link.source_id).with("target", &*link.target);
            findings.push(finding.with("register", register.as_str()));
        }
    }
    count
}
