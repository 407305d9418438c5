//! A repository of its own for each test, over SQLite and over PostgreSQL.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::Timestamp;
use jiff::civil::Date;
use mlatho_model::{Finding, Period, Status, Value};
use mlatho_store::{AsOf, Filter, Processed, Receipt, Repository, Row, RowFinding, Run, TermKind};
use sea_orm::ConnectionTrait;
use tempfile::TempDir;

/// Which database the catalogue is in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

/// A data folder with its catalogue. Its path has spaces and letters beyond ASCII.
pub(crate) struct World {
    _folder: TempDir,
    pub(crate) data_dir: PathBuf,
    pub(crate) url: Option<String>,
}

impl World {
    /// Nothing, where there is no PostgreSQL to test with; then it says so, and on a build server fails.
    pub(crate) async fn new(database: Database) -> Option<Self> {
        let url = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(new_postgres().await?),
        };
        let folder = tempfile::tempdir().unwrap();
        let data_dir = folder.path().join("données du dépôt № 1");
        Some(Self { _folder: folder, data_dir, url })
    }

    /// A statement on the catalogue that goes past the repository.
    pub(crate) async fn tamper(&self, sql: &str) {
        let file = format!("sqlite://{}", self.data_dir.join("catalogue.db").display());
        let db = sea_orm::Database::connect(self.url.as_deref().unwrap_or(&file)).await.unwrap();
        db.execute_unprepared(sql).await.unwrap();
        db.close().await.unwrap();
    }

    pub(crate) async fn open(&self) -> Repository {
        Repository::open(&self.data_dir, self.url.as_deref()).await.unwrap()
    }
}

async fn new_postgres() -> Option<String> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let (server, ci) = environment();
    let Some(server) = server else {
        assert!(!ci, "MLATHO_TEST_POSTGRES must be set on a build server");
        eprintln!("SKIPPED: set MLATHO_TEST_POSTGRES=postgres://user@host:port/postgres to test the catalogue there");
        return None;
    };
    let name = format!("mlatho_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let admin = sea_orm::Database::connect(&server).await.unwrap();
    admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let mut url: url::Url = server.parse().unwrap();
    url.set_path(&name);
    Some(url.into())
}

/// The PostgreSQL to test with, and whether this is a build server.
#[expect(clippy::disallowed_methods, reason = "how the test task tells where PostgreSQL is")]
fn environment() -> (Option<String>, bool) {
    (std::env::var("MLATHO_TEST_POSTGRES").ok(), std::env::var("CI").as_deref() == Ok("true"))
}

/// Makes one test for each database out of an async function that takes a [`World`].
#[macro_export]
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                let world = $crate::common::World::new($crate::common::Database::Sqlite).await.unwrap();
                super::$name(world).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                let Some(world) = $crate::common::World::new($crate::common::Database::Postgres).await else { return };
                super::$name(world).await;
            })*
        }
    };
}

pub(crate) fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + 60 * minute).unwrap()
}

/// One reported number, or none: `(record key, org unit, period, number)`.
pub(crate) type Line = (i64, &'static str, &'static str, Option<&'static str>);

/// One number of a version of a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sample {
    pub(crate) key: i64,
    pub(crate) version: i64,
    /// Within the receipt; the numbers of one record share it.
    pub(crate) position: i64,
    pub(crate) org_unit: &'static str,
    pub(crate) measure: &'static str,
    pub(crate) period: Period,
    pub(crate) day: Date,
    pub(crate) number: Option<&'static str>,
}

/// Each line a record of its own, without versions, about its whole period.
pub(crate) fn samples(lines: &[Line]) -> Vec<Sample> {
    let sample = |(position, &(key, org_unit, period, number)): (i64, &Line)| {
        let period = month(period);
        Sample { key, version: 0, position, org_unit, measure: "consumed", period, day: period.end(), number }
    };
    (1..).zip(lines).map(sample).collect()
}

pub(crate) async fn land(repository: &Repository, origin: &str, lines: &[Line], minute: i64) -> Receipt {
    land_samples(repository, origin, &samples(lines), minute).await
}

pub(crate) async fn land_samples(repository: &Repository, origin: &str, samples: &[Sample], minute: i64) -> Receipt {
    let bytes = format!("{samples:?}");
    repository.land(&"lmis".parse().unwrap(), origin, bytes.as_bytes(), at(minute)).await.unwrap()
}

pub(crate) fn push(run: &mut Run<'_>, receipt: &Receipt, samples: &[Sample]) {
    for sample in samples {
        let value = match sample.number {
            Some(number) => Value::Reported(number.parse().unwrap()),
            None => Value::Missing(mlatho_model::MissingReason::Blank),
        };
        let terms = run.terms();
        let row = Row {
            source: terms.id(TermKind::Source, "lmis"),
            org_unit: terms.id(TermKind::OrgUnit, sample.org_unit),
            item: terms.id(TermKind::Item, "RHZE"),
            measure: terms.id(TermKind::Measure, sample.measure),
            disaggregation: 0,
            unit: terms.id(TermKind::Unit, "dispensing-unit"),
            status: Status::Accepted,
            reason: 0,
            period: sample.period,
            day: sample.day,
            reported_at: None,
            value,
            receipt: receipt.number,
            record_key: sample.key,
            version: sample.version,
            position: sample.position,
            column: terms.id(TermKind::Column, "issued"),
            crosswalk: terms.id(TermKind::Crosswalk, "c1"),
            unit_rule: terms.id(TermKind::UnitRule, "30"),
            period_rule: 0,
            source_org_unit: terms.id(TermKind::SourceOrgUnit, &sample.org_unit.to_lowercase()),
            source_item: terms.id(TermKind::SourceItem, "rhze"),
        };
        run.push(&row).unwrap();
    }
}

/// Brings one receipt in, holding every row above 1,000 with a finding. Gives how many months changed.
pub(crate) async fn bring_in(repository: &Repository, receipt: &Receipt, lines: &[Line], minute: i64) -> usize {
    bring_in_all(repository, &[(receipt, &samples(lines))], minute).await
}

/// Brings several receipts in, in one run.
pub(crate) async fn bring_in_all(repository: &Repository, all: &[(&Receipt, &[Sample])], minute: i64) -> usize {
    let mut run = repository.begin_or_resume_run("run", at(minute)).await.unwrap();
    if !run.log_committed() {
        all.iter().for_each(|(receipt, samples)| push(&mut run, receipt, samples));
    }
    let processed = |(receipt, _): &(&Receipt, &[Sample])| Processed { receipt: receipt.number, rules: "r1".into() };
    let processed: Vec<Processed> = all.iter().map(processed).collect();
    let mut changed = 0;
    for month in run.commit_log(&processed, &[], 0).await.unwrap() {
        let mut rows = run.merged_month(month).unwrap();
        let mut findings: Vec<RowFinding> = Vec::new();
        for row in 0..rows.len() {
            if rows.number(row).is_some_and(|number| number > 1_000.into()) {
                rows.status.set(row, Status::Held);
                findings.push((row, Finding::warning("too-many").with("found", rows.number(row).unwrap())));
            }
        }
        let written = run.write_month(month, &rows, &findings).await.unwrap();
        changed += usize::from(written == mlatho_store::Written::Changed);
    }
    run.finish(&serde_json::json!({"receipts": all.len()}), at(minute + 1)).await.unwrap();
    changed
}

pub(crate) async fn csv(repository: &Repository, sql: &str, as_of: Option<AsOf>) -> String {
    let mut out = Vec::new();
    repository.query(sql, as_of).await.unwrap().write_csv(&mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

/// Everything that can be seen of a repository, now and as of earlier moments.
pub(crate) async fn everything(repository: &Repository, moments: &[Option<AsOf>]) -> Vec<String> {
    let mut seen = Vec::new();
    for (table, order) in [
        ("observations", "period_start, org_unit, receipt, position"),
        ("observations_log", "run, period_start, org_unit, receipt, position"),
        ("findings", "period_start, org_unit"),
        ("runs", "id"),
        ("org_units", "id"),
        ("items", "id"),
        ("links", "version"),
    ] {
        for as_of in moments {
            seen.push(csv(repository, &format!("SELECT * FROM {table} ORDER BY {order}"), *as_of).await);
        }
    }
    let receipts = repository.receipts().await.unwrap();
    for receipt in &receipts {
        let by = receipts.iter().find(|other| Some(other.number) == receipt.superseded_by);
        let by = by.map(|receipt| &receipt.id);
        seen.push(format!("{} {} {by:?} {:?}", receipt.origin, receipt.id, receipt.processed_rules));
    }
    seen.push(format!("{:?}", repository.audit().await.unwrap()));
    seen
}

/// What a repository holds as current, in the order of the warehouse.
pub(crate) async fn read_samples(repository: &Repository) -> Vec<Sample> {
    let current = repository.current(None).await.unwrap();
    let mut all = Vec::new();
    let text = |kind, id| -> &'static str { current.terms().text(kind, id).to_owned().leak() };
    for month in current.months().unwrap() {
        let rows = current.rows(month, &Filter::default()).unwrap();
        for row in 0..rows.len() {
            all.push(Sample {
                key: rows.record_key[row],
                version: rows.version[row],
                position: rows.position[row],
                org_unit: text(TermKind::OrgUnit, rows.org_unit[row]),
                measure: text(TermKind::Measure, rows.measure[row]),
                period: rows.period[row],
                day: rows.day(row),
                number: rows.number(row).map(|number| -> &'static str { number.to_string().leak() }),
            });
        }
    }
    all
}

/// `org unit period number status`, one a line, read through [`mlatho_store::Current`].
pub(crate) async fn rows(repository: &Repository, as_of: Option<AsOf>) -> Vec<String> {
    let current = repository.current(as_of).await.unwrap();
    let mut lines = Vec::new();
    for month in current.months().unwrap() {
        let rows = current.rows(month, &Filter::default()).unwrap();
        for row in 0..rows.len() {
            let org_unit = current.terms().text(TermKind::OrgUnit, rows.org_unit[row]);
            let value = rows.value(row, current.terms()).unwrap();
            let number = value.reported().map_or_else(|| value.state().to_string(), |number| number.to_string());
            lines.push(format!("{org_unit} {} {number} {}", rows.period[row], rows.status[row]));
        }
    }
    lines
}

pub(crate) fn month(text: &str) -> Period {
    text.parse().unwrap()
}

/// Every Parquet file under a folder.
pub(crate) fn parquet_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(parquet_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "parquet") {
            files.push(path);
        }
    }
    files.sort();
    files
}
