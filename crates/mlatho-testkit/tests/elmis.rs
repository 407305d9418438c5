//! The double of eLMIS refuses and leaves out what the real server does.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use mlatho_model::Period;
use mlatho_testkit::elmis::{Account, Config, Data, Line, Server};
use serde_json::{Value as Json, json};

fn march() -> Period {
    Period::month(2026, 3).unwrap()
}

fn config() -> Config {
    Config::new(vec![Account::new("all", "secret"), Account::new("few", "secret").seeing([101])])
}

fn data() -> Data {
    let mut data = Data::new();
    let program = data.program("ARV", "HIV");
    for number in 1..=12 {
        let facility = data.facility(&format!("F{number}"), &format!("Clinic {number}"), "North");
        let lines = vec![
            Line::new("A", json!({"stockInHand": 5, "amc": 2})),
            Line::new("Z", json!({"stockInHand": 0, "amc": 0})),
        ];
        data.requisition(facility, program, march(), 1_774_951_200_000, lines);
    }
    data
}

fn server() -> Server {
    Server::start(config(), data()).unwrap()
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

async fn rest(server: &Server, path: &str) -> (u16, Json) {
    let request = http().get(format!("{}/rest-api/{path}", server.url())).basic_auth("all", Some("secret"));
    let reply = request.header("accept", "application/json").send().await.unwrap();
    (reply.status().as_u16(), reply.json().await.unwrap_or_default())
}

/// The cookie and where signing in leads to.
async fn sign_in(server: &Server, user: &str, password: &str) -> (Option<String>, String) {
    let form = format!("j_username={user}&j_password={password}");
    let reply = http().post(format!("{}/j_spring_security_check", server.url())).body(form).send().await.unwrap();
    assert_eq!(reply.status(), 302);
    let of = |name: &str| reply.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    (of("set-cookie"), of("location").unwrap())
}

async fn page(server: &Server, cookie: &str, path: &str) -> (u16, Json) {
    let reply = http().get(format!("{}/{path}", server.url())).header("cookie", cookie).send().await.unwrap();
    (reply.status().as_u16(), reply.json().await.unwrap_or_default())
}

#[tokio::test]
async fn rest_is_for_those_who_sign() {
    let server = server();
    let url = format!("{}/rest-api/lookup/programs", server.url());
    assert_eq!(http().get(&url).send().await.unwrap().status(), 401);
    let bare = http().get(&url).basic_auth("all", Some("secret")).header("accept", "text/html");
    assert_eq!(bare.send().await.unwrap().status(), 406);
    assert_eq!(rest(&server, "lookup/programs").await.1["programs"][0]["code"], "ARV");
    assert_eq!(rest(&server, "lookup/colours").await.0, 404);
}

#[tokio::test]
async fn the_first_facility_is_missing_by_default() {
    let server = server();
    let codes = |body: &Json| {
        let list = body["facilities"].as_array().unwrap();
        (list.len(), list[0]["code"].as_str().unwrap().to_owned())
    };
    assert_eq!(codes(&rest(&server, "lookup/facilities").await.1), (10, "F2".into()));
    assert_eq!(codes(&rest(&server, "lookup/facilities?pageSize=10000").await.1), (11, "F2".into()));
    assert_eq!(codes(&rest(&server, "lookup/facilities?paging=false").await.1), (12, "F1".into()));
}

#[tokio::test]
async fn stock_status_leaves_out() {
    let server = server();
    server.change(|data| {
        data.requisitions[0].status = "SUBMITTED".into();
        data.requisitions[1].status = "SKIPPED".into();
        data.requisitions[2].lines[0].tracer = false;
        data.requisitions[3].emergency = true;
        data.requisitions[4].lines[0].numbers["amc"] = json!(0);
    });
    let (_, body) = rest(&server, "stock-status/monthly?month=3&year=2026&program=ARV").await;
    let lines = body["report"].as_array().unwrap();
    assert_eq!((lines.len(), lines[0]["mos"].as_f64(), lines[1]["mos"].as_f64()), (8, Some(0.0), Some(2.5)));
    assert!(lines.iter().all(|line| line["productCode"] == "A" && line.get("facilityCode").is_none()));
    for (query, status) in [
        ("monthly?month=3&year=2026&program=TB", 404),
        ("monthly?month=3&year=2026", 400),
        ("monthly?year=2026&program=ARV", 400),
        ("monthly?month=March&year=2026&program=ARV", 500),
        ("quarter?quarter=1&year=2026&program=ARV", 200),
        ("weekly?week=1&year=2026&program=ARV", 404),
    ] {
        assert_eq!(rest(&server, &format!("stock-status/{query}")).await.0, status, "{query}");
    }
}

#[tokio::test]
async fn sessions_open_and_end() {
    let (none, place) = sign_in(&server(), "all", "wrong").await;
    assert_eq!((none, place.as_str()), (None, "/public/pages/login.html?error=true"));
    let list = "requisitions-list.json?facilityId=101&programId=1&dateRangeStart=01-03-2026&dateRangeEnd=31-03-2026";
    for (page_for_ended_sessions, status) in [(false, 302), (true, 200)] {
        let config = Config { requests_per_session: Some(1), page_for_ended_sessions, ..config() };
        let server = Server::start(config, data()).unwrap();
        let (cookie, place) = sign_in(&server, "all", "secret").await;
        assert_eq!((place.as_str(), server.sessions_opened()), ("/", 1));
        let cookie = cookie.unwrap();
        assert_eq!(page(&server, &cookie, list).await.1["rnr_list"].as_array().unwrap().len(), 1);
        assert_eq!(page(&server, &cookie, list).await, (status, Json::Null)); // in the middle
        assert!(server.requests().iter().all(|request| request.body.is_empty())); // no password is kept
    }
}

#[tokio::test]
async fn requisitions_by_facility_and_program() {
    let server = server();
    let all = sign_in(&server, "all", "secret").await.0.unwrap();
    let few = sign_in(&server, "few", "secret").await.0.unwrap();
    let list = |facility: u64, range: &str| format!("requisitions-list.json?facilityId={facility}&programId=1&{range}");
    let march = "dateRangeStart=01-03-2026&dateRangeEnd=31-03-2026";
    let (_, body) = page(&server, &all, &list(102, march)).await;
    let head = &body["rnr_list"][0];
    assert_eq!(
        (&head["id"], &head["requisitionStatus"], &head["facilityCode"]),
        (&json!(1002), &json!("AUTHORIZED"), &json!("F2"))
    );
    // 28 February, 22:00 UTC, and the last second of March, two hours east.
    assert_eq!(
        (&head["periodStartDate"], &head["periodEndDate"]),
        (&json!(1_772_316_000_000_i64), &json!(1_774_994_399_000_i64))
    );
    for range in
        ["dateRangeStart=2026-03-01&dateRangeEnd=2026-03-31", "dateRangeStart=01-04-2026&dateRangeEnd=30-04-2026"]
    {
        assert_eq!(page(&server, &all, &list(102, range)).await.1["rnr_list"], json!([]), "{range}");
    }
    assert_eq!(page(&server, &all, "requisitions-list.json?facilityId=102").await.0, 500);
    assert_eq!(page(&server, &few, &list(102, march)).await.0, 403);
    assert_eq!(page(&server, &few, "requisitions/1002.json").await.0, 403);
    assert_eq!(page(&server, &few, "requisitions/1.json").await.0, 404);
    let (_, whole) = page(&server, &few, "requisitions/1001.json").await;
    assert_eq!(whole["rnr"]["fullSupplyLineItems"][0]["quantityDispensed"], Json::Null);
    assert!(whole["rnr"]["rnrSignatures"][0]["text"].is_string());
}

async fn save(server: &Server, cookie: &str, id: u64, body: &Json) -> (u16, Json) {
    let url = format!("{}/requisitions/{id}/save.json", server.url());
    let reply = http().put(url).header("cookie", cookie).json(body).send().await.unwrap();
    (reply.status().as_u16(), reply.json().await.unwrap_or_default())
}

#[tokio::test]
async fn requisitions_that_were_begun_and_saving() {
    let server = server();
    server.change(|data| {
        data.requisitions[0].status = "INITIATED".into();
        data.requisitions[0].regimens.push(("1S3".into(), json!({"patientsOnTreatment": 4})));
    });
    let all = sign_in(&server, "all", "secret").await.0.unwrap();
    let few = sign_in(&server, "few", "secret").await.0.unwrap();
    let open = |facility: u64| format!("logistics/periods.json?emergency=false&facilityId={facility}&programId=1");
    let (_, body) = page(&server, &all, &open(101)).await;
    assert_eq!((&body["rnr_list"][0]["id"], &body["rnr_list"][0]["status"]), (&json!(1001), &json!("INITIATED")));
    assert_eq!(body["rnr_list"][0]["period"]["id"], body["periods"][0]["id"]);
    assert_eq!(page(&server, &all, &open(102)).await.1["rnr_list"], json!([])); // authorized
    assert_eq!(page(&server, &few, &open(102)).await.0, 403);

    // A stale save is taken, column by column of the line that comes; what it lacks becomes null.
    let line = json!({"productCode": "A", "newPatientCount": 3});
    let body = json!({"fullSupplyLineItems": [line], "nonFullSupplyLineItems": [],
                      "regimenLineItems": [{"code": "1S3", "patientsOnTreatment": 9}]});
    let (status, said) = save(&server, &all, 1001, &body).await;
    assert_eq!((status, said["success"].is_string()), (200, true));
    let stands = |at: usize| server.look(|data| data.requisitions[at].lines[0].numbers.clone());
    assert_eq!((&stands(0)["newPatientCount"], &stands(0)["stockInHand"]), (&json!(3), &Json::Null));
    assert_eq!(server.look(|data| data.requisitions[0].regimens[0].1["patientsOnTreatment"].clone()), 9);
    assert_eq!(server.look(|data| data.requisitions[0].lines[1].numbers["stockInHand"].clone()), 0); // did not come
    // Numbers of persons for an authorized requisition are passed over, with 200.
    assert_eq!(save(&server, &all, 1002, &body).await.0, 200);
    assert_eq!((&stands(1)["newPatientCount"], &stands(1)["stockInHand"]), (&Json::Null, &json!(5)));
    assert_eq!(save(&server, &few, 1002, &body).await.0, 400);
    assert_eq!(save(&server, &all, 1001, &json!({"fullSupplyLineItems": []})).await.0, 500); // a list is missing
}
