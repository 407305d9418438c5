//! A project folder of its own for each test, with a repository that holds given lines.

use std::fs;

use jiff::Timestamp;
use mlatho_model::{MissingReason, Status, Value};
use mlatho_pipeline::Project;
use mlatho_store::{Processed, Receipt, Repository, Row, Run, TermKind};
use tempfile::TempDir;

/// A project with these files, in a path with spaces and letters beyond ASCII.
pub(crate) fn project(files: &[(&str, &str)]) -> (TempDir, Project) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("projet d'été № 1");
    for (name, text) in [("mlatho.toml", "version = 1\nname = \"Test <country>\"\n")].iter().chain(files) {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let project = Project::load(&root).unwrap();
    (folder, project)
}

/// A moment, counted in minutes.
pub(crate) fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + 60 * minute).unwrap()
}

/// Runs lines `org_unit,item,measure,split,period,value,status` into the repository of a project. A blank value is
/// missing, a blank status accepted.
pub(crate) async fn fill(project: &Project, lines: &str) -> Repository {
    let repository = Repository::open(&project.data_dir(), None).await.unwrap();
    let source = "lmis".parse().unwrap();
    let receipt = repository.land(&source, "test.csv", lines.as_bytes(), at(0)).await.unwrap();
    let mut run = repository.begin_or_resume_run("run", at(0)).await.unwrap();
    run.terms().describe(TermKind::OrgUnit, "A", "Alpha <clinic>", true);
    for (position, line) in (1..).zip(lines.lines()) {
        let row = row(&mut run, &receipt, position, line);
        run.push(&row).unwrap();
    }
    for month in run.commit_log(&[Processed { receipt: receipt.number, rules: "r1".into() }], &[], 0).await.unwrap() {
        let rows = run.merged_month(month).unwrap();
        run.write_month(month, &rows, &[]).await.unwrap();
    }
    run.finish(&serde_json::json!({}), at(1)).await.unwrap();
    repository
}

fn row(run: &mut Run<'_>, receipt: &Receipt, position: i64, line: &str) -> Row {
    let cells: Vec<&str> = line.split(',').collect();
    let [org_unit, item, measure, split, period, value, status] = cells[..] else { panic!("{line}") };
    let value = match value {
        "" => Value::Missing(MissingReason::Blank),
        number => Value::Reported(number.parse().unwrap()),
    };
    let status = Status::ALL.into_iter().find(|known| known.name() == status).unwrap_or(Status::Accepted);
    let terms = run.terms();
    Row {
        source: terms.id(TermKind::Source, "lmis"),
        org_unit: terms.id(TermKind::OrgUnit, org_unit),
        item: terms.id(TermKind::Item, item),
        measure: terms.id(TermKind::Measure, measure),
        disaggregation: terms.id(TermKind::Disaggregation, split),
        unit: 0,
        status,
        reason: 0,
        period: period.parse().unwrap(),
        value,
        receipt: receipt.number,
        record_key: position,
        version: 0,
        day: period.parse::<mlatho_model::Period>().unwrap().end(),
        reported_at: None,
        position,
        column: 0,
        crosswalk: 0,
        unit_rule: 0,
        period_rule: 0,
        source_org_unit: 0,
        source_item: 0,
    }
}
