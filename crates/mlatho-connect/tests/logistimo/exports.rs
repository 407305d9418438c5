//! Tables that are written in the background.

use std::io::Cursor;
use std::ops::ControlFlow;

use mlatho_connect::logistimo::{Client, Config, LogistimoError, LogistimoOwn};
use mlatho_formats::{Format, Layout};
use mlatho_model::{Finding, RawRecord, RecordSink};
use mlatho_testkit::logistimo::{Config as ServerConfig, Server};

use crate::world::*;

#[tokio::test]
async fn an_export_is_waited_for() {
    let server = server();
    let client = client(&server).await;
    server.forget_requests();
    let (first, last) = days();
    let export = client.transactions(first, last).await.unwrap();
    assert_eq!((export.records as u64, server.exports_begun()), (ENTITIES * 2, 1)); // April is left out
    assert_eq!(export.name, "s2/api/export?type=transactions&from=2026-03-01&to=2026-03-31");
    let paths: Vec<String> = server.requests().iter().map(|request| request.path.clone()).collect();
    let jobs = "/s2/api/export/exportjoblist";
    assert_eq!(paths, ["/s2/api/export/schedule/batch", jobs, jobs, jobs, "/s2/api/export/download"]);
}

#[tokio::test]
async fn an_export_that_fails_or_never_ends_says_so() {
    let failing = ServerConfig { exports_fail: Some("no space".into()), ..server_config() };
    let server = Server::start(failing, data()).unwrap();
    let (first, last) = days();
    let error = client(&server).await.transactions(first, last).await.unwrap_err();
    assert!(matches!(&error, LogistimoError::Own(LogistimoOwn::ExportFailed { reason, .. }) if reason == "no space"));

    let endless = ServerConfig { polls_until_ready: 100_000, ..server_config() };
    let server = Server::start(endless, data()).unwrap();
    let config = Config { export_wait_seconds: 0, ..settings(&server) };
    let client = Client::connect(&config, password(PASSWORD)).await.unwrap();
    let error = client.transactions(first, last).await.unwrap_err();
    assert!(matches!(error, LogistimoError::Own(LogistimoOwn::ExportLate { .. })), "{error}");
}

#[derive(Default)]
struct Seen {
    records: Vec<String>,
    findings: Vec<String>,
}

impl RecordSink for Seen {
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        let value = |raw: &mlatho_model::RawValue<'_>| {
            format!("{}={}", raw.measure, raw.value.reported().map(|number| number.to_string()).unwrap_or_default())
        };
        let values: Vec<String> = record.values.iter().map(value).collect();
        self.records.push(format!("{} {} {} {}", record.org_unit, record.item, record.period, values.join(" ")));
        ControlFlow::Continue(())
    }

    fn finding(&mut self, finding: Finding) {
        self.findings.push(finding.code.to_owned());
    }
}

/// In Kiswahili, with a layout that names the headers; entity 2 has no custom id.
#[tokio::test]
async fn the_reader_understands_a_table_in_another_language() {
    let server = Server::start(server_config().with_swahili_headers(), data()).unwrap();
    server.change(|data| data.transactions.retain(|own| own.entity <= FIRST + 1));
    let (first, last) = days();
    let export = client(&server).await.transactions(first, last).await.unwrap();
    let read = |layout: Option<&Layout>| {
        let mut seen = Seen::default();
        mlatho_formats::read(Format::LogistimoCsv, layout, "f", Cursor::new(export.bytes.as_slice()), &mut seen);
        seen
    };
    assert_eq!(read(None).findings, ["header-needed"]);
    let layout = r#"
        [period]
        type = "monthly"
        [logistimo.headers]
        entity_id = "Kitambulisho cha kituo"
        entity_custom_id = "Kitambulisho maalum cha kituo"
        material_id = "Kitambulisho cha bidhaa"
        material_custom_id = "Kitambulisho maalum cha bidhaa"
        type = "Aina"
        quantity = "Kiasi"
        opening = "Akiba ya mwanzo"
        closing = "Akiba ya mwisho"
        time = "Muda"
        actual_date = "Tarehe halisi"
    "#;
    let seen = read(Some(&Layout::parse(layout).unwrap()));
    assert_eq!(seen.findings, [""; 0]);
    assert_eq!(
        seen.records,
        [
            "HF1 V1 202603 received=100",
            "HF1 V1 202603 issued=30",
            "1000002 V1 202603 received=100",
            "1000002 V1 202603 issued=30",
            "HF1 V1 202603 opening_balance=20 closing_balance=90",
            "1000002 V1 202603 opening_balance=20 closing_balance=90",
        ]
    );
}
