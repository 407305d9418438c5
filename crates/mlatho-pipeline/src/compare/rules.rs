//! The rule files of a project.

use mlatho_analysis::compare::Rule;
use mlatho_model::{Finding, Findings};
use mlatho_quality::Rules;

use crate::project::shown;
use crate::{PipelineError, Project};

/// A rule with where it stands.
#[derive(Debug, PartialEq)]
pub(crate) struct RuleFile {
    /// Name of the file without its ending.
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) rule: Rule,
}

/// All rules that can be used, in the order of their files, and what is wrong with the others. Files of checks are no
/// concern here.
pub(crate) fn load(project: &Project) -> Result<(Vec<RuleFile>, Findings), PipelineError> {
    let (mut rules, mut findings) = (Vec::new(), Vec::new());
    for path in project.rules()? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let bad = |line: usize, reason: String| {
            Finding::error("rule-invalid").in_file(&shown(&path)).at(line as u64, "").with("reason", reason)
        };
        match std::fs::read_to_string(&path).map(|text| (!Rules::are_in(&text)).then(|| Rule::parse(&text))) {
            Ok(None) => {}
            Ok(Some(Ok(rule))) => rules.push(RuleFile { name, path: shown(&path), rule }),
            Ok(Some(Err(error))) => findings.push(bad(error.line, error.reason)),
            Err(error) => findings.push(bad(0, error.to_string())),
        }
    }
    Ok((rules, findings))
}
