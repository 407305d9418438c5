//! Rows go into the log and the current truth, stay the same on repetition, and are read back as of any run.

use mlatho_store::{Filter, TermKind};

use crate::common::{Line, World, bring_in, csv, land, month, parquet_files, rows};
use crate::on_both;

pub(crate) const FIRST: [Line; 4] = [
    (1, "A", "202601", Some("12.50")),
    (2, "B", "202601", None),
    (3, "A", "202602", Some("0")),
    (4, "A", "2026W7", Some("0.3333333333333333333333333333")),
];

on_both!(
    values_and_states_come_back,
    same_input_changes_nothing,
    newer_content_replaces_older,
    a_record_that_moves_leaves_its_old_month,
    judgement_is_kept_with_the_month,
);

async fn values_and_states_come_back(world: World) {
    let repository = world.open().await;
    let receipt = land(&repository, "stock.csv", &FIRST, 0).await;
    assert_eq!(bring_in(&repository, &receipt, &FIRST, 1).await, 2);
    assert_eq!(
        rows(&repository, None).await,
        [
            "A 202601 12.5 accepted",
            "B 202601 missing:blank accepted",
            "A 202602 0 accepted",
            "A 2026W7 0.3333333333333333333333333333 accepted",
        ]
    );
    let sql = "SELECT org_unit, period, period_start, period_end, value, state, unit, status, value_text, position, \
               \"column\", run, source_org_unit, receipt FROM observations ORDER BY period_start, org_unit";
    let hash = &receipt.id;
    assert_eq!(
        csv(&repository, sql, None).await,
        format!(
            "org_unit,period,period_start,period_end,value,state,unit,status,value_text,position,column,run,source_org_unit,receipt\n\
             A,202601,2026-01-01,2026-01-31,12.5,reported,dispensing-unit,accepted,,1,issued,1,a,{hash}\n\
             B,202601,2026-01-01,2026-01-31,,missing:blank,dispensing-unit,accepted,,2,issued,1,b,{hash}\n\
             A,202602,2026-02-01,2026-02-28,0.0,reported,dispensing-unit,accepted,,3,issued,1,a,{hash}\n\
             A,2026W7,2026-02-09,2026-02-15,0.3333333333333333,reported,dispensing-unit,accepted,0.3333333333333333333333333333,4,issued,1,a,{hash}\n"
        )
    );
    let grouped =
        "SELECT org_unit, count(*) AS n FROM observations WHERE item = 'RHZE' AND org_unit LIKE 'A%' GROUP BY org_unit";
    assert_eq!(csv(&repository, grouped, None).await, "org_unit,n\nA,3\n");
}

async fn same_input_changes_nothing(world: World) {
    let repository = world.open().await;
    let receipt = land(&repository, "stock.csv", &FIRST, 0).await;
    bring_in(&repository, &receipt, &FIRST, 1).await;
    let (before, files) =
        (rows(&repository, None).await, parquet_files(&world.data_dir.join("warehouse/observations")));
    let again = land(&repository, "stock.csv", &FIRST, 5).await;
    assert_eq!((again.number, again.received_at), (receipt.number, receipt.received_at));
    assert_eq!(again.processed_rules.as_deref(), Some("r1"));
    // Even where the caller brings the same rows in again, no month gets a new version.
    assert_eq!(bring_in(&repository, &again, &FIRST, 6).await, 0);
    assert_eq!(rows(&repository, None).await, before);
    assert_eq!(parquet_files(&world.data_dir.join("warehouse/observations")), files);
    assert_eq!(csv(&repository, "SELECT count(*) AS n FROM observations_log", None).await, "n\n8\n");
}

async fn newer_content_replaces_older(world: World) {
    let repository = world.open().await;
    let old = land(&repository, "stock.csv", &FIRST, 0).await;
    bring_in(&repository, &old, &FIRST, 1).await;
    let other: [Line; 1] = [(9, "C", "202601", Some("7"))];
    let elsewhere = land(&repository, "other.csv", &other, 2).await;
    bring_in(&repository, &elsewhere, &other, 3).await;
    // The new file has one line less and one number changed.
    let lines: [Line; 2] = [(1, "A", "202601", Some("13")), (3, "A", "202602", Some("0"))];
    let new = land(&repository, "stock.csv", &lines, 4).await;
    bring_in(&repository, &new, &lines, 5).await;
    let expected = ["A 202601 13 accepted", "C 202601 7 accepted", "A 202602 0 accepted"];
    assert_eq!(rows(&repository, None).await, expected);
    let receipts = repository.receipts().await.unwrap();
    let told: Vec<_> =
        receipts.iter().map(|receipt| (receipt.superseded_by, receipt.processed_rules.as_deref())).collect();
    assert_eq!(told, [(Some(new.number), None), (None, Some("r1")), (None, Some("r1"))]);
    // The old content again: it is current once more.
    let back = land(&repository, "stock.csv", &FIRST, 6).await;
    assert_eq!((back.number, back.superseded_by), (old.number, None));
    bring_in(&repository, &back, &FIRST, 7).await;
    assert_eq!(rows(&repository, None).await.len(), 5);
}

async fn a_record_that_moves_leaves_its_old_month(world: World) {
    let repository = world.open().await;
    let first = land(&repository, "page 1", &FIRST, 0).await;
    bring_in(&repository, &first, &FIRST, 1).await;
    // Another receipt, not superseding: record 1 is now about March, and the last of January goes with record 2.
    let moved: [Line; 2] = [(1, "A", "202603", Some("12.5")), (2, "B", "202603", Some("4"))];
    let second = land(&repository, "page 2", &moved, 2).await;
    assert_eq!(bring_in(&repository, &second, &moved, 3).await, 2);
    let current = repository.current(None).await.unwrap();
    assert_eq!(current.months().unwrap(), [month("202602"), month("202603")]);
    assert_eq!(rows(&repository, None).await.len(), 4);
}

async fn judgement_is_kept_with_the_month(world: World) {
    let repository = world.open().await;
    let lines: [Line; 3] =
        [(1, "A", "202601", Some("1001")), (2, "B", "202601", Some("1")), (3, "A", "202602", Some("5000"))];
    let receipt = land(&repository, "stock.csv", &lines, 0).await;
    bring_in(&repository, &receipt, &lines, 1).await;
    let held = "SELECT org_unit, period FROM observations WHERE status = 'held' ORDER BY period";
    assert_eq!(csv(&repository, held, None).await, "org_unit,period\nA,202601\nA,202602\n");
    let findings = "SELECT code, severity, org_unit, period, position, \"column\", args FROM findings ORDER BY period";
    assert_eq!(
        csv(&repository, findings, None).await,
        "code,severity,org_unit,period,position,column,args\n\
         too-many,warning,A,202601,1,issued,\"{\"\"found\"\":\"\"1001\"\"}\"\n\
         too-many,warning,A,202602,3,issued,\"{\"\"found\"\":\"\"5000\"\"}\"\n"
    );
    let current = repository.current(None).await.unwrap();
    let only_held = Filter { statuses: vec![mlatho_model::Status::Held], ..Filter::default() };
    assert_eq!(current.rows(month("202601"), &only_held).unwrap().len(), 1);
    let nothing = Filter {
        measures: vec![current.terms().find(TermKind::Measure, "consumed").unwrap() + 1],
        ..Filter::default()
    };
    assert_eq!(current.rows(month("202601"), &nothing).unwrap().len(), 0);
    // The correction takes the finding away.
    let better: [Line; 3] =
        [(1, "A", "202601", Some("101")), (2, "B", "202601", Some("1")), (3, "A", "202602", Some("5000"))];
    let receipt = land(&repository, "stock.csv", &better, 2).await;
    bring_in(&repository, &receipt, &better, 3).await;
    assert_eq!(csv(&repository, "SELECT period FROM findings", None).await, "period\n202602\n");
}
