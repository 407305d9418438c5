//! A process that is killed at any step of the ingest protocol and started again comes to where an undisturbed one
//! comes.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, ExitStatus};

use mlatho_store::{AsOf, Repository, RunState, STEPS};

use crate::common::{Database, Line, Sample, World, at, bring_in_all, csv, land_samples, month, samples};

const KILL: &str = "MLATHO_TEST_KILL_AT";
const FOLDER: &str = "MLATHO_TEST_CRASH_FOLDER";
const CATALOGUE: &str = "MLATHO_TEST_CRASH_CATALOGUE";

/// The first run: a file and a page, three months, one row held with a finding.
const FILE: [Line; 4] = [
    (1, "A", "202601", Some("12.50")),
    (2, "B", "202601", Some("2000")),
    (3, "A", "202602", None),
    (4, "C", "202603", Some("7")),
];
/// The second: the file with a line less, one corrected (held now) and one that moves; February is left empty.
const CORRECTED: [Line; 3] =
    [(1, "A", "202601", Some("1300")), (2, "B", "202601", Some("20")), (4, "C", "202604", Some("7"))];

/// A page with versions of a record: in the first run version 2, in the second an older and a newer one elsewhere.
fn page(versions: &[(i64, &str)]) -> Vec<Sample> {
    let sample = |(position, &(version, period)): (i64, &(i64, &str))| {
        let period = month(period);
        let (day, number) = (period.start(), Some("1"));
        Sample { key: 9, version, position, org_unit: "D", measure: "received", period, day, number }
    };
    (1..).zip(versions).map(sample).collect()
}

/// Does what has not been done yet.
async fn work(repository: &Repository) {
    let history =
        [(samples(&FILE), page(&[(2, "202601")])), (samples(&CORRECTED), page(&[(1, "202601"), (3, "202603")]))];
    let runs = repository.runs().await.unwrap();
    let finished = runs.iter().filter(|run| run.state == RunState::Finished).count();
    for (run, (file, versions)) in (0..).zip(&history).skip(finished) {
        let minute = 10 * i64::from(run);
        let first = land_samples(repository, "stock.csv", file, minute).await;
        let second = land_samples(repository, &format!("page {run}"), versions, minute).await;
        bring_in_all(repository, &[(&first, file), (&second, versions)], minute + 1).await;
    }
}

/// Everything that can be seen, now and as of the end of the first run.
async fn state(repository: &Repository) -> Vec<String> {
    let mut seen = Vec::new();
    for (table, order) in [
        ("observations", "period_start, org_unit, receipt, position"),
        ("observations_log", "run, period_start, org_unit, receipt, position"),
        ("findings", "period_start, org_unit"),
        ("runs", "id"),
        ("org_units", "id"),
    ] {
        for as_of in [None, Some(AsOf::Time(at(2))), Some(AsOf::Version(3))] {
            seen.push(csv(repository, &format!("SELECT * FROM {table} ORDER BY {order}"), as_of).await);
        }
    }
    let receipts = repository.receipts().await.unwrap();
    for receipt in &receipts {
        let by = receipts.iter().find(|other| Some(other.number) == receipt.superseded_by);
        let by = by.map(|receipt| &receipt.id);
        seen.push(format!("{} {} {by:?} {:?}", receipt.origin, receipt.id, receipt.processed_rules));
    }
    seen
}

#[expect(clippy::disallowed_methods, reason = "how the test tells the process that it is the one to be killed")]
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What the processes run that the test below starts; of itself it does nothing.
#[tokio::test]
async fn child() {
    let Some(folder) = told(FOLDER) else { return };
    let repository = Repository::open(&PathBuf::from(folder), told(CATALOGUE).as_deref()).await.unwrap();
    work(&repository).await;
}

fn start(world: &World, kill_at: Option<&str>) -> ExitStatus {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "crash::child"]).env(FOLDER, &world.data_dir).env_remove(KILL);
    if let Some(step) = kill_at {
        child.env(KILL, step);
    }
    if let Some(url) = &world.url {
        child.env(CATALOGUE, url);
    }
    let output = child.output().unwrap();
    let killed = output.status.signal().is_some();
    assert!(killed || output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    output.status
}

/// Kills at each passage of a step until there is none left, and gives how many there were.
async fn kill_at_each_passage(database: Database, step: &str, undisturbed: &[String]) -> usize {
    for passage in 1.. {
        let world = World::new(database).await.unwrap();
        let at = format!("{step}:{passage}");
        let killed = start(&world, Some(&at)).signal().is_some();
        if killed {
            assert!(start(&world, None).success());
        }
        assert_eq!(state(&world.open().await).await, undisturbed, "killed at {at}");
        if !killed {
            return passage - 1;
        }
    }
    0
}

async fn every_step(database: Database) {
    let Some(world) = World::new(database).await else { return };
    assert!(start(&world, None).success());
    let repository = world.open().await;
    let undisturbed = state(&repository).await;
    // By hand: what the two runs come to.
    let sql = "SELECT org_unit, period, value, status, version FROM observations ORDER BY period, org_unit";
    let expected = "org_unit,period,value,status,version\n\
                    A,202601,1300.0,held,0\nB,202601,20.0,accepted,0\nD,202603,1.0,accepted,3\nC,202604,7.0,accepted,0\n";
    assert_eq!(csv(&repository, sql, None).await, expected);
    assert_eq!(csv(&repository, "SELECT count(*) AS n FROM observations_log", None).await, "n\n10\n");
    for step in STEPS {
        let passages = kill_at_each_passage(database, step, &undisturbed).await;
        let expected = match step {
            // Three months, then four, one of them left empty.
            "month-merged" | "month-observations-committed" | "month-findings-committed" | "month-recorded" => 7,
            // Six months with rows, two with findings.
            "month-file-written" => 8,
            _ => 2,
        };
        assert_eq!(passages, expected, "passages of {step}");
    }
}

#[tokio::test]
async fn every_step_is_survived_on_sqlite() {
    every_step(Database::Sqlite).await;
}

#[tokio::test]
async fn every_step_is_survived_on_postgres() {
    every_step(Database::Postgres).await;
}
