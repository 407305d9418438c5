//! SMS of two systems: what is taken from each message and what is said about it.

use std::collections::BTreeMap;
use std::io::Cursor;

use mlatho_formats::Format;

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
