//! What is sent, what comes back, and what others do meanwhile.

use mlatho_connect::openlmis::write::{Column, Outcome, Sent};
use mlatho_testkit::openlmis::{Account, Server};
use serde_json::{Value as Json, json};

use super::world::*;
use crate::world::{KEY, client, server_config};

#[tokio::test]
async fn numbers_arrive_are_read_back_and_nothing_else_changes() {
    let server = server();
    let before = server.look(|data| data.requisitions.clone());
    let client = client(&server).await;
    let wanted = [
        patients("F1", "ABC", "30"),
        want("F1", "ABC", Column::AdditionalQuantity, "90"),
        patients("F3", "LPV", "0"), // nobody new is a fact
    ];
    let plan = planned(&client, &wanted, &Sent::new()).await;
    for planned in &plan.requisitions {
        let receipt = client.write(&plan.drafts, planned).await.unwrap();
        assert_eq!((&receipt.outcome, receipt.sent), (&Outcome::Written, 1));
        assert_eq!((receipt.version_before.as_deref(), receipt.version_after.as_deref()), (Some("W/1"), Some("W/2")));
        for (change, found) in planned.changes.iter().zip(&receipt.found) {
            assert_eq!((found.value, found.order), (Some(change.new), change.after.calculated));
        }
    }
    assert_eq!(field(&server, 1, 0, "calculatedOrderQuantity"), 500); // by the server's own arithmetic
    server.look(|data| {
        assert_eq!(data.unguarded_writes, 0);
        for (at, (old, new)) in before.iter().zip(&data.requisitions).enumerate() {
            let mut expected = old.body.clone();
            if at == 0 || at == 2 {
                expected["modifiedDate"] = new.body["modifiedDate"].clone();
            }
            if at == 0 {
                let line = &mut expected["requisitionLineItems"][0];
                for (name, value) in [
                    ("numberOfNewPatientsAdded", 30),
                    ("additionalQuantityRequired", 90),
                    ("adjustedConsumption", 290),
                    ("averageConsumption", 180),
                    ("maximumStockQuantity", 540),
                    ("calculatedOrderQuantity", 500),
                ] {
                    line[name] = json!(value);
                }
            }
            if at == 2 {
                expected["requisitionLineItems"][1]["numberOfNewPatientsAdded"] = json!(0);
            }
            assert_eq!(new.body, expected, "requisition {at}");
        }
    });
    let again = planned(&client, &wanted, &Sent::new()).await;
    assert_eq!((again.is_empty(), again.unchanged.len()), (true, 3));
    let paths: Vec<_> = server.requests().into_iter().filter(|request| request.method != "GET").collect();
    assert!(paths.iter().all(|request| request.path.starts_with("/api/v2/requisitions/") && request.query.is_empty()));
}

#[tokio::test]
async fn a_conflict_is_never_forced() {
    for other in ["somebody saves the same requisition", "somebody types into the cell"] {
        let server = server();
        let client = client(&server).await;
        let plan = planned(&client, &[patients("F1", "ABC", "30")], &Sent::new()).await;
        let typed = other.contains("types");
        let (line, name) = if typed { (0, "numberOfNewPatientsAdded") } else { (1, "totalReceivedQuantity") };
        person(&server, 1, line, name, json!(4));
        let receipt = client.write(&plan.drafts, &plan.requisitions[0]).await.unwrap();
        assert_eq!((&receipt.outcome, receipt.sent), (&Outcome::Changed, 1), "{other}");
        assert_eq!(field(&server, 1, 0, "numberOfNewPatientsAdded"), if typed { json!(4) } else { Json::Null });
        // Planned anew, the number goes where nobody typed.
        let again = planned(&client, &[patients("F1", "ABC", "30")], &Sent::new()).await;
        assert_eq!(again.is_empty(), typed, "{other}");
    }
}

#[tokio::test]
async fn a_requisition_that_was_authorized_meanwhile_is_not_said_to_be_written() {
    let server = server();
    let client = client(&server).await;
    let plan = planned(&client, &[patients("F1", "ABC", "30")], &Sent::new()).await;
    set(&server, 1, "status", json!("AUTHORIZED")); // without a new version: the worst case
    let receipt = client.write(&plan.drafts, &plan.requisitions[0]).await.unwrap();
    assert_eq!((receipt.outcome, receipt.found[0].value), (Outcome::NotTaken, None));
}

#[tokio::test]
async fn a_refusal_costs_its_requisition_and_says_why() {
    let mut config = server_config();
    config.accounts[0] = Account::new("mlatho", "x").with_api_key(KEY).lacking("REQUISITION_AUTHORIZE");
    let server = Server::start(config, data()).unwrap();
    let client = client(&server).await;
    let plan = planned(&client, &[patients("F1", "ABC", "1"), patients("F3", "ABC", "1")], &Sent::new()).await;
    let mut outcomes = Vec::new();
    for planned in &plan.requisitions {
        outcomes.push(client.write(&plan.drafts, planned).await.unwrap().outcome);
    }
    assert_eq!(outcomes[0], Outcome::Written);
    assert!(matches!(outcomes[1], Outcome::Refused { status: 403, .. }), "{outcomes:?}"); // F3 is submitted
    set(&server, 1, "facility", json!({"id": mlatho_testkit::openlmis::uuid("facility", 2)}));
    set(&server, 1, "modifiedDate", json!("2026-02-01T10:00:00Z"));
    server.change(|data| data.requisitions[0].version = 1);
    let refused = client.write(&plan.drafts, &plan.requisitions[0]).await.unwrap();
    assert!(matches!(refused.outcome, Outcome::Refused { status: 400, ref message } if message.contains("facility")));
}
