//! Verifying names exactly what is broken.

use std::fs;
use std::path::PathBuf;

use mlatho_store::{Receipt, Repository};

use crate::common::{Line, World, at, bring_in, land, parquet_files, rows};
use crate::on_both;

on_both!(
    what_arrived_is_compared_with_its_names_and_receipts,
    files_of_the_tables_are_as_runs_wrote_them,
    versions_of_the_tables_are_those_of_runs,
    a_clock_that_went_back_does_no_harm,
);

const LINES: [Line; 3] =
    [(1, "A", "202601", Some("1")), (2, "B", "202601", Some("2000")), (3, "A", "202602", Some("3"))];

async fn filled(world: &World) -> (Repository, Receipt) {
    let repository = world.open().await;
    let receipt = land(&repository, "a", &LINES, 0).await;
    bring_in(&repository, &receipt, &LINES, 1).await;
    (repository, receipt)
}

async fn codes(repository: &Repository) -> Vec<&'static str> {
    repository.verify().await.unwrap().faults.iter().map(|fault| fault.code).collect()
}

async fn what_arrived_is_compared_with_its_names_and_receipts(world: World) {
    let (repository, receipt) = filled(&world).await;
    let verified = repository.verify().await.unwrap();
    assert_eq!((verified.faults.as_slice(), verified.receipts, verified.bytes), (&[][..], 1, receipt.bytes));
    // The log; January and February with their findings: of February there are none.
    assert_eq!((verified.runs, verified.files), (1, 1 + 2 + 1));
    world.tamper("UPDATE receipts SET bytes = bytes + 1").await;
    assert_eq!(codes(&repository).await, ["verify-receipt-length"]);
    world.tamper("UPDATE receipts SET bytes = bytes - 1, superseded_by = 99").await;
    assert_eq!(codes(&repository).await, ["verify-receipt-successor"]);
    world.tamper("UPDATE receipts SET superseded_by = NULL").await;
    let path = world.data_dir.join(format!("landing/{}/{}.zst", &receipt.id.as_str()[..2], receipt.id));
    fs::write(&path, zstd::encode_all(&b"other"[..], 1).unwrap()).unwrap();
    assert_eq!(codes(&repository).await, ["verify-receipt-changed"]);
    fs::remove_file(&path).unwrap();
    assert_eq!(codes(&repository).await, ["verify-receipt-missing"]);
}

/// The file of a table in whose path this stands.
fn file(world: &World, part: &str) -> PathBuf {
    let files = parquet_files(&world.data_dir.join("warehouse"));
    files.into_iter().find(|path| path.display().to_string().contains(part)).unwrap()
}

async fn files_of_the_tables_are_as_runs_wrote_them(world: World) {
    let (repository, _) = filled(&world).await;
    for part in ["observations_log", "observations/ym=202602", "findings"] {
        let path = file(&world, part);
        let bytes = fs::read(&path).unwrap();
        let mut changed = bytes.clone();
        changed[bytes.len() / 2] ^= 1;
        fs::write(&path, changed).unwrap();
        let faults = repository.verify().await.unwrap().faults;
        assert_eq!(faults.len(), 1);
        assert!(faults[0].code == "verify-file-changed" && format!("{faults:?}").contains(part), "{faults:?}");
        fs::remove_file(&path).unwrap();
        assert_eq!(codes(&repository).await, ["verify-file-missing"]);
        fs::write(&path, bytes).unwrap();
    }
    world.tamper("DELETE FROM table_files WHERE path LIKE 'findings%'").await;
    assert_eq!(codes(&repository).await, ["verify-file-unknown"]);
}

async fn versions_of_the_tables_are_those_of_runs(world: World) {
    let (repository, _) = filled(&world).await;
    let log = world.data_dir.join("warehouse/observations/_delta_log");
    let last = log.join("00000000000000000002.json");
    let bytes = fs::read(&last).unwrap();
    fs::remove_file(&last).unwrap();
    assert_eq!(codes(&repository).await, ["verify-version-lost"]);
    fs::write(&last, &bytes).unwrap();
    // Somebody else commits: the month of January goes out of the table.
    let remove = |line: &str| line.contains("\"add\"") && line.contains("202602");
    let text = String::from_utf8(bytes).unwrap();
    let add: serde_json::Value = serde_json::from_str(text.lines().find(|line| remove(line)).unwrap()).unwrap();
    let removal =
        serde_json::json!({"remove": {"path": add["add"]["path"], "dataChange": true, "deletionTimestamp": 0}});
    fs::write(log.join("00000000000000000003.json"), removal.to_string()).unwrap();
    assert_eq!(codes(&repository).await, ["verify-version-unknown"]);
    fs::write(log.join("00000000000000000000.json"), "{").unwrap();
    assert!(repository.verify().await.is_err() || codes(&repository).await == ["verify-table"]);
}

async fn a_clock_that_went_back_does_no_harm(world: World) {
    let (repository, _) = filled(&world).await;
    let later = [(1, "A", "202601", Some("5"))];
    let receipt = land(&repository, "b", &later, -900).await;
    bring_in(&repository, &receipt, &later, -800).await;
    assert_eq!(rows(&repository, None).await[0], "A 202601 5 accepted");
    assert_eq!(codes(&repository).await, [] as [&str; 0]);
    // As of a time is as of the last run, by its number, that had finished by the clock of then.
    let then = Some(mlatho_store::AsOf::Time(at(-700)));
    assert_eq!(rows(&repository, then).await[0], "A 202601 5 accepted");
}
