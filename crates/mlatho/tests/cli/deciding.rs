//! `mlatho review` about data: policies of sources, batches, held lines, corrections, questions, two persons.

use serde_json::Value;

use crate::stocked::{done, held, project, run, unit};
use crate::world::{Ran, World, ran};

const LAYOUT: &str = r#"
shape = "long"
[columns]
org_unit = "site"
item = "product"
period = "month"
[period]
type = "monthly"
format = "yyyyMM"
[[measures]]
column = "open"
measure = "opening_balance"
[[measures]]
column = "in"
measure = "received"
[[measures]]
column = "used"
measure = "consumed"
[[measures]]
column = "close"
measure = "closing_balance"
"#;

/// Three clinics in two districts. Of S2 the balance does not add up: 100 + 0 − 40 is 60, not 600.
const ROWS: &str = "site,product,month,open,in,used,close\n\
                    S1,D7,202601,100,0,10,90\nS2,D7,202601,100,0,40,600\nS3,D7,202601,100,0,20,80\n";

fn world(settings: &str) -> (World, mlatho_testkit::dhis2::Server) {
    let world = World::new();
    let server = project(&world);
    let config = world.read("p/mlatho.toml").replace("side = \"lmis\"", &format!("side = \"lmis\"\n{settings}"));
    let register = "[review]\nlevel = \"district\"\n[[registers]]\nkind = \"org-unit\"\nfile = \"units.csv\"\n";
    world.write("p/mlatho.toml", config + register);
    world.write("p/layout.toml", LAYOUT);
    let units: Vec<String> = (1..=3).map(|n| format!("lmis,S{n},{}\n", unit(n))).collect();
    world.write("p/mappings/org_units.csv", format!("source,source_id,org_unit\n{}", units.concat()));
    world.write("p/mappings/items.csv", "source,source_id,item,factor\nlmis,D7,P1,1\n");
    let named = |n: u32, district: &str| format!("{},Clinic {n},{district}\n", unit(n));
    let list = [named(1, "North"), named(2, "North"), named(3, "South Bank")].concat();
    world.write("p/units.csv", format!("id,name,district\n{list}"));
    world.write("p/inbox/a.csv", ROWS);
    done(&world, ["run"]);
    (world, server)
}

/// `site measure value status reason` of what counts or is held.
fn values(world: &World, measure: &str) -> Vec<String> {
    let sql = format!(
        "SELECT source_org_unit, value, status, reason FROM observations WHERE measure = '{measure}' ORDER BY 1"
    );
    let rows = done(world, ["sql", &sql, "--format", "csv", "--quiet"]);
    rows.lines().skip(1).map(|line| line.replace(',', " ").trim_end().to_owned()).collect()
}

fn json<const N: usize>(world: &World, args: [&str; N]) -> Value {
    let mut command = world.mlatho();
    command.args(["--project", "p", "--format", "json", "--quiet"]).args(args);
    ran(&mut command).json()
}

fn line(world: &World) -> String {
    json(world, ["review", "lines"])[0]["line"].as_str().unwrap().to_owned()
}

fn by<const N: usize>(world: &World, person: &str, args: [&str; N]) -> Ran {
    let mut command = world.mlatho();
    ran(command.args(["--project", "p", "review"]).args(args).args([
        "--reason",
        "seen in the register",
        "--by",
        person,
    ]))
}

#[track_caller]
fn says<const N: usize>(world: &World, person: &str, args: [&str; N]) {
    let ran = by(world, person, args);
    assert_eq!(ran.code, 0, "{}", ran.messages);
}

#[test]
fn a_held_line_is_listed_and_passes_as_reported_once_it_is_accepted() {
    let (world, _server) = world("");
    let waiting = json(&world, ["review"]);
    let only = &waiting["lines"][0];
    assert_eq!(waiting["lines"].as_array().unwrap().len(), 1);
    assert_eq!((&only["checks"][0], &only["values"]["closing_balance"]), (&"stock-balance".into(), &"600".into()));
    // Received 0 and consumed 40; a contradiction in the line's own numbers is sure.
    assert_eq!((&only["volume"], &only["probability"]), (&"40".into(), &"1".into()));
    assert_eq!(waiting["batches"].as_array().unwrap().len(), 0);
    assert_eq!(values(&world, "consumed"), ["S1 10.0 accepted", "S2 40.0 held", "S3 20.0 accepted"]);
    let shown = run(&world, ["review"]);
    assert!(shown.out.contains("stock-balance") && !shown.out.contains("column-"), "{}", shown.out);

    let line = line(&world);
    says(&world, "Data manager", ["accept", &line]);
    assert_eq!(json(&world, ["review", "lines"]), Value::Array(vec![]), "what is decided waits for no person");
    assert_eq!(values(&world, "consumed")[1], "S2 40.0 held");
    done(&world, ["run"]);
    assert_eq!(values(&world, "consumed")[1], "S2 40.0 accepted accepted-as-reported");
    assert!(run(&world, ["run"]).messages.contains("Nothing"), "a decision takes effect once");

    // The source says something else now: a person is asked anew.
    world.write("p/inbox/a.csv", ROWS.replace("40,600", "41,600"));
    done(&world, ["run"]);
    assert_eq!(values(&world, "consumed")[1], "S2 41.0 held");
    assert_eq!(json(&world, ["review", "lines"])[0]["line"], line.as_str());
    says(&world, "Data manager", ["reject", &line]);
    done(&world, ["run"]);
    assert_eq!(values(&world, "consumed")[1], "S2 41.0 rejected rejected-by-review");
}

#[test]
fn a_correction_keeps_the_original_and_is_checked() {
    let (world, _server) = world("");
    let line = line(&world);
    says(&world, "Data manager", ["correct", &line, "closing_balance", "61"]);
    done(&world, ["run"]);
    assert_eq!(values(&world, "closing_balance")[1], "S2 61.0 held corrected", "61 does not add up either");
    says(&world, "Data manager", ["correct", &line, "closing_balance", "60"]);
    done(&world, ["run"]);
    let corrected = ["S1 90.0 accepted", "S2 60.0 accepted corrected", "S3 80.0 accepted"];
    assert_eq!(values(&world, "closing_balance"), corrected);
    let log = done(
        &world,
        [
            "sql",
            "SELECT value FROM observations_log WHERE source_org_unit = 'S2' AND measure = 'closing_balance'",
            "--format",
            "csv",
        ],
    );
    assert_eq!(log, "value\n600.0\n", "what arrived stays");
    // Another month that comes in leaves the correction in force.
    world.write("p/inbox/b.csv", "site,product,month,open,in,used,close\nS1,D7,202602,90,0,10,80\n");
    done(&world, ["run"]);
    assert!(values(&world, "closing_balance").contains(&"S2 60.0 accepted corrected".to_owned()));
    // The source reports the very number: nothing is corrected any more.
    world.write("p/inbox/a.csv", ROWS.replace("40,600", "40,60"));
    done(&world, ["run"]);
    assert!(values(&world, "closing_balance").contains(&"S2 60.0 accepted".to_owned()));
    world.write("p/inbox/a.csv", ROWS.replace("40,600", "40,59"));
    done(&world, ["run"]);
    assert!(values(&world, "closing_balance").contains(&"S2 59.0 held".to_owned()));

    let unknown = by(&world, "Data manager", ["correct", &line, "losses", "1"]);
    assert!(unknown.code == 1 && unknown.messages.contains("[review-no-measure]"), "{}", unknown.messages);
    let unknown = by(&world, "Data manager", ["correct", "0000000000000001", "losses", "1"]);
    assert!(unknown.code == 1 && unknown.messages.contains("[review-no-line]"), "{}", unknown.messages);
}

#[test]
fn a_late_correction_restates_what_was_published() {
    let (world, server) = world("");
    done(&world, ["publish", "--confirm"]);
    assert_eq!(held(&server), [format!("{} 202601 10", unit(1)), format!("{} 202601 20", unit(3))]);
    let sql = "SELECT source_org_unit FROM observations WHERE source_org_unit = 'S1'";
    assert!(done(&world, ["sql", sql]).contains("S1"));
    let explained = json(&world, ["explain", &unit(1), "P1", "consumed", "202601"]);
    let line = explained["rows"][0]["line"].as_str().unwrap().to_owned();
    says(&world, "Data manager", ["correct", &line, "consumed", "12"]);
    says(&world, "Data manager", ["correct", &line, "closing_balance", "88"]);
    done(&world, ["run"]);
    let plan = done(&world, ["publish", "--format", "csv", "--quiet"]);
    assert!(plan.lines().nth(1).unwrap().starts_with("changed,"), "{plan}");
    done(&world, ["publish", "--confirm"]);
    assert_eq!(held(&server)[0], format!("{} 202601 12", unit(1)));
}

#[test]
fn what_was_delivered_stays_until_what_came_after_it_is_decided() {
    let (world, server) = world("");
    done(&world, ["publish", "--confirm"]);
    let first = [format!("{} 202601 10", unit(1)), format!("{} 202601 20", unit(3))];
    assert_eq!(held(&server), first);
    // S1 reports anew, and its balance does not add up.
    world.write("p/inbox/a.csv", ROWS.replace("S1,D7,202601,100,0,10,90", "S1,D7,202601,100,0,15,90"));
    done(&world, ["run"]);
    assert!(values(&world, "consumed").contains(&"S1 15.0 held".to_owned()));
    done(&world, ["publish", "--confirm"]);
    assert_eq!(held(&server), first);
    let lines = json(&world, ["review", "lines"]);
    let own = lines.as_array().unwrap().iter().find(|line| line["org_unit"] == unit(1)).unwrap();
    let line = own["line"].as_str().unwrap();
    says(&world, "Data manager", ["reject", line]);
    done(&world, ["run"]);
    done(&world, ["publish", "--confirm"]);
    assert_eq!(held(&server), first[1..], "what is rejected is withdrawn");
}

#[test]
fn data_is_approved_batch_by_batch_before_it_counts() {
    let (world, server) = world("policy = \"approve-first\"");
    let batches = json(&world, ["review", "batches"]);
    let told = |batch: &Value| {
        let number = |name: &str| batch[name].as_u64().unwrap();
        let text = |name: &str| batch[name].as_str().unwrap().to_owned();
        format!("{} {} {} {} {}", text("batch"), text("state"), number("values"), number("awaiting"), number("held"))
    };
    let all: Vec<String> = batches.as_array().unwrap().iter().map(told).collect();
    // The larger volume first: 10 and 40 were consumed in the north. The held line of S2 does not pass with its batch.
    assert_eq!(all, ["lmis:202601:North waiting 8 4 4", "lmis:202601:South Bank waiting 4 4 0"]);
    let waiting = ["S1 10.0 held awaiting-approval", "S2 40.0 held", "S3 20.0 held awaiting-approval"];
    assert_eq!(values(&world, "consumed"), waiting);
    done(&world, ["publish", "--confirm"]);
    assert_eq!(held(&server), [] as [String; 0]);

    says(&world, "District officer", ["approve", "lmis:202601:North"]);
    done(&world, ["run"]);
    let passed = ["S1 10.0 accepted", "S2 40.0 held", "S3 20.0 held awaiting-approval"];
    assert_eq!(values(&world, "consumed"), passed);
    // A file with everything so far and a new month: what was approved and has not changed stays so.
    world.write("p/inbox/a.csv", format!("{ROWS}S1,D7,202602,90,0,15,75\n"));
    done(&world, ["run"]);
    let mut then = values(&world, "consumed");
    then.sort();
    let mut expected = passed.map(str::to_owned).to_vec();
    expected.push("S1 15.0 held awaiting-approval".into());
    expected.sort();
    assert_eq!(then, expected);
    // A late report waits for itself, and does not take back what passed.
    world.write("p/mappings/org_units.csv", world.read("p/mappings/org_units.csv") + &format!("lmis,S4,{}\n", unit(1)));
    world.write("p/inbox/late.csv", "site,product,month,open,in,used,close\nS4,D7,202601,5,0,5,0\n");
    done(&world, ["run"]);
    let late = values(&world, "consumed");
    assert!(late.contains(&"S1 10.0 accepted".to_owned()), "{late:?}");
    assert!(late.contains(&"S4 5.0 held awaiting-approval".to_owned()), "{late:?}");
    says(&world, "District officer", ["reject", "lmis:202601:South Bank"]);
    done(&world, ["run"]);
    assert!(values(&world, "consumed").contains(&"S3 20.0 rejected rejected-by-review".to_owned()));
    let unknown = by(&world, "District officer", ["approve", "lmis:202601:East"]);
    assert!(unknown.code == 1 && unknown.messages.contains("[review-no-batch]"), "{}", unknown.messages);
}

#[test]
fn what_is_published_on_arrival_is_only_marked() {
    let (world, _server) = world("policy = \"publish-on-arrival\"");
    assert_eq!(values(&world, "consumed"), ["S1 10.0 accepted", "S2 40.0 accepted", "S3 20.0 accepted"]);
    let found = done(&world, ["sql", "SELECT code FROM findings", "--format", "csv"]);
    assert_eq!(found, "code\nstock-balance\n");
    let refused = by(&world, "District officer", ["approve", "lmis:202601:North"]);
    assert!(refused.code == 1 && refused.messages.contains("[review-no-approval]"), "{}", refused.messages);
}

#[test]
fn two_persons_decide_where_the_source_says_so() {
    let (world, _server) = world("policy = \"approve-first\"\ntwo_persons = true");
    let batch = "lmis:202601:South Bank";
    says(&world, "First", ["approve", batch]);
    done(&world, ["run"]);
    assert_eq!(values(&world, "consumed")[2], "S3 20.0 held awaiting-approval");
    let again = by(&world, "First", ["approve", batch]);
    assert!(again.code == 1 && again.messages.contains("[review-same-person]"), "{}", again.messages);
    let batches = json(&world, ["review", "batches"]);
    let own = batches.as_array().unwrap().iter().find(|own| own["batch"] == batch).unwrap();
    assert_eq!((&own["state"], &own["proposed_by"]), (&"proposed".into(), &"First".into()));
    says(&world, "Second", ["approve", batch]);
    let line = line(&world);
    says(&world, "First", ["correct", &line, "closing_balance", "60"]);
    says(&world, "Second", ["correct", &line, "closing_balance", "61"]); // not the same: both wait
    done(&world, ["run"]);
    assert_eq!(values(&world, "consumed")[2], "S3 20.0 accepted");
    assert_eq!(values(&world, "closing_balance")[1], "S2 600.0 held");
    says(&world, "First", ["correct", &line, "closing_balance", "61"]);
    done(&world, ["run"]);
    assert_eq!(values(&world, "closing_balance")[1], "S2 61.0 held corrected");
}

#[test]
fn a_question_goes_to_the_follow_up_list() {
    let (world, _server) = world("");
    let line = line(&world);
    says(&world, "Data manager", ["ask", &line, "Is it 60 or 600?"]);
    let list = json(&world, ["review", "follow-up"]);
    let (number, state) = (list[0]["number"].as_i64().unwrap(), &list[0]["state"]);
    assert_eq!((state, &list[0]["question"]), (&"open".into(), &"Is it 60 or 600?".into()));
    says(&world, "Data manager", ["answer", &number.to_string(), "It is 60; a zero too many"]);
    let list = json(&world, ["review", "follow-up"]);
    assert_eq!((&list[0]["state"], &list[0]["answered_by"]), (&"answered".into(), &"Data manager".into()));
    let again = by(&world, "Data manager", ["answer", &number.to_string(), "again"]);
    assert!(again.code == 1 && again.messages.contains("[review-no-question]"), "{}", again.messages);
    let blank = ran(world.mlatho().args(["--project", "p", "review", "accept", &line, "--reason", " ", "--by", "A"]));
    assert!(blank.code == 1 && blank.messages.contains("[review-no-reason]"), "{}", blank.messages);
    assert_eq!(ran(world.mlatho().args(["--project", "p", "review", "accept", &line])).code, 64, "no reason given");
}
