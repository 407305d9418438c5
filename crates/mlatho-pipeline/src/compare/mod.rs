//! The comparison of a project: its rules over the current truth of the repository.

mod align;
mod lines;
mod numbers;
mod reports;
mod rules;
mod trend;

use std::io;

use mlatho_analysis::compare::{Comparison, Prepared, Rule, explain_together, write_comparisons};
use mlatho_analysis::{Compared, WorklistEntry};
use mlatho_model::{Finding, OrgUnitId};
use mlatho_store::{AsOf, Repository};

pub use lines::PeriodLine;
pub use trend::trend;

use crate::{PipelineError, Project};
use numbers::Numbers;
pub(crate) use rules::{RuleFile, load as load_rules};
pub(crate) use trend::trend_called;

/// One rule of the project with its result.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleComparison {
    /// Name of the rule file without its ending.
    pub name: String,
    pub rule: Rule,
    /// By org unit and period.
    pub rows: Vec<Comparison>,
    pub findings: Vec<Finding>,
}

impl RuleComparison {
    /// Writes the table of the command line contract (`org_unit,period,consumption,…`), of all org units or of one.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write_csv(&self, out: impl io::Write, org_unit: Option<&OrgUnitId>) -> csv::Result<()> {
        let rows: Vec<Comparison> = self.rows_of(org_unit).cloned().collect();
        write_comparisons(out, &self.rule, &rows)
    }

    /// The rows of all org units or of one.
    pub fn rows_of(&self, org_unit: Option<&OrgUnitId>) -> impl Iterator<Item = &Comparison> {
        self.rows.iter().filter(move |row| org_unit.is_none_or(|org_unit| row.org_unit == *org_unit))
    }
}

/// Compares by every rule of the project, in the order of the rule files; accepted observations only. What is wrong
/// with a rule file is told in the second list, and costs that rule.
///
/// Rows of the same org unit, item, measure, split and period are one number, whichever source they are from. Numbers
/// of shorter periods than the rule's are joined to it: months to a quarter, where all are known; weeks to the period
/// in which they end. Longer ones are not divided: they are left out, and a finding of the rule says how many.
///
/// # Errors
/// The rules cannot be listed, or the repository cannot be read at that moment.
pub async fn compare_project(
    project: &Project,
    repository: &Repository,
    as_of: Option<AsOf>,
) -> Result<(Vec<RuleComparison>, Vec<Finding>), PipelineError> {
    let (files, findings) = rules::load(project)?;
    Ok((compare_by(files, repository, as_of).await?, findings))
}

/// The comparisons of these rules.
pub(crate) async fn compare_by(
    files: Vec<RuleFile>,
    repository: &Repository,
    as_of: Option<AsOf>,
) -> Result<Vec<RuleComparison>, PipelineError> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let current = repository.current(as_of).await?;
    let numbers = Numbers::read(&current, files.iter().map(|file| &file.rule))?;
    let reports = reports::reports(repository, &current, files.iter().map(|file| &file.rule), as_of).await?;
    let prepared = files.iter().map(|file| {
        // The points of one rule at a time: those of all together are many.
        let (consumption, services) = numbers.points(&file.rule);
        Prepared::new(&file.rule, &consumption, &services)
    });
    let compared = explain_together(prepared.collect(), &reports);
    let comparisons = files.into_iter().zip(compared).map(|(RuleFile { name, path, rule }, (rows, findings))| {
        let findings = findings.into_iter().map(|finding| finding.in_file(&path)).collect();
        RuleComparison { name, rule, rows, findings }
    });
    Ok(comparisons.collect())
}

/// What stands out in the comparisons, ranked: [`mlatho_analysis::worklist`].
#[must_use]
pub fn worklist(comparisons: &[RuleComparison]) -> Vec<WorklistEntry> {
    let compared: Vec<Compared<'_>> =
        comparisons.iter().map(|one| Compared { name: &one.name, rule: &one.rule, rows: &one.rows }).collect();
    mlatho_analysis::worklist(&compared)
}
