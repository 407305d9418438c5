//! A small server, its client, and what a pull gave.

use std::collections::BTreeMap;

use jiff::civil::date;
use mlatho_connect::openlmis::{
    Client, Config, Credentials, Document, OpenlmisError, Pulled, RequisitionQuery, Watermark,
};
use mlatho_testkit::openlmis::{Account, Config as ServerConfig, Data, Server, uuid};
use secrecy::SecretString;
use serde_json::{Value as Json, json};

pub(crate) const KEY: &str = "key-without-end";
/// Requisitions, numbered from 1; each is changed a minute after the one before.
pub(crate) const REQUISITIONS: usize = 7;

pub(crate) fn data() -> Data {
    let mut data = Data::new();
    let program = data.program(1, "EM", "Essential medicines");
    let other = data.program(2, "HIV", "HIV");
    let period = data.period(1, "Jan2026", date(2026, 1, 1), date(2026, 1, 31));
    data.orderable(1, 1, "AL6", 10);
    let product = data.orderable(1, 2, "AL6", 12);
    data.add("facilityTypeApprovedProducts", json!({"id": uuid("approved", 1), "maxPeriodsOfStock": 3}));
    for number in 1..=REQUISITIONS {
        let programs = [program.as_str(), other.as_str()];
        let facility = data.facility(number, &format!("F{number}"), &format!("Facility {number}"), &programs);
        let version = if number == REQUISITIONS { 2 } else { 1 };
        let lines = [(product.as_str(), version, json!({"stockOnHand": number}))];
        let modified = format!("2026-02-01T10:0{number}:00Z");
        data.requisition(number, &facility, &program, &period, "AUTHORIZED", &modified, &lines);
    }
    data
}

pub(crate) fn server_config() -> ServerConfig {
    let few = Account::new("few", "few").seeing([uuid("facility", 1).as_str()]).with_api_key("key-of-few");
    ServerConfig::new(vec![Account::new("mlatho", "p&ss wörd").with_api_key(KEY), few])
}

pub(crate) fn server() -> Server {
    Server::start(server_config(), data()).unwrap()
}

/// Settings that lose no time.
pub(crate) fn settings(server: &Server) -> Config {
    Config {
        retry_wait_ms: 2,
        read_timeout_seconds: 1,
        answer_timeout_seconds: 2,
        page_size: 3,
        document_size: 2,
        ..Config::new(server.url())
    }
}

pub(crate) fn password(text: &str) -> Credentials {
    Credentials::Password {
        user: "mlatho".into(),
        password: SecretString::from(text),
        client_id: "user-client".into(),
        client_secret: SecretString::from("changeme"),
    }
}

pub(crate) async fn client(server: &Server) -> Client {
    Client::connect(&settings(server), Credentials::api_key(KEY)).await.unwrap()
}

/// Everything that pulls gave, as a landing area keeps it.
#[derive(Debug, Default)]
pub(crate) struct Landed {
    pub(crate) documents: Vec<Json>,
    pub(crate) watermark: Option<Watermark>,
}

impl Landed {
    /// Pulls and keeps each document as it comes.
    pub(crate) async fn pull(&mut self, client: &Client, query: &RequisitionQuery) -> Result<Pulled, OpenlmisError> {
        let query = RequisitionQuery { since: self.watermark.clone().or(query.since.clone()), ..query.clone() };
        let mut pull = client.requisitions(&query).await?;
        while let Some(document) = pull.next().await? {
            self.keep(&document);
        }
        Ok(pull.pulled().clone())
    }

    pub(crate) fn keep(&mut self, document: &Document) {
        let read: Json = serde_json::from_slice(&document.bytes).unwrap();
        assert_eq!(read["requisitions"].as_array().unwrap().len(), document.count);
        self.watermark = Some(document.watermark.to_string().parse().unwrap());
        self.documents.push(read);
    }

    /// How often each requisition was kept, by its number.
    pub(crate) fn counts(&self) -> BTreeMap<usize, usize> {
        let mut counts = BTreeMap::new();
        for requisition in self.requisitions() {
            let number = (1..50).find(|number| requisition["id"] == *uuid("requisition", *number)).unwrap();
            *counts.entry(number).or_default() += 1;
        }
        counts
    }

    pub(crate) fn requisitions(&self) -> impl Iterator<Item = &Json> {
        self.documents.iter().flat_map(|document| document["requisitions"].as_array().unwrap())
    }
}

/// Each of these once.
pub(crate) fn once(numbers: impl IntoIterator<Item = usize>) -> BTreeMap<usize, usize> {
    numbers.into_iter().map(|number| (number, 1)).collect()
}

/// Changes a requisition as a person does.
pub(crate) fn change(server: &Server, number: usize, modified: &str, status: &str) {
    server.change(|data| {
        let requisition = &mut data.requisitions[number - 1];
        requisition.body["modifiedDate"] = json!(modified);
        requisition.body["status"] = json!(status);
        requisition.version += 1;
    });
}
