//! The comparisons of a project as files and as a table.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use mlatho_model::Finding;
use mlatho_pipeline::repository::Repository;
use mlatho_pipeline::{PipelineError, Project};
use mlatho_pipeline::{WorklistEntry, compare_project, trend, worklist, write_worklist};
use mlatho_text::Texts;

use super::{Context, Failure};
use crate::output::write_file;

/// A comparison whose result was written.
pub(super) struct Compared {
    /// Stem of the rule file and of the files of the result.
    pub(super) name: String,
    title: String,
    /// Points by verdict.
    pub(super) verdicts: BTreeMap<&'static str, usize>,
    pub(super) findings: Vec<Finding>,
    file: PathBuf,
}

/// Compares and writes `results/<rule>.csv`, `results/<rule>.svg` and `results/worklist.csv` in the data folder. Gives the
/// comparisons, and the worklist as it was written.
pub(super) async fn write(
    texts: &Texts,
    project: &Project,
    repository: &Repository,
) -> Result<(Vec<Compared>, Vec<WorklistEntry>), Failure> {
    let (comparisons, findings) = compare_project(project, repository, None).await?;
    let folder = project.data_dir().join("results");
    std::fs::create_dir_all(&folder).map_err(PipelineError::io("making the folder", &folder))?;
    let mut compared = Vec::new();
    for comparison in &comparisons {
        let file = folder.join(format!("{}.csv", comparison.name));
        write_file(&file, |out| comparison.write_csv(out, None).map_err(std::io::Error::from))?;
        let drawing = file.with_extension("svg");
        write_file(&drawing, |out| out.write_all(trend(comparison, None, texts).as_bytes()))?;
        let mut verdicts = BTreeMap::new();
        for row in &comparison.rows {
            *verdicts.entry(row.verdict.name()).or_default() += 1;
        }
        let title = comparison.rule.name.clone();
        let findings = comparison.findings.clone();
        compared.push(Compared { name: comparison.name.clone(), title, verdicts, findings, file });
    }
    if let Some(first) = compared.first_mut() {
        first.findings.splice(0..0, findings);
    }
    let list = folder.join("worklist.csv");
    let entries = worklist(&comparisons);
    write_file(&list, |out| write_worklist(out, &entries).map_err(std::io::Error::from))?;
    Ok((compared, entries))
}

/// One line for each comparison: points by verdict, and where the result stands.
pub(super) fn print(context: &Context, compared: &[Compared]) -> Result<(), Failure> {
    if compared.is_empty() {
        return Ok(());
    }
    let verdicts = ["within", "above", "below", "undefined"];
    let rows: Vec<Vec<String>> = compared
        .iter()
        .map(|compared| {
            let counts = verdicts.map(|name| compared.verdicts.get(name).copied().unwrap_or(0).to_string());
            let mut row = vec![compared.title.clone()];
            row.extend(counts);
            row.push(compared.file.display().to_string());
            row
        })
        .collect();
    Ok(context.out.table(&["rule", "within", "above", "below", "undefined", "file"], &rows)?)
}
