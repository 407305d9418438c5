//! Questions to those who reported: the follow-up list.

use jiff::Timestamp;
use mlatho_store::AuditEntry;
use serde::Serialize;

use super::decisions::{ANSWER, ASK, LINE, LineContent};

/// A question about a line, and what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Question {
    /// Its number in the audit log.
    pub number: i64,
    pub line: String,
    pub source: String,
    pub org_unit: String,
    pub item: String,
    pub period: String,
    pub question: String,
    pub reason: String,
    pub asked_by: String,
    #[serde(serialize_with = "super::list::as_text")]
    pub asked_at: Timestamp,
    /// `open` or `answered`.
    pub state: &'static str,
    /// What came of it; none while it is open.
    pub outcome: Option<String>,
    pub answered_by: Option<String>,
}

/// The subject of an entry about a question.
pub(super) fn subject(number: i64) -> String {
    format!("question {number}")
}

/// All questions, open ones first, the oldest first among them.
pub(super) fn questions(log: &[AuditEntry]) -> Vec<Question> {
    let mut questions: Vec<Question> = log.iter().filter(|entry| entry.kind == ASK).filter_map(of_entry).collect();
    for entry in log.iter().filter(|entry| entry.kind == ANSWER) {
        let Some(own) = questions.iter_mut().find(|own| subject(own.number) == entry.subject) else { continue };
        own.state = "answered";
        own.outcome = entry.content.get("outcome").and_then(|outcome| outcome.as_str()).map(str::to_owned);
        own.answered_by = Some(entry.person.clone());
    }
    questions.sort_by_key(|own| (own.outcome.is_some(), own.number));
    questions
}

fn of_entry(entry: &AuditEntry) -> Option<Question> {
    let content: LineContent = serde_json::from_value(entry.content.clone()).ok()?;
    Some(Question {
        number: entry.number,
        line: entry.subject.strip_prefix(LINE)?.to_owned(),
        source: content.source,
        org_unit: content.org_unit,
        item: content.item,
        period: content.period.to_string(),
        question: content.question?,
        reason: content.reason,
        asked_by: entry.person.clone(),
        asked_at: entry.at,
        state: "open",
        outcome: None,
        answered_by: None,
    })
}
