//! A small country, its server, a memory of what was sent, and people who write there too.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use mlatho_connect::dhis2::{Client, Config, Credentials, DataValue, PushMode, Pusher, SendReport, ValueKey};
use mlatho_model::{Decimal, Period, PeriodType, Uid};
use mlatho_pipeline::publish::{
    BatchId, BatchReceipt, ConflictRule, Delivered, Prepared, PublicationLog, PublishError, Scope, SentValue,
    WantedValue, confirm, prepare,
};
use mlatho_testkit::dhis2::{Config as ServerConfig, LoggedRequest, Metadata, NewValue, Server, User};
use serde_json::json;

pub(crate) const A: &str = "2.41.3";
pub(crate) const B: &str = "2.43.2";
pub(crate) const BOTH: [&str; 2] = [A, B];
pub(crate) const TARGET: &str = "national";
const TOKEN: &str = "d2pat_mlatho";
const CLERK: &str = "d2pat_clerk";
/// Where the server does not say what day it has; it does.
const TODAY: Date = date(2000, 1, 1);

pub(crate) const CLINICS: u32 = 4;
/// Data elements that count, from 1, in the monthly data set.
pub(crate) const COUNTS: u32 = 4;
/// Its values are the options 1 and 2.
pub(crate) const ANSWER: u32 = 50;
/// Its zeros are not significant.
pub(crate) const SPARSE: u32 = 51;
/// Its comments are the options `counted` and `estimated`.
pub(crate) const EXPLAINED: u32 = 52;
/// It is in no data set.
pub(crate) const STRAY: u32 = 53;
/// It is in the quarterly data set.
pub(crate) const VISITS: u32 = 60;

pub(crate) fn uid(kind: &str, number: u32) -> Uid {
    format!("{kind}{number:09}").parse().unwrap()
}

pub(crate) fn clinic(number: u32) -> Uid {
    uid("ou", number)
}

pub(crate) fn monthly() -> Uid {
    uid("ds", 1)
}

pub(crate) fn quarterly() -> Uid {
    uid("ds", 2)
}

pub(crate) fn sex(number: u32) -> Uid {
    uid("oc", number)
}

pub(crate) fn default_combo() -> Uid {
    "HllvX50cXC0".parse().unwrap()
}

pub(crate) fn month(number: i8) -> Period {
    Period::month(2026, number).unwrap()
}

pub(crate) fn key(element: u32, clinic_number: u32, period: Period) -> ValueKey {
    ValueKey {
        data_element: uid("de", element),
        period,
        org_unit: clinic(clinic_number),
        category_option_combo: default_combo(),
        attribute_option_combo: default_combo(),
    }
}

/// A value of the monthly data set.
pub(crate) fn want(element: u32, clinic_number: u32, month_number: i8, value: i64) -> WantedValue {
    WantedValue {
        data_set: monthly(),
        key: key(element, clinic_number, month(month_number)),
        value: Decimal::from(value),
        comment: None,
    }
}

/// Every count of every clinic in the first so many months of the year.
pub(crate) fn counts(months: i8) -> Vec<WantedValue> {
    let mut wanted = Vec::new();
    for month in 1..=months {
        for clinic in 1..=CLINICS {
            wanted.extend((1..=COUNTS).map(|element| want(element, clinic, month, i64::from(element * 10 + clinic))));
        }
    }
    wanted
}

/// The visits of every clinic in the first so many quarters.
pub(crate) fn visits(quarters: u8) -> Vec<WantedValue> {
    let of = |quarter: u8, number: u32| WantedValue {
        data_set: quarterly(),
        key: key(VISITS, number, format!("2026Q{quarter}").parse().unwrap()),
        value: Decimal::from(number),
        comment: None,
    };
    (1..=quarters).flat_map(|quarter| (1..=CLINICS).map(move |number| of(quarter, number))).collect()
}

pub(crate) fn metadata() -> Metadata {
    let mut metadata = Metadata::new();
    let country = uid("ou", 999);
    metadata.org_unit(country, "Country", None);
    let clinics: Vec<Uid> = (1..=CLINICS).map(clinic).collect();
    clinics.iter().for_each(|id| metadata.org_unit(*id, "Clinic", Some(country)));
    metadata.org_unit(uid("ou", 500), "Not assigned", Some(country));
    let mut elements: Vec<Uid> = (1..=COUNTS).map(|number| uid("de", number)).collect();
    elements.iter().for_each(|id| metadata.data_element(*id, &format!("Count {id}"), "INTEGER_ZERO_OR_POSITIVE"));
    for (number, name) in
        [(ANSWER, "Answer"), (SPARSE, "Sparse"), (EXPLAINED, "Explained"), (STRAY, "Stray"), (VISITS, "Visits")]
    {
        metadata.data_element(uid("de", number), name, "INTEGER");
    }
    metadata.option_set(uid("os", 1), &["1", "2"]);
    metadata.set(uid("de", ANSWER), "optionSet", json!({"id": uid("os", 1)}));
    metadata.set(uid("de", SPARSE), "zeroIsSignificant", json!(false));
    metadata.option_set(uid("os", 2), &["counted", "estimated"]);
    metadata.set(uid("de", EXPLAINED), "commentOptionSet", json!({"id": uid("os", 2)}));
    let options = [(uid("co", 1), "Female", sex(1)), (uid("co", 2), "Male", sex(2))];
    metadata.category_combo(uid("cc", 1), uid("ca", 1), &options);
    elements.extend([ANSWER, SPARSE, EXPLAINED].map(|number| uid("de", number)));
    metadata.data_set(monthly(), "Monthly", PeriodType::Monthly, &elements, &clinics);
    metadata.data_set(quarterly(), "Quarterly", PeriodType::Quarterly, &[uid("de", VISITS)], &clinics);
    metadata
}

pub(crate) fn server_config(version: &str) -> ServerConfig {
    let user = |number, name, token, authorities: &[&str]| {
        User::new(uid("us", number), name, "", authorities, &[uid("ou", 999)]).with_token(token, None)
    };
    let ours = user(1, "mlatho", TOKEN, &["F_DATAVALUE_ADD"]);
    let mut config = ServerConfig::new(version.parse().unwrap(), vec![ours, user(2, "clerk", CLERK, &["ALL"])]);
    config.now = date(2026, 8, 1).at(12, 0, 0, 0);
    config
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
    Config { retry_wait_ms: 1, read_timeout_seconds: 2, ..Config::new(server.url()) }
}

pub(crate) async fn client(server: &Server) -> Client {
    client_with(&settings(server)).await
}

pub(crate) async fn client_with(config: &Config) -> Client {
    Client::connect(config, Credentials::token(TOKEN)).await.unwrap()
}

pub(crate) fn scope() -> Scope {
    Scope { data_sets: BTreeSet::from([monthly(), quarterly()]), start: date(2026, 1, 1), end: date(2026, 12, 31) }
}

pub(crate) async fn plan(client: &Client, log: &Memory, wanted: &[WantedValue], rule: ConflictRule) -> Prepared {
    prepare(client, log, TARGET, &scope(), wanted.to_vec(), rule, TODAY).await.unwrap()
}

/// Plans and sends.
pub(crate) async fn try_publish(
    client: &Client,
    log: &mut Memory,
    wanted: &[WantedValue],
) -> Result<Delivered, PublishError> {
    let prepared = prepare(client, log, TARGET, &scope(), wanted.to_vec(), ConflictRule::Keep, TODAY).await?;
    confirm(client, log, &prepared, &mut |_| {}).await
}

pub(crate) async fn publish(client: &Client, log: &mut Memory, wanted: &[WantedValue]) -> Delivered {
    try_publish(client, log, wanted).await.unwrap()
}

/// What people do at the server, past all of our checks.
pub(crate) async fn as_clerk(server: &Server, data_set: Uid, values: &[DataValue]) -> SendReport {
    let clerk = Client::connect(&settings(server), Credentials::token(CLERK)).await.unwrap();
    Pusher::new(&clerk, PushMode::Write).unwrap().send(data_set, values, &mut |_| {}).await.unwrap()
}

/// Sends a value with our user, past pre-flight.
pub(crate) async fn send_raw(client: &Client, wanted: &WantedValue) -> SendReport {
    let mut pusher = Pusher::new(client, PushMode::Write).unwrap();
    pusher.send(wanted.data_set, &[data_value(wanted)], &mut |_| {}).await.unwrap()
}

pub(crate) fn data_value(wanted: &WantedValue) -> DataValue {
    DataValue {
        key: wanted.key,
        value: Some(wanted.value.to_string().into()),
        comment: wanted.comment.clone(),
        follow_up: false,
        deleted: false,
    }
}

/// Puts values at the server as somebody else.
pub(crate) fn load(server: &Server, values: &[(ValueKey, &str)]) {
    let new = values.iter().map(|(key, text)| NewValue::new(key.data_element, key.org_unit, key.period, text));
    server.load("clerk", new);
}

/// What the server holds and has not deleted.
pub(crate) fn held(server: &Server) -> BTreeMap<ValueKey, String> {
    let present = server.values().into_iter().filter(|stored| !stored.deleted);
    present
        .map(|stored| {
            let key = ValueKey {
                data_element: stored.data_element,
                period: stored.period,
                org_unit: stored.org_unit,
                category_option_combo: stored.category_option_combo,
                attribute_option_combo: stored.attribute_option_combo,
            };
            (key, stored.value)
        })
        .collect()
}

/// What the server would hold if it held exactly these.
pub(crate) fn exactly<'a>(wanted: impl IntoIterator<Item = &'a WantedValue>) -> BTreeMap<ValueKey, String> {
    wanted.into_iter().map(|wanted| (wanted.key, wanted.value.to_string())).collect()
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

/// Where the process is killed: at which call of that kind, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Death {
    BeforeIntend(usize),
    AfterIntend(usize),
    BeforeSettle(usize),
    AfterSettle(usize),
}

#[derive(Debug, thiserror::Error)]
#[error("killed")]
pub(crate) struct Killed;

/// A log that keeps what it is told, as durable as the test.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) confirmed: BTreeMap<ValueKey, SentValue>,
    pub(crate) intended: Vec<(BatchId, SentValue)>,
    pub(crate) receipts: Vec<(BatchId, BatchReceipt)>,
    pub(crate) death: Option<Death>,
    intends: usize,
    settles: usize,
}

impl Memory {
    pub(crate) fn dying(mut self, death: Option<Death>) -> Self {
        (self.death, self.intends, self.settles) = (death, 0, 0);
        self
    }

    fn lives(&self, at: Death) -> Result<(), Killed> {
        if self.death == Some(at) { Err(Killed) } else { Ok(()) }
    }

    /// Confirmed values that are at the target.
    pub(crate) fn values(&self) -> BTreeMap<ValueKey, String> {
        self.confirmed.iter().filter_map(|(key, sent)| Some((*key, sent.value.as_deref()?.to_owned()))).collect()
    }
}

impl PublicationLog for Memory {
    type Error = Killed;

    async fn load(&self, target: &str, take: &mut (dyn FnMut(SentValue) + Send)) -> Result<(), Killed> {
        assert_eq!(target, TARGET);
        self.confirmed.values().cloned().for_each(&mut *take);
        self.intended.iter().map(|(_, sent)| sent.clone()).for_each(take);
        Ok(())
    }

    async fn intend(&mut self, batch: &BatchId, values: &[SentValue]) -> Result<(), Killed> {
        self.intends += 1;
        self.lives(Death::BeforeIntend(self.intends))?;
        assert!(values.iter().all(|sent| !sent.confirmed && sent.data_set == batch.data_set));
        self.intended.extend(values.iter().map(|sent| (batch.clone(), sent.clone())));
        self.lives(Death::AfterIntend(self.intends))
    }

    async fn settle(&mut self, batch: &BatchId, confirmed: &[SentValue], receipt: &BatchReceipt) -> Result<(), Killed> {
        self.settles += 1;
        self.lives(Death::BeforeSettle(self.settles))?;
        let keys: BTreeSet<ValueKey> = confirmed.iter().map(|sent| sent.key).collect();
        self.intended.retain(|(own, sent)| own != batch && !keys.contains(&sent.key));
        self.confirmed.extend(confirmed.iter().map(|sent| (sent.key, sent.clone())));
        self.receipts.push((batch.clone(), receipt.clone()));
        self.lives(Death::AfterSettle(self.settles))
    }
}
