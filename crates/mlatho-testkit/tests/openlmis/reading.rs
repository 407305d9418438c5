//! Signing in, pages, reference data, stock, orders.

use mlatho_testkit::openlmis::{AuthKind, Config, Server, uuid};
use serde_json::{Value as Json, json};

use crate::world::*;

async fn token(server: &Server, query: &str, form: &str) -> (u16, Json) {
    let url = format!("{}/api/oauth/token?{query}", server.url());
    let request = http().post(url).basic_auth("user-client", Some("changeme"));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form.to_owned());
    let reply = request.send().await.unwrap();
    (reply.status().as_u16(), reply.json().await.unwrap())
}

#[tokio::test]
async fn tokens_and_keys() {
    let server = Server::start(Config { requests_per_token: Some(2), ..config() }, data()).unwrap();
    let (status, given) = token(&server, "grant_type=password&username=all&password=secret", "").await;
    assert_eq!((status, given["token_type"].as_str(), given["expires_in"].as_u64()), (200, Some("bearer"), Some(1799)));
    assert_eq!(server.requests()[0].parameter("password"), Some("(left out)"));
    let (status, _) = token(&server, "grant_type=password", "username=all&password=secret").await;
    assert_eq!(status, 200);
    let (status, refused) = token(&server, "grant_type=password", "username=all&password=guess").await;
    assert_eq!((status, refused["error"].as_str()), (400, Some("invalid_grant")));
    let bare = http().post(format!("{}/api/oauth/token?grant_type=password", server.url())).send().await.unwrap();
    assert_eq!(bare.status(), 401);

    let own = given["access_token"].as_str().unwrap();
    let pages = ["requisitions/search?page=0&size=1", "requisitions/search?page=1&size=1"];
    for path in pages {
        assert_eq!(get(&server, own, path).await.0, 200);
    }
    let (status, body) = get(&server, own, pages[1]).await;
    assert_eq!((status, body["error"].as_str()), (401, Some("invalid_token"))); // in the middle of paging
    for _ in 0..5 {
        assert_eq!(get(&server, KEY, "programs").await.0, 200); // a key does not end
    }
    let (status, _) = token(&server, "grant_type=password", "username=all&password=secret").await;
    server.end_tokens();
    assert_eq!((status, server.tokens_given()), (200, 3));
    assert!(server.requests().iter().all(|request| request.auth != AuthKind::Other));
}

#[tokio::test]
async fn pages() {
    let server = server();
    for query in ["", "?size=0", "?size=-1", "?page=3&size=0"] {
        let (_, body) = get(&server, KEY, &format!("facilities{query}")).await;
        assert_eq!((body["content"].as_array().unwrap().len(), body["totalPages"].as_u64()), (2, Some(1)), "{query}");
    }
    let (_, body) = get(&server, KEY, "facilities?page=1&size=1&sort=code,desc").await;
    assert_eq!(body["content"][0]["code"], "F1");
    let envelope = json!([body["totalElements"], body["totalPages"], body["number"], body["size"], body["last"]]);
    assert_eq!(envelope, json!([2, 2, 1, 1, true]));
    assert_eq!(get(&server, KEY, "facilities?page=9&size=1").await.1["content"], json!([]));
    assert_eq!(get(&server, KEY, "facilities?sort=colour,asc").await.0, 400);
    assert_eq!(get(&server, KEY, "facilities?size=many").await.0, 400);
    assert!(get(&server, KEY, "programs?page=0&size=1").await.1.is_array());
}

#[tokio::test]
async fn errors_have_their_shapes() {
    let server = server();
    for (path, status) in [
        (format!("v2/requisitions/{}", uuid("requisition", 9)), 404),
        ("requisitions/search?facility=F1".into(), 400),
        ("requisitions/search?modifiedDateFrom=2026-01-01".into(), 400),
        ("requisitions/search?requisitionStatus=DONE".into(), 400),
        ("public/stockCardSummaries".into(), 400),
        ("public/stockCardSummaries?facility=F1&facility=F2".into(), 400),
        ("public/stockCardSummaries?facility=F9".into(), 400),
        ("processingPeriods?programId=00000000-0000-4000-8000-000000000001".into(), 400),
        ("anything".into(), 404),
    ] {
        let (found, body) = get(&server, KEY, &path).await;
        assert_eq!(found, status, "{path}");
        assert!(body["messageKey"].is_string() && body["message"].is_string(), "{path}: {body}");
    }
    assert_eq!(get(&server, "no token", "programs").await.1["error"], "invalid_token");
}

#[tokio::test]
async fn reference_data() {
    let server = server();
    let (_, body) = get(&server, KEY, "facilities?code=F2").await;
    assert_eq!((body["totalElements"].as_u64(), body["content"][0]["name"].as_str()), (Some(1), Some("Second")));
    let url = format!("{}/api/facilities/search", server.url());
    let found = http().post(url).bearer_auth(KEY).json(&json!({"code": "F2", "size": 10})).send().await.unwrap();
    assert_eq!(found.json::<Json>().await.unwrap()["totalElements"], 1);
    assert!(get(&server, KEY, "facilities/minimal").await.1[0].get("code").is_none());
    let (_, body) = get(&server, KEY, "processingPeriods?startDate=2026-02-01&endDate=2026-02-28&size=10").await;
    assert_eq!(body["content"], json!([]));
    for list in ["geographicZones", "geographicLevels", "processingSchedules", "requisitionGroups", "lots"] {
        assert_eq!(get(&server, KEY, list).await.0, 200, "{list}");
    }
}

#[tokio::test]
async fn products_have_versions() {
    let server = server();
    let (_, body) = get(&server, KEY, "orderables").await;
    assert_eq!((body["totalElements"].as_u64(), body["content"][0]["netContent"].as_u64()), (Some(1), Some(12)));
    let one = |query: &str| format!("orderables/{}{query}", uuid("orderable", 1));
    assert_eq!(get(&server, KEY, &one("?versionNumber=1")).await.1["netContent"], 10);
    assert_eq!(get(&server, KEY, &one("")).await.1["netContent"], 12);
    assert_eq!(get(&server, KEY, &one("?versionNumber=3")).await.0, 404);
    let url = format!("{}/api/orderables", server.url());
    let first = http().get(&url).bearer_auth(KEY).send().await.unwrap();
    let changed = first.headers()["last-modified"].clone();
    let again = http().get(&url).bearer_auth(KEY).header("if-modified-since", changed).send().await.unwrap();
    assert_eq!(again.status(), 304);
}

#[tokio::test]
async fn what_an_account_may_not_see() {
    let server = server();
    for (list, all, few) in [
        ("requisitions/search", 2, 1),
        ("facilities", 2, 1),
        ("orders", 1, 0),
        ("shipments", 1, 0),
        ("proofsOfDelivery", 1, 0),
    ] {
        for (key, count) in [(KEY, all), ("key-of-few", few)] {
            let (status, body) = get(&server, key, list).await;
            assert_eq!((status, body["totalElements"].as_u64()), (200, Some(count)), "{list}"); // and no error
        }
    }
    let (facility, program) = (uuid("facility", 2), uuid("program", 1));
    for path in [
        format!("v2/requisitions/{}", uuid("requisition", 2)),
        format!("v2/stockCardSummaries?facilityId={facility}&programId={program}"),
        "public/stockCardSummaries?facility=F2".into(),
        format!("orders/{}", uuid("order", 1)),
    ] {
        assert_eq!(get(&server, "key-of-few", &path).await.0, 403, "{path}");
        assert_eq!(get(&server, KEY, &path).await.0, 200, "{path}");
    }
}

#[tokio::test]
async fn stock_by_code_and_by_id() {
    let server = server();
    server.change(|data| {
        let generic = data.orderable(2, 1, "GENERIC", 1);
        data.orderable(3, 1, "NEVER-STOCKED", 1);
        data.add("orderableFulfills", json!({"id": generic, "canFulfillForMe": [uuid("orderable", 1)]}));
    });
    let (_, body) = get(&server, KEY, "public/stockCardSummaries?facility=F1").await;
    let rows = body["content"].as_array().unwrap();
    let codes: Vec<&str> = rows.iter().map(|row| row["orderable"].as_str().unwrap()).collect();
    assert_eq!(codes, ["AL6", "GENERIC"]); // the card counts twice, the product without a card is absent
    assert_eq!((rows[0]["totalStockOnHand"].as_i64(), &rows[0]["stockCards"][0]["lot"]), (Some(0), &json!("L1")));
    let at = format!("facilityId={}&programId={}", uuid("facility", 1), uuid("program", 1));
    let (_, body) = get(&server, KEY, &format!("v2/stockCardSummaries?{at}&asOfDate=2026-01-15")).await;
    assert_eq!(body["content"][0]["stockOnHand"], 40);
    let (_, body) = get(&server, KEY, &format!("v2/stockCardSummaries?{at}&nonEmptyOnly=true")).await;
    assert_eq!(body["content"], json!([]));
    let range = format!("stockCardRangeSummaries?{at}&startDate=2026-01-01&endDate=2026-01-31");
    let (_, body) = get(&server, KEY, &range).await;
    assert_eq!(body["content"][0]["tags"], json!({"consumed": -40, "received": 40}));
    assert_eq!(body["content"][0]["stockOutDays"], 24);
}

#[tokio::test]
async fn orders_and_proofs() {
    let server = server();
    let (_, body) = get(&server, KEY, "orders?status=SHIPPED&status=RECEIVED").await;
    assert!(body["content"][0].get("orderLineItems").is_none(), "the list has no lines");
    assert_eq!(body["content"][0]["requestingFacility"]["code"], "F2");
    let (_, one) = get(&server, KEY, &format!("orders/{}", uuid("order", 1))).await;
    assert_eq!(one["orderLineItems"][0]["orderedQuantity"], 30);
    assert_eq!(get(&server, KEY, "orders?status=LOST").await.0, 400);
    let (_, body) = get(&server, KEY, &format!("proofsOfDelivery?orderId={}", uuid("order", 1))).await;
    assert_eq!(body["totalElements"], 1);
}
