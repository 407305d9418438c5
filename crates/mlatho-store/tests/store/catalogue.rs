//! What arrived, what waits for a mapping, and who may write.

use std::fs;
use std::io::Read;

use mlatho_store::{Link, Reopened, Repository, RunState, StoreError, Unmapped, UnmappedKind};

use crate::common::{Line, World, at, bring_in, land, month, parquet_files};
use crate::on_both;

on_both!(
    bytes_are_kept_as_they_came,
    receipts_supersede_by_origin,
    volumes_wait_for_a_mapping,
    links_are_kept_by_version_and_reopened_once,
    one_writer_at_a_time,
    nothing_is_made_by_looking,
);

async fn bytes_are_kept_as_they_came(world: World) {
    let repository = world.open().await;
    let bytes: Vec<u8> = (0..100_000u32).flat_map(u32::to_le_bytes).collect();
    let receipt = repository.land(&"lmis".parse().unwrap(), "page 1", bytes.as_slice(), at(1)).await.unwrap();
    assert_eq!((receipt.bytes, receipt.received_at, receipt.origin.as_str()), (400_000, at(1), "page 1"));
    assert_eq!(receipt.id.as_str(), blake3::hash(&bytes).to_hex().as_str());
    let mut read = Vec::new();
    repository.received(&receipt.id).unwrap().read_to_end(&mut read).unwrap();
    assert!(read == bytes);
    assert_eq!(repository.verify().await.unwrap().faults, []);
    repository.set_watermark(receipt.number, "2026-03-01").await.unwrap();
    assert_eq!(repository.receipts().await.unwrap()[0].watermark.as_deref(), Some("2026-03-01"));
    // One bit of the kept file changes.
    let path = world.data_dir.join(format!("landing/{}/{}.zst", &receipt.id.as_str()[..2], receipt.id));
    let mut packed = fs::read(&path).unwrap();
    let middle = packed.len() / 2;
    packed[middle] ^= 1;
    fs::write(&path, packed).unwrap();
    let faults = repository.verify().await.unwrap().faults;
    assert!(matches!(faults.as_slice(), [fault] if fault.code == "verify-receipt-changed"), "{faults:?}");
    fs::remove_file(&path).unwrap();
    assert!(matches!(repository.received(&receipt.id).err(), Some(StoreError::NoReceipt { .. })));
}

async fn receipts_supersede_by_origin(world: World) {
    let repository = world.open().await;
    let take = async |source: &str, origin: &str, bytes: &str| {
        let source = source.parse().unwrap();
        repository.land(&source, origin, bytes.as_bytes(), at(1)).await.unwrap().number
    };
    let first = take("lmis", "a.csv", "one").await;
    let elsewhere = [take("lmis", "b.csv", "one").await, take("hmis", "a.csv", "one").await];
    let second = take("lmis", "a.csv", "two").await;
    assert_eq!(take("lmis", "a.csv", "two").await, second);
    let third = take("lmis", "a.csv", "three").await;
    let told = async || {
        let receipts = repository.receipts().await.unwrap();
        receipts.iter().map(|receipt| (receipt.number, receipt.superseded_by)).collect::<Vec<_>>()
    };
    let [b, other] = elsewhere;
    assert_eq!(told().await, [(first, Some(third)), (b, None), (other, None), (second, Some(third)), (third, None)]);
    assert_eq!(take("lmis", "a.csv", "one").await, first);
    assert_eq!(told().await, [(first, None), (b, None), (other, None), (second, Some(first)), (third, Some(first))]);
}

async fn volumes_wait_for_a_mapping(world: World) {
    let repository = world.open().await;
    let (january, may) = (month("202601"), month("202605"));
    let volume = |month: mlatho_model::Period, kind: UnmappedKind, code: &str, quantity: &str| Unmapped {
        month,
        kind,
        source: "lmis".parse().unwrap(),
        code: code.into(),
        name: format!("Name of {code}"),
        records: 3,
        quantity: quantity.parse().unwrap(),
    };
    let (unit, item) = (UnmappedKind::OrgUnit, UnmappedKind::Item);
    let first =
        [volume(january, unit, "U1", "0"), volume(january, item, "I1", "12.25"), volume(january, item, "U1", "1")];
    repository.replace_unmapped(january, &first).await.unwrap();
    repository.replace_unmapped(may, &[volume(may, item, "I1", "5")]).await.unwrap();
    let [unit_1, item_1, item_u] = first;
    let item_2 = volume(may, item, "I1", "5");
    assert_eq!(repository.unmapped().await.unwrap(), [item_1, item_2.clone(), item_u, unit_1]);
    // After a mapping was made, the month has less to wait for.
    let less = volume(january, unit, "U1", "7");
    repository.replace_unmapped(january, std::slice::from_ref(&less)).await.unwrap();
    assert_eq!(repository.unmapped().await.unwrap(), [item_2, less]);
    repository.replace_unmapped(january, &[]).await.unwrap();
    repository.replace_unmapped(may, &[]).await.unwrap();
    assert_eq!(repository.unmapped().await.unwrap(), []);
}

async fn one_writer_at_a_time(world: World) {
    let (one, other) = (world.open().await, world.open().await);
    let run = one.begin_or_resume_run("run", at(1)).await.unwrap();
    assert!(!run.resumed() && !run.log_committed());
    assert!(matches!(other.begin_or_resume_run("run", at(2)).await, Err(StoreError::Busy { .. })));
    // Reading is free, and so is landing.
    let lines: [Line; 1] = [(1, "A", "202601", Some("1"))];
    let receipt = land(&other, "stock.csv", &lines, 3).await;
    assert_eq!(other.runs().await.unwrap()[0].state, RunState::Open);
    let id = run.id();
    drop(run);
    let run = other.begin_or_resume_run("run", at(4)).await.unwrap();
    assert!(run.resumed() && run.id() == id);
    drop(run);
    bring_in(&other, &receipt, &lines, 5).await;
    let run = &one.runs().await.unwrap()[0];
    assert_eq!((run.state, run.started_at, run.finished_at), (RunState::Finished, at(1), Some(at(6))));
}

async fn nothing_is_made_by_looking(world: World) {
    // Even where the database is there, the tables must be.
    let looked = Repository::open_existing(&world.data_dir, world.url.as_deref()).await;
    assert!(matches!(looked, Err(StoreError::NoRepository { .. })));
    assert!(!world.data_dir.exists());
    world.open().await.close().await.unwrap();
    Repository::open_existing(&world.data_dir, world.url.as_deref()).await.unwrap();
    assert!(parquet_files(&world.data_dir).is_empty());
}

async fn links_are_kept_by_version_and_reopened_once(world: World) {
    let repository = world.open().await;
    let link = |code: &str| Link { kind: "org_unit".into(), source_id: code.into(), ..Link::default() };
    repository.save_links("v1", &[link("B"), link("A")], at(1)).await.unwrap();
    repository.save_links("v2", &[link("C")], at(2)).await.unwrap();
    repository.save_links("v1", &[link("D")], at(3)).await.unwrap(); // known
    assert_eq!(repository.links_of("v1").await.unwrap(), Some((at(1), vec![link("B"), link("A")])));
    assert_eq!(repository.links_of("v3").await.unwrap(), None);

    let reopened = |code: &str, minute| Reopened {
        kind: "org-unit".into(),
        source: "lmis".parse().unwrap(),
        code: code.into(),
        target: "OU1".into(),
        at: at(minute),
    };
    repository.reopen(&[]).await.unwrap();
    repository.reopen(&[reopened("B", 1), reopened("A", 1)]).await.unwrap();
    repository.reopen(&[reopened("B", 2)]).await.unwrap();
    assert_eq!(repository.reopened().await.unwrap(), [reopened("A", 1), reopened("B", 2)]);
}
