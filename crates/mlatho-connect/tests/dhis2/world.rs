//! A small server, its client, and values to send.

use std::collections::BTreeMap;

use mlatho_connect::dhis2::{
    Client, Config, Credentials, DataValue, Dhis2Error, PushMode, Pusher, SendReport, ValueKey,
};
use mlatho_model::{Period, PeriodType, Uid};
use mlatho_testkit::dhis2::{Config as ServerConfig, LoggedRequest, Metadata, Server, User};
use serde_json::json;

/// One version of each import engine.
pub(crate) const BOTH: [&str; 2] = ["2.41.3", "2.44.0"];
pub(crate) const A: &str = "2.42.1";
pub(crate) const B: &str = "2.44.0";

pub(crate) const TOKEN: &str = "d2pat_test";
/// Clinics, numbered from 1.
pub(crate) const CLINICS: u32 = 12;
/// Data elements that count, numbered from 1.
pub(crate) const COUNTS: u32 = 6;
/// A data element whose values are the options `YES` and `NO`.
pub(crate) const ANSWER: u32 = 50;
/// A data element whose zeros are not significant.
pub(crate) const SPARSE: u32 = 51;
/// A data element split by sex.
pub(crate) const SPLIT: u32 = 52;
/// A data element that is in no data set.
pub(crate) const STRAY: u32 = 53;

pub(crate) fn uid(kind: &str, number: u32) -> Uid {
    format!("{kind}{number:09}").parse().unwrap()
}

pub(crate) fn element(number: u32) -> Uid {
    uid("de", number)
}

pub(crate) fn clinic(number: u32) -> Uid {
    uid("ou", number)
}

pub(crate) fn data_set() -> Uid {
    uid("ds", 1)
}

/// 1: female, 2: male.
pub(crate) fn sex(number: u32) -> Uid {
    uid("oc", number)
}

pub(crate) fn default_combo() -> Uid {
    "HllvX50cXC0".parse().unwrap()
}

pub(crate) fn month(number: i8) -> Period {
    Period::month(2026, number).unwrap()
}

pub(crate) fn value(element_number: u32, clinic_number: u32, month_number: i8, text: &str) -> DataValue {
    let key = ValueKey {
        data_element: element(element_number),
        period: month(month_number),
        org_unit: clinic(clinic_number),
        category_option_combo: default_combo(),
        attribute_option_combo: default_combo(),
    };
    DataValue { key, value: Some(text.into()), comment: None, follow_up: false, deleted: false }
}

/// Every count of the first so many clinics in the first so many months of the year.
pub(crate) fn counts(clinics: u32, months: i8) -> Vec<DataValue> {
    let mut values = Vec::new();
    for month in 1..=months {
        for clinic in 1..=clinics {
            values.extend((1..=COUNTS).map(|element| value(element, clinic, month, &(element * clinic).to_string())));
        }
    }
    values
}

pub(crate) fn metadata() -> Metadata {
    let mut metadata = Metadata::new();
    let country = uid("ou", 999);
    metadata.org_unit(country, "Country", None);
    let clinics: Vec<Uid> = (1..=CLINICS).map(clinic).collect();
    clinics.iter().for_each(|id| metadata.org_unit(*id, &format!("Clinic {id}"), Some(country)));
    let mut elements: Vec<Uid> = (1..=COUNTS).map(element).collect();
    elements.iter().for_each(|id| metadata.data_element(*id, &format!("Count {id}"), "INTEGER_ZERO_OR_POSITIVE"));
    for (number, name, value_type) in [
        (ANSWER, "Answer", "TEXT"),
        (SPARSE, "Sparse", "INTEGER"),
        (SPLIT, "Split", "INTEGER"),
        (STRAY, "Stray", "TEXT"),
    ] {
        metadata.data_element(element(number), name, value_type);
    }
    metadata.option_set(uid("os", 1), &["YES", "NO"]);
    metadata.set(element(ANSWER), "optionSet", json!({"id": uid("os", 1)}));
    metadata.set(element(SPARSE), "zeroIsSignificant", json!(false));
    metadata.category_combo(
        uid("cc", 1),
        uid("ca", 1),
        &[(uid("co", 1), "Female", sex(1)), (uid("co", 2), "Male", sex(2))],
    );
    metadata.set(element(SPLIT), "categoryCombo", json!({"id": uid("cc", 1)}));
    elements.extend([ANSWER, SPARSE, SPLIT].map(element));
    metadata.data_set(data_set(), "Reports", PeriodType::Monthly, &elements, &clinics);
    metadata
}

pub(crate) fn server_config(version: &str) -> ServerConfig {
    let user = User::new(uid("us", 1), "mlatho", "", &["F_DATAVALUE_ADD"], &[uid("ou", 999)]).with_token(TOKEN, None);
    ServerConfig::new(version.parse().unwrap(), vec![user])
}

pub(crate) fn server(version: &str) -> Server {
    Server::start(server_config(version), metadata()).unwrap()
}

/// A server whose metadata differs.
pub(crate) fn server_with(version: &str, change: impl FnOnce(&mut Metadata)) -> Server {
    let server = server(version);
    server.change_metadata(change);
    server
}

/// Settings that lose no time.
pub(crate) fn settings(server: &Server) -> Config {
    Config { retry_wait_ms: 2, read_timeout_seconds: 2, ..Config::new(server.url()) }
}

pub(crate) async fn client(server: &Server) -> Client {
    client_with(&settings(server)).await
}

pub(crate) async fn client_with(config: &Config) -> Client {
    Client::connect(config, Credentials::token(TOKEN)).await.unwrap()
}

pub(crate) async fn send(client: &Client, values: &[DataValue]) -> SendReport {
    try_send(client, values).await.unwrap()
}

pub(crate) async fn try_send(client: &Client, values: &[DataValue]) -> Result<SendReport, Dhis2Error> {
    Pusher::new(client, PushMode::Write)?.send(data_set(), values, &mut |_| {}).await
}

/// What the server holds and has not deleted.
pub(crate) fn held(server: &Server) -> BTreeMap<ValueKey, String> {
    let present = server.values().into_iter().filter(|stored| !stored.deleted);
    let keyed = present.map(|stored| {
        let key = ValueKey {
            data_element: stored.data_element,
            period: stored.period,
            org_unit: stored.org_unit,
            category_option_combo: stored.category_option_combo,
            attribute_option_combo: stored.attribute_option_combo,
        };
        (key, stored.value)
    });
    keyed.collect()
}

/// What the server would hold if it took exactly these.
pub(crate) fn wanted<'a>(values: impl IntoIterator<Item = &'a DataValue>) -> BTreeMap<ValueKey, String> {
    values.into_iter().map(|value| (value.key, value.value.as_deref().unwrap().to_owned())).collect()
}

/// The values but those at these positions.
pub(crate) fn without(values: &[DataValue], left_out: &[usize]) -> Vec<DataValue> {
    values.iter().enumerate().filter(|(at, _)| !left_out.contains(at)).map(|(_, value)| value.clone()).collect()
}

/// Position and code of every refused value.
pub(crate) fn refused(report: &SendReport) -> Vec<(usize, &str)> {
    report.refused.iter().map(|refused| (refused.index, refused.code.as_str())).collect()
}

pub(crate) fn imports(server: &Server) -> Vec<LoggedRequest> {
    let posts = server.requests().into_iter().filter(|request| request.method == "POST");
    posts.filter(|request| request.path == "/api/dataValueSets").collect()
}

/// How many values each import carried.
pub(crate) fn import_sizes(server: &Server) -> Vec<usize> {
    let size = |request: &LoggedRequest| {
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        body["dataValues"].as_array().unwrap().len()
    };
    imports(server).iter().map(size).collect()
}
