//! A server, and requests written out by hand.

use mlatho_model::{Period, PeriodType, Uid};
use mlatho_testkit::dhis2::{Config, Metadata, Server, StoredValue, User};
use serde_json::{Value as Json, json};

pub(crate) const A: &str = "2.41.3";
pub(crate) const B: &str = "2.43.2";
pub(crate) const BOTH: [&str; 2] = [A, B];

pub(crate) const COUNTRY: &str = "ouCountry00";
pub(crate) const CLINIC: &str = "ouClinic001";
pub(crate) const OTHER: &str = "ouClinic002";
pub(crate) const SET: &str = "dsMonthly01";
pub(crate) const OTHER_SET: &str = "dsQuarter01";
pub(crate) const CASES: &str = "deCases0001";
pub(crate) const DEATHS: &str = "deDeaths001";
pub(crate) const BY_SEX: &str = "deBySex0001";
pub(crate) const SPARSE: &str = "deSparse001";
pub(crate) const QUARTERLY: &str = "deQuarter01";
pub(crate) const STRAY: &str = "deStray0001";
pub(crate) const NOBODY: &str = "deNobody001";
pub(crate) const FEMALE: &str = "ocFemale001";
pub(crate) const DEFAULT: &str = "HllvX50cXC0";

pub(crate) fn uid(text: &str) -> Uid {
    text.parse().unwrap()
}

pub(crate) fn metadata() -> Metadata {
    let mut metadata = Metadata::new();
    metadata.org_unit(uid(COUNTRY), "Country", None);
    metadata.org_unit(uid(CLINIC), "Clinic", Some(uid(COUNTRY)));
    metadata.org_unit(uid(OTHER), "Other clinic", Some(uid(COUNTRY)));
    for (id, name) in
        [(CASES, "Cases"), (DEATHS, "Deaths"), (BY_SEX, "By sex"), (SPARSE, "Sparse"), (QUARTERLY, "Visits")]
    {
        metadata.data_element(uid(id), name, "INTEGER");
        metadata.set(uid(id), "code", json!(name.to_uppercase()));
    }
    metadata.data_element(uid(STRAY), "Stray", "INTEGER");
    metadata.set(uid(SPARSE), "zeroIsSignificant", json!(false));
    let options = [(uid("coFemale001"), "Female", uid(FEMALE)), (uid("coMale00001"), "Male", uid("ocMale00001"))];
    metadata.category_combo(uid("ccSex000001"), uid("caSex000001"), &options);
    metadata.set(uid(BY_SEX), "categoryCombo", json!({"id": "ccSex000001"}));
    let (elements, clinics) = ([CASES, DEATHS, BY_SEX, SPARSE].map(uid), [CLINIC, OTHER].map(uid));
    metadata.data_set(uid(SET), "Monthly", PeriodType::Monthly, &elements, &clinics);
    metadata.data_set(uid(OTHER_SET), "Quarterly", PeriodType::Quarterly, &[uid(QUARTERLY)], &clinics);
    metadata
}

pub(crate) fn config(version: &str) -> Config {
    let admin = User::new(uid("usAdmin0001"), "admin", "district", &["ALL"], &[uid(COUNTRY)]);
    let clerk = User::new(uid("usClerk0001"), "clerk", "secret", &["F_DATAVALUE_ADD"], &[uid(CLINIC)]);
    Config::new(version.parse().unwrap(), vec![admin.with_token("d2pat_admin", None), clerk])
}

pub(crate) fn server(version: &str) -> Server {
    Server::start(config(version), metadata()).unwrap()
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) text: String,
    pub(crate) headers: reqwest::header::HeaderMap,
}

impl Reply {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{}", self.text))
    }
}

pub(crate) fn http() -> reqwest::Client {
    let plain = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    plain.timeout(std::time::Duration::from_secs(20)).build().unwrap()
}

pub(crate) async fn ask(request: reqwest::RequestBuilder) -> Reply {
    let reply = request.send().await.unwrap();
    let (status, headers) = (reply.status().as_u16(), reply.headers().clone());
    Reply { status, headers, text: reply.text().await.unwrap() }
}

pub(crate) async fn get(server: &Server, path: &str) -> Reply {
    ask(http().get(format!("{}{path}", server.url())).basic_auth("admin", Some("district"))).await
}

pub(crate) async fn post_as(
    server: &Server,
    user: (&str, &str),
    path: &str,
    media_type: &str,
    body: impl Into<reqwest::Body>,
) -> Reply {
    let request = http().post(format!("{}{path}", server.url())).basic_auth(user.0, Some(user.1));
    ask(request.header("content-type", media_type).body(body)).await
}

pub(crate) async fn post(server: &Server, path: &str, body: &Json) -> Reply {
    post_as(server, ("admin", "district"), path, "application/json", body.to_string()).await
}

/// Sends values of a data set.
pub(crate) async fn import(server: &Server, values: &[Json]) -> Reply {
    post(server, "/api/dataValueSets", &json!({"dataSet": SET, "dataValues": values})).await
}

/// A value of June 2026 at the clinic.
pub(crate) fn row(element: &str, value: &str) -> Json {
    row_at(element, CLINIC, "202606", value)
}

pub(crate) fn row_at(element: &str, unit: &str, period: &str, value: &str) -> Json {
    json!({"dataElement": element, "orgUnit": unit, "period": period, "value": value})
}

/// The row with other fields.
pub(crate) fn with(mut row: Json, fields: &Json) -> Json {
    row.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    row
}

/// Imported, updated, ignored, deleted.
pub(crate) fn counts(reply: &Reply) -> [u64; 4] {
    let body = reply.json();
    let summary = body.get("response").unwrap_or(&body);
    ["imported", "updated", "ignored", "deleted"].map(|name| summary["importCount"][name].as_u64().unwrap())
}

pub(crate) fn codes(reply: &Reply) -> Vec<String> {
    let body = reply.json();
    let conflicts = body["response"]["conflicts"].as_array().cloned().unwrap_or_default();
    conflicts.iter().map(|conflict| conflict["errorCode"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn stored(server: &Server, element: &str) -> Option<StoredValue> {
    let june: Period = "202606".parse().unwrap();
    server.values().into_iter().find(|value| value.data_element == uid(element) && value.period == june)
}
