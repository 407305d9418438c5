//! Every shape of import report, read into one [`PushOutcome`] (`dhis2.md` section 3).

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::codes::is_row_level;
use super::{Action, Engine};
use crate::http::without_bom;

/// What became of a request as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was written, withdrawn, or was there already.
    Applied,
    Partial,
    /// Nothing was written.
    Refused,
    /// The reply does not say. Only reading back tells.
    Unknown,
}

/// One thing that the server objects to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// `E7633`, `E8020` …; empty where the server gives none.
    pub code: String,
    pub action: Action,
    pub message: String,
    /// Rows of the request, from 0. Empty: no row is named.
    pub indexes: Vec<usize>,
    /// Whether the server names row −1: the whole payload.
    pub whole: bool,
    /// Every identifier, period or other word that the conflict mentions.
    pub named: BTreeSet<String>,
}

/// One import report in one form, whichever engine wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushOutcome {
    pub engine: Engine,
    pub http: u16,
    /// Whether there was an import summary.
    pub parsed: bool,
    pub outcome: Outcome,
    pub sent: usize,
    /// New or changed; with engine B also those that were there already.
    pub written: usize,
    pub deleted: usize,
    /// Those that were there already, where the engine tells (A).
    pub unchanged: Option<usize>,
    /// Rows that were not written, from 0.
    pub rejected: BTreeSet<usize>,
    /// Whether engine B refused the group, so that rows without fault were refused too.
    pub group_refused: bool,
    /// Values that the report does not account for: with engine A zeros that are not significant, or duplicates.
    pub unaccounted: usize,
    pub conflicts: Vec<Conflict>,
    /// The server's account of a completeness registration; none is ever sent.
    pub complete_date: Option<String>,
    /// The reply as it came, for the receipt.
    pub raw_body: String,
}

impl PushOutcome {
    /// Reads a reply to `sent` values.
    #[must_use]
    pub fn read(engine: Engine, http: u16, sent: usize, body: &[u8]) -> Self {
        let body = without_bom(body);
        let mut outcome = Self {
            engine,
            http,
            parsed: false,
            outcome: Outcome::Unknown,
            sent,
            written: 0,
            deleted: 0,
            unchanged: None,
            rejected: BTreeSet::new(),
            group_refused: false,
            unaccounted: 0,
            conflicts: Vec::new(),
            complete_date: None,
            raw_body: String::from_utf8_lossy(body).into_owned(),
        };
        let Ok(Json::Object(document)) = serde_json::from_slice::<Json>(body) else { return outcome };
        match summary(&document) {
            Some(summary) => outcome.take_summary(summary),
            None if (400..500).contains(&http) => outcome.take_message(&document),
            None => {}
        }
        outcome
    }

    fn take_summary(&mut self, summary: &Map<String, Json>) {
        self.parsed = true;
        let counts = summary.get("importCount").and_then(Json::as_object);
        let count = |name: &str| {
            let number = counts.and_then(|counts| counts.get(name)).and_then(Json::as_u64);
            number.and_then(|number| usize::try_from(number).ok()).unwrap_or(0)
        };
        let (imported, updated, ignored) = (count("imported"), count("updated"), count("ignored"));
        self.deleted = count("deleted");
        self.written = imported + updated;
        self.conflicts = list(summary.get("conflicts")).iter().filter_map(Json::as_object).map(conflict).collect();
        let named = list(summary.get("rejectedIndexes")).iter().filter_map(row);
        self.rejected =
            named.chain(self.conflicts.iter().flat_map(|conflict| conflict.indexes.iter().copied())).collect();
        self.complete_date = summary.get("dataSetComplete").and_then(Json::as_str).map(str::to_owned);
        let status = summary.get("status").and_then(Json::as_str).unwrap_or_default();
        let failed = status == "ERROR";
        if failed && self.conflicts.is_empty() {
            let message = summary.get("description").and_then(Json::as_str).unwrap_or_default();
            self.conflicts.push(whole_conflict("", message));
        }
        match self.engine {
            Engine::A => {
                self.unchanged = Some(ignored.saturating_sub(self.rejected.len()));
                self.unaccounted = self.sent.saturating_sub(self.written + self.deleted + ignored);
            }
            Engine::B => {
                let group = |conflict: &Conflict| {
                    conflict.whole || (is_import_code(&conflict.code) && !is_row_level(&conflict.code))
                };
                self.group_refused = failed && self.conflicts.iter().any(group);
                let known = self.written + self.deleted + self.rejected.len();
                self.unaccounted = if self.group_refused { 0 } else { self.sent.saturating_sub(known) };
            }
        }
        let done = self.written + self.deleted + self.unchanged.unwrap_or(0);
        let doubtful = failed || !self.rejected.is_empty() || self.unaccounted > 0 || !self.conflicts.is_empty();
        self.outcome = match (doubtful, done) {
            (false, _) => Outcome::Applied,
            // Rows without fault among the refused of engine A are written all the same, so nothing done says refused.
            (true, 0) if failed || self.rejected.len() >= self.sent => Outcome::Refused,
            (true, _) => Outcome::Partial,
        };
    }

    /// A refusal without an import summary: nothing was written (engine B: a body it cannot decode).
    fn take_message(&mut self, document: &Map<String, Json>) {
        let text = |name: &str| document.get(name).and_then(Json::as_str).unwrap_or_default();
        if text("status").is_empty() && text("message").is_empty() {
            return;
        }
        self.conflicts.push(whole_conflict(text("errorCode"), text("message")));
        self.group_refused = true;
        self.outcome = Outcome::Refused;
    }
}

/// The import summary: the response of a web message, or the document itself.
fn summary(document: &Map<String, Json>) -> Option<&Map<String, Json>> {
    let response = document.get("response").and_then(Json::as_object);
    [response, Some(document)].into_iter().flatten().find(|object| object.contains_key("importCount"))
}

fn list(json: Option<&Json>) -> &[Json] {
    json.and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

/// A row from 0; −1 names no row.
fn row(json: &Json) -> Option<usize> {
    json.as_u64().and_then(|number| usize::try_from(number).ok())
}

fn is_import_code(code: &str) -> bool {
    code.starts_with("E80") || code.starts_with("E81")
}

fn conflict(json: &Map<String, Json>) -> Conflict {
    let text = |name: &str| json.get(name).and_then(Json::as_str).unwrap_or_default();
    let indexes = list(json.get("indexes"));
    let mut named = BTreeSet::new();
    for name in ["value", "object", "objects", "property"] {
        words(json.get(name), &mut named);
    }
    Conflict {
        code: text("errorCode").into(),
        action: Action::of(text("errorCode")),
        message: text("value").into(),
        indexes: indexes.iter().filter_map(row).collect(),
        whole: indexes.iter().any(|index| index.as_i64() == Some(-1)),
        named,
    }
}

fn whole_conflict(code: &str, message: &str) -> Conflict {
    let mut named = BTreeSet::new();
    words(Some(&Json::String(message.into())), &mut named);
    Conflict {
        code: code.into(),
        action: Action::of(code),
        message: message.into(),
        indexes: vec![],
        whole: true,
        named,
    }
}

/// Collects the words of all texts within.
fn words(json: Option<&Json>, found: &mut BTreeSet<String>) {
    match json {
        Some(Json::String(text)) => {
            found.extend(
                text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() >= 4).map(str::to_owned),
            );
        }
        Some(Json::Array(items)) => items.iter().for_each(|item| words(Some(item), found)),
        Some(Json::Object(fields)) => fields.values().for_each(|value| words(Some(value), found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(engine: Engine, http: u16, sent: usize, body: &str) -> PushOutcome {
        PushOutcome::read(engine, http, sent, body.as_bytes())
    }

    #[test]
    fn a_conflict_with_a_useful_summary() {
        // 409: 5 sent, 1 new, 1 changed, 3 ignored of which one is at fault, so 2 were there already.
        let body = r#"{"httpStatus":"Conflict","httpStatusCode":409,"status":"WARNING","response":{"responseType":
            "ImportSummary","status":"WARNING","importCount":{"imported":1,"updated":1,"ignored":3,"deleted":0},
            "conflicts":[{"object":"x","objects":{"dataElement":"deaaaaaaaa1"},"value":"Value not a number",
            "errorCode":"E7619","indexes":[2]}],"rejectedIndexes":[2]}}"#;
        let outcome = read(Engine::A, 409, 5, body);
        assert_eq!((outcome.outcome, outcome.written, outcome.unchanged), (Outcome::Partial, 2, Some(2)));
        assert_eq!(outcome.rejected, BTreeSet::from([2]));
        assert_eq!((outcome.conflicts[0].action, outcome.unaccounted), (Action::Row, 0));
        assert!(outcome.conflicts[0].named.contains("deaaaaaaaa1"));
    }

    #[test]
    fn unchanged_values_are_no_fault() {
        let body = r#"{"status":"SUCCESS","importCount":{"imported":0,"updated":0,"ignored":4,"deleted":0}}"#;
        let outcome = read(Engine::A, 200, 4, body); // the summary as root
        assert_eq!((outcome.outcome, outcome.unchanged, outcome.parsed), (Outcome::Applied, Some(4), true));
    }

    #[test]
    fn dropped_zeros_are_seen() {
        let body = r#"{"status":"SUCCESS","importCount":{"imported":3,"updated":0,"ignored":0,"deleted":0}}"#;
        let outcome = read(Engine::A, 200, 4, body);
        assert_eq!((outcome.outcome, outcome.unaccounted), (Outcome::Partial, 1));
    }

    #[test]
    fn errors_hidden_in_a_success() {
        let body = r#"{"httpStatusCode":200,"status":"OK","response":{"status":"SUCCESS",
            "importCount":{"imported":0,"updated":2,"ignored":1,"deleted":0},
            "conflicts":[{"object":null,"objects":{"args":["deaaaaaaaa1"]},"value":"not a number","errorCode":"E8122",
            "indexes":[1]}],"rejectedIndexes":[1]}}"#;
        let outcome = read(Engine::B, 200, 3, body);
        assert_eq!((outcome.outcome, outcome.written, outcome.group_refused), (Outcome::Partial, 2, false));
    }

    #[test]
    fn a_refused_group() {
        let body = r#"{"status":"ERROR","response":{"status":"ERROR","importCount":{"imported":0,"updated":0,"ignored":0,
            "deleted":0},"conflicts":[{"object":null,"objects":{"args":["ouaaaaaaaa9"]},"value":"closed","errorCode":
            "E8031","indexes":[0,1,2]}],"rejectedIndexes":[0,1,2]}}"#;
        let outcome = read(Engine::B, 409, 3, body);
        assert_eq!((outcome.outcome, outcome.group_refused), (Outcome::Refused, true));
    }

    #[test]
    fn a_payload_refused_at_decoding() {
        let body = r#"{"response":{"status":"ERROR","importCount":{"imported":0,"updated":0,"ignored":0,"deleted":0},
            "conflicts":[{"value":"unknown `X`","errorCode":"E8103","indexes":[-1]}],"rejectedIndexes":[]}}"#;
        let outcome = read(Engine::B, 409, 3, body);
        assert_eq!((outcome.outcome, outcome.group_refused), (Outcome::Refused, true));
        assert!(outcome.rejected.is_empty() && outcome.conflicts[0].whole);
    }

    #[test]
    fn a_message_without_summary_and_no_json() {
        let outcome = read(Engine::B, 409, 3, r#"{"httpStatusCode":409,"status":"ERROR","message":"Invalid period"}"#);
        assert_eq!((outcome.outcome, outcome.parsed), (Outcome::Refused, false));
        for (http, body) in
            [(200, "<html>login</html>"), (200, ""), (500, r#"{"status":"ERROR"}"#), (200, r#"{"respon"#)]
        {
            assert_eq!(read(Engine::A, http, 3, body).outcome, Outcome::Unknown, "{body}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_fault() {
        let body = "\u{feff}{\"status\":\"SUCCESS\",\"importCount\":{\"imported\":1}}";
        assert_eq!(read(Engine::A, 200, 1, body).outcome, Outcome::Applied);
    }
}
