//! What closes data for writing or opens it: access, lock exceptions, approval, the dates of options.

use mlatho_model::PeriodType;
use mlatho_testkit::dhis2::Server;
use serde_json::{Value as Json, json};

use crate::world::*;

const FLOW: &str = "wfApprove01";

async fn get_as_clerk(server: &Server, path: &str) -> Reply {
    ask(http().get(format!("{}{path}", server.url())).basic_auth("clerk", Some("secret"))).await
}

async fn import_as_clerk(server: &Server, values: &[Json]) -> Reply {
    let body = json!({"dataSet": SET, "dataValues": values}).to_string();
    post_as(server, ("clerk", "secret"), "/api/dataValueSets", "application/json", body).await
}

#[tokio::test]
async fn objects_tell_whether_the_user_may_write_data() {
    let server = server(B);
    server.change_metadata(|metadata| metadata.set(uid(SET), "sharing", json!({"public": "r-r-----"})));
    let path = format!("/api/dataSets/{SET}?fields=access[data[write]]");
    assert_eq!(get(&server, &path).await.json(), json!({"access": {"data": {"write": true}}}));
    assert_eq!(get_as_clerk(&server, &path).await.json(), json!({"access": {"data": {"write": false}}}));
    let options = get_as_clerk(&server, "/api/categoryOptions?fields=access[data]").await.json();
    assert_eq!(options["categoryOptions"][0]["access"]["data"]["write"], true);
}

#[tokio::test]
async fn lock_exceptions_open_expired_periods() {
    for (version, code) in [(A, "E7640"), (B, "E8030")] {
        let server = server(version);
        server.change_metadata(|metadata| metadata.set(uid(SET), "expiryDays", json!(5)));
        server.except_from_lock(uid(SET), "202606".parse().unwrap(), uid(CLINIC));
        server.except_from_lock(uid(OTHER_SET), "202605".parse().unwrap(), uid(CLINIC));
        let reply = import_as_clerk(&server, &[row(CASES, "1")]).await;
        assert_eq!(reply.status, 200, "{version}");
        let reply = import_as_clerk(&server, &[row_at(CASES, CLINIC, "202605", "1"), row(DEATHS, "2")]).await;
        assert_eq!(codes(&reply), [code]); // another data set's exception opens nothing
        let message = reply.json()["response"]["conflicts"][0]["value"].as_str().unwrap().to_owned();
        assert!(message.contains("202605") && !message.contains("202606"), "{message}");
        assert_eq!(stored(&server, DEATHS).is_some(), version == A); // B refuses the group
    }
}

#[tokio::test]
async fn lock_exceptions_do_not_open_input_periods() {
    let server = server(B);
    let listed = json!([{"period": {"id": "202605"}}]);
    server.change_metadata(|metadata| metadata.set(uid(SET), "dataInputPeriods", listed));
    server.except_from_lock(uid(SET), "202606".parse().unwrap(), uid(CLINIC));
    assert_eq!(codes(&import_as_clerk(&server, &[row(CASES, "1")]).await), ["E8030"]);
}

#[tokio::test]
async fn lock_exceptions_are_listed() {
    let server = server(B);
    for (set, period, unit) in [(SET, "202605", CLINIC), (SET, "202605", OTHER), (OTHER_SET, "2026Q1", CLINIC)] {
        server.except_from_lock(uid(set), period.parse().unwrap(), uid(unit));
    }
    let list = async |query: &str| {
        let fields = "/api/lockExceptions?fields=organisationUnit[id],dataSet[id],period[id]";
        get_as_clerk(&server, &format!("{fields}{query}")).await.json()
    };
    let all = list("").await;
    assert_eq!((all["pager"]["total"].as_u64(), all["pager"]["pageSize"].as_u64()), (Some(3), Some(50)));
    let quarter = list(&format!("&filter=dataSet.id:eq:{OTHER_SET}")).await;
    let expected =
        json!([{"organisationUnit": {"id": CLINIC}, "dataSet": {"id": OTHER_SET}, "period": {"id": "2026Q1"}}]);
    assert_eq!(quarter["lockExceptions"], expected);
    let both = format!("&filter=dataSet.id:in:[{SET},{OTHER_SET}]&filter=period:in:[202605,202606]");
    assert_eq!(list(&both).await["pager"]["total"], 2);
    assert_eq!(list(&format!("&filter=organisationUnit.id:eq:{OTHER}")).await["pager"]["total"], 1);
    assert_eq!(get_as_clerk(&server, "/api/lockExceptions?filter=period").await.status, 400);

    // The pages of a filtered list do not fit together.
    let mut seen = Vec::new();
    for page in 1..=3 {
        let found = list(&format!("&filter=dataSet.id:in:[{SET},{OTHER_SET}]&pageSize=1&page={page}")).await;
        seen.push(found["lockExceptions"][0].to_string());
    }
    seen.sort();
    seen.dedup();
    assert!(seen.len() < 3, "{seen:?}");
}

#[tokio::test]
async fn approval_is_told_and_kept() {
    for version in BOTH {
        let server = server(version);
        server.change_metadata(|metadata| {
            metadata.approval_workflow(uid(FLOW), "Approval", PeriodType::Monthly);
            metadata.set(uid(SET), "workflow", json!({"id": FLOW}));
        });
        server.approve(uid(FLOW), "202605".parse().unwrap(), uid(CLINIC), uid(DEFAULT));
        server.approve(uid(FLOW), "202606".parse().unwrap(), uid(COUNTRY), uid(DEFAULT));
        let path = format!("/api/dataApprovals/multiple?wf={FLOW}&pe=202605,202606,202607,2026Q1&ou={CLINIC},{OTHER}");
        let told = |reply: Reply| -> Vec<(String, String, Option<String>)> {
            let text = |status: &Json, name: &str| status[name].as_str().map(str::to_owned);
            let statuses = reply.json().as_array().cloned().unwrap();
            let one = |status: &Json| (text(status, "pe").unwrap(), text(status, "ou").unwrap(), text(status, "state"));
            statuses.iter().map(one).collect()
        };
        let status = |period: &str, unit: &str, state: Option<&str>| {
            (period.to_owned(), unit.to_owned(), state.map(str::to_owned))
        };
        let (here, above, ready) = (Some("APPROVED_HERE"), Some("APPROVED_ABOVE"), Some("UNAPPROVED_READY"));
        // No quarter, which is not of the workflow's type.
        let expected = [
            status("202605", CLINIC, here),
            status("202605", OTHER, ready),
            status("202606", CLINIC, above),
            status("202606", OTHER, above),
            status("202607", CLINIC, ready),
            status("202607", OTHER, ready),
        ];
        assert_eq!(told(get(&server, &path).await), expected);
        let seen = told(get_as_clerk(&server, &path).await); // who works at the one clinic only
        assert!(seen.iter().all(|(_, unit, state)| state.is_some() == (unit == CLINIC)), "{seen:?}");
        let unknown = path.replace(FLOW, "wfUnknown01");
        assert_eq!(get(&server, &unknown).await.status, 409);

        let explicit = |period| with(row_at(CASES, CLINIC, period, "1"), &json!({"attributeOptionCombo": DEFAULT}));
        let code = if version == A { "E7642" } else { "E8033" };
        assert_eq!(codes(&import_as_clerk(&server, &[explicit("202605")]).await), [code]);
        // Engine B does not ask about what is approved above.
        let above = codes(&import_as_clerk(&server, &[explicit("202606")]).await);
        assert_eq!(above, if version == A { vec![code] } else { vec![] });
    }
}

#[tokio::test]
async fn data_sets_leave_some_periods_after_the_end_of_an_option() {
    for (version, code) in [(A, "E7638"), (B, "E8032")] {
        let server = server(version);
        server.change_metadata(|metadata| {
            metadata.set(uid(SET), "categoryCombo", json!({"id": "ccSex000001"}));
            metadata.set(uid(SET), "openPeriodsAfterCoEndDate", json!(1));
            metadata.set(uid("coFemale001"), "endDate", json!("2026-05-31T00:00:00.000"));
        });
        let of = |period| with(row_at(CASES, CLINIC, period, "1"), &json!({"attributeOptionCombo": FEMALE}));
        assert_eq!(import(&server, &[of("202605"), of("202606")]).await.status, 200, "{version}");
        assert_eq!(codes(&import(&server, &[of("202607")]).await), [code]);
    }
}
