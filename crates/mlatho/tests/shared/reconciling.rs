//! A real list reconciled against a real register, over HTTP in batches of ten. Floors lie a little below what is
//! reached; run with `--nocapture` to see the figures.

use std::collections::HashMap;
use std::fmt::Write;
use std::net::SocketAddr;

use mlatho_pipeline::Project;
use mlatho_text::Language;
use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::matching::sets::{self, Set};

const PROJECT: &str = "version = 1\nname = \"Test\"\n[[registers]]\nkind = \"org-unit\"\nfile = \"register.csv\"\n";

/// Queries of one batch, as OpenRefine sends them.
const BATCH: usize = 10;

#[derive(Debug, Default)]
struct Figures {
    /// Share of the linked records whose partner is the first candidate.
    hit_at_1: f64,
    /// Share of the matches that are links, and of the links that are matches.
    precision: f64,
    recall: f64,
    /// Share of the records without a partner that are matched all the same.
    matched_without_partner: f64,
}

#[tokio::test(flavor = "multi_thread")]
async fn malawi_dhis2_against_openlmis() {
    let Some(set) = sets::malawi() else { return };
    let figures = reconciled(&set, &[]).await;
    // Names alone: the right one comes first, and few are sure enough to be matched unseen.
    assert!(figures.hit_at_1 >= 0.97 && figures.precision >= 0.995 && figures.recall >= 0.1);
    assert!(figures.matched_without_partner <= 0.005);
}

#[tokio::test(flavor = "multi_thread")]
async fn kenya_dhis2_against_register() {
    let Some(mut set) = sets::kenya_lists() else { return };
    set.links.truncate(500);
    let figures = reconciled(&set, &["region", "district"]).await;
    assert!(figures.hit_at_1 >= 0.985 && figures.precision >= 0.995 && figures.recall >= 0.7);
}

/// Asks for the linked records, and those known to have no partner, with these columns as properties.
async fn reconciled(set: &Set, properties: &[&str]) -> Figures {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mlatho.toml"), PROJECT).unwrap();
    let columns = ["id", "name", "type", "owner", "region", "district", "subdistrict"];
    let mut rows = csv::Writer::from_path(folder.path().join("register.csv")).unwrap();
    rows.write_record(columns).unwrap();
    (0..set.right.len()).for_each(|row| rows.write_record(columns.map(|column| set.right.named(row, column))).unwrap());
    rows.flush().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let project = Project::load(folder.path()).unwrap();
    let server = tokio::spawn(mlatho_server::serve(
        project,
        listener,
        Language::En,
        || jiff::Timestamp::UNIX_EPOCH,
        std::future::pending(),
    ));

    let links: HashMap<&str, &str> = set.links.iter().map(|(left, right)| (left.as_str(), right.as_str())).collect();
    let alone = |id: &str| matches!(&set.without, sets::Without::These(ids) if ids.contains(id));
    let asked: Vec<usize> = (0..set.left.len())
        .filter(|row| links.contains_key(set.left.named(*row, "id")) || alone(set.left.named(*row, "id")))
        .collect();
    let (mut hits, mut matches, mut right, mut stray) = (0, 0, 0, 0);
    for rows in asked.chunks(BATCH) {
        let query = |(at, row): (usize, &usize)| {
            let value = |name: &&str| json!({"pid": name, "v": set.left.named(*row, name)});
            let properties: Vec<Value> = properties.iter().map(value).collect();
            (format!("q{at}"), json!({"query": set.left.named(*row, "name"), "properties": properties}))
        };
        let answer = post(address, &rows.iter().enumerate().map(query).collect()).await;
        for (at, row) in rows.iter().enumerate() {
            let best = &answer[format!("q{at}")]["result"][0];
            let partner = links.get(set.left.named(*row, "id"));
            let is_partner = partner.is_some_and(|partner| best["id"] == *partner);
            let is_match = best["match"] == true;
            hits += usize::from(is_partner);
            matches += usize::from(is_match && partner.is_some());
            right += usize::from(is_match && is_partner);
            stray += usize::from(is_match && partner.is_none());
        }
    }
    server.abort();
    let linked = asked.iter().filter(|row| links.contains_key(set.left.named(**row, "id"))).count();
    let share =
        |part: usize, of: usize| f64::from(u32::try_from(part).unwrap()) / f64::from(u32::try_from(of.max(1)).unwrap());
    let figures = Figures {
        hit_at_1: share(hits, linked),
        precision: share(right, matches),
        recall: share(right, linked),
        matched_without_partner: share(stray, asked.len() - linked),
    };
    eprintln!("{}, reconciled: {linked} linked records: {figures:.4?}", set.name);
    figures
}

async fn post(address: SocketAddr, queries: &Map<String, Value>) -> Value {
    let mut body = String::from("queries=");
    for byte in serde_json::to_string(queries).unwrap().bytes() {
        write!(body, "%{byte:02X}").unwrap();
    }
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /reconcile/org-unit HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}
