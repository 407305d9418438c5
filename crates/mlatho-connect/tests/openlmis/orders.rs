//! Orders with their shipments and proofs of delivery: what changed, whole, without persons.

use mlatho_connect::openlmis::{Client, Credentials, OpenlmisError, OrderQuery, Watermark};
use mlatho_testkit::openlmis::{Fault, Server, Trouble, uuid};
use serde_json::{Value as Json, json};

use crate::world::*;

/// Three orders that were received, each a minute after the one before, and one that somebody is still writing.
fn with_orders() -> Server {
    let server = server();
    server.change(|data| {
        data.add("stockCardLineItemReasons", json!({"id": uuid("reason", 1), "name": "Damaged"}));
        for number in 1..=4 {
            let status = if number == 4 { "CREATING" } else { "RECEIVED" };
            let product = json!({"id": uuid("orderable", 1), "versionNumber": 1});
            data.add(
                "orders",
                json!({"id": uuid("order", number), "status": status, "orderCode": format!("O{number}"),
                       "createdDate": "2026-02-01T08:00:00Z", "lastUpdatedDate": format!("2026-02-01T10:0{number}:00Z"),
                       "createdBy": {"username": "a person"}, "statusMessages": [{"body": "a person writes"}],
                       "requestingFacility": {"id": uuid("facility", number)}, "program": {"id": uuid("program", 1)},
                       "processingPeriod": {"id": uuid("period", 1)},
                       "orderLineItems": [{"orderable": product, "orderedQuantity": 30}]}),
            );
            let shipment = json!({"id": uuid("shipment", number), "order": {"id": uuid("order", number)},
                                  "shippedBy": {"id": "u"}, "notes": "a person writes",
                                  "lineItems": [{"orderable": product, "quantityShipped": 28}]});
            data.add("shipments", shipment);
            let line = json!({"orderable": product, "quantityAccepted": 20, "quantityRejected": 8,
                              "rejectionReasonId": uuid("reason", 1)});
            data.add(
                "proofsOfDelivery",
                json!({"id": uuid("proof", number), "shipment": {"id": uuid("shipment", number)}, "status": "CONFIRMED",
                       "receivedBy": "a person", "deliveredBy": "a person", "receivedDate": "2026-02-03",
                       "lineItems": [line]}),
            );
        }
    });
    server
}

/// Documents of a pull, how far it came, and how many orders lack their proof.
async fn pulled(client: &Client, since: Option<Watermark>) -> (Vec<Json>, Option<Watermark>, usize) {
    let query = OrderQuery { since: since.clone(), ..OrderQuery::default() };
    let mut orders = client.orders(&query).await.unwrap();
    let (mut documents, mut last) = (Vec::new(), since);
    while let Some(document) = orders.next().await.unwrap() {
        documents.push(serde_json::from_slice(&document.bytes).unwrap());
        last = Some(document.watermark.to_string().parse().unwrap());
    }
    (documents, last, orders.unproved())
}

fn codes(documents: &[Json]) -> Vec<&str> {
    let orders = documents.iter().flat_map(|document| document["orders"].as_array().unwrap());
    orders.map(|order| order["orderCode"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn orders_come_with_their_parts_and_without_persons() {
    let server = with_orders();
    let client = client(&server).await;
    let (documents, mark, unproved) = pulled(&client, None).await;
    assert_eq!((codes(&documents), unproved), (vec!["O1", "O2", "O3"], 0)); // two documents of two
    let first = &documents[0]["orders"][0];
    assert_eq!(first["shipments"][0]["lineItems"][0]["quantityShipped"], 28);
    assert_eq!(first["proofsOfDelivery"][0]["lineItems"][0]["quantityAccepted"], 20);
    assert_eq!(first["requestingFacility"]["code"], "F1"); // as the server writes it out
    assert_eq!(documents[0]["orderables"][0]["netContent"], 10); // in the version of the line
    assert_eq!(documents[0]["stockCardLineItemReasons"][0]["name"], "Damaged");
    let all = serde_json::to_string(&documents).unwrap();
    assert!(!all.contains("person"), "{all}");

    // The next pull reads what changed since, and knows the others.
    server.change(|data| {
        let confirmed = json!("2026-02-01T10:30:00Z");
        data.alter("orders", &uuid("order", 2), |order| order["lastUpdatedDate"] = confirmed);
    });
    let (next, mark, _) = pulled(&client, mark).await;
    assert_eq!(codes(&next), ["O2"]);
    assert!(pulled(&client, mark).await.0.is_empty());
}

#[tokio::test]
async fn what_the_account_does_not_see_is_told() {
    let server = with_orders();
    server.change(|data| data.alter("proofsOfDelivery", &uuid("proof", 1), |proof| proof["shipment"] = Json::Null));
    let client = client(&server).await;
    let (documents, _, unproved) = pulled(&client, None).await;
    assert_eq!((codes(&documents).len(), unproved), (3, 1)); // received, and no proof is listed
    let few = Client::connect(&settings(&server), Credentials::api_key("key-of-few")).await.unwrap();
    assert_eq!(codes(&pulled(&few, None).await.0), ["O1"]);
    server.script(Fault::on("GET", "/api/orders", Trouble::Refused { status: 403 }));
    assert!(matches!(client.orders(&OrderQuery::default()).await, Err(OpenlmisError::Forbidden { .. })));
    server.script(Fault::on("GET", &format!("/api/orders/{}", uuid("order", 2)), Trouble::Refused { status: 403 }));
    let mut orders = client.orders(&OrderQuery::default()).await.unwrap();
    while orders.next().await.unwrap().is_some() {}
    assert_eq!((orders.pulled().read, orders.pulled().hidden, orders.pulled().drafts), (2, 1, 1));
}

#[tokio::test]
async fn a_pull_of_orders_that_breaks_goes_on_from_what_was_kept() {
    let server = with_orders();
    let client = client(&server).await;
    let list = format!("/api/orders/{}", uuid("order", 3));
    server.script(Fault::on("GET", &list, Trouble::Refused { status: 409 }));
    let mut orders = client.orders(&OrderQuery::default()).await.unwrap();
    let kept = orders.next().await.unwrap().unwrap();
    assert!(orders.next().await.is_err());
    let (rest, ..) = pulled(&client, Some(kept.watermark)).await;
    assert_eq!((kept.count, codes(&rest)), (2, vec!["O3"]));
}
