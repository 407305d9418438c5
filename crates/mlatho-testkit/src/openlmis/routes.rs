//! Which call goes where, and the errors that all services share.

use axum::response::Response;
use jiff::civil::DateTime;
use serde_json::{Value as Json, json};

use super::config::Account;
use super::data::Data;
use super::{orders, reference, requisitions, stock, writing};
use crate::http::json as answer;

/// A request that got in.
pub(super) struct Call {
    pub(super) method: String,
    /// Behind `/api`.
    pub(super) segments: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Json,
    pub(super) account: Account,
    pub(super) if_match: Option<String>,
    pub(super) if_modified_since: Option<String>,
    /// Whether the list comes without an envelope.
    pub(super) bare: bool,
    pub(super) hides_facilities: bool,
    pub(super) now: DateTime,
}

impl Call {
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters(name).next()
    }

    /// The values of a repeated parameter, without the empty ones.
    pub(super) fn parameters<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        let own = self.query.iter().filter(move |(own, value)| own == name && !value.is_empty());
        own.map(|(_, value)| value.as_str())
    }

    /// Whether a value is among those asked for; no such parameter asks for all.
    pub(super) fn wants(&self, name: &str, value: Option<&str>) -> bool {
        let mut asked = self.parameters(name).peekable();
        asked.peek().is_none() || asked.any(|asked| value.is_some_and(|value| asked.eq_ignore_ascii_case(value)))
    }
}

/// A localized message, as every service answers what it refuses.
pub(super) fn problem(status: u16, key: &str, message: &str) -> Response {
    answer(status, &json!({"messageKey": key, "message": message}))
}

pub(super) fn forbidden(right: &str) -> Response {
    let message = format!("You do not have the following permission to perform this action: {right}");
    problem(403, "error.permission.missing", &message)
}

pub(super) fn not_found(what: &str) -> Response {
    problem(404, "error.notFound", &format!("{what} was not found"))
}

/// The reply of a list that is searched by a number: a bad id is a bad request.
pub(super) fn bad_ids(call: &Call, names: &[&str]) -> Option<Response> {
    let bad = |name: &&&str| call.parameters(name).any(|id| !is_uuid(id));
    let name = names.iter().find(bad)?;
    Some(problem(400, "error.invalidFormat.uuid", &format!("{name} is not a UUID")))
}

pub(super) fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

pub(super) fn dispatch(data: &mut Data, call: &Call) -> Response {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    match (call.method.as_str(), segments.as_slice()) {
        ("GET", ["requisitions", "search"]) => requisitions::search(data, call),
        ("GET", ["v2", "requisitions", id]) => requisitions::one(data, call, id),
        ("PUT", ["v2", "requisitions", id]) => writing::put(data, call, id),
        ("PATCH", ["v2", "requisitions", id, "updatePatientsData"]) => writing::patch_patients(data, call, id),
        ("GET", ["requisitions", id]) => requisitions::expanded(data, call, id),
        ("GET", ["public", "stockCardSummaries"]) => stock::public_summaries(data, call),
        ("GET", ["v2", "stockCardSummaries"]) => stock::summaries(data, call),
        ("GET", ["stockCardRangeSummaries"]) => stock::ranges(data, call),
        ("GET", ["stockCards", id]) => stock::card(data, call, id),
        ("GET", ["stockEvents"]) => stock::events(data, call),
        ("GET", ["stockEvents", id, "lineItems"]) => stock::event_lines(data, call, id),
        ("GET", ["orders"]) => orders::list(data, call),
        ("GET", ["shipments"]) => orders::shipments(data, call),
        ("GET", ["proofsOfDelivery"]) => orders::proofs(data, call),
        ("GET", [list @ ("orders" | "shipments" | "proofsOfDelivery"), id]) => orders::one(data, call, list, id),
        (method, rest) => reference::answer(data, call, method, rest),
    }
}
