//! What would be written, and what is held back.

use mlatho_connect::openlmis::write::{Column, Refusal, Sent};
use mlatho_connect::openlmis::{Client, Credentials};
use mlatho_testkit::openlmis::Server;
use serde_json::{Value as Json, json};

use super::world::*;
use crate::world::{client, server_config, settings};

#[tokio::test]
async fn the_order_stands_before_and_after_each_number() {
    let server = server();
    let client = client(&server).await;
    let wanted = [patients("F1", "ABC", "30"), want("F1", "abc ", Column::AdditionalQuantity, "90")];
    let plan = planned(&client, &wanted, &Sent::new()).await;
    let changes: Vec<_> = plan.changes().collect();
    assert_eq!((changes.len(), plan.refused.len(), plan.requisitions[0].requisition.as_str()), (2, 0, &*first_id()));
    for change in changes {
        // Worked out by hand in the test of the calculation: 410 becomes 500 by Z = 90.
        assert_eq!(
            (change.old, change.before.quantity(), change.after.quantity()),
            (None, Some(number(410)), Some(number(500)))
        );
    }
    // New patients alone order nothing in version 3.
    let plan = planned(&client, &wanted[..1], &Sent::new()).await;
    let change = plan.changes().next().unwrap();
    assert_eq!((change.before.calculated, change.after.calculated), (Some(number(410)), Some(number(410))));
    assert_eq!(writes(&server), 0);
}

#[tokio::test]
async fn a_quantity_that_a_person_asks_for_goes_before_the_calculated_one() {
    let server = server();
    person(&server, 1, 0, "requestedQuantity", json!(77));
    let client = client(&server).await;
    let wanted = [want("F1", "ABC", Column::AdditionalQuantity, "90")];
    let plan = planned(&client, &wanted, &Sent::new()).await;
    let change = plan.changes().next().unwrap();
    assert_eq!((change.before.quantity(), change.after.quantity()), (Some(number(77)), Some(number(77))));
    assert_eq!((change.before.calculated, change.after.calculated), (Some(number(410)), Some(number(500))));
}

#[tokio::test]
async fn only_drafts_are_written() {
    let server = server();
    let client = client(&server).await;
    let wanted: Vec<_> = (1..=STATUSES.len()).map(|number| patients(&format!("F{number}"), "ABC", "7")).collect();
    let plan = planned(&client, &wanted, &Sent::new()).await;
    let written: Vec<&str> = plan.changes().map(|change| &*change.cell.facility).collect();
    assert_eq!(written, ["F1", "F2", "F3"]); // INITIATED, REJECTED, SUBMITTED
    assert_eq!(plan.refused.len(), STATUSES.len() - 3);
    assert!(plan.refused.iter().all(|refused| refused.why == Refusal::NoDraft));
    assert_eq!(plan.findings()[0].code, "openlmis-write-no-draft");
}

/// A change of the server's data.
type Change = fn(&Server);

#[tokio::test]
async fn each_guard_holds_its_number_back() {
    let guards: [(Refusal, Option<i64>, Change); 10] = [
        (Refusal::Typed, Some(3), |server| person(server, 1, 0, "numberOfNewPatientsAdded", json!(3))),
        (Refusal::Typed, Some(0), |server| person(server, 1, 0, "numberOfNewPatientsAdded", json!(0))), // a zero is a fact
        (Refusal::SkippedLine, None, |server| person(server, 1, 0, "skipped", json!(true))),
        (Refusal::NoGuard, None, |server| set(server, 1, "modifiedDate", Json::Null)),
        (Refusal::NoDraft, None, |server| set(server, 1, "emergency", json!(true))),
        (Refusal::NoLine, None, |server| set(server, 1, "requisitionLineItems", json!([]))),
        (Refusal::NotInForm, None, |server| set(server, 1, "template", Json::Null)),
        (Refusal::NotInForm, None, |server| {
            let column = json!({"numberOfNewPatientsAdded": {"isDisplayed": false, "source": 0}});
            set(server, 1, "template", json!({"columnsMap": column}));
        }),
        (Refusal::NotInForm, None, |server| {
            let column = json!({"numberOfNewPatientsAdded": {"isDisplayed": true, "source": "CALCULATED"}});
            set(server, 1, "template", json!({"columnsMap": column}));
        }),
        (Refusal::SeveralDrafts, None, |server| {
            server.change(|data| {
                let mut second = data.requisitions[0].clone();
                second.body["id"] = mlatho_testkit::openlmis::uuid("requisition", 77).into();
                data.requisitions.push(second);
            });
        }),
    ];
    for (why, held, change) in guards {
        let server = server();
        change(&server);
        let client = client(&server).await;
        let plan = planned(&client, &[patients("F1", "ABC", "7")], &Sent::new()).await;
        assert!(plan.is_empty() && plan.refused.len() == 1, "{why:?}");
        assert_eq!((plan.refused[0].why, plan.refused[0].held), (why, held.map(Into::into)));
    }
}

#[tokio::test]
async fn a_wish_that_cannot_be_is_held_back() {
    let server = server();
    set(&server, 2, "reportOnly", json!(true));
    let client = client(&server).await;
    let mut elsewhere = patients("F1", "ABC", "1");
    elsewhere.cell.program = "TB".into();
    let mut later = patients("F1", "LPV", "1");
    later.cell.period = "202602".parse().unwrap();
    let wanted = [
        elsewhere,
        later,
        patients("F77", "ABC", "1"),
        patients("F1", "XYZ", "1"),
        patients("F1", "ABC", "0.5"),
        patients("F3", "ABC", "-1"),
        patients("F3", "LPV", "2147483648"),
        patients("F2", "LPV", "1"),
        patients("f2", "lpv", "2"),
        want("F2", "ABC", Column::AdditionalQuantity, "5"),
    ];
    let plan = planned(&client, &wanted, &Sent::new()).await;
    let mut reasons: Vec<Refusal> = plan.refused.iter().map(|refused| refused.why).collect();
    reasons.sort();
    let expected = [
        Refusal::NoProgram,
        Refusal::NoFacility,
        Refusal::NoDraft,
        Refusal::ReportOnly,
        Refusal::NoLine,
        Refusal::NotWhole,
        Refusal::NotWhole,
        Refusal::NotWhole,
        Refusal::Contradiction,
    ];
    assert_eq!((reasons.as_slice(), plan.is_empty()), (expected.as_slice(), true));
    assert!(plan.findings().iter().any(|finding| finding.code == "openlmis-write-not-whole"));
}

#[tokio::test]
async fn what_we_wrote_may_be_corrected_and_what_a_person_made_of_it_not() {
    let server = server();
    let client = client(&server).await;
    let wanted = [patients("F1", "ABC", "9"), patients("F1", "LPV", "9"), patients("F2", "ABC", "9")];
    let sent: Sent = wanted.iter().map(|wanted| (wanted.cell.clone(), vec![5.into()])).collect();
    person(&server, 1, 0, "numberOfNewPatientsAdded", json!(5)); // ours
    person(&server, 1, 1, "numberOfNewPatientsAdded", json!(6)); // a person's
    person(&server, 2, 0, "numberOfNewPatientsAdded", json!(9)); // stands there already
    let plan = planned(&client, &wanted, &sent).await;
    let changes: Vec<_> = plan.changes().map(|change| (&*change.cell.product, change.old, change.new)).collect();
    assert_eq!(changes, [("ABC", Some(number(5)), 9.into())]);
    assert_eq!((plan.refused[0].why, plan.refused[0].held), (Refusal::Typed, Some(number(6))));
    assert_eq!(plan.unchanged, [wanted[2].clone()]);
}

#[tokio::test]
async fn a_facility_that_the_account_does_not_see_is_told() {
    let server = Server::start(server_config(), data()).unwrap();
    let client = Client::connect(&settings(&server), Credentials::api_key("key-of-few")).await.unwrap();
    let plan = planned(&client, &[patients("F2", "ABC", "7"), patients("F1", "ABC", "7")], &Sent::new()).await;
    assert_eq!((plan.refused[0].why, plan.changes().count()), (Refusal::NoFacility, 1));
}
