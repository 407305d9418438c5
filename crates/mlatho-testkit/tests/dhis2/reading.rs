//! Exports of data values, and calendars.

use mlatho_testkit::dhis2::{Calendar, Server};
use serde_json::{Value as Json, json};

use crate::world::*;

async fn read(server: &Server, query: &str) -> Reply {
    get(server, &format!("/api/dataValueSets?{query}")).await
}

fn values(reply: &Reply) -> Vec<(String, String)> {
    let list = reply.json()["dataValues"].as_array().cloned().unwrap_or_default();
    let text = |value: &Json, name: &str| value[name].as_str().unwrap().to_owned();
    list.iter().map(|value| (text(value, "dataElement"), text(value, "value"))).collect()
}

#[tokio::test]
async fn filters() {
    for version in BOTH {
        let server = server(version);
        let nothing = read(&server, &format!("dataSet={SET}&period=202606&orgUnit={CLINIC}")).await;
        assert_eq!(nothing.json().get("dataValues").is_none(), version == A);
        import(&server, &[row(CASES, "1"), row(DEATHS, "2"), row_at(CASES, OTHER, "202605", "3")]).await;
        let count = async |query: &str| values(&read(&server, query).await).len();
        assert_eq!(count(&format!("dataSet={SET}&period=202606&orgUnit={CLINIC}")).await, 2);
        assert_eq!(
            count(&format!("dataSet={SET}&period=202605&period=202606&orgUnit={COUNTRY}&children=true")).await,
            3
        );
        assert_eq!(
            count(&format!("dataSet={SET}&startDate=2026-05-01&endDate=2026-06-29&orgUnit={COUNTRY}&children=true"))
                .await,
            1
        );
        assert_eq!(count(&format!("dataElement={CASES}&period=202606&orgUnit={CLINIC}&orgUnit={OTHER}")).await, 1);
        assert_eq!(count(&format!("dataSet={SET}&period=202606&orgUnit={CLINIC}&limit=1&offset=1")).await, 1);
        server.change_metadata(|metadata| {
            metadata.add("dataElementGroups", json!({"id": "dgCases0001", "dataElements": [{"id": CASES}]}));
            metadata.add("organisationUnitGroups", json!({"id": "ugOther0001", "organisationUnits": [{"id": OTHER}]}));
        });
        assert_eq!(count(&format!("dataElementGroup=dgCases0001&period=202606&orgUnit={CLINIC}")).await, 1);
        assert_eq!(count(&format!("dataSet={SET}&period=202605&orgUnitGroup=ugOther0001")).await, 1);
        let combo = |id: &str| format!("dataSet={SET}&period=202606&orgUnit={CLINIC}&attributeOptionCombo={id}");
        assert_eq!((count(&combo(DEFAULT)).await, count(&combo(FEMALE)).await), (2, 0));
        for lacking in [
            format!("period=202606&orgUnit={CLINIC}"),
            format!("dataSet={SET}&orgUnit={CLINIC}"),
            format!("dataSet={SET}&period=202606"),
        ] {
            assert_eq!(read(&server, &lacking).await.status, 409, "{lacking}");
        }
    }
}

#[tokio::test]
async fn deleted_and_changed_values() {
    for (version, alone) in [("2.42.0", 200), ("2.43.0", 409), ("2.43.1", 200)] {
        let server = server(version);
        import(&server, &[row(CASES, "1"), row(DEATHS, "2")]).await;
        server.set_now(server.now().checked_add(jiff::Span::new().hours(1)).unwrap());
        let moment = server.now();
        import(&server, &[with(row(CASES, ""), &json!({"deleted": true}))]).await;
        let slice = format!("dataSet={SET}&orgUnit={CLINIC}");
        assert_eq!(values(&read(&server, &format!("{slice}&period=202606")).await).len(), 1);
        let all = read(&server, &format!("{slice}&period=202606&includeDeleted=true")).await;
        assert_eq!(all.json()["dataValues"][0]["deleted"], true);
        let changed = format!("{slice}&lastUpdated={moment}&includeDeleted=true");
        assert_eq!(read(&server, &changed).await.status, alone, "{version}");
        let changed = read(&server, &format!("{changed}&startDate=2000-01-01&endDate=2030-01-01")).await;
        assert_eq!(values(&changed).len(), 1);
        assert_eq!(values(&read(&server, &format!("{slice}&period=202606&lastUpdatedDuration=30m")).await).len(), 0);
    }
}

#[tokio::test]
async fn an_export_by_codes_fails_if_one_object_has_none() {
    for version in BOTH {
        let server = server(version);
        import(&server, &[row(CASES, "1"), row(DEATHS, "2")]).await;
        server.change_metadata(|metadata| metadata.set(uid(DEATHS), "code", Json::Null));
        let query = format!("dataSet={SET}&period=202606&orgUnit={CLINIC}&dataElementIdScheme=CODE");
        let reply = read(&server, &query).await;
        if version == A {
            assert_eq!(reply.json()["dataValues"][0]["dataElement"], "CASES");
        } else {
            assert_eq!((reply.status, &reply.json()["errorCode"]), (409, &json!("E8201")));
        }
    }
}

#[tokio::test]
async fn periods_carry_the_numbers_of_the_calendar() {
    let mut config = config(A);
    config.calendar = Calendar::Ethiopian;
    let server = Server::start(config, metadata()).unwrap();
    assert_eq!(get(&server, "/api/system/info").await.json()["calendar"], "ethiopian");
    // Hamle 2018 ends on 6 August 2026; it is the present month, Meskerem 2019 is not there yet, month 13 never.
    let rows = ["201811", "201901", "201813"].map(|period| row_at(CASES, CLINIC, period, "1"));
    assert_eq!(codes(&import(&server, &rows).await), ["E7641", "E7611"]);
    let query = format!("dataSet={SET}&startDate=2026-07-01&endDate=2026-08-10&orgUnit={CLINIC}");
    assert_eq!(values(&read(&server, &query).await).len(), 1);

    let mut config = crate::world::config(B);
    config.calendar = Calendar::Nepali;
    let server = Server::start(config, metadata()).unwrap();
    assert_eq!(import(&server, &[row_at(CASES, CLINIC, "208301", "1")]).await.status, 200);
    assert_eq!(import(&server, &[row_at(CASES, CLINIC, "210101", "1")]).await.status, 409); // off the table
}
