//! Of each record only the newest version is current, in whatever run, file, order or month the versions come.

use std::collections::BTreeSet;

use mlatho_model::Period;
use mlatho_store::{Receipt, Repository};

use crate::common::{
    Database, Sample, World, bring_in_all, csv, land_samples, month, parquet_files, read_samples, samples,
};
use crate::on_both;

on_both!(
    two_versions_in_one_file,
    two_versions_in_two_runs,
    an_older_version_that_comes_later_loses,
    a_newer_version_in_another_month,
    months_of_one_first_run,
    equal_versions_go_by_arrival,
    a_replaced_receipt_has_no_say,
    rows_stand_in_the_order_of_their_days,
);

/// One measure of a version of record 7, of org unit A.
fn sample(version: i64, position: i64, period: &str, measure: &'static str, number: &'static str) -> Sample {
    let period = month(period);
    let day = period.end();
    Sample { key: 7, version, position, org_unit: "A", measure, period, day, number: Some(number) }
}

async fn run(repository: &Repository, origin: &str, all: &[Sample], minute: i64) -> (Receipt, usize) {
    let receipt = land_samples(repository, origin, all, minute).await;
    let changed = bring_in_all(repository, &[(&receipt, all)], minute).await;
    (receipt, changed)
}

/// `key version period measure number`, one a line, in the order of the warehouse.
async fn versions(repository: &Repository) -> Vec<String> {
    let line = |row: &Sample| {
        format!("{} v{} {} {} {}", row.key, row.version, row.period, row.measure, row.number.unwrap_or("-"))
    };
    read_samples(repository).await.iter().map(line).collect()
}

async fn in_log(repository: &Repository) -> String {
    csv(repository, "SELECT count(*) AS n FROM observations_log", None).await
}

async fn two_versions_in_one_file(world: World) {
    let repository = world.open().await;
    // The newer one stands first and says less.
    let all = [
        sample(2, 1, "202601", "received", "5"),
        sample(1, 2, "202601", "consumed", "1"),
        sample(1, 2, "202601", "received", "2"),
    ];
    let others = samples(&[(8, "B", "202601", Some("3")), (9, "A", "202602", Some("4"))]);
    run(&repository, "a", &[&all[..], &others].concat(), 0).await;
    let expected = ["7 v2 202601 received 5", "8 v0 202601 consumed 3", "9 v0 202602 consumed 4"];
    let mut found = versions(&repository).await;
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(in_log(&repository).await, "n\n5\n");
}

async fn two_versions_in_two_runs(world: World) {
    let repository = world.open().await;
    let first = [sample(1, 1, "202601", "consumed", "1"), sample(1, 1, "202601", "received", "2")];
    run(&repository, "page 1", &first, 0).await;
    let second = [sample(2, 1, "202601", "consumed", "10")];
    assert_eq!(run(&repository, "page 2", &second, 1).await.1, 1);
    assert_eq!(versions(&repository).await, ["7 v2 202601 consumed 10"]);
    let sql = "SELECT version, day, value FROM observations_log ORDER BY version, value";
    let expected = "version,day,value\n1,2026-01-31,1.0\n1,2026-01-31,2.0\n2,2026-01-31,10.0\n";
    assert_eq!(csv(&repository, sql, None).await, expected);
}

async fn an_older_version_that_comes_later_loses(world: World) {
    let repository = world.open().await;
    let newer = [sample(5, 1, "202601", "consumed", "5")];
    run(&repository, "page 1", &newer, 0).await;
    let files = parquet_files(&world.data_dir.join("warehouse/observations"));
    // In the same month and in another; beside it a record that does count.
    let mut other = sample(0, 2, "202603", "consumed", "9");
    other.key = 8;
    run(&repository, "page 2", &[sample(4, 1, "202601", "consumed", "4")], 1).await;
    assert_eq!(parquet_files(&world.data_dir.join("warehouse/observations")), files); // nothing was rewritten
    run(&repository, "page 3", &[sample(3, 1, "202603", "consumed", "3"), other], 2).await;
    assert_eq!(versions(&repository).await, ["7 v5 202601 consumed 5", "8 v0 202603 consumed 9"]);
    assert_eq!(in_log(&repository).await, "n\n4\n");
}

async fn a_newer_version_in_another_month(world: World) {
    let repository = world.open().await;
    let first = [sample(1, 1, "202601", "consumed", "1"), sample(1, 1, "202602", "consumed", "2")];
    run(&repository, "page 1", &first, 0).await;
    // One record may speak of several months: its rows leave them together.
    let second = [sample(2, 1, "202604", "consumed", "10")];
    assert_eq!(run(&repository, "page 2", &second, 1).await.1, 3);
    assert_eq!(versions(&repository).await, ["7 v2 202604 consumed 10"]);
    assert_eq!(repository.current(None).await.unwrap().months().unwrap(), [month("202604")]);
}

async fn months_of_one_first_run(world: World) {
    let repository = world.open().await;
    let (mut third, mut fourth) = (sample(0, 3, "202601", "consumed", "3"), sample(0, 4, "202603", "consumed", "4"));
    (third.key, fourth.key) = (8, 9);
    let all = [sample(2, 1, "202603", "consumed", "2"), sample(1, 2, "202601", "consumed", "1"), third, fourth];
    run(&repository, "a", &all, 0).await;
    let mut found = versions(&repository).await;
    found.sort();
    assert_eq!(found, ["7 v2 202603 consumed 2", "8 v0 202601 consumed 3", "9 v0 202603 consumed 4"]);
}

async fn equal_versions_go_by_arrival(world: World) {
    let repository = world.open().await;
    let (early, late) = ([sample(1, 5, "202601", "consumed", "1")], [sample(1, 4, "202602", "consumed", "2")]);
    let (first, second) =
        (land_samples(&repository, "page 1", &early, 0).await, land_samples(&repository, "page 2", &late, 0).await);
    // Within a run the later receipt counts, in whatever order they are pushed.
    bring_in_all(&repository, &[(&second, &late), (&first, &early)], 1).await;
    assert_eq!(versions(&repository).await, ["7 v1 202602 consumed 2"]);
    // Then the later position.
    let twice = [sample(1, 2, "202601", "consumed", "4"), sample(1, 1, "202601", "consumed", "3")];
    run(&repository, "page 3", &twice, 2).await;
    assert_eq!(versions(&repository).await, ["7 v1 202601 consumed 4"]);
    // And the run in hand before what is current, even with an earlier receipt.
    bring_in_all(&repository, &[(&first, &early)], 3).await;
    assert_eq!(versions(&repository).await, ["7 v1 202601 consumed 1"]);
}

async fn a_replaced_receipt_has_no_say(world: World) {
    let repository = world.open().await;
    run(&repository, "stock.csv", &[sample(9, 1, "202601", "consumed", "9")], 0).await;
    // The file comes again with an older version of the record: somebody restored a backup.
    run(&repository, "stock.csv", &[sample(3, 1, "202602", "consumed", "3")], 1).await;
    assert_eq!(versions(&repository).await, ["7 v3 202602 consumed 3"]);
    // And without it.
    run(&repository, "stock.csv", &samples(&[(8, "B", "202602", Some("1"))]), 2).await;
    assert_eq!(versions(&repository).await, ["8 v0 202602 consumed 1"]);
    assert_eq!(in_log(&repository).await, "n\n3\n");
}

async fn rows_stand_in_the_order_of_their_days(world: World) {
    let repository = world.open().await;
    let period = month("2026Q1");
    let on = |key: i64, day: &str, org_unit: &'static str, number| Sample {
        key,
        version: 0,
        position: key,
        org_unit,
        measure: "closing_balance",
        period,
        day: day.parse().unwrap(),
        number: Some(number),
    };
    let all = [
        on(1, "2026-03-31", "A", "1"),
        on(4, "2026-01-10", "B", "4"),
        on(2, "2026-02-28", "A", "2"),
        on(3, "2026-01-31", "A", "3"),
    ];
    run(&repository, "a", &all, 0).await;
    let read = read_samples(&repository).await;
    let days: Vec<String> = read.iter().map(|row| format!("{} {}", row.org_unit, row.day)).collect();
    assert_eq!(days, ["A 2026-01-31", "A 2026-02-28", "A 2026-03-31", "B 2026-01-10"]);
    let sql = "SELECT day, period_end FROM observations WHERE org_unit = 'B'";
    assert_eq!(csv(&repository, sql, None).await, "day,period_end\n2026-01-10,2026-03-31\n");
    // A correction of the day alone is a change.
    let corrected = [on(3, "2026-01-30", "A", "3")];
    assert_eq!(run(&repository, "b", &corrected, 1).await.1, 1);
    assert_eq!(read_samples(&repository).await[0].day.to_string(), "2026-01-30");
}

/// What is known of one row, by which two are compared.
type Fact = (i64, i64, i64, Period, String);

fn facts(of: &[Sample]) -> BTreeSet<Fact> {
    of.iter().map(|s| (s.key, s.version, s.position, s.period, s.number.unwrap().into())).collect()
}

/// The rule as it is written down, row against row: what is current after a run.
fn model(current: &[(usize, Sample)], new: &[(usize, Sample)], origin_of: &[usize]) -> Vec<(usize, Sample)> {
    let replaced = |receipt: usize| new.iter().any(|(of, _)| origin_of[*of] == origin_of[receipt]);
    let stay: Vec<_> = current.iter().filter(|(receipt, _)| !replaced(*receipt)).collect();
    let beaten_by_current = |row: &Sample| stay.iter().any(|(_, c)| c.key == row.key && c.version > row.version);
    let best = |key: i64| new.iter().filter(|(_, n)| n.key == key).map(|(r, n)| (n.version, *r, n.position)).max();
    let counts = |(receipt, row): &&(usize, Sample)| best(row.key) == Some((row.version, *receipt, row.position));
    let come = new.iter().filter(counts).filter(|(_, row)| !beaten_by_current(row));
    let beaten_by_new = |row: &Sample| best(row.key).is_some_and(|(version, ..)| version >= row.version);
    let remain = stay.iter().filter(|(_, row)| !beaten_by_new(row)).copied();
    come.chain(remain).copied().collect()
}

const NUMBERS: [&str; 5] = ["0", "1", "2", "3", "4"];
const MONTHS: [&str; 3] = ["202601", "202602", "202603"];

/// Histories of six records in three months, made up by a plain generator with a fixed seed.
#[tokio::test]
async fn made_up_histories_come_out_as_the_rule_says() {
    let mut state: u64 = 20_260_301;
    let mut below = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    for history in 0..6 {
        let world = World::new(Database::Sqlite).await.unwrap();
        let repository = world.open().await;
        let (mut current, mut origin_of, mut receipts) = (Vec::new(), Vec::new(), Vec::new());
        for minute in 0..4 {
            let mut new: Vec<(usize, Sample)> = Vec::new();
            let mut origins = BTreeSet::new();
            for _ in 0..=below(2) {
                let origin = usize::try_from(below(4)).unwrap();
                if !origins.insert(origin) {
                    continue;
                }
                let mut rows = Vec::new();
                for position in 0..i64::try_from(1 + below(5)).unwrap() {
                    let (key, version) = (i64::try_from(below(6)).unwrap(), i64::try_from(below(4)).unwrap());
                    for _ in 0..=below(2) {
                        let period = month(MONTHS[usize::try_from(below(3)).unwrap()]);
                        let number = Some(NUMBERS[usize::try_from(below(5)).unwrap()]);
                        let (day, measure) = (period.end(), "consumed");
                        rows.push(Sample { key, version, position, org_unit: "A", measure, period, day, number });
                    }
                }
                // The minute in the name of the bytes: each receipt is new content.
                rows[0].org_unit = ["B", "C", "D", "E"][usize::try_from(minute).unwrap()];
                let receipt = land_samples(&repository, &format!("origin {origin}"), &rows, minute).await;
                new.extend(rows.into_iter().map(|row| (receipts.len(), row)));
                receipts.push(receipt);
                origin_of.push(origin);
            }
            let mut pushed: Vec<(&Receipt, Vec<Sample>)> = Vec::new();
            for (receipt, row) in &new {
                match pushed.last_mut().filter(|(last, _)| last.number == receipts[*receipt].number) {
                    Some((_, rows)) => rows.push(*row),
                    None => pushed.push((&receipts[*receipt], vec![*row])),
                }
            }
            let borrowed: Vec<(&Receipt, &[Sample])> = pushed.iter().map(|(r, rows)| (*r, rows.as_slice())).collect();
            bring_in_all(&repository, &borrowed, minute).await;
            current = model(&current, &new, &origin_of);
            let expected: Vec<Sample> = current.iter().map(|(_, row)| *row).collect();
            let read = read_samples(&repository).await;
            assert_eq!(read.len(), expected.len(), "history {history}, run {minute}");
            assert_eq!(facts(&read), facts(&expected), "history {history}, run {minute}");
        }
    }
}
