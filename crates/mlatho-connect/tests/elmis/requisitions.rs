//! Requisitions with their lines, regimens and patients.

use std::io::Cursor;
use std::ops::ControlFlow;

use jiff::civil::date;
use mlatho_connect::elmis::{Client, Config, ElmisError, ElmisOwn, RequisitionQuery, Status};
use mlatho_formats::Format;
use mlatho_model::{Finding, RawRecord, RecordSink};
use mlatho_testkit::elmis::{Fault, Trouble};
use serde_json::json;

use crate::world::*;

#[tokio::test]
async fn the_first_of_more_than_ten_facilities_comes_too() {
    let server = server();
    let client = client(&server).await;
    let facilities = client.facilities().await.unwrap();
    assert_eq!((facilities.values.len() as u64, facilities.values[0].code.as_str()), (FACILITIES, "F1"));
    assert_eq!(client.programs().len(), 2);
}

#[tokio::test]
async fn everything_then_only_what_changed() {
    let server = server();
    let client = client(&server).await;
    let mut landed = Landed::default();
    let pulled = landed.pull(&client, &query()).await.unwrap();
    assert_eq!((pulled.read as u64, landed.documents.len()), (FACILITIES, 3)); // five to a document
    assert_eq!(landed.counts(), once(1..=FACILITIES));

    server.forget_requests();
    let again = landed.pull(&client, &query()).await.unwrap();
    assert_eq!((again.read, again.known as u64, landed.documents.len()), (0, FACILITIES, 3));
    assert!(!server.requests().iter().any(|request| request.path.starts_with("/requisitions/")));

    server.change(|data| {
        data.requisitions[2].status = "APPROVED".into();
        data.requisitions[2].modified = MODIFIED + 3 * 24 * 60 * MINUTE;
    });
    let third = landed.pull(&client, &query()).await.unwrap();
    assert_eq!((third.read, landed.requisitions().last().unwrap()["status"].as_str()), (1, Some("APPROVED")));
}

#[tokio::test]
async fn a_change_that_comes_into_view_late_is_not_lost() {
    let server = server();
    let client = client(&server).await;
    let mut landed = Landed::default();
    landed.pull(&client, &query()).await.unwrap();
    // Written five minutes before the last change, and committed only now.
    server.change(|data| {
        let (first, lines) = (data.requisitions[0].clone(), data.requisitions[0].lines.clone());
        let modified = MODIFIED + MINUTE * (i64::try_from(FACILITIES).unwrap() - 5);
        data.requisition(first.facility, first.program, month(4), modified, lines);
    });
    let pulled = landed.pull(&client, &query()).await.unwrap();
    assert_eq!((pulled.read, landed.counts()), (1, once(1..=FACILITIES + 1)));
}

#[tokio::test]
async fn a_pull_that_breaks_goes_on_from_what_was_kept() {
    let server = server();
    let client = client(&server).await;
    server.script(Fault::on("GET", "/requisitions/1008.json", Trouble::Refused { status: 400 }));
    let mut landed = Landed::default();
    let error = landed.pull(&client, &query()).await.unwrap_err();
    assert!(matches!(error, ElmisError::Status { status: 400, .. }));
    assert_eq!(landed.counts(), once(1..=5));
    server.forget_requests();
    landed.pull(&client, &query()).await.unwrap();
    assert_eq!(landed.counts(), once(1..=FACILITIES));
    assert!(!server.requests().iter().any(|request| request.path == "/requisitions/1001.json"));
}

#[tokio::test]
async fn drafts_are_left_and_what_was_withdrawn_is_read() {
    let server = server();
    server.change(|data| {
        for (at, status) in ["INITIATED", "SUBMITTED", "SKIPPED", "A_NEW_STATUS"].iter().enumerate() {
            data.requisitions[at].status = (*status).into();
        }
    });
    let mut landed = Landed::default();
    let client = client(&server).await;
    let pulled = landed.pull(&client, &query()).await.unwrap();
    assert_eq!((pulled.drafts, landed.counts()), (1, once(2..=FACILITIES)));
    let all = RequisitionQuery { threshold: Status::Initiated, ..query() };
    let mut landed = Landed::default();
    landed.pull(&client, &all).await.unwrap();
    assert_eq!(landed.counts(), once(1..=FACILITIES));
}

#[tokio::test]
async fn days_and_programs_limit_a_pull() {
    let server = server();
    server.change(|data| {
        data.requisitions[0].period = month(1);
        data.requisitions[1].program = 2;
    });
    let client = client(&server).await;
    for (programs, between, numbers) in [
        (&["em"][..], (date(2026, 1, 1), date(2026, 12, 31)), vec![2]),
        (&["ARV"], (date(2026, 1, 1), date(2026, 1, 31)), vec![1]),
        (&[], (date(2026, 3, 31), date(2026, 3, 31)), (2..=FACILITIES).collect()),
    ] {
        let programs = programs.iter().map(|&program| program.to_owned()).collect();
        let mut landed = Landed::default();
        landed.pull(&client, &RequisitionQuery { programs, between, ..query() }).await.unwrap();
        assert_eq!(landed.counts(), once(numbers));
    }
    let unknown = RequisitionQuery { programs: vec!["TB".into()], ..query() };
    let error = Landed::default().pull(&client, &unknown).await.unwrap_err();
    assert!(matches!(error, ElmisError::Own(ElmisOwn::Program { .. })));
}

#[tokio::test]
async fn what_the_account_does_not_see_is_told_apart_from_silence() {
    let server = server();
    let config = Config { user: "few".into(), ..settings(&server) };
    let client = Client::connect(&config, password(PASSWORD)).await.unwrap();
    let pulled = Landed::default().pull(&client, &query()).await.unwrap();
    assert_eq!((pulled.read, pulled.findings.len()), (1, 1));
    let finding = &pulled.findings[0];
    assert_eq!(finding.code, "elmis-hidden-facilities");
    assert!(format!("{finding:?}").contains("F2, F3"));
}

/// Records as `org_unit item period values`.
#[derive(Default)]
struct Seen {
    records: Vec<String>,
    findings: Vec<&'static str>,
}

impl RecordSink for Seen {
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        let value = |raw: &mlatho_model::RawValue<'_>| {
            let value = raw.value.reported().map_or_else(|| raw.value.state().to_string(), |number| number.to_string());
            format!("{}={value}", raw.measure)
        };
        let values: Vec<String> = record.values.iter().map(value).collect();
        self.records.push(format!("{} {} {} {}", record.org_unit, record.item, record.period, values.join(" ")));
        ControlFlow::Continue(())
    }

    fn finding(&mut self, finding: Finding) {
        self.findings.push(finding.code);
    }
}

#[tokio::test]
async fn the_reader_understands_a_document_and_no_name_of_a_person_is_in_it() {
    let server = server();
    server.change(|data| data.requisitions.truncate(1));
    let mut landed = Landed::default();
    landed.pull(&client(&server).await, &query()).await.unwrap();
    let requisition = landed.requisitions().next().unwrap();
    assert!(requisition.get("rnrSignatures").is_none() && !requisition.to_string().contains("name of a person"));
    assert_eq!(
        (&requisition["fieldOfALaterRelease"], &requisition["facility"]["code"]),
        (&json!("unknown"), &json!("F1"))
    );
    let mut seen = Seen::default();
    let document = landed.documents[0].to_string();
    mlatho_formats::read(Format::ElmisJson, None, "f", Cursor::new(document.as_bytes()), &mut seen);
    assert_eq!(seen.findings, [""; 0]);
    // A null is not a zero, and midnight two hours east is still the first of March.
    assert!(seen.records[0].starts_with("F1 ARV1 202603 opening_balance=10 received=0 consumed=missing:blank"));
    assert_eq!(
        seen.records[1..],
        [
            "F1 1S3 202603 patientsOnTreatment=40 patientsToInitiateTreatment=3".to_owned(),
            "F1 Newborn 202603 total=2".to_owned()
        ]
    );
}
