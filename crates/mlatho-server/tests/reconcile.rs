//! The reconciliation service as OpenRefine talks with it, over a socket.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use std::net::SocketAddr;
use std::path::PathBuf;

use jiff::Timestamp;
use mlatho_pipeline::Project;
use mlatho_server::{ServerError, serve};
use mlatho_text::Language;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::form_urlencoded;

const PROJECT: &str = r#"
version = 1
name = "Test <country>"

[[registers]]
kind = "org-unit"
file = "org_units.csv"

[[registers]]
kind = "item"
file = "items.csv"
"#;

/// Places with names that are rare among them; two of one name in two districts.
fn org_units() -> String {
    let (first, last) = (["Kaso", "Ten", "Ori", "Gel", "Muba", "Sika"], ["lwe", "duka", "mba", "wasa", "nzi", "riko"]);
    let mut rows = vec!["id,name,type,district,region,lat,lon,code".to_owned()];
    for (at, first) in first.iter().enumerate() {
        for (row, last) in last.iter().enumerate() {
            let kind = if row % 2 == 0 { "Health Centre III" } else { "Dispensary" };
            let number = at * 6 + row + 1;
            rows.push(format!("OU{number},{first}{last} {kind},{kind},Amuka {at},North,1.{number},30.5,HF{number}"));
        }
    }
    rows.push("OU91,Bangura HC,Health Centre III,Vanzi,South,,,HF91|91".into());
    rows.push("OU92,Bangura HC,Health Centre III,Amuka 0,North,,,".into());
    rows.join("\n")
}

const ITEMS: &str = "\
id,name,strength,form,pack
P1,Artemether + Lumefantrine,20 mg + 120 mg,tablet,30x6
P2,Paracetamol,500 mg,tablet,1000
P3,Paracetamol,120 mg/5 mL,syrup,100 mL
";

struct Served {
    folder: TempDir,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServerError>>,
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    #[track_caller]
    fn json(&self) -> Value {
        assert!(self.head.contains("content-type: application/json"), "{}", self.head);
        serde_json::from_str(&self.body).unwrap()
    }

    /// Status and code of a refusal.
    fn refusal(&self) -> (u16, String) {
        assert!(self.json()["error"]["message"].as_str().unwrap().len() > 20, "{}", self.body);
        (self.status, self.json()["error"]["code"].as_str().unwrap().to_owned())
    }
}

impl Served {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_owned();
        for (name, text) in [("mlatho.toml", PROJECT), ("org_units.csv", &org_units()), ("items.csv", ITEMS)] {
            std::fs::write(root.join(name), text).unwrap();
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async { stopped.await.unwrap_or_default() };
        let task = tokio::spawn(serve(
            Project::load(&root).unwrap(),
            listener,
            Language::En,
            || Timestamp::UNIX_EPOCH,
            shutdown,
        ));
        Self { folder, address, stop, task }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn send(&self, method: &str, path: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "").await
    }

    async fn post(&self, kind: &str, field: &str, value: &str) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).append_pair(field, value).finish();
        self.send("POST", &format!("/reconcile/{kind}"), &body).await
    }

    async fn ask(&self, kind: &str, queries: &Value) -> Value {
        let answer = self.post(kind, "queries", &queries.to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap().unwrap();
    }
}

/// Id and decision of each candidate of a query.
fn found<'a>(answer: &'a Value, query: &str) -> Vec<(&'a str, bool)> {
    let candidates = answer[query]["result"].as_array().unwrap();
    candidates.iter().map(|it| (it["id"].as_str().unwrap(), it["match"].as_bool().unwrap())).collect()
}

#[tokio::test]
async fn a_sheet_is_reconciled_the_way_openrefine_does_it() {
    let served = Served::new().await;
    // 1. What is this service?
    let manifest = served.get("/reconcile/org-unit").await;
    assert!(manifest.head.contains("access-control-allow-origin: *"), "{}", manifest.head);
    let manifest = manifest.json();
    assert_eq!(manifest["versions"], json!(["0.2"]));
    assert_eq!(manifest["name"], "Test <country>: Organisation units");
    for space in ["identifierSpace", "schemaSpace"] {
        assert!(url::Url::parse(manifest[space].as_str().unwrap()).is_ok(), "{manifest}");
    }
    assert_eq!(manifest["defaultTypes"], json!([{"id": "org-unit", "name": "Organisation units"}]));

    // 2. Of which type are the first ten? No type, three candidates for each.
    let names = [
        "Kasolwe H/C III",
        "kasoduka disp.",
        "TENLWE HEALTH CENTRE III",
        "Orimba HC III",
        "Gelriko Dispensary",
        "Mubawasa Disp",
        "Sikanzi Health Centre III",
        "Kasolwe H/C III",
        "Bangura",
        "Nothing Like It",
    ];
    let first: serde_json::Map<String, Value> =
        (0..).zip(names).map(|(at, name)| (format!("q{at}"), json!({"query": name, "limit": 3}))).collect();
    let answer = served.ask("org-unit", &first.into()).await;
    let best: Vec<Option<(&str, bool)>> =
        (0..10).map(|at| found(&answer, &format!("q{at}")).first().copied()).collect();
    let ids: Vec<&str> = best.iter().map(|best| best.map_or("", |(id, _)| id)).collect();
    // Rows are numbered 6 × first + last + 1.
    assert_eq!(ids[..8], ["OU1", "OU2", "OU7", "OU15", "OU24", "OU28", "OU35", "OU1"]);
    // The same question twice in a batch gets the same answer twice, and twins are for a person.
    assert_eq!(answer["q0"], answer["q7"]);
    let mut twins = found(&answer, "q8");
    twins.sort_unstable();
    assert_eq!(twins, [("OU91", false), ("OU92", false)]);
    assert!(found(&answer, "q9").iter().all(|(_, sure)| !sure), "{answer}");
    let candidate = &answer["q0"]["result"][0];
    assert_eq!(
        candidate["type"],
        json!([{"id": "org-unit", "name": "Organisation units"}, {"id": "Health Centre III", "name": "Health Centre III"}])
    );
    assert_eq!(
        (&candidate["name"], &candidate["description"]),
        (&"Kasolwe Health Centre III".into(), &"Amuka 0, North".into())
    );
    let (score, features) = (candidate["score"].as_f64().unwrap(), candidate["features"].as_array().unwrap());
    assert!((0.0..=100.0).contains(&score) && features.len() > 1, "{candidate}");
    let mut seen: Vec<&str> = features.iter().map(|feature| feature["id"].as_str().unwrap()).collect();
    seen.sort_unstable();
    seen.dedup();
    assert!(seen.len() == features.len() && features.iter().all(|feature| feature["value"].is_number()));

    // 3. One query with what other columns say.
    let queries = json!({"q0": {
        "query": "Bangura",
        "type": "org-unit",
        "type_strict": "should",
        "limit": 5,
        "properties": [
            {"p": "District", "pid": "district", "v": "Vanzi District"},
            {"pid": "region", "v": [{"id": "R2", "name": "South"}, "Sud"]},
            {"pid": "code", "v": [91, "F-0"]},
            {"pid": "nonsense", "v": true}
        ]
    }});
    let answer = served.ask("org-unit", &queries).await;
    assert_eq!(found(&answer, "q0")[0], ("OU91", true), "{answer}");
    served.end().await;
}

#[tokio::test]
async fn an_id_means_its_record_and_types_restrict() {
    let served = Served::new().await;
    let answer = served
        .ask(
            "org-unit",
            &json!({
                "id": {"query": "OU9"},
                "type": {"query": "Kasolwe", "type": ["Dispensary"]},
                "any": {"query": "Kasolwe", "type": ["Dispensary", "org-unit"]},
                "wish": {"query": "Kasolwe", "type": "Dispensary", "type_strict": "should"},
                "blank": {"query": " "},
                "only properties": {"properties": [{"pid": "district", "v": "Vanzi"}]},
                "limit": {"query": "Bangura", "limit": 1}
            }),
        )
        .await;
    assert_eq!(found(&answer, "id")[0], ("OU9", true));
    assert!(found(&answer, "type").iter().all(|(id, _)| *id != "OU1"), "{answer}");
    assert_eq!((found(&answer, "any")[0].0, found(&answer, "wish")[0].0), ("OU1", "OU1"));
    assert_eq!(
        (answer["blank"].clone(), answer["only properties"].clone()),
        (json!({"result": []}), json!({"result": []}))
    );
    assert_eq!(found(&answer, "limit").len(), 1);
    served.end().await;
}

#[tokio::test]
async fn items_are_found_by_substance_strength_and_form() {
    let served = Served::new().await;
    assert_eq!(served.get("/reconcile/item").await.json()["defaultTypes"][0]["id"], "item");
    let queries = json!({
        "q0": {"query": "Paracétamol 500mg cp B/1000"},
        "q1": {"query": "PCM", "properties": [{"pid": "strength", "v": "120mg/5ml"}, {"pid": "form", "v": "syr"}]},
        "q2": {"query": "AL 20/120 tabs", "limit": 1}
    });
    let answer = served.ask("item", &queries).await;
    assert_eq!((found(&answer, "q0")[0], found(&answer, "q1")[0].0), (("P2", true), "P3"), "{answer}");
    assert_eq!(found(&answer, "q2")[0].0, "P1", "{answer}");
    assert_eq!(answer["q0"]["result"][0]["description"], "500 mg, tablet, 1000");
    served.end().await;
}

#[tokio::test]
async fn columns_are_suggested_and_filled() {
    let served = Served::new().await;
    let manifest = served.get("/reconcile/org-unit").await.json();
    let path = |service: &Value| {
        assert_eq!(service["service_url"], format!("http://{}", served.address));
        service["service_path"].as_str().unwrap().to_owned()
    };
    let properties = served.get(&format!("{}?prefix=", path(&manifest["suggest"]["property"]))).await.json();
    let known: Vec<&str> =
        properties["result"].as_array().unwrap().iter().map(|property| property["id"].as_str().unwrap()).collect();
    assert_eq!(known, ["type", "region", "district", "lat", "lon", "code"]);
    let latitude = served.get(&format!("{}?prefix=LAT", path(&manifest["suggest"]["property"]))).await.json();
    assert_eq!(latitude["result"], json!([{"id": "lat", "name": "Latitude"}]));
    let entities = path(&manifest["suggest"]["entity"]);
    let named = served.get(&format!("{entities}?prefix=bangu")).await.json();
    let expected = json!({
        "id": "OU92", "name": "Bangura HC", "description": "Amuka 0, North",
        "notable": [{"id": "org-unit", "name": "Organisation units"}, {"id": "Health Centre III", "name": "Health Centre III"}]
    });
    assert_eq!(named["result"][1], expected);
    assert_eq!(served.get(&format!("{entities}?prefix=bangu&cursor=1")).await.json()["result"], json!([expected]));
    assert_eq!(served.get(&format!("{entities}?prefix=ou7")).await.json()["result"][0]["id"], "OU7");

    let proposed = path(&manifest["extend"]["propose_properties"]);
    let proposed = served.get(&format!("{proposed}?type=org-unit")).await.json();
    assert_eq!((&proposed["type"], proposed["properties"].as_array().unwrap().len()), (&"org-unit".into(), 6));
    let wanted =
        json!({"ids": ["OU91", "OU1", "gone"], "properties": [{"id": "district"}, {"id": "lat"}, {"id": "code"}]});
    let answer = served.post("org-unit", "extend", &wanted.to_string()).await.json();
    assert_eq!(
        answer,
        json!({
            "meta": [{"id": "district", "name": "District"}, {"id": "lat", "name": "Latitude"}, {"id": "code", "name": "Code"}],
            "rows": {
                "OU91": {"district": [{"str": "Vanzi"}], "lat": [], "code": [{"str": "HF91"}, {"str": "91"}]},
                "OU1": {"district": [{"str": "Amuka 0"}], "lat": [{"float": 1.1}], "code": [{"str": "HF1"}]},
                "gone": {"district": [], "lat": [], "code": []}
            }
        })
    );
    served.end().await;
}

#[tokio::test]
async fn a_record_can_be_looked_at_in_a_frame() {
    let served = Served::new().await;
    std::fs::write(served.file("items.csv"), "id,name,form\nP&1,<b>Zinc</b>,tablet\n").unwrap();
    let manifest = served.get("/reconcile/item").await.json();
    assert_eq!(manifest["view"]["url"], manifest["preview"]["url"]);
    let template = manifest["preview"]["url"].as_str().unwrap();
    let page = template.strip_prefix(&format!("http://{}", served.address)).unwrap().replace("{{id}}", "P%261");
    let page = served.get(&page).await;
    assert!(page.status == 200 && page.head.contains("frame-ancestors *"), "{}", page.head);
    assert!(page.body.contains("&#60;b&#62;Zinc") && page.body.contains("tablet"), "{}", page.body);
    assert_eq!(served.get("/reconcile/item/record?id=P9").await.refusal(), (404, "reconcile-no-record".into()));
    // The pages of the project still may not stand in one.
    assert!(served.get("/").await.head.contains("frame-ancestors 'none'"));
    served.end().await;
}

#[tokio::test]
async fn what_cannot_be_understood_is_refused_in_json() {
    let served = Served::new().await;
    for (queries, expected) in [
        ("", (400, "reconcile-json")),
        ("[]", (400, "reconcile-json")),
        ("{\"q0\": 3}", (400, "reconcile-json")),
        ("{\"q0\": {\"query\": \"a\", \"properties\": [{\"v\": 1}]}}", (400, "reconcile-json")),
        (&format!("{{\"q0\": {{\"query\": \"{}\"}}}}", "a".repeat(1001)), (400, "reconcile-too-long")),
        (
            &Value::from(
                (0..101).map(|at| (format!("q{at}"), json!({"query": "a"}))).collect::<serde_json::Map<_, _>>(),
            )
            .to_string(),
            (413, "reconcile-too-many"),
        ),
    ] {
        let answer = served.post("org-unit", "queries", queries).await;
        assert_eq!(answer.refusal(), (expected.0, expected.1.to_owned()), "{queries}");
        assert!(answer.head.contains("access-control-allow-origin: *"), "{}", answer.head);
    }
    assert_eq!(served.post("org-unit", "extend", "{\"ids\": []}").await.refusal(), (400, "reconcile-json".into()));
    assert_eq!(served.post("org-unit", "query", "Kasolwe").await.refusal(), (400, "reconcile-form".into()));
    let large = served.send("POST", "/reconcile/org-unit", &"a".repeat((1 << 20) + 1)).await;
    assert_eq!(large.refusal(), (413, "reconcile-too-large".into()));
    for kind in ["place", "%ff"] {
        assert_eq!(served.get(&format!("/reconcile/{kind}")).await.refusal(), (404, "reconcile-no-register".into()));
    }
    let french = served.get("/reconcile/place?lang=fr").await.json();
    assert!(french["error"]["message"].as_str().unwrap().starts_with("Le projet n'a pas"), "{french}");
    served.end().await;
}

#[tokio::test]
async fn a_get_answers_too_and_no_callback_is_called() {
    let served = Served::new().await;
    let queries = form_urlencoded::Serializer::new(String::new())
        .append_pair("queries", "{\"q0\": {\"query\": \"OU1\"}}")
        .append_pair("callback", "alert")
        .finish();
    let answer = served.get(&format!("/reconcile/org-unit?{queries}")).await;
    assert_eq!(found(&answer.json(), "q0")[0], ("OU1", true));
    assert_eq!(served.get("/reconcile/org-unit?callback=alert").await.json()["versions"], json!(["0.2"]));
    served.end().await;
}

#[tokio::test]
async fn a_changed_register_is_read_anew_and_a_lost_one_is_told_without_its_path() {
    let served = Served::new().await;
    let ask = json!({"q0": {"query": "Zanzi Hospital"}});
    assert!(found(&served.ask("org-unit", &ask).await, "q0").iter().all(|(id, _)| *id != "OU99"));
    std::fs::write(served.file("org_units.csv"), format!("{}\nOU99,Zanzi Hospital,,,,,,\n", org_units())).unwrap();
    assert_eq!(found(&served.ask("org-unit", &ask).await, "q0")[0].0, "OU99");
    std::fs::remove_file(served.file("org_units.csv")).unwrap();
    let lost = served.get("/reconcile/org-unit").await;
    assert_eq!(lost.refusal(), (500, "pages-broken".into()));
    assert!(!lost.body.contains("org_units"), "{}", lost.body);
    served.end().await;
}
