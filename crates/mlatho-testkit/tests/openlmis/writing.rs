//! What guards a requisition, and what does not.

use mlatho_testkit::openlmis::{Server, uuid};
use serde_json::{Value as Json, json};

use crate::world::*;

async fn put(server: &Server, number: usize, tag: Option<&str>, body: &Json) -> (u16, Json) {
    put_as(server, KEY, number, tag, body).await
}

async fn put_as(server: &Server, key: &str, number: usize, tag: Option<&str>, body: &Json) -> (u16, Json) {
    let url = format!("{}/api/v2/requisitions/{}", server.url(), uuid("requisition", number));
    let request = http().put(url).bearer_auth(key).json(body);
    let request = tag.into_iter().fold(request, |request, tag| request.header("if-match", tag));
    let reply = request.send().await.unwrap();
    (reply.status().as_u16(), reply.json().await.unwrap())
}

async fn read(server: &Server, number: usize) -> (String, Json) {
    let url = format!("{}/api/v2/requisitions/{}", server.url(), uuid("requisition", number));
    let reply = http().get(url).bearer_auth(KEY).send().await.unwrap();
    (reply.headers()["etag"].to_str().unwrap().to_owned(), reply.json().await.unwrap())
}

#[tokio::test]
async fn writing_is_guarded_only_by_what_is_sent() {
    let server = server();
    let (tag, mut body) = read(&server, 1).await;
    assert_eq!(tag, "W/1"); // no quotes
    body["requisitionLineItems"][0]["numberOfNewPatientsAdded"] = json!(7);
    let (status, stored) = put(&server, 1, Some(&tag), &body).await;
    assert_eq!((status, &stored["requisitionLineItems"][0]["numberOfNewPatientsAdded"]), (200, &json!(7)));
    assert_eq!(put(&server, 1, Some(&tag), &body).await.0, 409); // stale tag
    assert_eq!(put(&server, 1, None, &body).await.0, 409); // stale modifiedDate
    body["modifiedDate"] = Json::Null;
    assert_eq!(put(&server, 1, None, &body).await.0, 200); // neither: taken without a question
    assert_eq!(put(&server, 1, Some("W/\"3\""), &body).await.0, 409); // quotes break it

    let (tag, mut authorized) = read(&server, 2).await;
    authorized["requisitionLineItems"][0]["numberOfNewPatientsAdded"] = json!(7);
    authorized["requisitionLineItems"][0]["approvedQuantity"] = json!(3);
    let (status, stored) = put(&server, 2, Some(&tag), &authorized).await;
    let line = &stored["requisitionLineItems"][0];
    assert_eq!((status, &line["numberOfNewPatientsAdded"], &line["approvedQuantity"]), (200, &Json::Null, &json!(3)));

    server.change(|data| data.requisitions[1].body["status"] = json!("RELEASED"));
    let (tag, released) = read(&server, 2).await;
    assert_eq!(put(&server, 2, Some(&tag), &released).await.0, 400);
    let url = format!("{}/api/v2/requisitions/{}/updatePatientsData", server.url(), uuid("requisition", 2));
    let reply = http().patch(url).bearer_auth(KEY).json(&json!({"patientsData": "[]"})).send().await.unwrap();
    assert_eq!(reply.status(), 200); // whatever the status
}

#[tokio::test]
async fn rights_follow_the_status() {
    let server = server();
    for (status, right) in [
        ("INITIATED", "REQUISITION_CREATE"),
        ("REJECTED", "REQUISITION_CREATE"),
        ("SUBMITTED", "REQUISITION_AUTHORIZE"),
        ("IN_APPROVAL", "REQUISITION_APPROVE"),
    ] {
        server.change(|data| data.requisitions[0].body["status"] = json!(status));
        let (tag, body) = read(&server, 1).await;
        let (code, reply) = put_as(&server, READERS_KEY, 1, Some(&tag), &body).await;
        let message = reply["message"].as_str().unwrap_or_default();
        assert!(code == 403 && message.contains(right), "{status}: {code} {reply}");
        assert_eq!(put(&server, 1, Some(&tag), &body).await.0, 200);
    }
}

#[tokio::test]
async fn a_body_has_to_be_whole() {
    let server = server();
    let refusals: [fn(&mut Json); 7] = [
        |body| body["requisitionLineItems"] = json!([]),
        |body| body["requisitionLineItems"][0]["id"] = json!(uuid("line", 77)),
        |body| body["requisitionLineItems"][0]["orderable"] = json!({"id": uuid("orderable", 77)}),
        |body| body["requisitionLineItems"][0]["stockOnHand"] = json!("many"),
        |body| body["facility"] = json!({"id": uuid("facility", 2)}),
        |body| body["processingPeriod"] = json!({"id": uuid("period", 77)}),
        |body| body["emergency"] = json!(true),
    ];
    for (at, spoil) in refusals.into_iter().enumerate() {
        let (tag, mut body) = read(&server, 1).await;
        spoil(&mut body);
        let (status, reply) = put(&server, 1, Some(&tag), &body).await;
        assert!(status == 400 && reply["messageKey"].is_null(), "{at}: {status} {reply}"); // a message for each field
    }
    let (tag, mut body) = read(&server, 1).await;
    body["requisitionLineItems"][0].as_object_mut().unwrap().remove("stockOnHand");
    let (status, stored) = put(&server, 1, Some(&tag), &body).await;
    assert_eq!((status, &stored["requisitionLineItems"][0]["stockOnHand"]), (200, &Json::Null)); // lost
    assert_eq!(server.look(|data| data.unguarded_writes), 0);

    // A number that the form takes from stock cards cannot be typed.
    let columns = json!({"stockOnHand": {"isDisplayed": true, "source": 3}});
    let form = json!({"populateStockOnHandFromStockCards": true, "columnsMap": columns});
    server.change(|data| data.requisitions[0].body["template"] = form);
    let (tag, mut body) = read(&server, 1).await;
    body["requisitionLineItems"][0]["stockOnHand"] = json!(4);
    assert_eq!(put(&server, 1, Some(&tag), &body).await.0, 400);
}

#[tokio::test]
async fn orders_follow_the_numbers() {
    let server = server();
    server.change(|data| {
        let names = ["adjustedConsumption", "averageConsumption", "maximumStockQuantity", "calculatedOrderQuantity"];
        let form = data.form(1, &names.map(|name| (name, 1)));
        let body = &mut data.requisitions[0].body;
        body["template"] = json!({"id": form});
        let line = &mut body["requisitionLineItems"][0];
        for (name, value) in [
            ("totalConsumedQuantity", json!(100)),
            ("totalStockoutDays", json!(15)),
            ("stockOnHand", json!(40)),
            ("maxPeriodsOfStock", json!(2.5)),
            ("additionalQuantityRequired", json!(7)),
            ("previousAdjustedConsumptions", json!([100])),
        ] {
            line[name] = value;
        }
    });
    let (tag, body) = read(&server, 1).await;
    let (status, stored) = put(&server, 1, Some(&tag), &body).await;
    let line = &stored["requisitionLineItems"][0];
    assert_eq!(status, 200);
    // N = 100 × 30 / 15 + 7; P = ⌈(207 + 100) / 2⌉; H = 154 × 2.5; I = 385 − 40.
    assert_eq!((&line["adjustedConsumption"], &line["averageConsumption"]), (&json!(207), &json!(154)));
    assert_eq!((&line["maximumStockQuantity"], &line["calculatedOrderQuantity"]), (&json!(385), &json!(345)));
}
