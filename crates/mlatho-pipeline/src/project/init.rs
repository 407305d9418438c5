//! A project to start from.

use std::path::Path;

use mlatho_analysis::compare::RULE_PACKS;
use mlatho_model::Finding;

use super::{FILE, shown};
use crate::PipelineError;

/// The files of a new project.
const FILES: [(&str, &str); 6] = [
    (FILE, include_str!("template/mlatho.toml")),
    ("layouts/lmis.toml", include_str!("template/layouts/lmis.toml")),
    (
        "mappings/org_units.csv",
        "source,source_id,source_name,org_unit,org_unit_name,relation,share,valid_from,valid_to,reason\n",
    ),
    (
        "mappings/items.csv",
        "source,source_id,source_name,item,item_name,factor,unit,relation,share,valid_from,valid_to,reason,source_unit\n",
    ),
    (
        "mappings/elements.csv",
        "target,item,measure,disaggregation,data_set,data_element,category_option_combo,attribute_option_combo,valid_from,valid_to,reason\n",
    ),
    (".gitignore", "/data/\n/secrets/\n"),
];

/// Makes a commented project in a folder, with rules to copy from in `rule-packs/`. Files that are there already stay as they are, but a folder that holds a
/// project is refused.
///
/// # Errors
/// There is a project already, or a file cannot be written.
pub fn init_project(folder: &Path) -> Result<(), PipelineError> {
    if folder.join(FILE).exists() {
        return Err(Finding::error("project-exists").in_file(&shown(&folder.join(FILE))).into());
    }
    // The project file comes last: a folder without it is no project, so a broken start can be repeated.
    let packs = RULE_PACKS.iter().map(|(name, text)| (format!("rule-packs/{name}.toml"), *text));
    let files = FILES.iter().map(|(name, text)| ((*name).to_owned(), *text)).chain(packs);
    for (name, text) in files.collect::<Vec<_>>().iter().rev() {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(PipelineError::io("making the folder", parent))?;
        }
        if !path.exists() {
            std::fs::write(&path, text).map_err(PipelineError::io("writing", &path))?;
        }
    }
    for inbox in ["inbox/lmis", "inbox/hmis", "rules"] {
        let path = folder.join(inbox);
        std::fs::create_dir_all(&path).map_err(PipelineError::io("making the folder", &path))?;
    }
    Ok(())
}
