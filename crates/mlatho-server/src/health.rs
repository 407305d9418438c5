//! What watches over a running installation asks: whether it lives, whether it can answer, how the data stands.

use std::fmt::Write;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use mlatho_pipeline::{Overview, Unmapped};
use serde_json::{Value, json};

use crate::Pages;
use crate::asked::Asked;

/// `/healthz`: the process lives and answers. Nothing else is looked at, so that a slow disk starts no restart.
pub(crate) async fn live() -> &'static str {
    "ok\n"
}

/// `/readyz`: the repository can be read, or there is none yet.
pub(crate) async fn ready(State(pages): State<Arc<Pages>>, asked: Asked) -> Response {
    match pages.overview(&asked).await {
        Ok(_) => "ok\n".into_response(),
        // Why stands in the log.
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the repository cannot be read\n").into_response(),
    }
}

/// `/version`.
pub(crate) async fn version() -> Json<Value> {
    Json(json!({ "name": "mlatho", "version": env!("CARGO_PKG_VERSION") }))
}

/// `/metrics`, as Prometheus reads them. They say how much there is, never what: no org unit, no item.
pub(crate) async fn metrics(State(pages): State<Arc<Pages>>, asked: Asked) -> Response {
    let Ok(overview) = pages.overview(&asked).await else {
        return (StatusCode::SERVICE_UNAVAILABLE, "the repository cannot be read\n").into_response();
    };
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], written(&overview)).into_response()
}

fn written(overview: &Overview) -> String {
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, values: &[(&str, u64)]| {
        // Writing into a string does not fail.
        let _ = writeln!(text, "# HELP mlatho_{name} {help}\n# TYPE mlatho_{name} gauge");
        for (labels, value) in values {
            let _ = writeln!(text, "mlatho_{name}{labels} {value}");
        }
    };
    if let Some(run) = overview.last_run {
        let finished = u64::try_from(run.finished_at.as_second()).unwrap_or(0);
        gauge("last_run_timestamp_seconds", "When the last run finished.", &[("", finished)]);
        gauge(
            "last_run_number",
            "Number of the last run that finished.",
            &[("", u64::try_from(run.id.0).unwrap_or(0))],
        );
    }
    gauge("held_values", "Values that checks hold back.", &[("", overview.held as u64)]);
    let of = |unmapped: Unmapped| [unmapped.codes as u64, unmapped.records];
    let ([units, unit_records], [items, item_records]) = (of(overview.unmapped_org_units), of(overview.unmapped_items));
    let kinds = [r#"{kind="org-unit"}"#, r#"{kind="item"}"#];
    gauge("unmapped_codes", "Codes of sources without a mapping.", &[(kinds[0], units), (kinds[1], items)]);
    let records = [(kinds[0], unit_records), (kinds[1], item_records)];
    gauge("unmapped_records", "Records under codes without a mapping.", &records);
    gauge("worklist_entries", "Org units and periods out of line.", &[("", overview.worklist.len() as u64)]);
    text
}
