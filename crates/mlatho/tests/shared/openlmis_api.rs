//! OpenLMIS's demonstration data, through the double and the connector.

use std::collections::{BTreeMap, BTreeSet};

use mlatho_connect::openlmis::{Client, Config, Credentials, RequisitionQuery, Status, distinct_cards};
use mlatho_model::Decimal;
use mlatho_testkit::openlmis::{Account, Config as ServerConfig, Data, Server};
use serde_json::Value as Json;

pub(crate) fn server() -> Option<Server> {
    let data = Data::from_folder(&crate::data_set("openlmis")?).unwrap();
    let account = Account::new("mlatho", "").with_api_key("key");
    Some(Server::start(ServerConfig::new(vec![account]), data).unwrap())
}

pub(crate) async fn client(server: &Server) -> Client {
    Client::connect(&Config::new(server.url()), Credentials::api_key("key")).await.unwrap()
}

/// Expected numbers are the row counts of the tables, as their README gives them. All tables: `openlmis_tables`.
#[tokio::test]
async fn reference_data_comes_typed() {
    let Some(server) = server() else { return };
    let client = client(&server).await;
    assert_eq!(client.programs().len(), 8);
    let facilities = client.facilities().await.unwrap();
    assert_eq!((facilities.values.len(), facilities.findings.len()), (2734, 0)); // far more than the first 50
    let supported: usize = facilities.values.iter().map(|own| own.supported_programs.len()).sum();
    let points = facilities.values.iter().filter(|own| own.location.is_some()).count();
    assert_eq!((supported, points), (3742, 1727));
    assert_eq!(client.zones().await.unwrap().values.len(), 205);
    let periods = client.periods().await.unwrap().values;
    assert_eq!(periods.len(), 434);
    assert_eq!(periods.iter().filter(|period| period.is_report_only()).count(), 192); // two of three of 3 × 96
    let orderables = client.orderables().await.unwrap();
    assert_eq!((orderables.values.len(), orderables.findings.len()), (10_233, 0)); // one has two versions
    let two = orderables.values.iter().find(|own| own.meta.version_number == Some(2)).unwrap();
    assert_eq!(client.orderable(&two.id, 1).await.unwrap().meta.version_number, Some(1));
}

#[tokio::test]
async fn every_requisition_comes_once_with_its_lines_and_products() {
    let Some(server) = server() else { return };
    let client = client(&server).await;
    let query = RequisitionQuery { threshold: Status::Initiated, ..RequisitionQuery::default() };
    let mut pull = client.requisitions(&query).await.unwrap();
    let (mut lines, mut missing, mut testable, mut broken) = (0, 0, 0, 0);
    let mut ids = BTreeSet::new();
    while let Some(document) = pull.next().await.unwrap() {
        let document: Json = serde_json::from_slice(&document.bytes).unwrap();
        let products: BTreeMap<(&str, u64), &Json> =
            document["orderables"].as_array().unwrap().iter().map(versioned).collect();
        for requisition in document["requisitions"].as_array().unwrap() {
            ids.insert(requisition["id"].as_str().unwrap().to_owned());
            for line in requisition["requisitionLineItems"].as_array().unwrap() {
                lines += 1;
                let points = &line["orderable"];
                let key = (points["id"].as_str().unwrap(), points["versionNumber"].as_u64().unwrap());
                missing += usize::from(!products.contains_key(&key));
                let fields = [
                    "beginningBalance",
                    "totalReceivedQuantity",
                    "totalLossesAndAdjustments",
                    "totalConsumedQuantity",
                    "stockOnHand",
                ];
                if let [Some(a), Some(b), Some(d), Some(c), Some(e)] = fields.map(|field| line[field].as_i64()) {
                    testable += 1;
                    broken += usize::from(a + b + d - c != e);
                }
            }
        }
    }
    let pulled = pull.pulled();
    assert_eq!((ids.len(), pulled.read, lines, missing), (26, 26, 167, 0));
    assert_eq!((testable, broken), (116, 11));
    let statuses: Vec<(&str, usize)> = pulled.found.iter().map(|(status, count)| (status.as_str(), *count)).collect();
    let expected = [
        ("APPROVED", 12),
        ("AUTHORIZED", 5),
        ("INITIATED", 1),
        ("IN_APPROVAL", 2),
        ("RELEASED", 4),
        ("SKIPPED", 1),
        ("SUBMITTED", 1),
    ];
    assert_eq!(statuses, expected);
}

fn versioned(object: &Json) -> ((&str, u64), &Json) {
    ((object["id"].as_str().unwrap(), object["meta"]["versionNumber"].as_u64().unwrap()), object)
}

#[tokio::test]
async fn stock_cards_are_counted_once() {
    let Some(server) = server() else { return };
    let client = client(&server).await;
    let places: BTreeSet<(String, String)> =
        server.look(|data| data.cards.iter().map(|card| (card.facility.clone(), card.program.clone())).collect());
    let with_levels = server.look(|data| data.cards.iter().filter(|card| !card.levels.is_empty()).count());
    let mut cards = 0;
    for (facility, program) in &places {
        let stock = client.stock_by_id(facility, program, None).await.unwrap();
        assert!(stock.findings.is_empty());
        let own = distinct_cards(&stock.values);
        assert!(own.iter().all(|card| card.on_hand.is_some_and(|level| level >= Decimal::ZERO)));
        cards += own.len();
    }
    assert_eq!(cards, with_levels);
}
