//! SMS of two systems: what is taken from each message and what is said about it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::Cursor;
use std::path::Path;

use mlatho_formats::Format;
use mlatho_model::Decimal;
use mlatho_pipeline::Project;
use mlatho_pipeline::door::{Door, Handed};
use mlatho_pipeline::run::run;

use crate::rows::{Rows, read};

/// The golden cases as a log, each from a sender of its own and a day after the one before.
fn log(golden: &str) -> (Vec<BTreeMap<String, String>>, String) {
    let mut cases: Vec<BTreeMap<String, String>> = Vec::new();
    let mut log = csv::Writer::from_writer(Vec::new());
    log.write_record(["id", "received_at", "sender", "sender_level", "system", "setup", "text"]).unwrap();
    let mut reader = csv::Reader::from_reader(golden.as_bytes());
    for (index, case) in reader.deserialize().enumerate() {
        let case: BTreeMap<String, String> = case.unwrap();
        let (month, day) = (1 + index / 28, 1 + index % 28);
        let (at, sender) = (format!("2026-{month:02}-{day:02} 08:15"), format!("+26599{index:07}"));
        let cell = |name: &str| case[name].as_str();
        log.write_record([
            cell("id"),
            &at,
            &sender,
            cell("sender_level"),
            cell("system"),
            cell("setup"),
            cell("message"),
        ])
        .unwrap();
        cases.push(case);
    }
    (cases, String::from_utf8(log.into_inner().unwrap()).unwrap())
}

/// The quantities of a case that a report gives, with the measure they belong to; `-` turns the sign.
fn expected(case: &BTreeMap<String, String>) -> Vec<(String, String, String)> {
    let (measure, sign) = match case["action"].as_str() {
        "stock_on_hand" | "emergency_stock_on_hand" | "stockout" => ("closing_balance", ""),
        "receipt" | "transfer_confirm" => ("received", ""),
        "transfer_out" => ("adjustments", "-"),
        "adjustment" => ("adjustments", ""),
        "rr_forms_sent" => ("rr_forms_sent", ""),
        _ => return vec![],
    };
    let value =
        |quantity: &str| if case["expected_outcome"] == "ok" { format!("{sign}{quantity}") } else { String::new() };
    let items = case["expected_items"].split(';').filter_map(|item| item.split_once(':'));
    items.map(|(code, quantity)| (code.into(), measure.into(), value(quantity))).collect()
}

#[test]
fn every_golden_message_comes_out_as_stated() {
    let Some(folder) = crate::data_set("cstock") else { return };
    let golden = std::fs::read_to_string(folder.join("sms_golden.csv")).unwrap();
    let (cases, log) = log(&golden);
    assert_eq!(cases.len(), 113);
    let Rows { rows, findings } = read(Format::CstockSms, None, Cursor::new(&log));
    let mut wrong = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let line = index as u64 + 2;
        let of_case = || rows.iter().filter(|row| row.position == line);
        let found: Vec<_> = of_case().map(|row| (row.item.clone(), row.measure.clone(), row.value.clone())).collect();
        let said: Vec<&str> = findings.iter().filter(|found| found.place.row == line).map(|found| found.code).collect();
        let mut code = case["error"].replace('_', "-");
        // Taken, and worth a look.
        if case["expected_outcome"] == "ok" && case["review"] == "yes" {
            code = if case["action"] == "stockout" { "explicit-stockout" } else { "limit-overridden" }.into();
        }
        let said_well = if code.is_empty() { said.is_empty() } else { said == [code.as_str()] };
        let states_well = of_case().all(|row| match case["expected_outcome"].as_str() {
            "ok" => row.state == "reported",
            "review" => row.state == format!("suppressed:{code}"),
            _ => false,
        });
        let of_action = of_case().all(|row| row.status == case["action"]);
        let subject = case["target"].split('>').next().unwrap_or_default();
        let about = case["message"].starts_with("report ").then_some(subject);
        let of_place = of_case().all(|row| about.is_none_or(|place| row.org_unit == place));
        if found != expected(case) || !said_well || !states_well || !of_action || !of_place {
            wrong.push(format!("{} `{}`: {found:?} {said:?}", case["id"], case["message"]));
        }
    }
    assert!(wrong.is_empty(), "{} of {} came out otherwise:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn no_sender_and_no_name_comes_out() {
    let Some(folder) = crate::data_set("cstock") else { return };
    let golden = std::fs::read_to_string(folder.join("sms_golden.csv")).unwrap();
    let (_, log) = log(&golden);
    let Rows { rows, findings } = read(Format::CstockSms, None, Cursor::new(&log));
    let told = format!("{rows:?}{findings:?}");
    for person in ["+26599", "worker", "boss", "someone"] {
        assert!(log.contains(person) && !told.contains(person), "{person}");
    }
}

/// `org_unit item measure period value state`, in order.
fn lines(rows: &[crate::rows::Row]) -> Vec<String> {
    let line = |row: &crate::rows::Row| {
        format!("{} {} {} {} {} {}", row.org_unit, row.item, row.measure, row.period, row.value, row.state)
    };
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    lines.sort();
    lines
}

/// A project of these files.
fn project(root: &Path, files: &[(&str, &str)]) -> Project {
    for (name, text) in files {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    Project::load(root).unwrap()
}

/// The same of the repository after a run, and the texts of everything that landed.
async fn kept(project: &Project) -> (Vec<String>, String) {
    let repository = project.make_repository().await.unwrap();
    run(project, &repository, "2026-06-01T00:00:00Z".parse().unwrap(), &mut |_| {}).await.unwrap();
    let sql = "SELECT coalesce(org_unit, ''), item, measure, period, value, state FROM observations";
    let mut out = Vec::new();
    repository.query(sql, None).await.unwrap().write_csv(&mut out).await.unwrap();
    let mut lines = Vec::new();
    for row in csv::Reader::from_reader(out.as_slice()).records() {
        let row = row.unwrap();
        let value = row[4].parse::<Decimal>().map(|value| value.normalize().to_string()).unwrap_or_default();
        lines.push(format!("{} {} {} {} {value} {}", &row[0], &row[1], &row[2], &row[3], &row[5]));
    }
    lines.sort();
    let mut landed = String::new();
    for receipt in repository.receipts().await.unwrap() {
        std::io::Read::read_to_string(&mut repository.received(&receipt.id).unwrap(), &mut landed).unwrap();
    }
    repository.close().await.unwrap();
    (lines, landed)
}

const HEAD: &str = "version = 1\nname = \"T\"\n[mappings]\norg_units = []\nitems = []\nelements = []\n";

fn names_nobody(landed: &str) {
    for person in ["+26599", "26599", "workerone", "workertwo", "bossone", "someone"] {
        assert!(!landed.contains(person), "{person} is kept");
    }
}

#[tokio::test]
async fn every_golden_message_comes_through_a_project_as_a_file() {
    let Some(folder) = crate::data_set("cstock") else { return };
    let (_, log) = log(&std::fs::read_to_string(folder.join("sms_golden.csv")).unwrap());
    let source = "[[sources]]\nname = \"sms\"\nside = \"lmis\"\nformat = \"cstock-sms\"\nfiles = [\"inbox/*.csv\"]\n";
    let root = tempfile::tempdir().unwrap();
    let project = project(root.path(), &[("mlatho.toml", &format!("{HEAD}{source}")), ("inbox/log.csv", &log)]);
    let (found, landed) = kept(&project).await;
    let expected = lines(&read(Format::CstockSms, None, Cursor::new(&log)).rows);
    assert!(expected.len() > 60, "{}", expected.len());
    assert_eq!(found, expected);
    assert_eq!(landed.lines().count(), 114);
    names_nobody(&landed);
}

#[tokio::test]
async fn every_golden_message_comes_through_a_gateway() {
    let Some(folder) = crate::data_set("cstock") else { return };
    let (cases, log) = log(&std::fs::read_to_string(folder.join("sms_golden.csv")).unwrap());
    let gateway = |system: &str| {
        format!(
            "[[sources]]\nname = \"{system}\"\nside = \"lmis\"\nformat = \"{system}-sms\"\n[sources.gateway]\n\
             kind = \"kannel\"\nsecret_file = \"secret\"\ntime_zone = \"+00:00\"\nreporters = \"reporters.csv\"\n"
        )
    };
    let config = format!("{HEAD}{}{}", gateway("cstock"), gateway("ilsgateway"));
    let mut reporters = csv::Writer::from_writer(Vec::new());
    reporters.write_record(["number", "sender_level", "setup"]).unwrap();
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(log.as_bytes()).records().map(Result::unwrap).collect();
    for row in &rows {
        reporters.write_record([&row[2], &row[3], &row[5]]).unwrap();
    }
    let reporters = String::from_utf8(reporters.into_inner().unwrap()).unwrap();
    let root = tempfile::tempdir().unwrap();
    let files = [("mlatho.toml", config.as_str()), ("reporters.csv", &reporters), ("secret", "of the gateway")];
    let project = project(root.path(), &files);
    let door = Door::new(project.clone());
    let escaped = |text: &str| {
        text.bytes().fold(String::new(), |mut out, byte| {
            write!(out, "%{byte:02X}").unwrap();
            out
        })
    };
    for _ in 0..2 {
        for (row, case) in rows.iter().zip(&cases) {
            let [id, time, from, text] = [0, 1, 2, 6].map(|at| escaped(&row[at]));
            let query = format!("id={id}&time={time}&from={from}&text={text}");
            let handed = Handed { secret: Some("of the gateway"), query: query.as_bytes(), body: b"" };
            door.message(&case["system"], handed).unwrap();
        }
    }
    let (found, landed) = kept(&project).await;
    assert_eq!(found, lines(&read(Format::CstockSms, None, Cursor::new(&log)).rows));
    // Each message once: the cases of one system in five months, those of the other in two, with a header each.
    assert_eq!(landed.lines().filter(|line| !line.starts_with("id,")).count(), 113);
    names_nobody(&landed);
}
