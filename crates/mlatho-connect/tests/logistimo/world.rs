//! A small server and its client.

use jiff::civil::{Date, date};
use mlatho_connect::logistimo::{Client, Config};
use mlatho_testkit::logistimo::{Account, Config as ServerConfig, Data, Server, Stock, Transaction};
use secrecy::SecretString;

pub(crate) const PASSWORD: &str = "p&ss wörd";
pub(crate) const ENTITIES: u64 = 7;
/// The id of the first entity.
pub(crate) const FIRST: u64 = 1_000_001;

pub(crate) fn days() -> (Date, Date) {
    (date(2026, 3, 1), date(2026, 3, 31))
}

/// Entities with two materials of one name each; a receipt and an issue at each in March, one issue in April.
pub(crate) fn data() -> Data {
    let mut data = Data::new();
    let materials = [data.material("V1", "Vaccine"), data.material("", "Vaccine")];
    for number in 1..=ENTITIES {
        let custom_id = if number == 2 { String::new() } else { format!("HF{number}") };
        let entity = data.entity(&custom_id, &format!("Clinic, {number}"));
        for material in materials {
            let updated = date(2026, 4, 2).at(8, 0, 0, 0);
            data.stocks.push(Stock { entity, material, stock: 0, allocated: 5, updated });
        }
        let mut enter = |kind: &str, quantity, opening, closing, entered: Date, actual| {
            data.transactions.push(Transaction {
                entity,
                material: materials[0],
                kind: kind.into(),
                quantity,
                opening,
                closing,
                entered: entered.at(10, 0, 0, 0),
                actual,
            });
        };
        enter("Receipt", 100, 20, 120, date(2026, 3, 2), None);
        enter("Issue", 30, 120, 90, date(2026, 3, 31), Some(date(2026, 3, 29)));
        enter("Issue", 90, 90, 0, date(2026, 4, 2), None);
    }
    data
}

pub(crate) fn server_config() -> ServerConfig {
    let few = Account::new("few", PASSWORD).seeing([FIRST]);
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
        page_size: 3,
        export_wait_seconds: 5,
        ..Config::new(server.url(), "mlatho")
    }
}

pub(crate) fn password(text: &str) -> SecretString {
    SecretString::from(text)
}

pub(crate) async fn client(server: &Server) -> Client {
    Client::connect(&settings(server), password(PASSWORD)).await.unwrap()
}
