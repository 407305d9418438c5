//! The audit log: entries are only added, by several processes at once, and whoever changes one is noticed.

use mlatho_store::{NewEntry, Repository};

use crate::common::{World, at, bring_in, land};
use crate::on_both;

on_both!(
    entries_follow_each_other,
    several_write_at_once_without_a_fork,
    what_was_taken_in_is_not_taken_in_again,
    what_is_tampered_with_is_named,
    a_log_that_was_cut_short_is_noticed,
);

fn entry(number: usize) -> NewEntry {
    let subject = format!("line {number}");
    NewEntry { at: at(1), person: "Data manager".into(), kind: "data-accept", subject, content: number.into() }
}

async fn fill(repository: &Repository, count: usize) {
    for number in 0..count {
        repository.record(&[entry(number)], false).await.unwrap();
    }
}

/// The codes of what is wrong, with the numbers of entries.
async fn faults(repository: &Repository) -> Vec<String> {
    let told = |finding: &mlatho_model::Finding| {
        let number = finding.args.iter().find(|(name, _)| *name == "number").map(|(_, value)| format!("{value:?}"));
        format!("{} {}", finding.code, number.unwrap_or_default().replace(['"', '(', ')'], "").replace("Text", ""))
    };
    repository.verify().await.unwrap().faults.iter().map(told).collect()
}

async fn entries_follow_each_other(world: World) {
    let repository = world.open().await;
    fill(&repository, 3).await;
    let log = repository.audit().await.unwrap();
    assert_eq!(log.iter().map(|entry| entry.number).collect::<Vec<_>>(), [1, 2, 3]);
    // By hand: length and bytes of each part, the first one after 64 zeros.
    let mut hash = blake3::Hasher::new();
    let micros = (1_780_000_000_i64 + 60) * 1_000_000;
    let zeros = "0".repeat(64);
    for part in ["1", &micros.to_string(), "Data manager", "data-accept", "line 0", "0", &zeros] {
        hash.update(&(part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    assert_eq!(log[0].hash, hash.finalize().to_hex().as_str());
    assert_eq!(faults(&repository).await, [] as [&str; 0]);
    assert_eq!(repository.verify().await.unwrap().entries, 3);
}

async fn several_write_at_once_without_a_fork(world: World) {
    let repositories = [world.open().await, world.open().await, world.open().await];
    let writers = repositories.iter().map(|repository| fill(repository, 20));
    futures::future::join_all(writers).await;
    let log = repositories[0].audit().await.unwrap();
    assert_eq!(log.iter().map(|entry| entry.number).collect::<Vec<_>>(), (1..=60).collect::<Vec<_>>());
    assert_eq!(faults(&repositories[0]).await, [] as [&str; 0]);
}

async fn what_was_taken_in_is_not_taken_in_again(world: World) {
    let repository = world.open().await;
    assert_eq!(repository.record(&[entry(1), entry(2)], true).await.unwrap(), 2);
    assert_eq!(repository.record(&[entry(1), entry(3)], true).await.unwrap(), 1);
    assert_eq!(repository.record(&[], true).await.unwrap(), 0);
    assert_eq!(repository.audit().await.unwrap().len(), 3);
}

async fn what_is_tampered_with_is_named(world: World) {
    let repository = world.open().await;
    fill(&repository, 5).await;
    world.tamper("UPDATE audit SET person = 'Nobody' WHERE number = 2").await;
    assert_eq!(faults(&repository).await, ["verify-audit-changed 2"]);
    world.tamper("UPDATE audit SET person = 'Data manager' WHERE number = 2").await;
    assert_eq!(faults(&repository).await, [] as [&str; 0], "as it was");
    world.tamper("UPDATE audit SET at = at + 1 WHERE number = 5").await;
    assert_eq!(faults(&repository).await, ["verify-audit-changed 5"]);
    world.tamper("UPDATE audit SET at = at - 1 WHERE number = 5").await;
    // Whoever computes a new hash breaks the next link.
    world.tamper("UPDATE audit SET hash = 'f' WHERE number = 3").await;
    assert_eq!(faults(&repository).await, ["verify-audit-changed 3", "verify-audit-link 4"]);
    world.tamper("DELETE FROM audit WHERE number = 3").await;
    assert_eq!(faults(&repository).await, ["verify-audit-gap 3"]);
}

async fn a_log_that_was_cut_short_is_noticed(world: World) {
    let repository = world.open().await;
    fill(&repository, 3).await;
    let lines = [(1, "A", "202601", Some("1"))];
    let receipt = land(&repository, "a", &lines, 0).await;
    bring_in(&repository, &receipt, &lines, 1).await;
    assert_eq!(faults(&repository).await, [] as [&str; 0]);
    world.tamper("DELETE FROM audit WHERE number = 3").await;
    assert_eq!(faults(&repository).await, ["verify-audit-cut 3"]);
}
