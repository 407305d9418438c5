//! Tables that are written in the background.

use axum::response::Response;
use jiff::civil::DateTime;
use serde_json::{Value as Json, json};

use super::config::Config;
use super::data::{Data, Named, Transaction};
use super::server::parameter;
use super::tokens::refusal;
use crate::http::{json as answer, with_type};

type Query = [(String, String)];

/// Columns of the transactions, by their English headers.
const COLUMNS: [&str; 13] = [
    "Entity ID",
    "Custom Entity ID",
    "Entity name",
    "Material ID",
    "Custom Material ID",
    "Material name",
    "Type",
    "Quantity",
    "Opening stock",
    "Closing stock",
    "Reason",
    "Time",
    "Actual date",
];

/// An export that was begun.
#[derive(Debug)]
struct Job {
    id: u64,
    table: String,
    records: usize,
    asked: usize,
}

/// The exports since the start.
#[derive(Debug, Default)]
pub(super) struct Exports(Vec<Job>);

impl Exports {
    /// How many exports were begun.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Begins an export and answers with its number, as plain text.
    pub(super) fn schedule(&mut self, config: &Config, data: &Data, query: &Query) -> Response {
        if parameter(query, "type") != Some("transactions") {
            return refusal(400, "Only transactions are exported here");
        }
        let moment = |name: &str| match parameter(query, name) {
            None => Some(None),
            Some(text) => DateTime::strptime("%d/%m/%Y %H:%M:%S", text).ok().map(Some),
        };
        let (Some(from), Some(to)) = (moment("from"), moment("to")) else {
            return refusal(400, "Dates are dd/MM/yyyy HH:mm:ss");
        };
        let wanted =
            |own: &&Transaction| from.is_none_or(|from| own.entered >= from) && to.is_none_or(|to| own.entered <= to);
        let rows: Vec<&Transaction> = data.transactions.iter().filter(wanted).collect();
        let id = 7001 + self.0.len() as u64;
        self.0.push(Job { id, records: rows.len(), table: table(config, data, &rows), asked: 0 });
        with_type(200, "text/plain;charset=UTF-8", id.to_string())
    }

    /// The jobs of the account, the newest first. One that waits in the queue is not among them.
    pub(super) fn list(&mut self, config: &Config, query: &Query) -> Response {
        if parameter(query, "type").is_none() || parameter(query, "allExports").is_none() {
            return refusal(400, "Required parameter 'type' is not present");
        }
        let failure = config.exports_fail.as_deref();
        let mut seen: Vec<Json> = Vec::new();
        for job in self.0.iter_mut().rev() {
            job.asked += 1;
            let status = match (job.asked, failure) {
                (asked, _) if asked > config.polls_until_ready => {
                    if failure.is_some() {
                        2
                    } else {
                        1
                    }
                }
                (1, _) => continue,
                _ => 0,
            };
            let done = status == 1;
            seen.push(json!({
                "id": job.id, "ty": "export", "sbty": "transactions", "st": status, "rsn": failure.filter(|_| status == 2),
                "nr": if done { job.records } else { 0 },
                "on": "transactions.csv", "ofl": done.then(|| format!("transactions-{}.csv", job.id)),
            }));
        }
        let found = seen.len();
        let results = if found == 0 { Json::Null } else { Json::Array(seen) };
        answer(200, &json!({"results": results, "cursor": null, "numFound": found, "offset": 0, "size": found}))
    }

    pub(super) fn download(&self, query: &Query) -> Response {
        let key = parameter(query, "key").unwrap_or_default();
        match self.0.iter().find(|job| format!("transactions-{}.csv", job.id) == key) {
            Some(job) => with_type(200, "text/csv;charset=UTF-8", job.table.clone()),
            None => refusal(503, "Error in downloading file"),
        }
    }
}

fn table(config: &Config, data: &Data, rows: &[&Transaction]) -> String {
    let headers = COLUMNS.map(|name| config.headers.get(name).map_or(name, String::as_str));
    let mut table = format!("{}\n", headers.map(cell).join(","));
    for own in rows {
        let find = |list: &'_ [Named], id: u64| list.iter().find(|named| named.id == id).cloned();
        let none = || Named { id: 0, custom_id: String::new(), name: String::new() };
        let entity = find(&data.entities, own.entity).unwrap_or_else(none);
        let material = find(&data.materials, own.material).unwrap_or_else(none);
        let cells = [
            entity.id.to_string(),
            entity.custom_id,
            entity.name,
            material.id.to_string(),
            material.custom_id,
            material.name,
            own.kind.clone(),
            own.quantity.to_string(),
            own.opening.to_string(),
            own.closing.to_string(),
            String::new(),
            own.entered.strftime("%Y-%m-%d %H:%M").to_string(),
            own.actual.map(|day| day.to_string()).unwrap_or_default(),
        ];
        table.push_str(&cells.map(|text| cell(&text)).join(","));
        table.push('\n');
    }
    table
}

fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
