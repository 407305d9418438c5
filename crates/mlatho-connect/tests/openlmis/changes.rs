//! What changed, once and whole.

use mlatho_connect::openlmis::{Client, Credentials, OpenlmisError, OpenlmisOwn, RequisitionQuery, Status, Watermark};
use mlatho_testkit::openlmis::{Fault, Trouble, uuid};
use serde_json::{Value as Json, json};

use crate::world::*;

#[tokio::test]
async fn everything_then_only_what_changed() {
    let server = server();
    let client = client(&server).await;
    let mut landed = Landed::default();
    let pulled = landed.pull(&client, &RequisitionQuery::default()).await.unwrap();
    assert_eq!((pulled.read, landed.documents.len()), (REQUISITIONS, 4)); // two to a document
    assert_eq!(landed.counts(), once(1..=REQUISITIONS));

    server.forget_requests();
    let again = landed.pull(&client, &RequisitionQuery::default()).await.unwrap();
    assert_eq!((again.read, again.known, landed.documents.len()), (0, REQUISITIONS, 4)); // all in the overlap, all known
    let asked = server.requests();
    assert!(asked.iter().all(|request| request.path == "/api/requisitions/search"));
    // The last change was at 10:07; ten minutes before it.
    assert_eq!(asked[0].parameter("modifiedDateFrom"), Some("2026-02-01T09:57:00Z"));

    change(&server, 3, "2026-02-02T08:00:00Z", "APPROVED");
    let third = landed.pull(&client, &RequisitionQuery::default()).await.unwrap();
    assert_eq!((third.read, landed.documents.len()), (1, 5));
    assert_eq!(landed.requisitions().last().unwrap()["status"], "APPROVED");
    server.forget_requests();
    landed.pull(&client, &RequisitionQuery::default()).await.unwrap();
    assert_eq!(server.requests()[0].parameter("modifiedDateFrom"), Some("2026-02-02T07:50:00Z"));
}

#[tokio::test]
async fn a_change_that_comes_into_view_late_is_not_lost() {
    let server = server();
    let client = client(&server).await;
    let mut landed = Landed::default();
    landed.pull(&client, &RequisitionQuery::default()).await.unwrap();
    // Written at 10:05 but committed only now, behind the watermark of 10:07.
    server.change(|data| {
        let lines = [(uuid("orderable", 1).leak() as &str, 1, json!({"stockOnHand": 4}))];
        let (facility, program, period) = (uuid("facility", 1), uuid("program", 1), uuid("period", 1));
        data.requisition(8, &facility, &program, &period, "AUTHORIZED", "2026-02-01T10:05:00Z", &lines);
    });
    let pulled = landed.pull(&client, &RequisitionQuery::default()).await.unwrap();
    assert_eq!((pulled.read, landed.counts()), (1, once(1..=8)));
}

#[tokio::test]
async fn a_pull_that_breaks_goes_on_from_what_was_kept() {
    let server = server();
    let client = client(&server).await;
    let path = format!("/api/v2/requisitions/{}", uuid("requisition", 5));
    server.script(Fault::on("GET", &path, Trouble::Refused { status: 400 }));
    let mut landed = Landed::default();
    let error = landed.pull(&client, &RequisitionQuery::default()).await.unwrap_err();
    assert!(matches!(error, OpenlmisError::Status { status: 400, .. }));
    assert_eq!(landed.counts(), once(1..=4));
    server.forget_requests();
    landed.pull(&client, &RequisitionQuery::default()).await.unwrap();
    assert_eq!(landed.counts(), once(1..=REQUISITIONS)); // and none of the first four was asked for again
    let first = format!("/api/v2/requisitions/{}", uuid("requisition", 1));
    assert!(!server.requests().iter().any(|request| request.path == first));
}

#[tokio::test]
async fn drafts_are_left_and_what_was_withdrawn_is_read() {
    let server = server();
    let client = client(&server).await;
    for (number, status) in [(1, "INITIATED"), (2, "REJECTED"), (3, "SUBMITTED"), (4, "SKIPPED"), (5, "A_NEW_STATUS")] {
        change(&server, number, &format!("2026-02-01T10:0{number}:00Z"), status);
    }
    let mut landed = Landed::default();
    let pulled = landed.pull(&client, &RequisitionQuery::default()).await.unwrap();
    assert_eq!((pulled.drafts, pulled.found["AUTHORIZED"], landed.counts()), (1, 2, once(2..=REQUISITIONS)));
    change(&server, 6, "2026-02-03T10:00:00Z", "REJECTED"); // it counted, and no longer does
    landed.pull(&client, &RequisitionQuery::default()).await.unwrap();
    assert_eq!(landed.requisitions().last().unwrap()["status"], "REJECTED");

    let query = RequisitionQuery { threshold: Status::Initiated, ..RequisitionQuery::default() };
    let mut all = Landed::default();
    all.pull(&client, &query).await.unwrap();
    assert_eq!(all.counts(), once(1..=REQUISITIONS));
}

#[tokio::test]
async fn a_document_is_complete_in_itself_and_as_it_came() {
    let server = server();
    let client = client(&server).await;
    let mut landed = Landed::default();
    landed.pull(&client, &RequisitionQuery::default()).await.unwrap();
    let ids = |document: &Json, list: &str| document[list].as_array().unwrap().len();
    for document in &landed.documents {
        let count = ids(document, "requisitions");
        assert_eq!((ids(document, "facilities"), ids(document, "programs")), (count, 1));
        assert_eq!((ids(document, "processingPeriods"), ids(document, "facilityTypeApprovedProducts")), (1, 1));
        assert_eq!(ids(document, "orderables"), 1); // the version of the line, not every one
    }
    // Lines point at version 1 with packs of 10; the last at version 2 with packs of 12.
    let packs: Vec<&Json> = landed.documents.iter().map(|document| &document["orderables"][0]["netContent"]).collect();
    assert_eq!(packs, [&json!(10), &json!(10), &json!(10), &json!(12)]);
    let stored = server.look(|data| data.requisitions.iter().map(|own| own.body.clone()).collect::<Vec<_>>());
    assert!(landed.requisitions().eq(stored.iter()));
    let line = &landed.requisitions().next().unwrap()["requisitionLineItems"][0];
    assert!(line["totalConsumedQuantity"].is_null() && line["fieldOfALaterRelease"] == "unknown");
}

#[tokio::test]
async fn what_is_pointed_at_and_not_there_costs_nothing_else() {
    let server = server();
    server.change(|data| data.requisitions[6].body["requisitionLineItems"][0]["orderable"]["versionNumber"] = json!(9));
    let client = client(&server).await;
    let mut landed = Landed::default();
    let pulled = landed.pull(&client, &RequisitionQuery::default()).await.unwrap();
    assert_eq!((pulled.read, pulled.findings.len()), (REQUISITIONS, 1));
    assert_eq!(pulled.findings[0].code, "openlmis-reference-missing");
}

#[tokio::test]
async fn programs_and_starts_limit_a_pull() {
    let server = server();
    change(&server, 2, "2026-02-01T10:02:00Z", "AUTHORIZED");
    server.change(|data| data.requisitions[1].body["program"]["id"] = json!(uuid("program", 2)));
    let client = client(&server).await;
    let of = |programs: &[&str]| RequisitionQuery {
        programs: programs.iter().map(|&program| program.to_owned()).collect(),
        ..RequisitionQuery::default()
    };
    for (programs, numbers) in [(&["hiv"][..], vec![2]), (&["EM", "HIV"], (1..=REQUISITIONS).collect())] {
        let mut landed = Landed::default();
        landed.pull(&client, &of(programs)).await.unwrap();
        assert_eq!(landed.counts(), once(numbers));
    }
    let error = Landed::default().pull(&client, &of(&["TB"])).await.unwrap_err();
    assert!(matches!(error, OpenlmisError::Own(OpenlmisOwn::Program { .. })));
    let query =
        RequisitionQuery { start: Some("2026-02-01T10:05:00Z".parse().unwrap()), ..RequisitionQuery::default() };
    let mut landed = Landed::default();
    landed.pull(&client, &query).await.unwrap();
    assert_eq!(landed.counts(), once(5..=REQUISITIONS));
    let later = Watermark::at("2026-02-01T10:17:00Z".parse().unwrap());
    let mut landed = Landed { watermark: Some(later), ..Landed::default() };
    landed.pull(&client, &RequisitionQuery::default()).await.unwrap();
    assert_eq!(landed.counts(), once([7])); // ten minutes before
}

#[tokio::test]
async fn what_the_account_does_not_see_is_told_apart_from_silence() {
    let server = server();
    server.change(|data| {
        let members: Vec<Json> = (1..=2).map(|number| json!({"id": uuid("facility", number)})).collect();
        data.add("requisitionGroups", json!({"id": uuid("group", 1), "memberFacilities": members}));
    });
    let client = Client::connect(&settings(&server), Credentials::api_key("key-of-few")).await.unwrap();
    let pulled = Landed::default().pull(&client, &RequisitionQuery::default()).await.unwrap();
    assert_eq!(pulled.read, 1); // and no error
    let expected = ["f1 ", "F2", "F3"].map(str::to_owned).into();
    let seen = client.visibility(&expected).await.unwrap();
    assert_eq!((seen.seen.len(), seen.not_visible.as_slice()), (1, &["F2".to_owned(), "F3".to_owned()][..]));
    assert_eq!(seen.hidden_members, [uuid("facility", 2)]);
    let codes: Vec<&str> = seen.findings().iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["openlmis-not-visible", "openlmis-hidden-members"]);

    // Listed, and refused when asked for: hidden, not lost.
    let path = format!("/api/v2/requisitions/{}", uuid("requisition", 2));
    server.script(Fault::on("GET", &path, Trouble::Refused { status: 403 }));
    let all = crate::world::client(&server).await;
    let mut landed = Landed::default();
    let pulled = landed.pull(&all, &RequisitionQuery::default()).await.unwrap();
    assert_eq!((pulled.hidden, pulled.read), (1, REQUISITIONS - 1));
}
