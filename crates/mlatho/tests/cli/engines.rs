//! The tables open in other engines, and the queries give the same there: DuckDB and deltalake from PyPI are a second
//! opinion on our SQL and on what Delta says is live.

use std::process::Command;

use serde_json::Value;

use crate::stocked::{done, link, project};
use crate::world::World;

/// A Python that has `duckdb`, `deltalake` and `pyarrow`; nothing, where there is none.
#[expect(clippy::disallowed_methods, reason = "how the test task tells where it is")]
#[expect(clippy::print_stderr, reason = "what is left out is told")]
fn python() -> Option<String> {
    let ci = std::env::var("CI").as_deref() == Ok("true");
    let python = std::env::var("MLATHO_PYTHON").unwrap_or_else(|_| "python3".into());
    let probe = Command::new(&python).args(["-c", "import duckdb, deltalake, pyarrow"]).output();
    if probe.is_ok_and(|probe| probe.status.success()) {
        return Some(python);
    }
    assert!(!ci, "MLATHO_PYTHON must name a Python with duckdb, deltalake and pyarrow on a build server");
    eprintln!("SKIPPED: set MLATHO_PYTHON to a Python with duckdb, deltalake and pyarrow to ask other engines");
    None
}

const QUERIES: &str = include_str!("engines/queries.sql");
const SCRIPT: &str = include_str!("engines/other_engines.py");

/// A cell as it is compared: floats to nine digits.
fn cell(value: &Value) -> String {
    match value {
        Value::Number(number) => format!("{:.9e}", number.as_f64().unwrap()),
        other => other.to_string(),
    }
}

#[test]
fn other_engines_give_the_same_answers() {
    let Some(python) = python() else { return };
    let world = World::new();
    let _server = project(&world);
    link(&world, 1, &[]);
    done(&world, ["run"]);
    // A second version of a month, a missing value, a held one, and one that no float holds.
    let rows = "site,product,month,used\nS1,D7,202601,10\nS1,D7,202602,\nS1,D7,202603,-30\nS2,D7,202601,1234567890123456.789\n\
                S9,D7,202601,5\n";
    world.write("p/inbox/a.csv", rows);
    done(&world, ["run"]);
    world.write("queries.sql", QUERIES);
    world.write("other_engines.py", SCRIPT);
    let mut other = Command::new(python);
    other.arg(world.path("other_engines.py")).arg(world.path("p/data")).arg(world.path("queries.sql"));
    let output = other.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answers: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut compared = 0;
    for query in QUERIES.split("-- ").filter(|query| !query.trim().is_empty()) {
        let (title, sql) = query.split_once('\n').unwrap();
        let name = title.split(':').next().unwrap();
        let sql = sql.trim().trim_end_matches(';');
        let ours: Vec<serde_json::Map<String, Value>> =
            serde_json::from_str(&done(&world, ["sql", sql, "--format", "json"])).unwrap();
        // Our objects are sorted by name: the order of the columns is that of the query.
        let header = done(&world, ["sql", sql, "--format", "csv"]);
        let columns: Vec<&str> = header.lines().next().unwrap().split(',').collect();
        let row =
            |row: &serde_json::Map<String, Value>| columns.iter().map(|name| cell(&row[*name])).collect::<Vec<_>>();
        let ours: Vec<Vec<String>> = ours.iter().map(row).collect();
        assert!(!ours.is_empty(), "{title}");
        for engine in ["duckdb", "deltalake"] {
            let theirs = answers[engine][name].as_array().unwrap();
            let theirs: Vec<Vec<String>> =
                theirs.iter().map(|row| row.as_array().unwrap().iter().map(cell).collect()).collect();
            assert_eq!(ours, theirs, "{engine}: {title}");
            compared += 1;
        }
    }
    assert_eq!(compared, 16, "eight queries, two engines");
}
