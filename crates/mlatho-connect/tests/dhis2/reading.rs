//! Who and what is there: system, metadata, data values.

use std::collections::{BTreeMap, BTreeSet};

use mlatho_connect::dhis2::{Client, Credentials, DataValue, Dhis2Error, Dhis2Own, Engine, ValueQuery};
use mlatho_testkit::dhis2::{AuthKind, Calendar, Fault, NewValue, Server, Trouble, User};
use secrecy::SecretString;
use serde_json::json;

use crate::world::*;

async fn read(client: &Client, query: &ValueQuery) -> Vec<DataValue> {
    let mut values = Vec::new();
    client.values(query, |value| values.push(value)).await.unwrap();
    values.sort_by_key(|value| value.key);
    values
}

fn of_data_set() -> ValueQuery {
    let months = (1..=6).map(month).collect();
    ValueQuery {
        data_sets: vec![data_set()],
        org_units: vec![uid("ou", 999)],
        children: true,
        periods: months,
        ..ValueQuery::default()
    }
}

fn load_counts(server: &Server) -> Vec<DataValue> {
    let mut values = counts(3, 2);
    values[0].value = Some("0".into());
    values[1].comment = Some("counted twice, \"by hand\"".into());
    values.sort_by_key(|value| value.key);
    server.load(
        "clerk",
        values.iter().map(|value| NewValue {
            comment: value.comment.clone(),
            ..NewValue::new(
                value.key.data_element,
                value.key.org_unit,
                value.key.period,
                value.value.as_deref().unwrap(),
            )
        }),
    );
    values
}

#[tokio::test]
async fn a_connection_knows_version_engine_and_user() {
    for (version, engine) in [("2.38.4", Engine::A), ("2.43.0.1", Engine::B)] {
        let mut config = server_config(version);
        config.context_path = "/hmis".into();
        let server = Server::start(config, metadata()).unwrap();
        let client = client_with(&settings(&server)).await;
        assert_eq!((client.version().to_string().as_str(), client.engine()), (version, engine));
        assert_eq!(client.me().organisation_units[0].id, uid("ou", 999));
        assert!(client.findings().is_empty() && client.writable().is_ok());
        assert!(server.requests().iter().all(|request| request.auth == AuthKind::ApiToken && request.status == 200));
    }
}

#[tokio::test]
async fn a_password_signs_in_too_and_a_wrong_token_does_not() {
    let mut config = server_config(A);
    config.users.push(User::new(uid("us", 2), "clerk", "a:b", &[], &[uid("ou", 999)]));
    let server = Server::start(config, metadata()).unwrap();
    let password = Credentials::Basic { user: "clerk".into(), password: SecretString::from("a:b") };
    let client = Client::connect(&settings(&server), password).await.unwrap();
    assert_eq!(client.findings()[0].code, "dhis2-no-data-authority");

    server.forget_requests();
    let error = Client::connect(&settings(&server), Credentials::token("d2pat_wrong")).await.unwrap_err();
    assert!(matches!(error, Dhis2Error::Unauthorized { .. }), "{error}");
    assert!(!format!("{error:?}").contains("d2pat"));
    assert_eq!(server.requests().len(), 2); // one repetition, then the person is asked
}

#[tokio::test]
async fn old_servers_and_other_calendars_are_not_written_to() {
    let server = server("2.37.9");
    let client = client(&server).await;
    assert_eq!(client.findings()[0].code, "dhis2-too-old");
    assert!(matches!(try_send(&client, &counts(1, 1)).await, Err(Dhis2Error::Own(Dhis2Own::TooOld { .. }))));

    let mut config = server_config(B);
    config.calendar = Calendar::Ethiopian;
    let server = Server::start(config, metadata()).unwrap();
    let client = client_with(&settings(&server)).await;
    assert!(matches!(try_send(&client, &counts(1, 1)).await, Err(Dhis2Error::Own(Dhis2Own::Calendar { .. }))));
    assert!(imports(&server).is_empty());
}

#[tokio::test]
async fn lists_are_read_page_by_page() {
    let server = server(A);
    let client = client_with(&mlatho_connect::dhis2::Config { page_size: 5, ..settings(&server) }).await;
    server.forget_requests();
    let ids: BTreeSet<_> = (1..=CLINICS).map(clinic).collect();
    let units = client.org_units(&ids).await.unwrap();
    assert_eq!(units.iter().map(|unit| unit.id).collect::<BTreeSet<_>>(), ids);
    let pages: Vec<_> = server.requests().iter().map(|request| request.parameter("page").unwrap().to_owned()).collect();
    assert_eq!(pages, ["1", "2", "3"]);
}

#[tokio::test]
async fn the_structure_of_a_data_set() {
    let server = server_with(B, |metadata| {
        metadata.set(data_set(), "expiryDays", json!(2.5));
        metadata.set(data_set(), "openFuturePeriods", json!(3));
        let input = json!([{"period": {"id": "202602"}, "openingDate": "2026-03-01T00:00:00.000"}]);
        metadata.set(data_set(), "dataInputPeriods", input);
        metadata.set(clinic(4), "closedDate", json!("2026-02-28T00:00:00.000"));
    });
    let client = client(&server).await;
    let set = client.data_set(data_set()).await.unwrap();
    assert_eq!((set.expiry_days.unwrap().to_string().as_str(), set.open_future_periods), ("2.5", 3));
    assert_eq!((set.elements.len(), set.org_units.len()), (COUNTS as usize + 3, CLINICS as usize));
    assert_eq!(set.input_periods[0].period, month(2));
    let split = &set.elements[&element(SPLIT)];
    assert_eq!(split.category_combo, uid("cc", 1));
    assert!(!set.elements[&element(SPARSE)].zero_is_significant && split.zero_is_significant);

    let combos = client.category_combos(&BTreeSet::from([split.category_combo])).await.unwrap();
    let options_of = BTreeMap::from([(sex(1), vec![uid("co", 1)]), (sex(2), vec![uid("co", 2)])]);
    assert_eq!(combos[0].option_combos, options_of);
    let options = set.elements[&element(ANSWER)].option_set.unwrap();
    assert!(client.option_codes(options).await.unwrap().contains("YES"));
    assert_eq!(client.default_option_combo().await.unwrap(), default_combo());
    let closed = client.org_units(&BTreeSet::from([clinic(4)])).await.unwrap();
    assert_eq!(closed[0].closed.unwrap().to_string(), "2026-02-28");
}

#[tokio::test]
async fn the_default_combo_is_found_by_its_name() {
    let server = server(A);
    let client = client(&server).await;
    server.forget_requests();
    assert_eq!(client.default_option_combo().await.unwrap(), default_combo());
    let asked = &server.requests()[0];
    assert_eq!((asked.parameter("filter"), asked.parameter("page")), (Some("name:eq:default"), Some("1")));
    // An older server, with another UID.
    server.change_metadata(|metadata| {
        metadata.set(default_combo(), "name", json!("renamed"));
        metadata.add("categoryOptionCombos", json!({"id": "dfOlder0001", "name": "default"}));
    });
    assert_eq!(client.default_option_combo().await.unwrap().as_str(), "dfOlder0001");
    server.change_metadata(|metadata| metadata.set(default_combo(), "name", json!("default")));
    assert!(matches!(client.default_option_combo().await, Err(Dhis2Error::Answer { .. }))); // which of the two?
}

#[tokio::test]
async fn the_data_sets_of_data_elements() {
    let server = server_with(B, |metadata| {
        let own = [element(2), element(3)];
        metadata.data_set(uid("ds", 2), "Other", mlatho_model::PeriodType::Monthly, &own, &[clinic(1)]);
    });
    let client = client_with(&mlatho_connect::dhis2::Config { page_size: 2, ..settings(&server) }).await;
    server.forget_requests();
    let asked = [1, 2, 3, STRAY, 95].map(element); // the last does not exist
    let found = client.data_sets_of(&BTreeSet::from(asked)).await.unwrap();
    let two = vec![data_set(), uid("ds", 2)];
    let expected =
        [(element(1), vec![data_set()]), (element(2), two.clone()), (element(3), two), (element(STRAY), vec![])];
    assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(server.requests().len(), 2); // four that exist, two to a page
    assert!(client.data_sets_of(&BTreeSet::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn values_are_read_as_they_stand() {
    for version in BOTH {
        let server = server(version);
        let client = client(&server).await;
        assert!(read(&client, &of_data_set()).await.is_empty());
        let values = load_counts(&server);
        assert_eq!(read(&client, &of_data_set()).await, values);
        let one = ValueQuery { org_units: vec![clinic(2)], children: false, periods: vec![month(1)], ..of_data_set() };
        assert_eq!(read(&client, &one).await.len(), COUNTS as usize);
        let between = Some((month(2).start(), month(3).end()));
        let february = ValueQuery { periods: vec![], between, ..of_data_set() };
        assert_eq!(read(&client, &february).await.len(), 3 * COUNTS as usize);
    }
}

#[tokio::test]
async fn what_changed_since_a_watermark_with_what_was_deleted() {
    // 2.43.0 refuses `lastUpdated` alone.
    for version in ["2.40.1", "2.43.0", "2.43.1"] {
        let server = server(version);
        let client = client(&server).await;
        load_counts(&server);
        let (_, pulled) = client.pull(&of_data_set(), || Ok(Vec::new())).await.unwrap();
        server.set_now(server.now().checked_add(jiff::Span::new().hours(1)).unwrap());
        let withdrawn = DataValue { deleted: true, value: None, ..value(1, 1, 1, "") };
        assert!(send(&client, &[value(1, 2, 1, "77"), withdrawn]).await.refused.is_empty());

        let since = ValueQuery { periods: vec![], since: pulled.watermark, ..of_data_set() };
        let changed = read(&client, &since).await;
        // Everything was loaded within the ten minutes of overlap before the first pull, so ask from an hour later.
        assert_eq!(changed.len(), 36, "{version}");
        let later = client.pull(&since, || Ok(Vec::new())).await.unwrap().1.watermark;
        let changed = read(&client, &ValueQuery { since: later, ..since }).await;
        let seen: Vec<_> = changed.iter().map(|value| (value.key.org_unit, value.deleted)).collect();
        assert_eq!(seen, [(clinic(1), true), (clinic(2), false)], "{version}");
    }
}

#[tokio::test]
async fn bodies_that_break_off_are_asked_for_again() {
    let server = server(B);
    let client = client(&server).await;
    let values = load_counts(&server);
    for trouble in [
        Trouble::TruncatedBody { keep: 700 },
        Trouble::ShortBody { keep: 700 },
        Trouble::ShortBody { keep: 0 },
        Trouble::Reset { applied: true },
        Trouble::Html { status: 502, applied: false },
        Trouble::Bom,
        Trouble::SlowDrip { piece: 500, pause: std::time::Duration::from_millis(1) },
    ] {
        server.script(Fault::on("GET", "/api/dataValueSets", trouble.clone()));
        assert_eq!(read(&client, &of_data_set()).await, values, "{trouble:?}");
        assert!(server.script_is_done());
    }
}

#[tokio::test]
async fn a_line_that_never_holds_is_given_up() {
    let server = server(A);
    let client = client(&server).await;
    load_counts(&server);
    server.script(Fault::on("GET", "/api/dataValueSets", Trouble::TruncatedBody { keep: 50 }).times(100));
    let error = client.values(&of_data_set(), |_| {}).await.unwrap_err();
    assert!(matches!(error, Dhis2Error::Answer { .. } | Dhis2Error::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn a_login_page_is_no_answer() {
    let server = server(A);
    let client = client(&server).await;
    for trouble in [Trouble::LoginPage, Trouble::LoginRedirect, Trouble::Unauthorized] {
        server.script(Fault::on("GET", "/api/dataValueSets", trouble.clone()).times(2));
        let error = client.values(&of_data_set(), |_| {}).await.unwrap_err();
        assert!(matches!(error, Dhis2Error::Unauthorized { .. }), "{trouble:?}: {error}");
        server.script(Fault::on("GET", "/api/dataSets", trouble.clone()).times(2));
        let error = client.data_set(data_set()).await.unwrap_err();
        assert!(matches!(error, Dhis2Error::Unauthorized { .. }), "{trouble:?}: {error}");
        // Those that are given up at once leave the second of their troubles: use it up.
        while !server.script_is_done() {
            let _ = client.values(&of_data_set(), |_| {}).await;
            let _ = client.data_set(data_set()).await;
        }
    }
}

#[tokio::test]
async fn what_may_not_be_read_is_said() {
    let server = server_with(A, |metadata| metadata.org_unit(uid("ou", 500), "Elsewhere", None));
    let client = client(&server).await;
    let elsewhere = ValueQuery { org_units: vec![uid("ou", 500)], ..of_data_set() };
    let error = client.values(&elsewhere, |_| {}).await.unwrap_err();
    assert!(matches!(&error, Dhis2Error::Status { status: 409, .. }), "{error}");
    assert!(error.to_string().contains("ou000000500"), "{error}");
}
