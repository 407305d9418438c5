//! Numbers of patients into requisitions that were begun: what is written, and what is held back.

use std::collections::BTreeSet;

use mlatho_connect::elmis::Client;
use mlatho_connect::elmis::write::{Cell, Column, Draft, Drafts, Outcome, Plan, Refusal, Sent, Wanted, plan};
use mlatho_model::Decimal;
use mlatho_testkit::elmis::{Account, Config as ServerConfig, Data, Fault, Line, Server, Trouble};
use serde_json::{Value as Json, json};

use crate::world::{MODIFIED, PASSWORD, client, month, server_config};

/// C 100, X 15 of 30 days, E 40, three months of stock, N before 100 and 150: the order is 410 (see the formats' test).
fn numbers() -> Json {
    json!({
        "beginningBalance": 140, "quantityReceived": 0, "quantityDispensed": 100, "stockInHand": 40, "stockOutDays": 15,
        "reportingDays": 30, "maxMonthsOfStock": 3, "previousNormalizedConsumptions": [100, 150],
        "quantityRequested": null, "newPatientCount": null, "price": "4.10",
    })
}

/// Requisitions of March by status, each at a facility of its own, with two products and a regimen.
fn data() -> Data {
    let mut data = Data::new();
    let program = data.program("ARV", "HIV");
    for (number, status) in ["INITIATED", "SUBMITTED", "AUTHORIZED", "INITIATED"].into_iter().enumerate() {
        let facility = data.facility(&format!("F{}", number + 1), "Clinic", "North");
        let lines = vec![Line::new("ABC", numbers()), Line::new("LPV", numbers())];
        data.requisition(facility, program, month(3), MODIFIED, lines);
        let own = data.requisitions.last_mut().unwrap();
        own.status = status.into();
        own.regimens.push(("1S3".into(), json!({"patientsOnTreatment": null, "patientsToInitiateTreatment": 3})));
    }
    data
}

fn server() -> Server {
    Server::start(server_config(), data()).unwrap()
}

fn want(facility: &str, product: &str, column: Column, value: &str) -> Wanted {
    let (facility, product) = (facility.into(), product.into());
    let cell = Cell { program: "arv".into(), period: month(3), facility, product, column };
    Wanted { cell, value: value.parse().unwrap() }
}

fn patients(facility: &str, value: &str) -> Wanted {
    want(facility, "ABC", Column::NewPatientCount, value)
}

async fn planned(client: &Client, wanted: &[Wanted], sent: &Sent) -> (Drafts<Draft>, Plan) {
    let cells: BTreeSet<Cell> = wanted.iter().map(|wanted| wanted.cell.clone()).collect();
    let drafts = client.drafts(&cells).await.unwrap();
    let plan = plan(&drafts, wanted, sent);
    (drafts, plan)
}

fn field(server: &Server, requisition: usize, line: usize, name: &str) -> Json {
    server.look(|data| data.requisitions[requisition].lines[line].numbers[name].clone())
}

/// As a person does who saves the requisition.
fn person(server: &Server, requisition: usize, line: usize, name: &str, value: Json) {
    server.change(|data| {
        let own = &mut data.requisitions[requisition];
        own.lines[line].numbers[name] = value;
        own.modified += 1;
    });
}

fn writes(server: &Server) -> usize {
    server.requests().iter().filter(|request| request.method == "PUT").count()
}

#[tokio::test]
async fn numbers_arrive_are_read_back_and_nothing_else_changes() {
    let server = server();
    let client = client(&server).await;
    let wanted = [patients("F1", "30"), want("f1", "1s3", Column::PatientsOnTreatment, "55"), patients("F4", "0")];
    let (drafts, plan) = planned(&client, &wanted, &Sent::new()).await;
    let change = plan.changes().find(|change| change.new == Decimal::from(30)).unwrap();
    // N 200 and 230, P 150 and 160, H 450 and 480: the order is 410 and would be 440.
    assert_eq!(
        (change.before.calculated, change.after.calculated),
        (Some(Decimal::from(410)), Some(Decimal::from(440)))
    );
    let regimen = plan.changes().find(|change| change.cell.column == Column::PatientsOnTreatment).unwrap();
    assert_eq!((regimen.old, regimen.before.quantity(), regimen.after.quantity()), (None, None, None));
    assert_eq!((plan.refused.len(), writes(&server)), (0, 0));
    let before = server.look(|data| data.requisitions.clone());
    for planned in &plan.requisitions {
        let receipt = client.write(&drafts, planned).await.unwrap();
        assert_eq!((&receipt.outcome, receipt.sent, receipt.touched), (&Outcome::Written, 1, false));
        assert!(planned.changes.iter().zip(&receipt.found).all(|(own, found)| found.value == Some(own.new)));
    }
    assert_eq!(
        (field(&server, 0, 0, "newPatientCount"), field(&server, 3, 0, "newPatientCount")),
        (json!(30), json!(0))
    );
    server.look(|data| {
        for (at, (old, new)) in before.iter().zip(&data.requisitions).enumerate() {
            let mut expected = old.clone();
            if at == 0 || at == 3 {
                expected.lines[0].numbers["newPatientCount"] = if at == 0 { json!(30) } else { json!(0) };
            }
            for (line, own) in expected.lines.iter().zip(&new.lines) {
                for (name, value) in line.numbers.as_object().unwrap() {
                    assert_eq!(own.numbers[name], *value, "{at} {name}"); // a field that a line lacks would be null now
                }
            }
            let on = if at == 0 { json!(55) } else { Json::Null };
            assert_eq!(
                (&new.regimens[0].1["patientsOnTreatment"], &new.regimens[0].1["patientsToInitiateTreatment"]),
                (&on, &json!(3))
            );
        }
    });
    let paths: Vec<String> =
        server.requests().into_iter().filter(|own| own.method == "PUT").map(|own| own.path).collect();
    assert!(paths.iter().all(|path| path.ends_with("/save.json")), "{paths:?}"); // never submitted or authorized
    let (_, again) = planned(&client, &wanted, &Sent::new()).await;
    assert_eq!((again.is_empty(), again.unchanged.len()), (true, 3));
}

/// A change of the server's data.
type Change = fn(&Server);

#[tokio::test]
async fn each_guard_holds_its_number_back() {
    let guards: [(Refusal, Option<i64>, Change); 5] = [
        (Refusal::Typed, Some(3), |server| person(server, 0, 0, "newPatientCount", json!(3))),
        (Refusal::Typed, Some(0), |server| person(server, 0, 0, "newPatientCount", json!(0))), // a zero is a fact
        (Refusal::SkippedLine, None, |server| person(server, 0, 0, "skipped", json!(true))),
        (Refusal::NoLine, None, |server| server.change(|data| data.requisitions[0].lines.clear())),
        (Refusal::NoDraft, None, |server| server.change(|data| data.requisitions[0].emergency = true)),
    ];
    for (why, held, change) in guards {
        let server = server();
        change(&server);
        let client = client(&server).await;
        let (_, plan) = planned(&client, &[patients("F1", "7")], &Sent::new()).await;
        assert!(plan.is_empty() && plan.refused.len() == 1, "{why:?}");
        assert_eq!((plan.refused[0].why, plan.refused[0].held), (why, held.map(Into::into)));
    }
    let server = server();
    let client = client(&server).await;
    let wanted = [
        patients("F2", "7"), // submitted
        patients("F3", "7"), // authorized
        patients("F9", "7"),
        want("F1", "ABC", Column::NewPatients, "7"), // of version 3
        want("F1", "2S4", Column::PatientsOnTreatment, "7"),
        patients("F4", "0.5"),
    ];
    let (_, plan) = planned(&client, &wanted, &Sent::new()).await;
    let reasons: BTreeSet<Refusal> = plan.refused.iter().map(|refused| refused.why).collect();
    let expected =
        [Refusal::NoFacility, Refusal::NoDraft, Refusal::NotInForm, Refusal::NoLine, Refusal::NotWhole].into();
    assert_eq!((reasons, plan.refused.len(), plan.is_empty()), (expected, 6, true));
}

#[tokio::test]
async fn what_changed_since_the_plan_is_left_alone() {
    for (name, value) in [("newPatientCount", json!(4)), ("quantityReceived", json!(12))] {
        let server = server();
        let client = client(&server).await;
        let (drafts, plan) = planned(&client, &[patients("F1", "30")], &Sent::new()).await;
        person(&server, 0, 1, name, value); // another line
        let receipt = client.write(&drafts, &plan.requisitions[0]).await.unwrap();
        assert_eq!((receipt.outcome, receipt.sent, writes(&server)), (Outcome::Changed, 0, 0));
        // Planned anew, it goes.
        let (drafts, plan) = planned(&client, &[patients("F1", "30")], &Sent::new()).await;
        assert_eq!(client.write(&drafts, &plan.requisitions[0]).await.unwrap().outcome, Outcome::Written);
    }
}

#[tokio::test]
async fn what_we_wrote_may_be_corrected() {
    let server = server();
    let client = client(&server).await;
    person(&server, 0, 0, "newPatientCount", json!(5));
    let wanted = [patients("F1", "9")];
    let sent: Sent = [(wanted[0].cell.clone(), vec![5.into()])].into();
    let (_, plan) = planned(&client, &wanted, &sent).await;
    assert_eq!(plan.changes().map(|change| (change.old, change.new)).next(), Some((Some(5.into()), 9.into())));
}

#[tokio::test]
async fn a_column_that_the_form_does_not_take_is_not_said_to_be_written() {
    let config = ServerConfig { not_in_form: ["newPatientCount".to_owned()].into(), ..server_config() };
    let server = Server::start(config, data()).unwrap();
    let client = client(&server).await;
    let (drafts, plan) = planned(&client, &[patients("F1", "30")], &Sent::new()).await;
    assert_eq!(client.write(&drafts, &plan.requisitions[0]).await.unwrap().outcome, Outcome::NotTaken);
}

#[tokio::test]
async fn a_refusal_costs_its_requisition_and_says_why() {
    let config = ServerConfig::new(vec![Account::new("mlatho", PASSWORD)]);
    let server = Server::start(config, data()).unwrap();
    let client = client(&server).await;
    let (drafts, plan) = planned(&client, &[patients("F1", "30")], &Sent::new()).await;
    server.script(Fault::on("PUT", "/requisitions/", Trouble::Refused { status: 400 }));
    let refused = client.write(&drafts, &plan.requisitions[0]).await.unwrap();
    assert!(matches!(refused.outcome, Outcome::Refused { status: 400, ref message } if message.contains("The script")));
    let lacking = Account::new("mlatho", PASSWORD).lacking("CREATE_REQUISITION");
    let server = Server::start(ServerConfig::new(vec![lacking]), data()).unwrap();
    let client = self::client(&server).await;
    let (_, plan) = planned(&client, &[patients("F1", "30")], &Sent::new()).await;
    assert_eq!(plan.refused[0].why, Refusal::NoFacility); // not known, or not visible to this account
}

/// A trouble at the write, what is said when it befalls one write, and what then stands at the server.
#[tokio::test]
async fn nothing_is_lost_doubled_or_forced() {
    let written = Ok(Outcome::Written);
    for (trouble, said, sent) in [
        (Trouble::Reset { applied: false }, written.clone(), 2),
        (Trouble::Reset { applied: true }, written.clone(), 1),
        (Trouble::Cut { keep: 5 }, written.clone(), 1),
        (Trouble::Html { status: 503 }, written.clone(), 2),
        (Trouble::Html { status: 200 }, written.clone(), 2), // the page to sign in: the session had ended
        (Trouble::Unauthorized, written, 2),
        (Trouble::Refused { status: 409 }, Ok(Outcome::Changed), 1),
    ] {
        let server = server();
        let client = client(&server).await;
        let (drafts, plan) = planned(&client, &[patients("F1", "30")], &Sent::new()).await;
        server.script(Fault::on("PUT", "/requisitions/", trouble.clone()));
        let outcome = client.write(&drafts, &plan.requisitions[0]).await.map(|receipt| receipt.outcome);
        assert_eq!((outcome.map_err(|error| error.to_string()), writes(&server)), (said.clone(), sent), "{trouble:?}");
        let stands = if said == Ok(Outcome::Changed) { Json::Null } else { json!(30) };
        assert_eq!(field(&server, 0, 0, "newPatientCount"), stands, "{trouble:?}");
    }
}
