//! The checks that a project writes down in its rule files.

use mlatho_model::{Finding, Findings};
use mlatho_quality::Rules;

use super::{Project, shown};
use crate::PipelineError;

/// A rule file that holds checks.
#[derive(Debug)]
pub(crate) struct CheckFile {
    /// Name of the file without its ending.
    pub(crate) name: String,
    pub(crate) rules: Rules,
}

/// All checks that can be used, in the order of their files, and what is wrong with the others. A file holds checks where
/// it has a table `[[checks]]`; any other is a comparison rule.
pub(crate) fn load(project: &Project) -> Result<(Vec<CheckFile>, Findings), PipelineError> {
    let (mut files, mut findings) = (Vec::new(), Vec::new());
    for path in project.rules()? {
        let Ok(text) = std::fs::read_to_string(&path) else { continue }; // told where comparisons are loaded
        if !Rules::are_in(&text) {
            continue;
        }
        match Rules::parse(&text) {
            Ok(rules) => {
                let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                files.push(CheckFile { name, rules });
            }
            Err(bad) => {
                let finding = Finding::error("checks-invalid").in_file(&shown(&path)).at(bad.line as u64, "");
                findings.push(finding.with("reason", bad.reason));
            }
        }
    }
    Ok((files, findings))
}
