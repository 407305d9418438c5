//! What others hand over, over a socket, and what a run makes of it.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use mlatho_pipeline::Project;
use mlatho_pipeline::run::run;
use mlatho_server::{ServerError, serve};
use mlatho_store::Receipt;
use mlatho_testkit::openhim;
use mlatho_text::Language;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const CONFIG: &str = r#"
version = 1
name = "Test"
[mappings]
org_units = []
items = []
elements = []

[[sources]]
name = "messages"
side = "lmis"
format = "cstock-sms"
[sources.gateway]
kind = "kannel"
secret_file = "secrets/kannel"
time_zone = "+02:00"
reporters = "secrets/reporters.csv"

[[sources]]
name = "facility messages"
side = "lmis"
format = "ilsgateway-sms"
[sources.gateway]
kind = "telerivet"
secret_file = "secrets/telerivet"
time_zone = "+03:00"

[[sources]]
name = "more"
side = "lmis"
format = "ilsgateway-sms"
[sources.gateway]
kind = "africas-talking"
secret_file = "secrets/africas-talking"
time_zone = "+03:00"

[[sources]]
name = "services"
side = "hmis"
format = "adx"
senders = [
    { name = "district A", token_file = "secrets/a" },
    { name = "district B", token_file = "secrets/b" },
]

[[sources]]
name = "stock"
side = "lmis"
format = "fhir-measure-report"
senders = [{ name = "lmis", token_file = "secrets/lmis" }]

[[sources]]
name = "layer"
side = "lmis"
format = "data-elements-json"
senders = [{ name = "layer", token_file = "secrets/layer" }]

[[sources]]
name = "shut"
side = "hmis"
format = "adx"
senders = [{ name = "nobody", token_file = "secrets/empty" }, { name = "none", token_env = "MLATHO_TEST_NO_SUCH" }]
"#;

const SECRETS: [(&str, &str); 9] = [
    ("kannel", "kännel:1\n"),
    ("telerivet", "tele 2"),
    ("africas-talking", "africa-3"),
    ("a", "token-of-a"),
    ("b", "token-of-b"),
    ("lmis", "token-of-lmis"),
    ("layer", "token-of-layer"),
    ("empty", "\n"),
    ("core", "core-password"),
];

const REPORTERS: &str = "number,sender_level,setup\n+265 991 234 567,hsa,\"hsa 261601; manages zi,la\"\n";

/// A server of a project of its own.
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
    fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap()
    }
}

fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn now() -> Timestamp {
    "2026-04-03T12:00:00Z".parse().unwrap()
}

impl Served {
    async fn new(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "mlatho.toml", &format!("{CONFIG}{more}"));
        write(folder.path(), "secrets/reporters.csv", REPORTERS);
        for (name, secret) in SECRETS {
            write(folder.path(), &format!("secrets/{name}"), secret);
        }
        let project = Project::load(folder.path()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async { stopped.await.unwrap_or_default() };
        let task = tokio::spawn(serve(project, listener, Language::En, now, shutdown));
        Self { folder, address, stop, task }
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let length = body.len();
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {length}\r\n",
            self.address
        );
        headers.iter().for_each(|(name, value)| head.extend([*name, ": ", *value, "\r\n"]));
        head.push_str("\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        // A server that has heard enough closes while we write.
        let _ = stream.write_all(body).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    /// The status of a message handed over.
    async fn sms(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> u16 {
        let answer = self.ask(method, path, headers, body.as_bytes()).await;
        assert_eq!(answer.body, "", "an answer with a body may be sent to whoever wrote");
        answer.status
    }

    async fn post(&self, path: &str, token: &str, body: &[u8]) -> Answer {
        self.ask("POST", path, &[("Authorization", &format!("Bearer {token}"))], body).await
    }

    fn project(&self) -> Project {
        Project::load(self.folder.path()).unwrap()
    }

    /// Runs, and gives `source org_unit item measure period value` of everything that is current, in order.
    async fn run(&self) -> Vec<String> {
        let project = self.project();
        let repository = project.make_repository().await.unwrap();
        run(&project, &repository, now(), &mut |_| {}).await.unwrap();
        let sql = "SELECT source || ' ' || coalesce(org_unit, '') || ' ' || item || ' ' || measure || ' ' || period || ' ' || \
                   coalesce(cast(cast(value AS bigint) AS varchar), state) FROM observations ORDER BY 1";
        let mut out = Vec::new();
        repository.query(sql, None).await.unwrap().write_csv(&mut out).await.unwrap();
        repository.close().await.unwrap();
        String::from_utf8(out).unwrap().lines().skip(1).map(Into::into).collect()
    }

    /// Every receipt with its bytes.
    async fn landed(&self) -> Vec<(Receipt, String)> {
        let repository = self.project().make_repository().await.unwrap();
        let mut landed = Vec::new();
        for receipt in repository.receipts().await.unwrap() {
            let mut text = String::new();
            repository.received(&receipt.id).unwrap().read_to_string(&mut text).unwrap();
            landed.push((receipt, text));
        }
        repository.close().await.unwrap();
        landed
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap().unwrap();
    }
}

fn basic(password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("kannel:{password}")))
}

/// All bytes below a folder.
fn bytes(folder: &Path, into: &mut Vec<u8>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            bytes(&path, into);
        } else {
            into.extend(std::fs::read(&path).unwrap());
        }
    }
}

const KANNEL: &str =
    "/sms/messages?id=k-1&time=2026-03-31+22:30&from=%2B265991234567&text=soh+zi+10+la+0+call+Grace+0991234567";

#[tokio::test]
async fn messages_are_kept_once_and_name_nobody() {
    let served = Served::new("").await;
    let right = basic("kännel:1");
    let kannel = [("Authorization", right.as_str())];
    assert_eq!(served.sms("GET", KANNEL, &kannel, "").await, 200);
    assert_eq!(served.sms("GET", KANNEL, &kannel, "").await, 200, "it comes again");
    let second = "/sms/messages?id=k-2&time=2026-03-02+08:00&from=%2B265881234567&text=reg+Grace+Banda+7+2616";
    assert_eq!(served.sms("GET", second, &kannel, "").await, 200);
    let third = "/sms/messages?id=k-3&time=2026-03-03+08:00&from=265881234567&text=soh+zi+7";
    assert_eq!(served.sms("GET", third, &kannel, "").await, 200);

    let telerivet = "event=incoming_message&message_type=sms&id=t-1&content=soh+inj+5&from_number=0712345678&\
                     time_created=1772355600&secret=tele+2";
    assert_eq!(served.sms("POST", "/sms/facility%20messages", &[], telerivet).await, 200);
    let delivery = "event=send_status&id=t-1&status=delivered&secret=tele+2";
    assert_eq!(served.sms("POST", "/sms/facility%20messages", &[], delivery).await, 200, "no message, and no retry");
    let africa = "id=a-1&date=2026-03-04+10%3A00%3A00&from=%2B254714000000&to=2390&text=soh+pil+3";
    assert_eq!(served.sms("POST", "/sms/more?secret=africa-3", &[], africa).await, 200);

    let lines = served.run().await;
    let expected = [
        "facility messages  inj closing_balance 202603 5",
        "messages 261601 la closing_balance 202604 suppressed:unparsed-text",
        "messages 261601 zi closing_balance 202604 suppressed:unparsed-text",
        "messages 261607 zi closing_balance 202603 7",
        "more  pil closing_balance 202603 3",
    ];
    assert_eq!(lines, expected);

    let mut all = Vec::new();
    bytes(&served.project().data_dir(), &mut all);
    let landed = served.landed().await;
    assert_eq!(landed.len(), 4, "a log for each source and month");
    let april = &landed.iter().find(|(receipt, _)| receipt.origin == "gateway/messages_2026-04.csv").unwrap().1;
    let text = april.lines().nth(1).unwrap();
    assert!(text.ends_with(",hsa,,\"hsa 261601; manages zi,la\",soh zi 10 la 0 xxll yyyyy #########0"), "{april}");
    assert_eq!(april.lines().count(), 2);
    let kept: String = landed.into_iter().map(|(_, text)| text).chain([String::from_utf8_lossy(&all).into()]).collect();
    for person in ["991234567", "881234567", "712345678", "714000000", "Grace", "Banda"] {
        assert!(!kept.contains(person), "{person} is kept");
    }
    served.end().await;
}

#[tokio::test]
async fn without_its_secret_a_gateway_hands_nothing_over() {
    let served = Served::new("").await;
    let wrong = basic("kannel:1");
    assert_eq!(served.sms("GET", KANNEL, &[("Authorization", &wrong)], "").await, 401);
    assert_eq!(served.sms("GET", KANNEL, &[], "").await, 401);
    // What stands in an address ends up in logs of proxies: it does not count where a gateway has another way.
    assert_eq!(served.sms("GET", &format!("{KANNEL}&secret=k%C3%A4nnel:1"), &[], "").await, 401);
    let telerivet = "event=incoming_message&id=t-1&content=soh+inj+5&from_number=0712345678&time_created=1772355600";
    assert_eq!(served.sms("POST", "/sms/facility%20messages?secret=tele+2", &[], telerivet).await, 401);
    assert_eq!(served.sms("POST", "/sms/more?secret=africa-4", &[], "id=1").await, 401);
    for nowhere in ["/sms/services", "/sms/unknown", "/sms/..%2F"] {
        assert_eq!(served.sms("GET", nowhere, &[("Authorization", &basic("token-of-a"))], "").await, 401, "{nowhere}");
    }
    let right = basic("kännel:1");
    let kannel = [("Authorization", right.as_str())];
    assert_eq!(served.sms("GET", "/sms/messages?id=k-1", &kannel, "").await, 422);
    assert_eq!(served.sms("POST", "/sms/messages", &kannel, &"a".repeat(70_000)).await, 413);
    assert!(!served.project().data_dir().join("gateway").exists());
    served.end().await;
}

fn adx(value: &str) -> String {
    format!(
        "<adx xmlns=\"urn:ihe:qrph:adx:2015\"><group orgUnit=\"HF1\" period=\"2026-03-01/P1M\">\
         <dataValue dataElement=\"CASES\" value=\"{value}\"/></group></adx>"
    )
}

fn bundle() -> Json {
    json!({"resourceType": "Bundle", "entry": [{"resource": {
        "resourceType": "MeasureReport", "id": "m1", "type": "summary", "measure": "Measure/stock_on_hand",
        "reporter": {"reference": "Location/HF1"}, "period": {"start": "2026-03-01", "end": "2026-03-31"},
        "group": [{"code": {"text": "ACT"}, "measureScore": {"value": 12}}]}}]})
}

#[tokio::test]
async fn documents_are_kept_once_and_read() {
    let served = Served::new("").await;
    let first = served.post("/receive/services", "token-of-a", adx("40").as_bytes()).await;
    assert_eq!((first.status, first.head.contains("content-type: application/json")), (202, true), "{}", first.body);
    let receipt = first.json()["receipt"].as_str().unwrap().to_owned();
    let again = served.post("/receive/services", "token-of-a", adx("40").as_bytes()).await;
    assert_eq!((again.status, again.json()), (202, first.json()));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(adx("40").as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let headers = [("Authorization", "Basic bG1pczp0b2tlbi1vZi1h"), ("Content-Encoding", "gzip")]; // lmis:token-of-a
    let packed = served.ask("POST", "/receive/services", &headers, &packed).await;
    assert_eq!((packed.status, packed.json()), (202, first.json()), "{}", packed.body);
    assert_eq!(served.landed().await.len(), 1);

    let stock = served.post("/receive/stock", "token-of-lmis", bundle().to_string().as_bytes()).await;
    assert_eq!(stock.status, 202, "{}", stock.body);
    let values = json!({"description": "March", "values": [
        {"value": "7", "dataElementCode": "ACT_USED", "organizationUnitCode": "HF1", "period": "202603"}]});
    let layer = served.post("/dhis2/data-elements", "token-of-layer", values.to_string().as_bytes()).await;
    assert_eq!(layer.status, 202, "{}", layer.body);
    assert_eq!(layer.json()["notificationsChannel"], layer.json()["receipt"]);

    let expected = [
        "layer HF1 ACT_USED ACT_USED 202603 7",
        "services HF1 CASES CASES 202603 40",
        "stock HF1 ACT closing_balance 202603 12",
    ];
    assert_eq!(served.run().await, expected);
    // A correction by the same sender or another stands beside what came before, and is the newer version of it.
    let corrected = served.post("/receive/services", "token-of-b", adx("41").as_bytes()).await;
    assert_ne!(corrected.json()["receipt"], *receipt);
    assert_eq!(served.run().await[1], "services HF1 CASES CASES 202603 41");
    let landed = served.landed().await;
    let origins: Vec<&str> = landed.iter().map(|(receipt, _)| receipt.origin.as_str()).collect();
    assert!(origins[0].starts_with("received/district A/") && receipt.starts_with(&origins[0][20..]), "{origins:?}");
    assert!(origins[3].starts_with("received/district B/"), "{origins:?}");
    assert_eq!(landed[0].1, adx("40"));
    served.end().await;
}

#[tokio::test]
async fn what_cannot_be_taken_is_told_and_not_kept() {
    let served = Served::new("").await;
    let code = |answer: Answer| (answer.status, answer.json()["code"].as_str().unwrap().to_owned());
    let refused = |status, code: &str| (status, code.to_owned());
    let body = adx("40");
    for (path, token) in [
        ("/receive/services", "token-of-lmis"),
        ("/receive/services", ""),
        ("/receive/shut", ""),
        ("/receive/messages", "token-of-a"),
        ("/receive/unknown", "token-of-a"),
        ("/dhis2/data-elements", "token-of-a"),
    ] {
        let answer = served.post(path, token, body.as_bytes()).await;
        assert!(answer.head.contains("www-authenticate: basic"), "{}", answer.head);
        assert_eq!(code(answer), refused(401, "door-secret"), "{path}");
    }
    let without = served.ask("POST", "/receive/services", &[], body.as_bytes()).await;
    assert_eq!(code(without), refused(401, "door-secret"));
    assert_eq!(served.ask("GET", "/receive/services", &[], b"").await.status, 405);

    let empty = served.post("/receive/services", "token-of-a", b" \n").await;
    assert!(empty.body.contains("is empty"), "{}", empty.body);
    assert_eq!(code(empty), refused(422, "door-empty"));
    let cut = served.post("/receive/services", "token-of-a", &[0x1f, 0x8b, 8, 0]).await;
    assert_eq!(code(cut), refused(422, "door-broken"));
    let mut zeros = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..129 {
        zeros.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = served.post("/receive/services", "token-of-a", &zeros.finish().unwrap()).await;
    assert_eq!(code(bomb), refused(413, "door-too-large"));
    let large = served.post("/receive/services", "token-of-a", &vec![b' '; (32 << 20) + 1]).await;
    assert_eq!(code(large), refused(413, "door-too-large"));
    let mut persons = bundle();
    persons["entry"][0]["resource"]["subject"] = json!({"reference": "Patient/7"});
    let persons = served.post("/receive/stock", "token-of-lmis", persons.to_string().as_bytes()).await;
    assert!(persons.body.contains("Patient"), "{}", persons.body);
    assert_eq!(code(persons), refused(422, "door-persons"));
    assert_eq!(served.landed().await.len(), 0);
    served.end().await;
}

/// Waits until something is so, for ten seconds at most.
async fn until(so: impl Fn() -> bool) {
    let looking = async {
        while !so() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), looking).await.unwrap();
}

#[tokio::test]
async fn openhim_knows_us_and_gets_answers_in_its_form() {
    let core = openhim::Server::start(openhim::Config::new("mlatho", "core-password")).unwrap();
    let settings = |url: &str| {
        format!(
            "[openhim]\nown_url = \"http://mlatho.example.org:8080/m\"\n[openhim.server]\nurl = \"{url}\"\n\
             user = \"mlatho\"\npassword_file = \"secrets/core\"\n"
        )
    };
    let served = Served::new(&settings(core.url())).await;
    let urn = "urn:mediator:mlatho";
    until(|| core.heartbeats(urn) > 0).await;
    let registered = core.registered(urn).unwrap();
    assert_eq!((&registered["name"], registered["endpoints"].as_array().unwrap().len()), (&json!("Test"), 4));
    let expected = json!({"name": "services", "host": "mlatho.example.org", "port": 8080, "type": "http",
        "path": "/m/receive/services"});
    assert_eq!(registered["endpoints"][0], expected);

    let through = |token: &'static str| [("Authorization", token), ("X-OpenHIM-TransactionID", "5f2b")];
    let path = "/receive/services";
    let taken = served.ask("POST", path, &through("Bearer token-of-a"), adx("40").as_bytes()).await;
    assert_eq!(taken.status, 202, "{}", taken.body);
    assert!(taken.head.contains("content-type: application/json+openhim"), "{}", taken.head);
    let said = taken.json();
    assert_eq!((&said["x-mediator-urn"], &said["status"]), (&json!(urn), &json!("Successful")));
    let direct = served.post(path, "token-of-a", adx("40").as_bytes()).await;
    assert_eq!(said["response"]["body"], direct.json().to_string());
    assert_eq!((&said["response"]["status"], &said["orchestrations"]), (&json!(202), &json!([])));
    let refused = served.ask("POST", path, &through("Bearer guessed"), adx("40").as_bytes()).await;
    assert_eq!((refused.status, &refused.json()["status"]), (401, &json!("Failed")));
    served.end().await;

    // A core that cannot be reached is no reason not to serve; settings that cannot work are.
    let alone = Served::new(&settings("http://127.0.0.1:9")).await;
    assert_eq!(alone.post(path, "token-of-a", adx("40").as_bytes()).await.status, 202);
    alone.end().await;
    let wrong = Served::new(&settings("ftp://127.0.0.1")).await;
    assert!(matches!(wrong.task.await.unwrap(), Err(ServerError::Project(_))));
}
