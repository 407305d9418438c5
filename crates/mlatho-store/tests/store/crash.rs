//! A process that is killed at any step of the ingest protocol and started again comes to where an undisturbed one
//! comes.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

use mlatho_store::{AsOf, NewEntry, Repository, RunState, STEPS};

use crate::common::{Database, Line, Sample, World, at, bring_in_all, csv, everything, land_samples, month, samples};

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
        let entry = NewEntry {
            at: at(minute),
            person: "Data manager".into(),
            kind: "settings",
            subject: format!("run {run}"),
            content: run.into(),
        };
        repository.record(&[entry], true).await.unwrap();
        let second = land_samples(repository, &format!("page {run}"), versions, minute).await;
        bring_in_all(repository, &[(&first, file), (&second, versions)], minute + 1).await;
    }
}

/// Everything that can be seen, now and as of the end of the first run; all of it as it was written.
async fn state(repository: &Repository) -> Vec<String> {
    let verified = repository.verify().await.unwrap();
    assert_eq!(verified.faults, [], "nothing is lost");
    everything(repository, &[None, Some(AsOf::Time(at(2))), Some(AsOf::Version(3))]).await
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

/// The process that does the work.
fn command(world: &World) -> Command {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "crash::child"]).env(FOLDER, &world.data_dir).env_remove(KILL);
    if let Some(url) = &world.url {
        child.env(CATALOGUE, url);
    }
    child
}

fn start(world: &World, kill_at: Option<&str>) -> ExitStatus {
    let mut child = command(world);
    if let Some(step) = kill_at {
        child.env(KILL, step);
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

/// How many times a process is killed at a moment of chance: `MLATHO_TEST_KILLS`, else a few.
fn kills() -> u64 {
    told("MLATHO_TEST_KILLS").and_then(|text| text.parse().ok()).unwrap_or(5)
}

/// Kills processes at moments of chance. Where one happens to be does not matter: named steps have their own test.
async fn any_moment(database: Database) {
    let Some(world) = World::new(database).await else { return };
    let begun = Instant::now();
    assert!(start(&world, None).success());
    let whole = begun.elapsed();
    let undisturbed = state(&world.open().await).await;
    let mut chance: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut killed = 0;
    for number in 0..kills() {
        // Steps of a xorshift generator; the seed is fixed.
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let world = World::new(database).await.unwrap();
        let mut child = command(&world).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole.mul_f64(f64::from(u32::try_from(chance >> 40).unwrap()) / f64::from(1_u32 << 24)));
        let _ = child.kill(); // it may have ended by itself
        killed += u64::from(child.wait().unwrap().signal().is_some());
        assert!(start(&world, None).success());
        assert_eq!(state(&world.open().await).await, undisturbed, "kill {number}");
    }
    assert!(killed * 2 >= kills(), "only {killed} of {} were killed in time", kills());
}

#[tokio::test]
async fn any_moment_is_survived_on_sqlite() {
    any_moment(Database::Sqlite).await;
}

#[tokio::test]
async fn any_moment_is_survived_on_postgres() {
    any_moment(Database::Postgres).await;
}
