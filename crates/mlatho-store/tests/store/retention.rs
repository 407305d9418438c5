//! What was replaced long ago can be removed; what arrived never is.

use mlatho_store::{AsOf, StoreError};

use crate::common::{World, at, bring_in, csv, land, parquet_files, rows};
use crate::on_both;

on_both!(outdated_months_are_removed_and_nothing_else, a_run_that_goes_on_keeps_them);

async fn outdated_months_are_removed_and_nothing_else(world: World) {
    let repository = world.open().await;
    for (number, minute) in [("1", 0), ("2", 100), ("3", 200)] {
        let lines = [(1, "A", "202601", Some(number)), (2, "B", "202602", Some("9"))];
        let receipt = land(&repository, "a.csv", &lines, minute).await;
        bring_in(&repository, &receipt, &lines, minute + 1).await;
    }
    let before = csv(&repository, "SELECT * FROM observations_log ORDER BY run, position", None).await;
    let files = || parquet_files(&world.data_dir.join("warehouse/observations")).len();
    // January three times; February is rewritten too, for its receipt is a new one.
    assert_eq!(files(), 6);
    // The second run finished in minute 102. What the first left was replaced by then, what the second left was not.
    let removed = repository.remove_outdated(at(150)).await.unwrap();
    assert_eq!((removed.files, files()), (2, 4));
    assert!(removed.bytes > 0);
    assert_eq!(repository.remove_outdated(at(150)).await.unwrap().files, 0);
    assert_eq!(rows(&repository, None).await, ["A 202601 3 accepted", "B 202602 9 accepted"]);
    let second = Some(AsOf::Time(at(150)));
    assert_eq!(rows(&repository, second).await[0], "A 202601 2 accepted");
    let first = repository.current(Some(AsOf::Time(at(50)))).await;
    assert!(matches!(first, Err(StoreError::Outdated)), "{first:?}");
    assert_eq!(csv(&repository, "SELECT * FROM observations_log ORDER BY run, position", None).await, before);
    assert_eq!(repository.verify().await.unwrap().faults, []);
}

async fn a_run_that_goes_on_keeps_them(world: World) {
    let repository = world.open().await;
    let run = repository.begin_or_resume_run("run", at(0)).await.unwrap();
    assert!(matches!(repository.remove_outdated(at(9)).await, Err(StoreError::Busy { .. })));
    drop(run);
    assert_eq!(repository.remove_outdated(at(9)).await.unwrap().files, 0);
}
