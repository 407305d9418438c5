//! The W3C Reconciliation Service API (0.2) over the project's registers: which record is meant by a name in a sheet.

mod answer;
mod problem;
mod query;

use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, uri};
use axum::middleware::map_response;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use mlatho_pipeline::reconcile::Reconciler;
use mlatho_text::Language;
use serde_json::Value;
use url::form_urlencoded;

use crate::Pages;
use crate::asked::Asked;
use answer::Speaker;
use problem::Problem;

/// Bytes of a request.
const LARGEST: usize = 1 << 20;
/// Suggestions in one answer.
const SUGGESTED: usize = 20;

/// Any page may read, as the API demands: registers hold no person. Only the preview may stand in a frame.
const HEADERS: [(&str, &str); 7] = [
    ("access-control-allow-origin", "*"),
    ("cross-origin-resource-policy", "cross-origin"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("vary", "Accept-Language"),
    ("cache-control", "no-cache"),
];

pub(crate) fn routes() -> Router<Arc<Pages>> {
    Router::new()
        .route("/reconcile/{kind}", get(service).post(service))
        .route("/reconcile/{kind}/entities", get(entities))
        .route("/reconcile/{kind}/properties", get(properties))
        .route("/reconcile/{kind}/extend", get(proposed_properties))
        .route("/reconcile/{kind}/record", get(record))
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(map_response(with_headers))
}

async fn with_headers(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

type Kind = Result<Path<String>, PathRejection>;

/// The register of the path, and who speaks of it.
async fn register(pages: &Arc<Pages>, kind: Kind, asked: &Asked) -> Result<Arc<Reconciler>, Problem> {
    let texts = pages.texts(asked.language);
    let absent = || Problem::new(StatusCode::NOT_FOUND, "reconcile-no-register", texts);
    let Path(kind) = kind.map_err(|_| absent())?;
    let found = pages.register(&kind).await;
    found.map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "pages-broken", texts))?.ok_or_else(absent)
}

/// The first value of a name among the parameters.
fn parameter(encoded: &[u8], name: &str) -> Option<String> {
    form_urlencoded::parse(encoded).find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// The manifest, the answers to queries, or the values of properties. A `callback` is not heard: the answer is JSON.
async fn service(
    State(pages): State<Arc<Pages>>,
    kind: Kind,
    asked: Asked,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, Problem> {
    let register = register(&pages, kind, &asked).await?;
    let texts = pages.texts(asked.language);
    let body = body.map_err(|error| Problem::new(error.status(), "reconcile-too-large", texts))?;
    let query = query.unwrap_or_default();
    let given = |name: &str| parameter(&body, name).or_else(|| parameter(query.as_bytes(), name));
    let speaker = Speaker { texts, project: pages.project_name() };
    if let Some(queries) = given("queries") {
        let queries = query::batch(&queries, register.kind()).map_err(|wrong| wrong.told(texts))?;
        // Matching keeps a thread busy.
        let names = speaker.type_name(register.kind());
        let answering = move || answer::results(&register, &names, &queries);
        let answered = tokio::task::spawn_blocking(answering).await;
        return answered.map(Json).map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "pages-broken", texts));
    }
    if let Some(extend) = given("extend") {
        let wanted = query::extension(&extend).map_err(|wrong| wrong.told(texts))?;
        return Ok(Json(speaker.extension(&register, &wanted)));
    }
    if !body.is_empty() {
        return Err(query::Wrong::Form.told(texts));
    }
    Ok(Json(speaker.manifest(&register, &own_address(&headers))))
}

/// Where the client found this server.
fn own_address(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()?.parse::<uri::Authority>().ok());
    format!("http://{}", host.as_ref().map_or("localhost", uri::Authority::as_str))
}

async fn entities(
    State(pages): State<Arc<Pages>>,
    kind: Kind,
    asked: Asked,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let register = register(&pages, kind, &asked).await?;
    let query = query.unwrap_or_default();
    let prefix = parameter(query.as_bytes(), "prefix").unwrap_or_default();
    let skip = parameter(query.as_bytes(), "cursor").and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
    let found = register.beginning(&prefix).into_iter().skip(skip).take(SUGGESTED);
    let speaker = Speaker { texts: pages.texts(asked.language), project: pages.project_name() };
    Ok(Json(speaker.entities(found, &register)))
}

async fn properties(
    State(pages): State<Arc<Pages>>,
    kind: Kind,
    asked: Asked,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let register = register(&pages, kind, &asked).await?;
    let prefix = parameter(query.unwrap_or_default().as_bytes(), "prefix").unwrap_or_default();
    let speaker = Speaker { texts: pages.texts(asked.language), project: pages.project_name() };
    Ok(Json(serde_json::json!({"result": speaker.properties(&register, &prefix)})))
}

async fn proposed_properties(
    State(pages): State<Arc<Pages>>,
    kind: Kind,
    asked: Asked,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let register = register(&pages, kind, &asked).await?;
    let wanted = parameter(query.unwrap_or_default().as_bytes(), "type");
    let speaker = Speaker { texts: pages.texts(asked.language), project: pages.project_name() };
    let properties = speaker.properties(&register, "");
    let kind = wanted.unwrap_or_else(|| register.kind().to_owned());
    Ok(Json(serde_json::json!({"type": kind, "properties": properties})))
}

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    language: Language,
    id: String,
    name: String,
    values: Vec<(String, String)>,
}

/// What is known of a record, as a page that may stand in a frame.
async fn record(
    State(pages): State<Arc<Pages>>,
    kind: Kind,
    asked: Asked,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let register = register(&pages, kind, &asked).await?;
    let texts = pages.texts(asked.language);
    let id = parameter(query.unwrap_or_default().as_bytes(), "id").unwrap_or_default();
    let absent = || Problem::new(StatusCode::NOT_FOUND, "reconcile-no-record", texts);
    let record = register.record(&id).ok_or_else(absent)?;
    let speaker = Speaker { texts, project: pages.project_name() };
    let known =
        register.properties().map(|property| (speaker.property_name(property), record.value(property).to_owned()));
    let page = RecordPage {
        language: asked.language,
        id: record.id().to_owned(),
        name: record.name().to_owned(),
        values: known.filter(|(_, value)| !value.is_empty()).collect(),
    };
    page.render().map(|page| Html(page).into_response()).map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "the record cannot be shown");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "pages-broken", texts)
    })
}
