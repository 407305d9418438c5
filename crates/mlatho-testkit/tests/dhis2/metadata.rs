//! Reading and writing metadata.

use mlatho_testkit::dhis2::Server;
use serde_json::{Value as Json, json};

use crate::world::*;

fn many() -> Server {
    let server = server(A);
    server.change_metadata(|metadata| {
        for number in 0..120 {
            metadata.data_element(uid(&format!("dx{number:09}")), &format!("Element {number:03}"), "INTEGER");
        }
    });
    server
}

#[tokio::test]
async fn fifty_to_a_page() {
    let server = many();
    let first = get(&server, "/api/dataElements?filter=name:like:Element&order=id:desc").await.json();
    assert_eq!(first["dataElements"].as_array().unwrap().len(), 50);
    assert_eq!(first["dataElements"][0], json!({"id": "dx000000119", "displayName": "Element 119"}));
    assert_eq!((&first["pager"]["total"], &first["pager"]["pageCount"]), (&json!(120), &json!(3)));
    let next = first["pager"]["nextPage"].as_str().unwrap().strip_prefix(server.url()).unwrap().to_owned();
    let second = get(&server, &next).await.json();
    assert_eq!((&second["pager"]["page"], &second["dataElements"][0]["id"]), (&json!(2), &json!("dx000000069")));
    let all = get(&server, "/api/dataElements?paging=false").await.json();
    assert!(all.get("pager").is_none() && all["dataElements"].as_array().unwrap().len() == 126);
    let gist = get(&server, "/api/dataElements/gist?pageSize=2").await.json();
    assert_eq!(gist.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn fields_and_filters() {
    let server = server("2.41.3");
    let set =
        get(&server, &format!("/api/dataSets/{SET}?fields=id,dataSetElements[dataElement[id,code,categoryCombo[id]]]"))
            .await
            .json();
    let found =
        set["dataSetElements"].as_array().unwrap().iter().find(|member| member["dataElement"]["id"] == BY_SEX).unwrap();
    assert_eq!(found["dataElement"], json!({"id": BY_SEX, "code": "BY SEX", "categoryCombo": {"id": "ccSex000001"}}));
    let ids = async |filter: &str| {
        let list = get(&server, &format!("/api/dataElements?fields=id&order=id&{filter}")).await.json();
        list["dataElements"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("filter=code:in:[CASES,DEATHS]").await, [CASES, DEATHS]);
    assert_eq!(ids("filter=code:eq:CASES&filter=name:ilike:deaths&rootJunction=OR").await, [""; 0]); // no effect
    assert_eq!(ids("filter=code:null").await, [STRAY]);
    assert_eq!(ids("filter=categoryCombo.name:eq:ccSex000001").await, [BY_SEX]);
    assert_eq!(ids(&format!("filter=dataSetElements.dataSet.id:eq:{OTHER_SET}")).await, [QUARTERLY]);
    server.change_metadata(|metadata| {
        metadata.set(uid(DEATHS), "code", json!("DEATHS ")); // a stray space
        metadata.set(uid(DEATHS), "attributeValues", json!([{"attribute": {"id": "atOwnCode01"}, "value": "K-1"}]));
    });
    assert_eq!(ids("filter=code:eq:DEATHS").await, [""; 0]);
    assert_eq!(ids("filter=atOwnCode01:eq:K-1").await, [DEATHS]);
    assert_eq!(get(&server, "/api/dataElements?filter=code:!empty").await.status, 400);
    assert_eq!(get(&server, "/api/dataElements?filter=code:is:CASES").await.status, 400);
    let combo = get(&server, "/api/categoryCombos/ccSex000001?fields=categoryOptionCombos[id]").await.json();
    assert_eq!(combo["categoryOptionCombos"], json!([{"id": FEMALE}, {"id": "ocMale00001"}]));
    let unit = get(&server, &format!("/api/organisationUnits/{CLINIC}")).await.json();
    assert_eq!((&unit["path"], &unit["level"]), (&json!(format!("/{COUNTRY}/{CLINIC}")), &json!(2)));
    assert_eq!(get(&server, &format!("/api/dataSets/{CASES}")).await.status, 404);
}

fn element(id: &str, fields: &Json) -> Json {
    let plain = json!({"id": id, "name": id, "shortName": id, "valueType": "NUMBER", "domainType": "AGGREGATE",
        "aggregationType": "SUM", "categoryCombo": {"id": "bjDvmb4bfuf"}});
    with(plain, fields)
}

#[tokio::test]
async fn metadata_is_tried_then_imported() {
    let server = server(B);
    let good = json!({"dataElements": [element("deNew000001", &json!({"code": "NEW"}))]});
    let reply = post(&server, "/api/metadata?importMode=VALIDATE", &good).await;
    assert_eq!((reply.status, &reply.json()["response"]["stats"]["created"]), (200, &json!(1)));
    assert_eq!(get(&server, "/api/dataElements/deNew000001").await.status, 404);
    assert_eq!(post(&server, "/api/metadata", &good).await.status, 200);
    assert_eq!(get(&server, "/api/dataElements/deNew000001").await.json()["code"], "NEW");
    // What an update leaves out is null afterwards.
    assert_eq!(
        post(&server, "/api/metadata", &json!({"dataElements": [element("deNew000001", &json!({}))]})).await.status,
        200
    );
    assert!(get(&server, "/api/dataElements/deNew000001").await.json().get("code").is_none());
}

#[tokio::test]
async fn one_fault_is_409_and_stops_all_or_itself() {
    let server = server(A);
    let bad = json!({"dataElements": [element("deNew000001", &json!({})), element("deNew000002", &json!({"shortName": null})),
        element("deNew000003", &json!({"optionSet": {"id": "osNone00001"}}))]});
    let reply = post(&server, "/api/metadata", &bad).await;
    assert_eq!((reply.status, &reply.json()["status"]), (409, &json!("WARNING")));
    let codes: Vec<String> = reply.json()["response"]["typeReports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|report| report["objectReports"][0]["errorReports"][0]["errorCode"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(codes, ["E4000", "E5002"]);
    assert_eq!(get(&server, "/api/dataElements/deNew000001").await.status, 404);
    let reply = post(&server, "/api/metadata?atomicMode=NONE", &bad).await;
    assert_eq!((reply.status, &reply.json()["response"]["stats"]["created"]), (409, &json!(1)));
    assert_eq!(get(&server, "/api/dataElements/deNew000001").await.status, 200);
    import(&server, &[row(CASES, "1")]).await;
    let delete = json!({"dataElements": [{"id": CASES}]});
    let reply = post(&server, "/api/metadata?importStrategy=DELETE", &delete).await;
    assert!(reply.status == 409 && reply.text.contains("E4030"));
}

#[tokio::test]
async fn option_combos_are_made_by_maintenance_on_2_43() {
    let combo = json!({"categoryCombos": [{"id": "ccNew000001", "name": "Age", "dataDimensionType": "DISAGGREGATION",
        "categories": [{"id": "caSex000001"}]}]});
    for version in BOTH {
        let server = server(version);
        assert_eq!(post(&server, "/api/metadata", &combo).await.status, 200);
        let count = async || {
            let combo = get(&server, "/api/categoryCombos/ccNew000001?fields=categoryOptionCombos[id]").await.json();
            combo["categoryOptionCombos"].as_array().unwrap().len()
        };
        assert_eq!(count().await, if version == A { 2 } else { 0 });
        post(&server, "/api/maintenance/categoryOptionComboUpdate/categoryCombo/ccNew000001", &json!({})).await;
        post(&server, "/api/maintenance/categoryOptionComboUpdate", &json!({})).await;
        assert_eq!(count().await, 2);
    }
}

#[tokio::test]
async fn patches_and_memberships() {
    let server = server(B);
    let path = format!("/api/dataSets/{SET}");
    let patch =
        json!([{"op": "replace", "path": "/expiryDays", "value": 7}, {"op": "remove", "path": "/organisationUnits/0"}]);
    let request =
        http().patch(format!("{}{path}", server.url())).basic_auth("admin", Some("district")).body(patch.to_string());
    let plain = request.try_clone().unwrap().header("content-type", "application/json");
    assert_eq!(ask(plain).await.status, 415);
    assert_eq!(ask(request.header("content-type", "application/json-patch+json")).await.status, 200);
    let set = get(&server, &path).await.json();
    assert_eq!((&set["expiryDays"], &set["organisationUnits"]), (&json!(7), &json!([{"id": OTHER}])));
    assert_eq!(post(&server, &format!("{path}/organisationUnits/{CLINIC}"), &json!({})).await.status, 200);
    assert_eq!(get(&server, &path).await.json()["organisationUnits"].as_array().unwrap().len(), 2);
    let created = post(&server, "/api/dataElements", &element("deNew000001", &json!({}))).await;
    assert_eq!((created.status, &created.json()["response"]["uid"]), (201, &json!("deNew000001")));
}
