//! `mlatho sql`.

use std::time::Duration;

use mlatho_pipeline::repository::Repository;

use crate::world::{Ran, World};

/// A project with a repository in which one run has finished, at noon UTC on 1 March 2026.
fn world() -> World {
    let world = World::new();
    assert_eq!(world.run(["init", "p"]).code, 0);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let repository = Repository::open(&world.path("p/data"), None).await.unwrap();
        let noon: jiff::Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let mut run = repository.begin_or_resume_run("run", noon).await.unwrap();
        assert!(run.commit_log(&[], &[], 0).await.unwrap().is_empty());
        run.finish(&serde_json::json!({}), noon).await.unwrap();
        repository.close().await.unwrap();
    });
    runtime.shutdown_timeout(Duration::ZERO);
    world
}

fn sql<const N: usize>(world: &World, query: &str, options: [&str; N]) -> Ran {
    crate::world::ran(world.mlatho().args(["sql", query, "--project", "p"]).args(options))
}

#[test]
fn answers_in_every_form() {
    let world = world();
    let query = "SELECT id, kind, state FROM runs";
    assert_eq!(sql(&world, query, ["--format", "csv"]).well(), "id,kind,state\n1,run,finished\n");
    let rows = sql(&world, query, ["--format", "json"]).json();
    assert_eq!(rows, serde_json::json!([{"id": 1, "kind": "run", "state": "finished"}]));
    insta::assert_snapshot!(sql(&world, query, []).well());
    assert_eq!(sql(&world, query, ["--out", "rows.csv"]).well(), "");
    assert_eq!(world.read("rows.csv"), "id,kind,state\n1,run,finished\n");
    assert_eq!(sql(&world, query, ["--out", "rows.parquet"]).well(), "");
    let bytes = std::fs::read(world.path("rows.parquet")).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
}

#[test]
fn the_tables_of_the_contract_are_there() {
    let world = world();
    for table in ["observations", "observations_log", "org_units", "items", "links", "findings", "runs"] {
        let told = sql(&world, &format!("SELECT count(*) AS n FROM {table}"), ["--format", "csv"]).well();
        assert_eq!(told, if table == "runs" { "n\n1\n" } else { "n\n0\n" }, "{table}");
    }
    let columns =
        "source, org_unit, item, measure, disaggregation, period, period_start, period_end, value, state, unit, status";
    let told = sql(&world, &format!("SELECT {columns} FROM observations"), ["--format", "csv"]).well();
    assert_eq!(told, format!("{}\n", columns.replace(", ", ",")));
}

#[test]
fn as_of_a_time_or_a_version() {
    let world = world();
    let query = "SELECT count(*) AS n FROM observations";
    let at = |moment: &str| sql(&world, query, ["--as-of", moment, "--format", "csv"]);
    assert_eq!(at("2026-03-01T12:00:00Z").well(), "n\n0\n");
    assert_eq!(at("2026-03-01T14:00:00+01:00").well(), "n\n0\n");
    assert_eq!(at("1000").well(), "n\n0\n");
    for (moment, code) in [("2026-03-01T11:59:59Z", "before-first-run"), ("yesterday", "bad-as-of")] {
        let ran = at(moment);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{moment}");
        assert!(ran.messages.contains(&format!("error [{code}]: ")), "{moment}: {}", ran.messages);
    }
}

#[test]
fn what_does_not_only_read_or_is_no_query_is_refused() {
    let world = world();
    for query in [
        "SELEC 1",
        "SELECT * FROM no_such_table",
        "SELECT no_such_column FROM runs",
        "SELECT 1/0",
        "INSERT INTO runs VALUES (1)",
        "DELETE FROM observations",
        "DROP TABLE observations",
        "CREATE TABLE x AS SELECT 1",
        "CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '/etc/passwd'",
        "COPY (SELECT 1) TO 'out.csv' STORED AS CSV",
        "SET datafusion.execution.batch_size = 1",
    ] {
        let ran = sql(&world, query, []);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{query}: {}", ran.messages);
        assert!(ran.messages.starts_with("error [bad-query]: "), "{query}: {}", ran.messages);
    }
    assert!(!world.path("out.csv").exists());
    assert_eq!(sql(&world, "SELECT count(*) AS n FROM runs", ["--format", "csv"]).well(), "n\n1\n");
}

#[test]
fn a_failed_query_leaves_no_file() {
    let world = world();
    let ran = sql(&world, "SELECT 1/0", ["--out", "rows.csv"]);
    assert_eq!(ran.code, 1);
    assert!(!world.path("rows.csv").exists() && !world.path("rows.csv.part").exists());
}

#[test]
fn without_a_repository_there_is_advice() {
    let world = World::new();
    assert_eq!(world.run(["init", "p"]).code, 0);
    let ran = sql(&world, "SELECT 1", []);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(
        ran.messages.starts_with("error [repository-missing]: ") && ran.messages.contains("mlatho run"),
        "{}",
        ran.messages
    );
    assert!(!world.path("p/data").exists(), "asking makes nothing");
}

#[test]
fn the_catalogue_comes_from_the_variable_that_the_project_names() {
    let world = World::new();
    assert_eq!(world.run(["init", "p"]).code, 0);
    let config = world.read("p/mlatho.toml").replace("# catalogue_url_env", "catalogue_url_env");
    world.write("p/mlatho.toml", config);
    let ran = crate::world::ran(
        world.mlatho().args(["sql", "SELECT 1", "--project", "p"]).env_remove("MLATHO_CATALOGUE_URL"),
    );
    assert_eq!(ran.code, 1);
    assert!(
        ran.messages.contains("[catalogue-url-unset]") && ran.messages.contains("MLATHO_CATALOGUE_URL"),
        "{}",
        ran.messages
    );
}
