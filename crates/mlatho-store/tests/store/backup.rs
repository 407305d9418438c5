//! A copy is whole, also of a repository in the middle of a run, and what is made of it is the same.

use std::fs;

use mlatho_store::{AsOf, Processed, Repository, StoreError};

use crate::common::{Database, Line, World, at, bring_in, everything, land, land_samples, push, samples};
use crate::common::{bring_in_all, rows};
use crate::on_both;

on_both!(
    what_is_restored_is_the_same,
    a_run_that_goes_on_is_resumed_in_the_copy,
    a_copy_that_was_changed_is_refused,
    nothing_is_overwritten,
);

const FIRST: [Line; 3] =
    [(1, "A", "202601", Some("1.50")), (2, "B", "202601", Some("2000")), (3, "A", "202602", Some("3"))];
const SECOND: [Line; 2] = [(1, "A", "202601", Some("7")), (3, "A", "202603", None)];

async fn filled(world: &World) -> Repository {
    let repository = world.open().await;
    for (lines, minute) in [(&FIRST[..], 0), (&SECOND[..], 10)] {
        let receipt = land(&repository, "a.csv", lines, minute).await;
        bring_in(&repository, &receipt, lines, minute + 1).await;
    }
    repository
}

fn empty(world: &World) -> Database {
    if world.url.is_some() { Database::Postgres } else { Database::Sqlite }
}

const MOMENTS: [Option<AsOf>; 2] = [None, Some(AsOf::Version(2))];

async fn what_is_restored_is_the_same(world: World) {
    let repository = filled(&world).await;
    let copy = world.data_dir.with_file_name("copy");
    let made = repository.backup(&copy, at(30)).await.unwrap();
    assert!(made.files() > 10 && made.bytes() > 1000);
    // A copy of one database makes a repository on either.
    for database in [Database::Sqlite, empty(&world)] {
        let Some(other) = World::new(database).await else { continue };
        Repository::restore(&copy, &other.data_dir, other.url.as_deref()).await.unwrap();
        let restored = other.open().await;
        assert_eq!(everything(&restored, &MOMENTS).await, everything(&repository, &MOMENTS).await);
        assert_eq!(restored.verify().await.unwrap().faults, []);
        assert_eq!(restored.batches().await.unwrap(), repository.batches().await.unwrap());
        // It goes on: numbers of receipts too.
        let lines = [(9, "C", "202601", Some("1"))];
        let receipt = land(&restored, "c.csv", &lines, 40).await;
        assert_eq!(receipt.number, 1 + repository.receipts().await.unwrap().iter().map(|r| r.number).max().unwrap());
        bring_in(&restored, &receipt, &lines, 41).await;
        assert_eq!(restored.verify().await.unwrap().faults, []);
    }
}

async fn a_run_that_goes_on_is_resumed_in_the_copy(world: World) {
    let repository = filled(&world).await;
    let lines = samples(&[(1, "A", "202601", Some("8")), (5, "E", "202602", Some("5"))]);
    let receipt = land_samples(&repository, "b.csv", &lines, 20).await;
    let copies =
        ["log not committed", "log committed", "one month written"].map(|name| world.data_dir.with_file_name(name));
    let mut run = repository.begin_or_resume_run("run", at(21)).await.unwrap();
    push(&mut run, &receipt, &lines);
    repository.backup(&copies[0], at(22)).await.unwrap();
    let months = run.commit_log(&[Processed { receipt: receipt.number, rules: "r1".into() }], &[], 0).await.unwrap();
    repository.backup(&copies[1], at(22)).await.unwrap();
    for (number, month) in months.into_iter().enumerate() {
        let mut merged = run.merged_month(month).unwrap();
        for row in
            (0..merged.len()).filter(|row| merged.number(*row).is_some_and(|n| n > 1_000.into())).collect::<Vec<_>>()
        {
            merged.status.set(row, mlatho_model::Status::Held);
        }
        run.write_month(month, &merged, &[]).await.unwrap();
        if number == 0 {
            repository.backup(&copies[2], at(22)).await.unwrap();
        }
    }
    run.finish(&serde_json::json!({}), at(23)).await.unwrap();
    let undisturbed = rows(&repository, None).await;
    for copy in &copies {
        let Some(other) = World::new(empty(&world)).await else { continue };
        Repository::restore(copy, &other.data_dir, other.url.as_deref()).await.unwrap();
        let restored = other.open().await;
        assert_eq!(restored.verify().await.unwrap().faults, [], "{}", copy.display());
        bring_in_all(&restored, &[(&receipt, &lines)], 30).await;
        assert_eq!(rows(&restored, None).await, undisturbed, "{}", copy.display());
        assert_eq!(restored.verify().await.unwrap().faults, [], "{}", copy.display());
    }
}

async fn a_copy_that_was_changed_is_refused(world: World) {
    let repository = filled(&world).await;
    let copy = world.data_dir.with_file_name("copy");
    repository.backup(&copy, at(30)).await.unwrap();
    let path = copy.join("catalogue/runs.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("finished", "Finished")).unwrap();
    let Some(other) = World::new(empty(&world)).await else { return };
    let refused = Repository::restore(&copy, &other.data_dir, other.url.as_deref()).await;
    assert!(matches!(refused, Err(StoreError::BadCopy { path: bad }) if bad == path));
    assert!(!other.data_dir.exists(), "nothing is left behind");
}

async fn nothing_is_overwritten(world: World) {
    let repository = filled(&world).await;
    let copy = world.data_dir.with_file_name("copy");
    repository.backup(&copy, at(30)).await.unwrap();
    assert!(matches!(repository.backup(&copy, at(31)).await, Err(StoreError::NotEmpty { .. })));
    let refused = Repository::restore(&copy, &world.data_dir, world.url.as_deref()).await;
    assert!(matches!(refused, Err(StoreError::NotEmpty { .. })));
    let inside = world.data_dir.join("copy");
    assert!(matches!(repository.backup(&inside, at(31)).await, Err(StoreError::NotEmpty { .. })));
}
