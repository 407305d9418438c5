//! What lies on disk: files that other engines can read, and a log that only grows.

use std::fs;
use std::path::Path;

use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::common::{Line, World, bring_in, csv, land, parquet_files};
use crate::on_both;

on_both!(texts_are_plain_utf8_in_every_file, the_log_is_never_rewritten);

/// No text has a view type, neither in the columns nor in the Arrow schema of the footer.
fn look_at(warehouse: &Path) -> usize {
    let files = parquet_files(warehouse);
    for path in &files {
        let file = fs::File::open(path).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        let schema = reader.schema().to_string();
        assert!(schema.contains("Utf8") && !schema.contains("View"), "{}: {schema}", path.display());
        assert!(reader.metadata().file_metadata().num_rows() > 0, "{}", path.display());
    }
    files.len()
}

/// After everything that writes: the first rows, a month rewritten, a month left empty, findings come and gone.
async fn texts_are_plain_utf8_in_every_file(world: World) {
    let repository = world.open().await;
    let warehouse = world.data_dir.join("warehouse");
    let lines: [Line; 3] = [
        (1, "A", "202601", Some("0.1111111111111111111111111111")),
        (2, "B", "202601", Some("2000")),
        (3, "B", "202602", None),
    ];
    let receipt = land(&repository, "stock.csv", &lines, 0).await;
    bring_in(&repository, &receipt, &lines, 1).await;
    assert_eq!(look_at(&warehouse), 4); // log, two months, findings
    // Another file: record 2 is corrected and record 3 moves, so that its month is empty.
    let corrected: [Line; 2] = [(2, "B", "202601", Some("3000")), (3, "B", "202603", Some("1"))];
    let receipt = land(&repository, "other.csv", &corrected, 2).await;
    assert_eq!(bring_in(&repository, &receipt, &corrected, 3).await, 3);
    assert_eq!(look_at(&warehouse), 8); // and log, two months, findings; the old files lie there still
    let receipt = land(&repository, "other.csv", &[], 4).await;
    assert_eq!(bring_in(&repository, &receipt, &[], 5).await, 2);
    assert_eq!(look_at(&warehouse), 9); // one month; no log, no findings
    let answer = csv(&repository, "SELECT org_unit, value_text FROM observations", None).await;
    assert_eq!(answer, "org_unit,value_text\nA,0.1111111111111111111111111111\n");
}

async fn the_log_is_never_rewritten(world: World) {
    let repository = world.open().await;
    let log = world.data_dir.join("warehouse/observations_log");
    let mut before = Vec::new();
    for (minute, number) in (0..).step_by(2).zip(["1", "2", "3"]) {
        let lines: [Line; 2] = [(1, "A", "202601", Some(number)), (2, "B", "202602", Some("0"))];
        let receipt = land(&repository, "stock.csv", &lines, minute).await;
        bring_in(&repository, &receipt, &lines, minute + 1).await;
        let now: Vec<_> = parquet_files(&log).into_iter().map(|path| (fs::read(&path).unwrap(), path)).collect();
        assert!(before.iter().all(|file| now.contains(file)));
        assert_eq!(now.len(), before.len() + 1);
        before = now;
    }
    for entry in fs::read_dir(log.join("_delta_log")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            assert!(!fs::read_to_string(&path).unwrap().contains("\"remove\""), "{}", path.display());
        }
    }
    let sql = "SELECT value FROM observations_log WHERE org_unit = 'A' ORDER BY run";
    assert_eq!(csv(&repository, sql, None).await, "value\n1.0\n2.0\n3.0\n");
    assert_eq!(csv(&repository, "SELECT value FROM observations WHERE org_unit = 'A'", None).await, "value\n3.0\n");
}
