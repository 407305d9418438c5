//! Two facilities, one product with two versions, a requisition each.

use std::collections::BTreeMap;

use jiff::civil::date;
use mlatho_testkit::openlmis::{Account, Card, Config, Data, Movement, Server, uuid};
use serde_json::{Value as Json, json};

pub(crate) const KEY: &str = "key-without-end";
/// The key of an account that may look and not write.
pub(crate) const READERS_KEY: &str = "key-of-reader";

pub(crate) fn config() -> Config {
    let all = Account::new("all", "secret").with_api_key(KEY);
    let few = Account::new("few", "secret").seeing([uuid("facility", 1).as_str()]).with_api_key("key-of-few");
    let reader = Account::new("reader", "secret").with_api_key(READERS_KEY);
    let rights = ["REQUISITION_CREATE", "REQUISITION_AUTHORIZE", "REQUISITION_APPROVE"];
    Config::new(vec![all, few, rights.into_iter().fold(reader, Account::lacking)])
}

pub(crate) fn data() -> Data {
    let mut data = Data::new();
    let program = data.program(1, "EM", "Essential medicines");
    let facilities = [data.facility(1, "F1", "First", &[&program]), data.facility(2, "F2", "Second", &[&program])];
    let period = data.period(1, "Jan2026", date(2026, 1, 1), date(2026, 1, 31));
    data.orderable(1, 1, "AL6", 10);
    let product = data.orderable(1, 2, "AL6", 12);
    for (number, facility, status) in [(1, 0, "SUBMITTED"), (2, 1, "AUTHORIZED")] {
        let lines = [(product.as_str(), 1, json!({"stockOnHand": 5, "totalConsumedQuantity": 0}))];
        let modified = format!("2026-02-0{number}T10:00:00Z");
        data.requisition(number, &facilities[facility], &program, &period, status, &modified, &lines);
    }
    let lot = uuid("lot", 1);
    data.add("lots", json!({"id": lot, "lotCode": "L1", "expirationDate": "2027-01-01"}));
    data.cards.push(Card {
        id: uuid("card", 1),
        facility: facilities[0].clone(),
        program: program.clone(),
        orderable: product.clone(),
        lot: Some(lot),
        levels: BTreeMap::from([(date(2026, 1, 13), 40), (date(2026, 1, 19), 0)]),
        movements: vec![
            Movement { date: date(2026, 1, 13), quantity: 40, tags: vec!["received".into()] },
            Movement { date: date(2026, 1, 19), quantity: -40, tags: vec!["consumed".into()] },
        ],
    });
    let order = json!({
        "id": uuid("order", 1), "status": "SHIPPED", "program": {"id": program}, "orderCode": "O1",
        "requestingFacility": {"id": facilities[1]}, "supplyingFacility": {"id": uuid("facility", 9)},
        "orderLineItems": [{"orderable": {"id": product, "versionNumber": 1}, "orderedQuantity": 30}],
    });
    data.add("orders", order);
    data.add("shipments", json!({"id": uuid("shipment", 1), "order": {"id": uuid("order", 1)}, "lineItems": []}));
    let proof = json!({"id": uuid("proof", 1), "shipment": {"id": uuid("shipment", 1)}, "status": "CONFIRMED"});
    data.add("proofsOfDelivery", proof);
    data
}

pub(crate) fn server() -> Server {
    Server::start(config(), data()).unwrap()
}

/// Status, headers and JSON of a GET.
pub(crate) async fn get(server: &Server, key: &str, path: &str) -> (u16, Json) {
    let reply = http().get(format!("{}/api/{path}", server.url())).bearer_auth(key).send().await.unwrap();
    (reply.status().as_u16(), reply.json().await.unwrap_or_default())
}

pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}
