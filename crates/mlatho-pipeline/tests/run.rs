//! The job on a small project: what is kept, what counts, and what a second run does.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use mlatho_pipeline::Project;
use mlatho_pipeline::repository::Repository;
use mlatho_pipeline::run::{RunReport, run};
use tempfile::TempDir;

const CONFIG: &str = r#"
version = 1
name = "Test"

[[sources]]
name = "lmis"
side = "lmis"
format = "csv"
files = ["inbox/*.csv"]
layout = "layout.toml"
accept_status = ["APPROVED"]
"#;

const LAYOUT: &str = r#"
shape = "long"
[columns]
report = "report"
line = "line"
version = "version"
status = "status"
org_unit = "facility"
item = "product"
period = "month"
[period]
format = "iso"
[[measures]]
column = "opening"
measure = "opening_balance"
unit = "pack"
[[measures]]
column = "received"
measure = "received"
unit = "pack"
[[measures]]
column = "used"
measure = "consumed"
unit = "pack"
[[measures]]
column = "closing"
measure = "closing_balance"
unit = "pack"
"#;

const HEADER: &str = "report,line,version,status,facility,product,month,opening,received,used,closing\n";
const ORG_UNITS: &str = "source,source_id,org_unit,relation,share\n";
const ITEMS: &str = "source,source_id,item,factor,unit,relation,share\nlmis,P,ACT,30,tablet,,\n";

struct World {
    folder: TempDir,
}

impl World {
    fn new(org_units: &str, lines: &str) -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap() };
        world.write("mlatho.toml", CONFIG);
        world.write("layout.toml", LAYOUT);
        world.write("mappings/items.csv", ITEMS);
        world.write("mappings/elements.csv", "target,item,measure,data_element\n");
        world.write("mappings/org_units.csv", &format!("{ORG_UNITS}{org_units}"));
        world.write("inbox/stock.csv", &format!("{HEADER}{lines}"));
        world
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        fs::write(path, text).unwrap();
    }

    async fn run(&self, minute: i64) -> RunReport {
        let project = Project::load(self.folder.path()).unwrap();
        let repository = project.make_repository().await.unwrap();
        let now = Timestamp::from_second(1_780_000_000 + 60 * minute).unwrap(); // May 2026
        let report = run(&project, &repository, now, &mut |_| {}).await.unwrap();
        repository.close().await.unwrap();
        report
    }

    /// `org unit, period, value, status` of consumption, in order.
    async fn consumption(&self) -> Vec<String> {
        self.ask(
            "SELECT org_unit, period, value, status FROM observations WHERE measure = 'consumed' \
             ORDER BY org_unit, period, value",
        )
        .await
    }

    async fn ask(&self, sql: &str) -> Vec<String> {
        let project = Project::load(self.folder.path()).unwrap();
        let repository: Repository = project.open_repository().await.unwrap();
        let mut out = Vec::new();
        repository.query(sql, None).await.unwrap().write_csv(&mut out).await.unwrap();
        repository.close().await.unwrap();
        String::from_utf8(out).unwrap().lines().skip(1).map(Into::into).collect()
    }
}

#[tokio::test]
async fn a_second_run_changes_nothing_and_a_correction_one_month() {
    let lines = "R1,1,1,APPROVED,F1,P,202601,10,0,4,6\nR2,1,1,APPROVED,F1,P,202602,6,0,1,5\n";
    let world = World::new("lmis,F1,U1,,\n", lines);
    let first = world.run(0).await;
    assert_eq!((first.records.records, first.months, first.months_changed), (2, 2, 2));
    assert_eq!(world.consumption().await, ["U1,202601,120.0,accepted", "U1,202602,30.0,accepted"]);

    let again = world.run(1).await;
    assert_eq!((again.run, again.months), (None, 0));

    // A higher version in a file of its own; the older line of the first file comes to nothing.
    world.write("inbox/corrected.csv", &format!("{HEADER}R2,1,2,APPROVED,F1,P,202602,6,0,2,4\n"));
    let third = world.run(2).await;
    assert_eq!((third.months, third.months_changed), (1, 1));
    assert_eq!(world.consumption().await, ["U1,202601,120.0,accepted", "U1,202602,60.0,accepted"]);
    let log = world.ask("SELECT count(*) FROM observations_log WHERE measure = 'consumed'").await;
    assert_eq!(log, ["3"]);
}

#[tokio::test]
async fn the_newest_version_decides_before_its_status_does() {
    let lines = "R1,1,2,REJECTED,F1,P,202601,10,0,5,5\nR1,1,1,APPROVED,F1,P,202601,10,0,4,6\n";
    let world = World::new("lmis,F1,U1,,\n", lines);
    world.run(0).await;
    assert_eq!(world.consumption().await, ["U1,202601,150.0,rejected"]);
}

#[tokio::test]
async fn what_has_no_mapping_is_kept_with_its_volume_until_it_has_one() {
    let world = World::new("", "R1,1,1,APPROVED,F9,P,202601,10,2,4,8\n");
    let report = world.run(0).await;
    assert_eq!(report.records.unmapped_org_unit, 1);
    let [volume] = report.unmapped.as_slice() else { panic!("one code: {:?}", report.unmapped) };
    // Received 2 and used 4: levels would count the same stock again.
    assert_eq!((&*volume.code, volume.records, volume.quantity), ("F9", 1, 6.into()));
    assert_eq!(world.consumption().await, ["F9,202601,4.0,unmapped"]);

    world.write("mappings/org_units.csv", &format!("{ORG_UNITS}lmis,F9,U9,,\n"));
    let report = world.run(1).await;
    assert!(report.unmapped.is_empty());
    assert_eq!(world.consumption().await, ["U9,202601,120.0,accepted"]);
}

#[tokio::test]
async fn the_volume_that_waits_is_that_of_the_newest_versions() {
    let lines = "R1,1,1,APPROVED,F9,P,202601,10,2,4,8\nR2,1,1,APPROVED,F9,Q,202602,8,0,3,5\n";
    let world = World::new("", lines);
    world.run(0).await;
    world.write("inbox/corrected.csv", &format!("{HEADER}R1,1,2,APPROVED,F9,P,202601,10,2,1,11\n"));
    let volumes = world.run(1).await.unmapped;
    let volumes: Vec<_> = volumes.iter().map(|v| (&*v.code, v.month.to_string(), v.records, v.quantity)).collect();
    // January: received 2 and used 1, no longer 4. February: used 3.
    let (january, february) = ("202601".to_owned(), "202602".to_owned());
    assert_eq!(
        volumes,
        [("Q", february.clone(), 1, 3.into()), ("F9", january, 1, 3.into()), ("F9", february, 1, 3.into())]
    );
}

#[tokio::test]
async fn a_corrected_month_is_looked_back_on_by_those_after_it() {
    // February opens with what January does not close with, until January is corrected.
    let lines = "R1,1,1,APPROVED,F1,P,202601,10,0,4,6\nR2,1,1,APPROVED,F1,P,202602,7,0,1,6\n";
    let world = World::new("lmis,F1,U1,,\n", lines);
    let found = "SELECT code, period FROM findings";
    assert_eq!(world.run(0).await.months_changed, 2);
    assert_eq!(world.ask(found).await, ["opening-not-previous-closing,202602"]);
    world.write("inbox/corrected.csv", &format!("{HEADER}R1,1,2,APPROVED,F1,P,202601,10,0,3,7\n"));
    assert_eq!(world.run(1).await.months_changed, 2);
    assert_eq!(world.ask(found).await, [""; 0]);
}

#[tokio::test]
async fn a_broken_balance_and_a_second_report_are_held() {
    let lines = "R1,1,1,APPROVED,F1,P,202601,10,0,4,7\n\
                 R2,1,1,APPROVED,F2,P,202601,10,0,4,6\nR3,1,1,APPROVED,F2,P,202601,10,0,4,6\n";
    let world = World::new("lmis,F1,U1,,\nlmis,F2,U2,,\n", lines);
    let report = world.run(0).await;
    assert_eq!(report.checks.get("stock-balance"), Some(&1));
    assert_eq!(report.checks.get("duplicate-report"), Some(&1));
    let statuses = world.consumption().await;
    assert_eq!(statuses, ["U1,202601,120.0,held", "U2,202601,120.0,accepted", "U2,202601,120.0,held"]);
}

#[tokio::test]
async fn records_are_counted_in_their_newest_version() {
    // Of six lines two are older versions; of the four records one does not count, one has no item, one no org unit.
    let lines = "R1,1,1,APPROVED,F1,P,202601,10,0,4,6\nR1,1,2,APPROVED,F1,P,202602,10,0,5,5\n\
                 R2,1,2,REJECTED,F1,P,202601,10,0,4,6\nR2,1,1,APPROVED,F9,P,202601,10,0,4,6\n\
                 R3,1,1,APPROVED,F1,Q,202601,1,0,1,0\nR4,1,1,APPROVED,F9,Q,202601,1,0,1,0\n";
    let world = World::new("lmis,F1,U1,,\n", lines);
    let records = world.run(0).await.records;
    assert_eq!((records.records, records.current), (6, 4));
    assert_eq!((records.not_counting, records.unmapped_item, records.unmapped_org_unit), (1, 1, 1));
    let reasons = "SELECT reason, count(DISTINCT position) FROM observations GROUP BY reason ORDER BY reason";
    let told = world.ask(reasons).await;
    assert_eq!(told, [",1", "not-counting,1", "unmapped-item,1", "unmapped-org-unit-and-item,1"]);
}

#[tokio::test]
async fn a_report_from_before_its_period_is_held() {
    let lines = "R1,1,1,APPROVED,F1,P,202601,10,0,4,6,2025-12-31\nR2,1,1,APPROVED,F2,P,202601,10,0,4,6,2026-01-01\n";
    let world = World::new("lmis,F1,U1,,\nlmis,F2,U2,,\n", "");
    world.write("layout.toml", &LAYOUT.replace("[period]", "reported_at = \"sent\"\n[period]"));
    world.write("inbox/stock.csv", &format!("{},sent\n{lines}", HEADER.trim_end()));
    assert_eq!(world.run(0).await.checks.get("impossible-date"), Some(&1));
    assert_eq!(world.consumption().await, ["U1,202601,120.0,held", "U2,202601,120.0,accepted"]);
    let days = "SELECT DISTINCT org_unit, reported_at FROM observations ORDER BY org_unit";
    assert_eq!(world.ask(days).await, ["U1,2025-12-31", "U2,2026-01-01"]);
}

#[tokio::test]
async fn a_divided_line_is_judged_whole() {
    // 10 − 5 = 5, divided by thirds: 3 and 7 less 2 and 3 are not 2 and 3, and yet nothing is wrong.
    let org_units = "lmis,F1,U1,one-to-many,1/3\nlmis,F1,U2,one-to-many,2/3\n\
                     lmis,F2,U1,one-to-many,1/3\nlmis,F2,U2,one-to-many,2/3\n";
    let lines = "R1,1,1,APPROVED,F1,P,202601,10,0,5,5\nR2,1,1,APPROVED,F2,P,202601,10,0,5,6\n";
    let world = World::new(org_units, lines);
    let report = world.run(0).await;
    let told: Vec<_> = report.findings.iter().map(|finding| (finding.code, finding.place.row)).collect();
    assert_eq!(told, [("stock-balance", 3)]);
    let by_status = "SELECT status, sum(value) FROM observations WHERE measure = 'consumed' \
                     GROUP BY status ORDER BY status";
    assert_eq!(world.ask(by_status).await, ["accepted,150.0", "held,150.0"]);
}

#[tokio::test]
async fn product_tables_give_the_factor_of_the_day_and_tell_of_wrong_units() {
    // March opens with the tablets of five packs of the old size, where packs are counted.
    let lines = "R1,1,1,APPROVED,F1,P,202601,10,0,4,6\nR2,1,1,APPROVED,F1,P,202602,6,0,1,5\n\
                 R3,1,1,APPROVED,F1,P,202603,150,0,1,149\n";
    let world = World::new("lmis,F1,U1,,\n", lines);
    world.write("mappings/items.csv", "source,source_id,item,source_unit,factor,unit\nlmis,P,ACT,pack,,tablet\n");
    let header = "item,unit,contains,of,valid_from,valid_to\n";
    world.write(
        "products/packs.csv",
        &format!("{header}ACT,pack,5,blister,,2026-01-31\nACT,pack,4,blister,2026-02-01,\nACT,blister,6,tablet,,\n"),
    );
    world.run(0).await;
    assert_eq!(
        world.consumption().await,
        ["U1,202601,120.0,accepted", "U1,202602,24.0,accepted", "U1,202603,24.0,accepted"]
    );
    let findings = world.ask("SELECT period, code, severity FROM findings ORDER BY period, code").await;
    assert_eq!(
        findings,
        [
            // Six packs were 180 tablets yesterday and are 144 today.
            "202602,opening-not-previous-closing,warning",
            "202603,opening-not-previous-closing,warning",
            "202603,unit-factor,warning",
        ]
    );
    // Another size in the table: what was read by the old one is read again.
    world.write("products/packs.csv", &format!("{header}ACT,pack,30,tablet,,\n"));
    world.run(1).await;
    assert_eq!(
        world.consumption().await,
        ["U1,202601,120.0,accepted", "U1,202602,30.0,accepted", "U1,202603,30.0,accepted"]
    );
    // No table leads to tablets: the code waits, and the row of the mapping says why.
    world.write("products/packs.csv", &format!("{header}ACT,pack,30,capsule,,\n"));
    let report = world.run(2).await;
    assert_eq!(report.records.unmapped_item, 3);
    assert_eq!(report.findings.iter().filter(|finding| finding.code == "mapping-no-factor").count(), 1);
}
