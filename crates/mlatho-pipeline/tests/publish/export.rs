//! A plan as import files, read again with the readers of data value sets.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::ops::ControlFlow;

use mlatho_formats::Format;
use mlatho_formats::dhis2::{AdxWriter, CsvWriter, DataValue, JsonWriter};
use mlatho_model::{Finding, MissingReason, RawRecord, RecordSink, Uid, Value};
use mlatho_pipeline::publish::{ConflictRule, Plan, WantedValue, export};

use crate::world::*;

/// Data element, org unit, period, combos, value, comment.
type Line = (String, String, String, String, Value, String);

#[derive(Default)]
struct Lines(Vec<Line>);

impl RecordSink for Lines {
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        let text = str::to_owned;
        self.0.push((
            text(record.item),
            text(record.org_unit),
            record.period.to_string(),
            text(record.disaggregation),
            record.values[0].value.clone(),
            text(record.comment),
        ));
        ControlFlow::Continue(())
    }

    fn finding(&mut self, finding: Finding) {
        panic!("{finding:?}");
    }
}

fn read(format: Format, files: Vec<Vec<u8>>) -> Vec<Line> {
    let mut lines = Lines::default();
    for file in files {
        mlatho_formats::read(format, None, "file", Cursor::new(file), &mut lines);
    }
    lines.0.sort_by_key(|line| format!("{line:?}"));
    lines.0
}

/// What the plan says, line by line.
fn told(plan: &Plan) -> Vec<Line> {
    let line = |change: mlatho_pipeline::publish::Change| {
        let key = change.key;
        let value = match &change.new {
            Some(text) => Value::Reported(text.parse().unwrap()),
            None => Value::Missing(MissingReason::Withdrawn),
        };
        let combos = format!("{}/{}", key.category_option_combo, key.attribute_option_combo);
        let comment = change.data_value().comment.unwrap_or_default().into();
        (key.data_element.to_string(), key.org_unit.to_string(), key.period.to_string(), combos, value, comment)
    };
    let mut lines: Vec<Line> = plan.to_send().map(line).collect();
    lines.sort_by_key(|line| format!("{line:?}"));
    lines
}

fn json_files(plan: &Plan) -> Vec<Vec<u8>> {
    let mut files: BTreeMap<String, JsonWriter> = BTreeMap::new();
    let write = |set: &str, value: &DataValue<'_>| -> std::io::Result<()> {
        files.entry(set.into()).or_insert_with(|| JsonWriter::new(set)).push(value);
        Ok(())
    };
    export(plan, write).unwrap();
    files.into_values().map(JsonWriter::finish).collect()
}

fn csv_file(plan: &Plan) -> std::io::Result<Vec<u8>> {
    let mut writer = CsvWriter::new(Vec::new())?;
    export(plan, |_, value| writer.push(value))?;
    writer.into_inner()
}

fn adx_files(plan: &Plan) -> std::io::Result<Vec<Vec<u8>>> {
    let mut files: BTreeMap<String, AdxWriter> = BTreeMap::new();
    export(plan, |set, value| files.entry(set.into()).or_insert_with(|| AdxWriter::new(set)).push(value))?;
    let write = |writer: AdxWriter| {
        let mut file = Vec::new();
        writer.finish(&mut file).map(|()| file)
    };
    files.into_values().map(write).collect()
}

fn awkward() -> Vec<WantedValue> {
    let mut wanted = [counts(3), visits(2)].concat();
    wanted[0].value = "-0.50".parse().unwrap();
    wanted[0].key.data_element = uid("de", SPARSE);
    wanted[1].comment = Some("a, \"b\" & <c>; d".into());
    wanted[2].value = "0".parse().unwrap();
    wanted
}

#[tokio::test]
async fn files_say_what_the_plan_says() {
    let server = server_with(A, |metadata| metadata.set(uid("de", SPARSE), "valueType", serde_json::json!("NUMBER")));
    let client = client(&server).await;
    let prepared = plan(&client, &Memory::default(), &awkward(), ConflictRule::Keep).await;
    assert!(prepared.blocked.is_empty());
    let plan = prepared.plan;
    let told = told(&plan);
    assert_eq!((told.len(), json_files(&plan).len()), (56, 2));
    assert_eq!(read(Format::Dhis2Json, json_files(&plan)), told);
    assert_eq!(read(Format::Dhis2Csv, vec![csv_file(&plan).unwrap()]), told);
    assert_eq!(read(Format::Adx, adx_files(&plan).unwrap()), told);
}

#[tokio::test]
async fn withdrawals_are_written_as_json_only() {
    let server = server(B);
    let client = client(&server).await;
    let mut log = Memory::default();
    publish(&client, &mut log, &[want(1, 1, 1, 5), want(2, 1, 1, 5)]).await;
    let marked = mlatho_connect::dhis2::DataValue { follow_up: true, ..data_value(&want(1, 1, 1, 5)) };
    as_clerk(&server, monthly(), &[marked]).await;
    let plan = plan(&client, &log, &[want(1, 1, 1, 6)], ConflictRule::Keep).await.plan;
    assert_eq!(read(Format::Dhis2Json, json_files(&plan)), told(&plan));
    assert!(csv_file(&plan).is_err() && adx_files(&plan).is_err());
    let file = String::from_utf8(json_files(&plan).remove(0)).unwrap();
    assert_eq!((file.matches("\"followUp\":true").count(), file.matches("\"deleted\":true").count()), (1, 1), "{file}");
}

#[tokio::test]
async fn data_sets_are_told_apart() {
    let server = server(B);
    let client = client(&server).await;
    let plan = plan(&client, &Memory::default(), &awkward()[3..], ConflictRule::Keep).await.plan;
    let mut sets: Vec<Uid> = Vec::new();
    export(&plan, |set, _| -> std::io::Result<()> {
        sets.push(set.parse().unwrap());
        Ok(())
    })
    .unwrap();
    sets.dedup(); // each comes in one piece
    assert_eq!(sets, [monthly(), quarterly()]);
}
