//! Which path gives what.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use mlatho_model::OrgUnitId;
use mlatho_pipeline::reconcile::Reconciler;
use mlatho_pipeline::{Overview, Project, RuleComparison, write_worklist};
use mlatho_text::{Language, Texts};
use tokio::runtime::Handle;
use tokio::sync::Mutex;

use crate::asked::Asked;
use crate::completeness;
use crate::facilities;
use crate::health;
use crate::reconcile;
use crate::refusal::{Refusal, Way};
use crate::stock;
use crate::table_page::{self, Content};
use crate::view;

/// A register that should be there cannot be read; the log says why.
#[derive(Debug)]
pub(crate) struct Unreadable;

/// The pages of one project.
pub struct Pages {
    project: Project,
    language: Language,
    texts: Vec<Texts>,
    /// What was shown last, so that it is looked up anew only after a run.
    known: Mutex<Option<Arc<Overview>>>,
    /// The registers that were asked, by kind, so that they are read anew only when they change.
    registers: Mutex<HashMap<String, Arc<Reconciler>>>,
}

const STYLE: &str = include_str!("../templates/style.css");

/// No script runs, nothing comes from elsewhere, no other page may frame these or learn from where a reader came.
const HEADERS: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("vary", "Accept-Language"),
    ("cache-control", "no-cache"),
];

impl Pages {
    /// `language` is spoken where neither reader nor project asks for another.
    pub fn new(project: Project, language: Language) -> Self {
        let asked = project.config().language.as_ref().and_then(|name| name.parse().ok());
        let texts = Language::ALL.into_iter().map(Texts::new).collect();
        Self {
            project,
            language: asked.unwrap_or(language),
            texts,
            known: Mutex::default(),
            registers: Mutex::default(),
        }
    }

    /// All paths.
    pub fn router(self) -> Router {
        Router::new()
            .route("/", get(page))
            .route("/compare/{file}", get(comparison_file))
            .route("/worklist.csv", get(worklist_file))
            .route("/stock", get(stock_page))
            .route("/stock.csv", get(stock_table))
            .route("/stock.svg", get(stock_picture))
            .route("/facilities", get(facilities_page))
            .route("/facilities.csv", get(facilities_table))
            .route("/facilities.svg", get(facilities_picture))
            .route("/completeness", get(completeness_page))
            .route("/completeness.csv", get(completeness_table))
            .route("/completeness.svg", get(completeness_picture))
            .route("/healthz", get(health::live))
            .route("/readyz", get(health::ready))
            .route("/version", get(health::version))
            .route("/metrics", get(health::metrics))
            .route("/style.css", get(|| async { file("text/css; charset=utf-8", None, STYLE.into()) }))
            .fallback(nothing_here)
            .layer(map_response(with_headers))
            .merge(reconcile::routes())
            .with_state(Arc::new(self))
    }

    pub(crate) fn project_name(&self) -> &str {
        &self.project.config().name
    }

    /// The language of those who ask for none.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    pub(crate) fn texts(&self, language: Language) -> &Texts {
        // There is one for each language.
        &self.texts[Language::ALL.iter().position(|known| *known == language).unwrap_or_default()]
    }

    /// The project as the last run left it. One request looks, those that come meanwhile wait for it.
    pub(crate) async fn overview(self: &Arc<Self>, asked: &Asked) -> Result<Arc<Overview>, Refusal> {
        let mut known = self.known.lock().await;
        let (pages, before) = (Arc::clone(self), known.clone());
        // Reading the tables keeps a thread busy.
        let looking = move || Handle::current().block_on(async { Overview::take(&pages.project, before).await });
        let error: Box<dyn Error + Send + Sync> = match tokio::task::spawn_blocking(looking).await {
            Ok(Ok(overview)) => {
                *known = Some(Arc::clone(&overview));
                return Ok(overview);
            }
            Ok(Err(error)) => error.into(),
            Err(error) => error.into(),
        };
        tracing::error!(error = error.as_ref() as &dyn Error, "the pages cannot be made");
        Err(self.broken(asked))
    }

    /// The project's register of a kind. Nothing, where there is none; an error, where it cannot be read, is in the log.
    pub(crate) async fn register(self: &Arc<Self>, kind: &str) -> Result<Option<Arc<Reconciler>>, Unreadable> {
        let mut known = self.registers.lock().await;
        let (pages, wanted, before) = (Arc::clone(self), kind.to_owned(), known.get(kind).cloned());
        let opening = move || Reconciler::open(&pages.project, &wanted, before);
        let error: Box<dyn Error + Send + Sync> = match tokio::task::spawn_blocking(opening).await {
            Ok(Ok(found)) => {
                known.extend(found.clone().map(|register| (kind.to_owned(), register)));
                return Ok(found);
            }
            Ok(Err(error)) => error.into(),
            Err(error) => error.into(),
        };
        tracing::error!(error = error.as_ref() as &dyn Error, "the register cannot be read");
        Err(Unreadable)
    }

    /// A page of a picture and its table.
    fn written(&self, asked: &Asked, path: &str, content: Content) -> Result<Html<String>, Refusal> {
        table_page::page(self, asked, path, content).map(Html).map_err(|error| {
            tracing::error!(error = &error as &dyn Error, "the page cannot be written");
            self.broken(asked)
        })
    }

    /// A table for download. Cells that a spreadsheet would take for a formula are made text.
    fn table(&self, asked: &Asked, name: &str, columns: &[&str], rows: Vec<Vec<String>>) -> Result<Response, Refusal> {
        let written = write_table(columns, rows);
        let csv = written.map_err(|error| {
            tracing::error!(error = &error as &dyn Error, "the table cannot be written");
            self.broken(asked)
        })?;
        Ok(file("text/csv; charset=utf-8", Some(name), csv))
    }

    fn broken(&self, asked: &Asked) -> Refusal {
        let texts = self.texts(asked.language);
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "pages-broken", texts, &home(asked), &[])
    }

    /// The rule asked for; without a name the first, where there is one.
    pub(crate) fn rule<'a>(
        &self,
        overview: &'a Overview,
        asked: &Asked,
        name: Option<&str>,
    ) -> Result<Option<&'a RuleComparison>, Refusal> {
        let Some(name) = name else { return Ok(overview.comparisons.first()) };
        let found = overview.comparisons.iter().find(|comparison| comparison.name == name);
        found.map(Some).ok_or_else(|| {
            let way = |rule: &RuleComparison| {
                let href = format!("/{}", asked.query(Some(&rule.name), None));
                Way { href, name: format!("{} ({})", rule.rule.name, rule.name) }
            };
            let ways: Vec<Way> = overview.comparisons.iter().map(way).collect();
            let texts = self.texts(asked.language);
            Refusal::new(StatusCode::NOT_FOUND, "pages-no-rule", texts, &home(asked), &ways)
        })
    }

    /// The org unit asked for, where one is.
    pub(crate) fn org_unit<'a>(
        &self,
        rule: &'a RuleComparison,
        asked: &Asked,
    ) -> Result<Option<&'a OrgUnitId>, Refusal> {
        let Some(id) = &asked.org_unit else { return Ok(None) };
        let found = rule.rows.iter().map(|row| &row.org_unit).find(|org_unit| org_unit.as_str() == id);
        found.map(Some).ok_or_else(|| {
            let href = format!("/{}", asked.query(Some(&rule.name), None));
            let ways = [Way { href, name: rule.rule.name.clone() }];
            let texts = self.texts(asked.language);
            Refusal::new(StatusCode::NOT_FOUND, "pages-no-org-unit", texts, &home(asked), &ways)
        })
    }
}

/// The page without rule and org unit, in the reader's language.
fn home(asked: &Asked) -> String {
    format!("/{}", asked.query(None, None))
}

async fn page(State(pages): State<Arc<Pages>>, asked: Asked) -> Result<Html<String>, Refusal> {
    let overview = pages.overview(&asked).await?;
    let page = view::page(&pages, &overview, &asked)?;
    page.map(Html).map_err(|error| {
        tracing::error!(error = &error as &dyn Error, "the page cannot be written");
        pages.broken(&asked)
    })
}

/// `<rule>.csv` and `<rule>.svg`.
async fn comparison_file(
    State(pages): State<Arc<Pages>>,
    name: Result<Path<String>, PathRejection>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let texts = pages.texts(asked.language);
    let nothing = || Refusal::new(StatusCode::NOT_FOUND, "pages-nothing-here", texts, &home(&asked), &[]);
    let Path(name) = name.map_err(|_| nothing())?;
    let (rule, ending) = name.rsplit_once('.').ok_or_else(nothing)?;
    if !matches!(ending, "csv" | "svg") {
        return Err(nothing());
    }
    let overview = pages.overview(&asked).await?;
    let comparison = pages.rule(&overview, &asked, Some(rule))?.ok_or_else(nothing)?;
    let org_unit = pages.org_unit(comparison, &asked)?;
    let stem = org_unit.map_or_else(|| rule.to_owned(), |org_unit| format!("{rule}_{org_unit}"));
    let download = format!("{stem}.{ending}");
    if ending == "svg" {
        let svg = overview.trend(comparison, org_unit, texts);
        return Ok(file("image/svg+xml", Some(&download), svg.into()));
    }
    let mut csv = Vec::new();
    comparison.write_csv(&mut csv, org_unit).map_err(|error| {
        tracing::error!(error = &error as &dyn Error, "the table cannot be written");
        pages.broken(&asked)
    })?;
    Ok(file("text/csv; charset=utf-8", Some(&download), csv))
}

async fn worklist_file(State(pages): State<Arc<Pages>>, asked: Asked) -> Result<Response, Refusal> {
    let overview = pages.overview(&asked).await?;
    let mut csv = Vec::new();
    write_worklist(&mut csv, &overview.worklist).map_err(|error| {
        tracing::error!(error = &error as &dyn Error, "the worklist cannot be written");
        pages.broken(&asked)
    })?;
    Ok(file("text/csv; charset=utf-8", Some("worklist.csv"), csv))
}

async fn stock_page(State(pages): State<Arc<Pages>>, asked: Asked) -> Result<Html<String>, Refusal> {
    let overview = pages.overview(&asked).await?;
    let content = stock::content(&overview, pages.project.config().stock, pages.texts(asked.language));
    pages.written(&asked, "/stock", content)
}

async fn stock_table(State(pages): State<Arc<Pages>>, asked: Asked) -> Result<Response, Refusal> {
    let overview = pages.overview(&asked).await?;
    pages.table(&asked, "stock.csv", &stock::COLUMNS, stock::rows(&overview))
}

async fn stock_picture(State(pages): State<Arc<Pages>>, asked: Asked) -> Result<Response, Refusal> {
    let overview = pages.overview(&asked).await?;
    let svg = stock::svg(&overview, pages.project.config().stock, pages.texts(asked.language));
    Ok(file("image/svg+xml", Some("stock.svg"), svg.into()))
}

/// The rule asked for, or the first; a refusal, where the project has none.
fn compared<'a>(pages: &Pages, overview: &'a Overview, asked: &Asked) -> Result<&'a RuleComparison, Refusal> {
    let rule = pages.rule(overview, asked, asked.rule.as_deref())?;
    let texts = pages.texts(asked.language);
    rule.ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "pages-no-rule", texts, &home(asked), &[]))
}

async fn facilities_page(State(pages): State<Arc<Pages>>, asked: Asked) -> Result<Html<String>, Refusal> {
    let overview = pages.overview(&asked).await?;
    let rule = compared(&pages, &overview, &asked)?;
    let content = facilities::content(&overview, rule, &asked, pages.texts(asked.language));
    pages.written(&asked, "/facilities", content)
}

async fn facilities_table(State(pages): State<Arc<Pages>>, asked: Asked) -> Result<Response, Refusal> {
    let overview = pages.overview(&asked).await?;
    let rows = facilities::rows(&overview, compared(&pages, &overview, &asked)?);
    pages.table(&asked, "facilities.csv", &facilities::COLUMNS, rows)
}

async fn facilities_picture(State(pages): State<Arc<Pages>>, asked: Asked) -> Result<Response, Refusal> {
    let overview = pages.overview(&asked).await?;
    let rule = compared(&pages, &overview, &asked)?;
    let svg = facilities::svg(&overview, rule, &asked, pages.texts(asked.language));
    Ok(file("image/svg+xml", Some("facilities.svg"), svg.into()))
}

async fn completeness_page(State(pages): State<Arc<Pages>>, asked: Asked) -> Result<Html<String>, Refusal> {
    let overview = pages.overview(&asked).await?;
    let content = completeness::content(&overview, pages.texts(asked.language));
    pages.written(&asked, "/completeness", content)
}

async fn completeness_table(State(pages): State<Arc<Pages>>, asked: Asked) -> Result<Response, Refusal> {
    let overview = pages.overview(&asked).await?;
    pages.table(&asked, "completeness.csv", &completeness::COLUMNS, completeness::rows(&overview))
}

async fn completeness_picture(State(pages): State<Arc<Pages>>, asked: Asked) -> Result<Response, Refusal> {
    let overview = pages.overview(&asked).await?;
    let svg = completeness::svg(&overview, pages.texts(asked.language));
    Ok(file("image/svg+xml", Some("completeness.svg"), svg.into()))
}

async fn nothing_here(State(pages): State<Arc<Pages>>, asked: Asked) -> Refusal {
    let texts = pages.texts(asked.language);
    Refusal::new(StatusCode::NOT_FOUND, "pages-nothing-here", texts, &home(&asked), &[])
}

fn write_table(columns: &[&str], rows: Vec<Vec<String>>) -> Result<Vec<u8>, csv::Error> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(columns)?;
    for row in rows {
        csv.write_record(row.into_iter().map(guarded))?;
    }
    csv.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// A text that a spreadsheet would compute gets a quote before it; numbers stay what they are.
fn guarded(cell: String) -> String {
    let computes = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if computes { format!("'{cell}") } else { cell }
}

/// An answer with its type and, for a download, the name to save it under.
fn file(content_type: &'static str, download: Option<&str>, body: Vec<u8>) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Some(name) = download {
        let letter = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' };
        let name: String = name.chars().map(letter).collect();
        if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
    }
    response
}

pub(crate) async fn with_headers(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}
