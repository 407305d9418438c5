//! A small server, its client, and what a pull gave.

use std::collections::BTreeMap;

use jiff::civil::date;
use mlatho_connect::elmis::{Client, Config, ElmisError, Pulled, RequisitionQuery, Status, Watermark};
use mlatho_model::Period;
use mlatho_testkit::elmis::{Account, Config as ServerConfig, Data, Line, Server};
use secrecy::SecretString;
use serde_json::{Value as Json, json};

pub(crate) const PASSWORD: &str = "p&ss wörd";
/// Facilities, each with a requisition; more than the ten that a list gives by itself.
pub(crate) const FACILITIES: u64 = 12;
/// Ids of requisitions begin after this one, and those of facilities after the other.
pub(crate) const BEFORE_FIRST: u64 = 1000;
pub(crate) const BEFORE_FIRST_FACILITY: u64 = 100;
/// The last day of March 2026 at 10:00 UTC, in milliseconds.
pub(crate) const MODIFIED: i64 = 1_774_951_200_000;
pub(crate) const MINUTE: i64 = 60_000;

pub(crate) fn month(number: i8) -> Period {
    Period::month(2026, number).unwrap()
}

/// Requisitions, each changed a minute after the one before.
pub(crate) fn data() -> Data {
    let mut data = Data::new();
    let program = data.program("ARV", "HIV");
    data.program("EM", "Essential medicines");
    for number in 1..=FACILITIES {
        let facility = data.facility(&format!("F{number}"), &format!("Clinic {number}"), "North");
        let numbers = json!({"beginningBalance": 10, "quantityReceived": 0, "quantityDispensed": null,
                             "stockInHand": number, "amc": 2, "newPatientCount": 3});
        let modified = MODIFIED + MINUTE * i64::try_from(number).unwrap();
        data.requisition(facility, program, month(3), modified, vec![Line::new("ARV1", numbers)]);
    }
    let first = &mut data.requisitions[0];
    first.regimens.push(("1S3".into(), json!({"patientsOnTreatment": 40, "patientsToInitiateTreatment": 3})));
    first.patients.push(("Newborn".into(), 2));
    data
}

pub(crate) fn server_config() -> ServerConfig {
    let few = Account::new("few", PASSWORD).seeing([BEFORE_FIRST_FACILITY + 1]);
    ServerConfig::new(vec![Account::new("mlatho", PASSWORD), few])
}

pub(crate) fn server() -> Server {
    Server::start(server_config(), data()).unwrap()
}

/// Settings that lose no time.
pub(crate) fn settings(server: &Server) -> Config {
    Config {
        retry_wait_ms: 2,
        read_timeout_seconds: 2,
        answer_timeout_seconds: 3,
        document_size: 5,
        ..Config::new(server.url(), "mlatho")
    }
}

pub(crate) fn password(text: &str) -> SecretString {
    SecretString::from(text)
}

pub(crate) async fn client(server: &Server) -> Client {
    Client::connect(&settings(server), password(PASSWORD)).await.unwrap()
}

pub(crate) fn query() -> RequisitionQuery {
    RequisitionQuery {
        programs: Vec::new(),
        threshold: Status::default(),
        between: (date(2026, 1, 1), date(2026, 6, 30)),
        since: None,
    }
}

/// Everything that pulls gave, as a landing area keeps it.
#[derive(Debug, Default)]
pub(crate) struct Landed {
    pub(crate) documents: Vec<Json>,
    pub(crate) watermark: Option<Watermark>,
}

impl Landed {
    /// Pulls and keeps each document as it comes.
    pub(crate) async fn pull(&mut self, client: &Client, query: &RequisitionQuery) -> Result<Pulled, ElmisError> {
        let query = RequisitionQuery { since: self.watermark.clone(), ..query.clone() };
        let mut pull = client.requisitions(&query).await?;
        while let Some(document) = pull.next().await? {
            let read: Json = serde_json::from_slice(&document.bytes).unwrap();
            assert_eq!(read["requisitions"].as_array().unwrap().len(), document.count);
            self.watermark = Some(document.watermark.to_string().parse().unwrap());
            self.documents.push(read);
        }
        Ok(pull.pulled().clone())
    }

    /// How often each requisition was kept, by its number from 1.
    pub(crate) fn counts(&self) -> BTreeMap<u64, usize> {
        let mut counts = BTreeMap::new();
        for requisition in self.requisitions() {
            *counts.entry(requisition["id"].as_u64().unwrap() - BEFORE_FIRST).or_default() += 1;
        }
        counts
    }

    pub(crate) fn requisitions(&self) -> impl Iterator<Item = &Json> {
        self.documents.iter().flat_map(|document| document["requisitions"].as_array().unwrap())
    }
}

/// Each of these once.
pub(crate) fn once(numbers: impl IntoIterator<Item = u64>) -> BTreeMap<u64, usize> {
    numbers.into_iter().map(|number| (number, 1)).collect()
}
