//! Lists and stock.

use std::collections::BTreeMap;

use jiff::civil::date;
use mlatho_connect::openlmis::{OpenlmisError, distinct_cards};
use mlatho_model::Decimal;
use mlatho_testkit::openlmis::{Card, Movement, Server, uuid};
use serde_json::json;

use crate::world::*;

fn with_stock() -> Server {
    let mut data = data();
    data.add("lots", json!({"id": uuid("lot", 1), "lotCode": "L1", "expirationDate": "2027-01-01"}));
    data.orderable(2, 1, "GENERIC", 1);
    data.add("orderableFulfills", json!({"id": uuid("orderable", 2), "canFulfillForMe": [uuid("orderable", 1)]}));
    for (number, lot, level) in [(1, Some(uuid("lot", 1)), 40), (2, None, 0)] {
        data.cards.push(Card {
            id: uuid("card", number),
            facility: uuid("facility", 1),
            program: uuid("program", 1),
            orderable: uuid("orderable", 1),
            lot,
            levels: BTreeMap::from([(date(2026, 1, 13), level)]),
            movements: vec![Movement { date: date(2026, 1, 13), quantity: -level, tags: vec!["consumed".into()] }],
        });
    }
    Server::start(server_config(), data).unwrap()
}

#[tokio::test]
async fn lists_come_page_by_page() {
    let server = server();
    let client = client(&server).await;
    server.forget_requests();
    let facilities = client.facilities().await.unwrap();
    assert_eq!((facilities.values.len(), facilities.findings.len()), (REQUISITIONS, 0));
    let pages: Vec<String> =
        server.requests().iter().map(|request| request.parameter("page").unwrap().to_owned()).collect();
    assert_eq!(pages, ["0", "1", "2"]);
    assert!(server.requests().iter().all(|request| request.parameter("size") == Some("3")));
    assert_eq!(facilities.values[1].supported_programs.len(), 2);
    assert_eq!(client.periods().await.unwrap().values[0].start_date, date(2026, 1, 1));
    assert_eq!(client.schedules().await.unwrap().values[0].code, "SCH001");
    assert!(client.zones().await.unwrap().values.is_empty());
}

#[tokio::test]
async fn a_bad_object_costs_itself() {
    let server = server();
    server.change(|data| data.add("facilities", json!({"id": uuid("facility", 90), "code": 7, "name": null})));
    let client = client(&server).await;
    let facilities = client.facilities().await;
    let read = facilities.unwrap();
    assert_eq!((read.values.len(), read.findings.len()), (REQUISITIONS, 1));
    assert_eq!(read.findings[0].code, "server-bad-object");
}

#[tokio::test]
async fn products_have_the_pack_size_of_their_version() {
    let server = server();
    let client = client(&server).await;
    let id = uuid("orderable", 1);
    for (version, packs) in [(1, 10), (2, 12)] {
        assert_eq!(client.orderable(&id, version).await.unwrap().net_content, Decimal::from(packs));
    }
    assert!(matches!(client.orderable(&id, 3).await, Err(OpenlmisError::NotFound { .. })));
    let newest = client.orderables().await.unwrap().values;
    assert_eq!((newest.len(), newest[0].meta.version_number), (1, Some(2)));
}

#[tokio::test]
async fn stock_is_not_counted_twice_and_absent_is_not_zero() {
    let server = with_stock();
    let client = client(&server).await;
    let stock = client.stock_by_code("F1", &["EM"]).await.unwrap().values;
    let products: Vec<&str> = stock.iter().filter_map(|summary| summary.product.as_deref()).collect();
    assert_eq!(products, ["AL6", "GENERIC"]);
    let total: Decimal = stock.iter().filter_map(|summary| summary.on_hand).sum();
    let cards = distinct_cards(&stock);
    let once: Decimal = cards.iter().filter_map(|card| card.on_hand).sum();
    assert_eq!((total, once, cards.len()), (Decimal::from(80), Decimal::from(40), 2));
    assert_eq!(cards[1].on_hand, Some(Decimal::ZERO)); // a card at zero is a zero
    assert_eq!((cards[0].lot.as_deref(), cards[0].expiration_date), (Some("L1"), Some(date(2027, 1, 1))));
    assert!(client.stock_by_code("F2", &[]).await.unwrap().values.is_empty()); // nothing was ever stocked

    let (facility, program) = (uuid("facility", 1), uuid("program", 1));
    let before = client.stock_by_id(&facility, &program, Some(date(2026, 1, 12))).await.unwrap();
    assert!(before.values.is_empty());
    let now = client.stock_by_id(&facility, &program, None).await.unwrap().values;
    assert_eq!(now[0].product, Some(uuid("orderable", 1)));
    let moved = client.movements(&facility, &program, date(2026, 1, 1), date(2026, 1, 31)).await.unwrap().values;
    assert_eq!((moved[0].tags["consumed"], moved[0].stockout_days), (Decimal::from(-40), Some(Decimal::from(12))));
    assert!(matches!(client.stock_by_code("F99", &[]).await, Err(OpenlmisError::Status { status: 400, .. })));
}
