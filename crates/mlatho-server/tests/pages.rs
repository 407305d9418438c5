//! The pages as a reader gets them: over a socket, and in a browser.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where its own input is wrong")]

#[path = "../../mlatho-pipeline/tests/common/mod.rs"]
mod common;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use common::{fill, project};
use mlatho_server::{ServerError, serve};
use mlatho_store::{Unmapped, UnmappedKind};
use mlatho_text::Language;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const ACT: &str = r#"
name = "ACT <against> cases"
period_type = "monthly"
[[consumption]]
item = "ACT"
units_per_case = 24
[[services]]
item = "cases"
[band]
low = 0.8
high = 1.25
source = "default tolerance"
"#;

/// In January A hands out 100,000 treatments more than its 100 cases; its February is missing, its March zero.
const LINES: &str = "\
A,ACT,consumed,,202601,2402400,
A,cases,cases,,202601,100,
A,ACT,consumed,,202602,,
A,cases,cases,,202602,100,
A,ACT,consumed,,202603,0,
A,cases,cases,,202603,200,
B,ACT,consumed,,202601,2400,
B,cases,cases,,202601,100,
B,ACT,consumed,,202602,2400,held
B,cases,cases,,202602,100,";

/// A server of a project of its own.
struct Served {
    _folder: TempDir,
    root: PathBuf,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServerError>>,
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Served {
    /// Serves a project with these rules and, where there are any, these lines in its repository.
    async fn new(rules: &[(&str, &str)], lines: Option<&str>) -> Self {
        let (folder, project) = project(rules);
        if let Some(lines) = lines {
            let repository = fill(&project, lines).await;
            let unmapped = Unmapped {
                month: "202601".parse().unwrap(),
                kind: UnmappedKind::OrgUnit,
                source: "lmis".parse().unwrap(),
                code: "X".into(),
                name: String::new(),
                records: 7,
                quantity: 700.into(),
            };
            repository.replace_unmapped(unmapped.month, std::slice::from_ref(&unmapped)).await.unwrap();
            repository.close().await.unwrap();
        }
        let root = project.path(".".as_ref());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async { stopped.await.unwrap_or_default() };
        let task = tokio::spawn(serve(project, listener, Language::En, || common::at(0), shutdown));
        Self { _folder: folder, root, address, stop, task }
    }

    async fn get(&self, path: &str, accept_language: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAccept-Language: {accept_language}\r\nConnection: close\r\n\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    async fn page(&self, path: &str) -> String {
        let answer = self.get(path, "*").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap().unwrap();
    }
}

/// The cells of a table on the page, row by row, without markup.
fn table(page: &str, id: &str) -> Vec<Vec<String>> {
    let table = page.split(&format!("<table id=\"{id}\">")).nth(1).unwrap().split("</table>").next().unwrap();
    let cell = |cell: &str| {
        let mut text = String::new();
        let mut inside = true; // of the tag that the cell begins with
        for letter in cell.chars() {
            match letter {
                '<' => inside = true,
                '>' => inside = false,
                letter if !inside => text.push(letter),
                _ => {}
            }
        }
        text.trim().to_owned()
    };
    let rows = table.split("<tr>").skip(2);
    rows.map(|row| row.split("<t").filter(|part| part.starts_with(['d', 'h'])).map(cell).collect()).collect()
}

/// Makes the catalogue unreadable.
fn spoil(data: &Path) {
    for log in ["catalogue.db-wal", "catalogue.db-shm"] {
        let _ = std::fs::remove_file(data.join(log));
    }
    std::fs::write(data.join("catalogue.db"), "this is no database, however long one looks at it".repeat(100)).unwrap();
}

fn assert_has(page: &str, texts: &[&str]) {
    for text in texts {
        assert!(page.contains(text), "{text} is not in\n{page}");
    }
}

#[tokio::test]
async fn the_page_shows_trend_table_and_what_needs_attention() {
    let served = Served::new(&[("rules/act.toml", ACT)], Some(LINES)).await;
    let page = served.page("/").await;
    assert_has(
        &page,
        &[
            "<html lang=\"en\">",
            "<title>ACT &#60;against&#62; cases – Test &#60;country&#62;</title>",
            "<svg xmlns",
            "This is a first plain page",
            "Last run: number 1, finished on 28 May 2026 at 20:27 UTC.",
            "One number is held back",
            "One organisation unit of the sources is not mapped and does not count; records under it: 7.",
            "All products and data elements of the sources are mapped.",
            "<a href=\"/?rule=act&#38;ou=A\">Alpha &#60;clinic&#62;</a>",
            "1–2 of 2.",
        ],
    );
    assert!(!page.contains("<clinic>") && !page.contains("<against>") && !page.contains("<script"));
    // January: 100,100 + 100 treatments against 200 cases of both. February: nobody has both sides.
    assert_eq!(
        table(&page, "trend-table"),
        [
            ["Jan 2026", "100,200", "200", "200", "501.00", "0.8–1.25", "▲ above the expected band", "2 of 2"],
            ["Feb 2026", "–", "–", "–", "–", "0.8–1.25", "○ undefined", "0 of 2"],
            ["Mar 2026", "0", "200", "200", "0.00", "0.8–1.25", "▼ below the expected band", "1 of 1"],
        ]
    );
    let attention = table(&page, "attention-table");
    assert_eq!(attention.len(), 2);
    assert_eq!(
        attention[0][..7],
        ["1", "Alpha &#60;clinic&#62;", "Jan 2026", "▲ above the expected band", "100,000", "100,100", "100"]
    );
    assert_eq!(attention[1][..5], ["2", "Alpha &#60;clinic&#62;", "Mar 2026", "▼ below the expected band", "200"]);

    let of_b = served.page("/?rule=act&ou=B").await;
    assert_eq!(table(&of_b, "trend-table")[1][1..4], ["–", "100", "100"]);
    assert_has(&of_b, &["B, Jan 2026 to Feb 2026", "value=\"B\""]);
    served.end().await;
}

#[tokio::test]
async fn the_facilities_page_ranks_who_disagrees_in_the_last_known_period() {
    let lines = "\
A,ACT,consumed,,202602,2400,\nA,cases,cases,,202602,100,\nB,ACT,consumed,,202602,7200,\nB,cases,cases,,202602,100,
C,ACT,consumed,,202602,0,\nC,cases,cases,,202602,50,\nD,ACT,consumed,,202602,24,\nA,ACT,consumed,,202603,24,";
    let served = Served::new(&[("rules/act.toml", ACT)], Some(lines)).await;
    // A 100 for 100, B 300 for 100, C 0 for 50; of D and of March one side only.
    let expected = "org_unit,name,period,consumption,expected,gap,ratio\nB,B,202602,300,100,200,3\n\
                    C,C,202602,0,50,-50,0\nA,Alpha <clinic>,202602,100,100,0,1\n";
    assert_eq!(served.page("/facilities.csv").await, expected);
    let page = served.page("/facilities?rule=act&lang=en").await;
    assert_has(
        &page,
        &[
            "2 of 3 organisation units are outside the expected band.",
            "<a href=\"/?rule=act&amp;ou=A&amp;lang=en\">",
            "href=\"/facilities.csv?rule=act&#38;lang=en\"",
            "id=\"ranking-title\"",
        ],
    );
    served.end().await;
    let none = Served::new(&[], None).await;
    assert_eq!(none.get("/facilities", "*").await.status, 404);
    none.end().await;
}

/// Three clinics over three months: A uses 30, 60 and 90 a month, the last over 15 of 31 days; B has no stock; C is silent
/// in the end. P2 has stock and no use.
const STOCK: &str = "\
A,P1,consumed,,202601,30,
A,P1,closing_balance,,202601,400,
A,P1,consumed,,202602,60,
A,P1,closing_balance,,202602,340,
A,P1,consumed,,202603,90,
A,P1,stockout_days,,202603,16,
A,P1,closing_balance,,202603,250,
B,P1,consumed,,202602,12,
B,P1,consumed,,202603,0,
B,P1,closing_balance,,202603,0,
C,P1,consumed,,202601,5,
C,P1,closing_balance,,202601,10,
A,=P2,consumed,,202603,0,
A,=P2,closing_balance,,202603,7,
D,P3,consumed,,2026Q1,9,
D,P3,closing_balance,,2026Q1,9,";

#[tokio::test]
async fn the_stock_page_says_for_how_long_and_who_has_none() {
    let bounds = "version = 1\nname = \"T\"\n[stock]\nminimum_months = \"1\"\nmaximum_months = \"2.5\"\n";
    let served = Served::new(&[("mlatho.toml", bounds)], Some(STOCK)).await;
    let csv = served.page("/stock.csv").await;
    // A: 30 + 60 + 90 × 31 / 15 = 276 over 3 months, 92 a month; B: 6 a month. 250 ÷ 98. The stock of C is not known in
    // March, and a quarter is no month.
    let header = "item,name,period,org_units_known,org_units_stocked_out,org_units_silent,stock_on_hand,\
                  average_monthly_consumption,months_of_stock";
    let expected = format!("{header}\nP1,P1,202603,2,1,1,250,98,2.55102\n'=P2,'=P2,202603,1,0,0,7,0,\n");
    assert_eq!(csv, expected);
    let page = served.page("/stock").await;
    assert_has(
        &page,
        &["<h1 id=\"page-title\">Stock, Mar 2026</h1>", "1 of 2", "stock, no use", "2.6 more than planned"],
    );
    assert_has(&page, &["<a href=\"/stock\" aria-current=\"page\">Stock</a>", "<svg xmlns", "href=\"/stock.csv\""]);
    assert_has(&served.page("/stock?lang=fr").await, &["Y a-t-il assez de chaque produit ?", "/stock.csv?lang=fr"]);
    served.end().await;
}

#[tokio::test]
async fn the_completeness_page_says_who_reported() {
    let source = "version = 1\nname = \"T\"\n";
    let served = Served::new(&[("mlatho.toml", source)], Some(STOCK)).await;
    // A quarterly report is there for all its months; of services nobody reported.
    let expected = "org_unit,name,period,lmis,hmis\n\
                    C,C,202601,1,\nC,C,202602,0,\nC,C,202603,0,\n\
                    B,B,202601,0,\nB,B,202602,1,\nB,B,202603,1,\n\
                    A,Alpha <clinic>,202601,1,\nA,Alpha <clinic>,202602,1,\nA,Alpha <clinic>,202603,1,\n\
                    D,D,202601,1,\nD,D,202602,1,\nD,D,202603,1,\n";
    assert_eq!(served.page("/completeness.csv").await, expected);
    let page = served.page("/completeness").await;
    assert_has(
        &page,
        &["4 organisation units report to the LMIS only, 0 to the HMIS only.", "33.3 %", "Alpha &lt;clinic&gt;"],
    );
    assert!(!page.contains("<clinic>"));
    served.end().await;
}

#[tokio::test]
async fn who_watches_learns_how_it_stands_and_nothing_of_the_data() {
    let empty = Served::new(&[], None).await;
    assert_eq!((empty.page("/healthz").await.as_str(), empty.page("/readyz").await.as_str()), ("ok\n", "ok\n"));
    assert!(!empty.page("/metrics").await.contains("last_run"));
    empty.end().await;
    let served = Served::new(&[("rules/act.toml", ACT)], Some(LINES)).await;
    let metrics = served.page("/metrics").await;
    assert_has(
        &metrics,
        &[
            "# TYPE mlatho_held_values gauge\nmlatho_held_values 1\n",
            "mlatho_last_run_number 1\n",
            "mlatho_last_run_timestamp_seconds 1780000060\n",
            "mlatho_unmapped_codes{kind=\"org-unit\"} 1\nmlatho_unmapped_codes{kind=\"item\"} 0\n",
            "mlatho_unmapped_records{kind=\"org-unit\"} 7\n",
            "mlatho_worklist_entries 2\n",
        ],
    );
    assert!(!metrics.contains("Alpha") && !metrics.contains("ACT"));
    assert_has(&served.page("/version").await, &["\"name\":\"mlatho\"", "\"version\":"]);
    // A repository that is gone is told, and the process lives on.
    spoil(&served.root.join("data"));
    assert_eq!(served.get("/readyz", "*").await.status, 503);
    assert_eq!(served.get("/healthz", "*").await.status, 200);
    served.end().await;
}

#[tokio::test]
async fn every_answer_has_strict_headers() {
    let served = Served::new(&[("rules/act.toml", ACT)], Some(LINES)).await;
    for (path, status, kind) in [
        ("/", 200, "text/html; charset=utf-8"),
        ("/style.css", 200, "text/css; charset=utf-8"),
        ("/compare/act.csv", 200, "text/csv; charset=utf-8"),
        ("/compare/act.svg", 200, "image/svg+xml"),
        ("/facilities", 200, "text/html; charset=utf-8"),
        ("/facilities.csv?rule=act", 200, "text/csv; charset=utf-8"),
        ("/facilities.svg", 200, "image/svg+xml"),
        ("/facilities?rule=other", 404, "text/html; charset=utf-8"),
        ("/stock", 200, "text/html; charset=utf-8"),
        ("/stock.csv", 200, "text/csv; charset=utf-8"),
        ("/stock.svg", 200, "image/svg+xml"),
        ("/completeness", 200, "text/html; charset=utf-8"),
        ("/completeness.csv", 200, "text/csv; charset=utf-8"),
        ("/completeness.svg", 200, "image/svg+xml"),
        ("/nowhere", 404, "text/html; charset=utf-8"),
        ("/compare/act.exe", 404, "text/html; charset=utf-8"),
    ] {
        let answer = served.get(path, "*").await;
        assert_eq!(answer.status, status, "{path}");
        let kind = format!("content-type: {kind}");
        let policy = "content-security-policy: default-src 'none'; style-src 'self';";
        for header in [kind.as_str(), policy, "x-content-type-options: nosniff", "referrer-policy: no-referrer"] {
            assert!(answer.head.contains(header), "{path}: no {header} in {}", answer.head);
        }
        assert!(!answer.head.contains("unsafe-inline"));
        assert!(!answer.body.contains(" style="), "{path}: the policy forbids style attributes");
    }
    served.end().await;
}

#[tokio::test]
async fn the_reader_chooses_the_language() {
    let served = Served::new(&[("rules/act.toml", ACT)], Some(LINES)).await;
    for (path, accept, lang, text) in [
        ("/?lang=fr", "pt", "fr", "janv. 2026"),
        ("/", "de, pt-MZ;q=0.8, fr;q=0.5", "pt", "acima do intervalo esperado"),
        ("/?lang=sw", "*", "sw", "Matumizi"),
        ("/?lang=xx", "de", "en", "Needs attention"),
    ] {
        let page = served.get(path, accept).await.body;
        assert_has(&page, &[&format!("<html lang=\"{lang}\">"), text]);
    }
    // Links go on in a language that was asked for.
    assert_has(&served.page("/?lang=fr").await, &["/compare/act.csv?lang=fr", "/?rule=act&#38;ou=A&#38;lang=fr"]);
    served.end().await;
}

#[tokio::test]
async fn what_is_not_there_is_told_with_what_is() {
    let served = Served::new(&[("rules/act.toml", ACT)], Some(LINES)).await;
    for path in ["/?rule=%3Cnone%3E", "/compare/none.csv"] {
        let answer = served.get(path, "*").await;
        assert_eq!(answer.status, 404, "{path}");
        assert_has(&answer.body, &["Comparison not found", "ACT &#60;against&#62; cases (act)", "/?rule=act"]);
    }
    let answer = served.get("/?rule=act&ou=%22Z", "*").await;
    assert_eq!(answer.status, 404);
    assert_has(&answer.body, &["Organisation unit not found"]);
    assert_eq!(served.get("/compare/act.svg?ou=Z", "*").await.status, 404);
    for path in ["/%00%ff?rule=%ff", "/compare/%ff.csv", "/compare/act"] {
        let answer = served.get(path, "*").await;
        assert_eq!((answer.status, answer.body.contains("Nothing here")), (404, true), "{path}");
    }
    served.end().await;
}

#[tokio::test]
async fn tables_and_picture_can_be_downloaded() {
    let served = Served::new(&[("rules/act & more.toml", ACT)], Some(LINES)).await;
    assert_has(&served.page("/").await, &["/compare/act%20%26%20more.csv"]);
    let csv = served.get("/compare/act%20%26%20more.csv?ou=B", "*").await;
    assert!(csv.head.contains("content-disposition: attachment; filename=\"act---more_b.csv\""), "{}", csv.head);
    let expected = "\
org_unit,period,consumption,services,expected,ratio,band_low,band_high,verdict,explanations
B,202601,100,100,100,1,0.8,1.25,within,[]
";
    assert!(csv.body.starts_with(expected), "{}", csv.body);
    assert_eq!(csv.body.lines().count(), 3);
    let svg = served.page("/compare/act%20%26%20more.svg?lang=fr").await;
    assert!(svg.starts_with("<svg xmlns=") && svg.contains("Fourchette attendue"), "{svg}");
    let worklist = served.page("/worklist.csv").await;
    let first = worklist.lines().nth(1).unwrap();
    assert!(first.starts_with("1,A,ACT,202601,above,"), "{worklist}");
    served.end().await;
}

#[tokio::test]
async fn without_a_run_the_page_says_what_to_do() {
    let served = Served::new(&[("rules/act.toml", ACT)], None).await;
    assert_has(&served.page("/").await, &["No run has finished yet", "mlatho run"]);
    assert_eq!(served.get("/compare/act.csv", "*").await.status, 404);
    served.end().await;
}

#[tokio::test]
async fn a_changed_rule_is_seen_and_a_bad_one_costs_itself() {
    let served = Served::new(&[("rules/act.toml", ACT)], Some(LINES)).await;
    served.page("/").await;
    std::fs::write(served.root.join("rules/act.toml"), ACT.replace("high = 1.25", "high = 600")).unwrap();
    std::fs::write(served.root.join("rules/bad.toml"), "name = 1\n").unwrap();
    let page = served.page("/").await;
    assert_eq!(table(&page, "trend-table")[0][5..7], ["0.8–600", "● within the expected band"]);
    assert_has(&page, &["bad.toml, row 1: This comparison rule cannot be used"]);
    assert!(!page.contains(&*served.root.to_string_lossy()));
    served.end().await;
}

#[tokio::test]
async fn a_broken_repository_is_told_without_what_lies_behind() {
    let served = Served::new(&[("rules/act.toml", ACT)], Some(LINES)).await;
    let data = served.root.join("data");
    spoil(&data);
    let answer = served.get("/", "*").await;
    assert_eq!(answer.status, 500);
    assert_has(&answer.body, &["The page cannot be shown"]);
    for secret in ["catalogue", "database", "tmp", "sqlx"] {
        assert!(!answer.body.contains(secret), "{}", answer.body);
    }
    served.end().await;
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "how the test task tells where the browser is")]
async fn a_browser_shows_chart_and_table() {
    let Ok(chromium) = std::env::var("MLATHO_CHROMIUM") else {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "MLATHO_CHROMIUM must be set on a build server");
        eprintln!("SKIPPED: set MLATHO_CHROMIUM to a Chromium to test the pages in a browser");
        return;
    };
    let served = Served::new(&[("rules/act.toml", ACT)], Some(LINES)).await;
    let profile = tempfile::tempdir().unwrap();
    let mut browser = tokio::process::Command::new(chromium);
    browser.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--enable-logging=stderr",
        "--dump-dom",
    ]);
    browser.arg(format!("--user-data-dir={}", profile.path().display()));
    let output = browser.arg(format!("http://{}/", served.address)).output().await.unwrap();
    let (dom, log) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr).into_owned());
    assert!(output.status.success(), "{log}");
    assert_has(&dom, &["<svg xmlns", "<caption id=\"trend-caption\">", "Alpha &lt;clinic&gt;", "100,000"]);
    assert!(!log.contains("Content Security Policy"), "{log}");
    served.end().await;
}
