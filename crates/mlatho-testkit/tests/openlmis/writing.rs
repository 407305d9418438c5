//! What guards a requisition, and what does not.

use mlatho_testkit::openlmis::{Server, uuid};
use serde_json::{Value as Json, json};

use crate::world::*;

async fn put(server: &Server, number: usize, tag: Option<&str>, body: &Json) -> (u16, Json) {
    let url = format!("{}/api/v2/requisitions/{}", server.url(), uuid("requisition", number));
    let request = http().put(url).bearer_auth(KEY).json(body);
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
