//! Questions in SQL: of now and of earlier, and never more than questions.

use mlatho_store::{AsOf, Link, StoreError};

use crate::common::{Line, World, at, bring_in, csv, land, rows};
use crate::ingest::FIRST;
use crate::on_both;

on_both!(
    the_past_can_be_read,
    only_reading_is_allowed,
    the_columns_of_the_contract,
    what_was_mapped_when,
    texts_are_compared_as_texts,
);

async fn the_past_can_be_read(world: World) {
    let repository = world.open().await;
    let old = land(&repository, "stock.csv", &FIRST, 0).await;
    bring_in(&repository, &old, &FIRST, 10).await;
    let before = rows(&repository, None).await;
    let lines: [Line; 1] = [(1, "A", "202601", Some("13"))];
    let new = land(&repository, "stock.csv", &lines, 20).await;
    bring_in(&repository, &new, &lines, 30).await;
    assert_eq!(rows(&repository, None).await, ["A 202601 13 accepted"]);
    assert_eq!(rows(&repository, Some(AsOf::Time(at(20)))).await, before);
    assert_eq!(rows(&repository, Some(AsOf::Version(2))).await, before);
    // Version 3 is within the second run, which ended with version 4: half a run is never seen.
    assert_eq!(rows(&repository, Some(AsOf::Version(3))).await, before);
    assert_eq!(rows(&repository, Some(AsOf::Version(4))).await, ["A 202601 13 accepted"]);
    let sql = "SELECT (SELECT count(*) FROM observations_log) AS log, (SELECT count(*) FROM observations) AS current";
    for (as_of, expected) in [
        (Some(AsOf::Time(at(20))), "4,4"),
        (Some(AsOf::Version(2)), "4,4"),
        (Some(AsOf::Time(at(30))), "4,4"), // begun, not finished
        (Some(AsOf::Time(at(31))), "5,1"),
        (Some(AsOf::Version(99)), "5,1"),
        (None, "5,1"),
    ] {
        assert_eq!(csv(&repository, sql, as_of).await, format!("log,current\n{expected}\n"), "{as_of:?}");
    }
    for early in [AsOf::Time(at(5)), AsOf::Version(0)] {
        assert!(matches!(repository.current(Some(early)).await, Err(StoreError::BeforeFirstRun)));
        assert!(matches!(repository.query("SELECT 1", Some(early)).await, Err(StoreError::BeforeFirstRun)));
    }
}

async fn only_reading_is_allowed(world: World) {
    let repository = world.open().await;
    for sql in
        ["SHOW TABLES", "EXPLAIN SELECT * FROM runs", "DESCRIBE observations", "WITH n AS (SELECT 1) SELECT * FROM n"]
    {
        assert!(repository.query(sql, None).await.is_ok(), "{sql}");
    }
    let place = world.data_dir.join("out.csv");
    let copy = format!("COPY observations TO '{}'", place.display());
    for sql in [
        "CREATE TABLE x AS SELECT 1",
        "DROP TABLE observations",
        "INSERT INTO runs VALUES (1)",
        "DELETE FROM observations",
        "INSERT INTO observations SELECT * FROM observations",
        "UPDATE observations SET value = 0",
        "CREATE VIEW x AS SELECT 1",
        "CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '/etc/passwd'",
        "SELECT 1; DROP TABLE observations",
        "SET datafusion.execution.batch_size = 1",
        copy.as_str(),
    ] {
        assert!(repository.query(sql, None).await.is_err(), "{sql}");
    }
    assert!(!place.exists());
    assert_eq!(csv(&repository, "SELECT * FROM org_units", None).await, "id,name,mapped\n");
}

async fn the_columns_of_the_contract(world: World) {
    let repository = world.open().await;
    let receipt = land(&repository, "stock.csv", &FIRST, 0).await;
    bring_in(&repository, &receipt, &FIRST, 1).await;
    let header = async |table: &str| {
        let answer = csv(&repository, &format!("SELECT * FROM {table}"), None).await;
        answer.lines().next().unwrap_or_default().to_owned()
    };
    let observations = "source,org_unit,item,measure,disaggregation,period,period_start,period_end,value,state,unit,\
                        status,value_text,receipt,position,column,crosswalk,unit_rule,period_rule,run,\
                        source_org_unit,source_item,version,day,reported_at,reason";
    assert_eq!(header("observations").await, observations);
    assert_eq!(header("observations_log").await, observations);
    assert_eq!(header("org_units").await, "id,name,mapped");
    assert_eq!(header("items").await, "id,name,mapped");
    assert_eq!(header("runs").await, "id,kind,state,started_at,finished_at,summary");
    let runs = csv(&repository, "SELECT id, kind, state, summary FROM runs", None).await;
    assert_eq!(runs, "id,kind,state,summary\n1,run,finished,\"{\"\"receipts\"\":1}\"\n");
}

async fn what_was_mapped_when(world: World) {
    let repository = world.open().await;
    let link = |target: &str| Link {
        kind: "item".into(),
        source: "lmis".into(),
        source_id: "rhze".into(),
        target: target.into(),
        factor: "30".into(),
        ..Link::default()
    };
    repository.save_links("v1", &[link("RHZE"), link("RHZE-2")], at(0)).await.unwrap();
    repository.save_links("v2", &[link("RHZE-3")], at(1)).await.unwrap();
    // A version is a hash of its content: it does not change.
    repository.save_links("v1", &[link("something else")], at(2)).await.unwrap();
    let sql = "SELECT version, source_id, target, factor FROM links";
    let expected = "version,source_id,target,factor\nv1,rhze,RHZE,30\nv1,rhze,RHZE-2,30\nv2,rhze,RHZE-3,30\n";
    assert_eq!(csv(&repository, sql, None).await, expected);
}

/// Conditions on texts are turned into conditions on numbers; a text that went through a function cannot be.
async fn texts_are_compared_as_texts(world: World) {
    let repository = world.open().await;
    let lines: [Line; 5] = [
        (1, "A", "202601", Some("1")),
        (2, "B", "202601", Some("2")),
        (3, "C", "202602", Some("4")),
        (4, "A", "202602", None),
        (5, "B", "202603", Some("16")),
    ];
    let receipt = land(&repository, "stock.csv", &lines, 0).await;
    bring_in(&repository, &receipt, &lines, 1).await;
    let sum = async |condition: &str| {
        let sql = format!("SELECT count(*) AS n, sum(value) AS sum FROM observations WHERE {condition}");
        csv(&repository, &sql, None).await.lines().nth(1).unwrap_or_default().to_owned()
    };
    let columns = [("org_unit", ["A", "B", "nowhere"]), ("period", ["202601", "202602", "2026Q1"])];
    let columns = columns
        .into_iter()
        .chain([("state", ["reported", "missing:blank", ""]), ("status", ["accepted", "held", "?"])]);
    for (column, [one, two, none]) in columns {
        let conditions = [
            format!("= '{one}'"),
            format!("<> '{one}'"),
            format!("= '{none}'"),
            format!("IN ('{one}', '{two}')"),
            format!("IN ('{two}', '{none}')"),
            format!("NOT IN ('{one}', '{none}')"),
            format!("< '{two}'"),
            format!(">= '{two}'"),
            format!("LIKE '{one}'"),
        ];
        for condition in conditions {
            let (by_number, by_text) = (format!("{column} {condition}"), format!("concat({column}, '') {condition}"));
            assert_eq!(sum(&by_number).await, sum(&by_text).await, "{by_number}");
        }
        assert_eq!(sum(&format!("'{one}' = {column}")).await, sum(&format!("{column} = '{one}'")).await);
    }
    assert_eq!(sum("org_unit = 'A' AND period IN ('202601', '202602')").await, "2,1.0");
    let plan =
        csv(&repository, "EXPLAIN SELECT value FROM observations WHERE item = 'RHZE' AND period = '202601'", None)
            .await;
    assert!(plan.contains("pruning_predicate=item_null_count"), "files are searched by the number: {plan}");
}
