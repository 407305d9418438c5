//! Reading metadata: lists, single objects, `fields`, `filter`, `order` and pages.

mod fields;
mod filter;

use axum::response::Response;
use serde_json::{Map, Value as Json, json};

use super::call::{self, Call};
use super::config::User;
use super::state::State;
use super::structure::text;
use fields::Field;

/// `[C]`
const DEFAULT_PAGE_SIZE: usize = 50;

/// The chosen fields of an object that is no metadata object.
pub(super) fn fields_of(user: &User, object: &Json, fields: Option<&str>) -> Json {
    let metadata = super::metadata::Metadata::new();
    fields::pick(&metadata, user, object, &Field::parse(fields.unwrap_or("*")))
}

/// One page of a type: 50 objects, unless asked otherwise `[C]`.
pub(super) fn list(state: &State, call: &Call, kind: &str) -> Response {
    let kind = super::routes::plain(kind);
    let found = match select(state, call, kind) {
        Ok(found) => found,
        Err(reply) => return *reply,
    };
    let fields = Field::parse(call.parameter("fields").unwrap_or("id,displayName"));
    let mut body = Map::new();
    let chosen = if call.parameter("paging") == Some("false") {
        found
    } else {
        let (pager, chosen) = page(call, found);
        body.insert("pager".into(), pager);
        chosen
    };
    let objects = chosen.into_iter().map(|object| fields::pick(&state.metadata, &call.user, object, &fields)).collect();
    body.insert(kind.into(), Json::Array(objects));
    call::json(200, &Json::Object(body))
}

/// Light and paged: the objects alone, without an envelope.
pub(super) fn gist(state: &State, call: &Call, kind: &str) -> Response {
    let found = match select(state, call, kind) {
        Ok(found) => found,
        Err(reply) => return *reply,
    };
    let fields = Field::parse(call.parameter("fields").unwrap_or("id,code,name"));
    let (_, chosen) = page(call, found);
    let objects = chosen.into_iter().map(|object| fields::pick(&state.metadata, &call.user, object, &fields)).collect();
    call::json(200, &Json::Array(objects))
}

pub(super) fn one(state: &State, call: &Call, kind: &str, id: &str) -> Response {
    match state.metadata.object(id).filter(|_| state.metadata.kind_of(id) == Some(kind)) {
        Some(object) => {
            let fields = Field::parse(call.parameter("fields").unwrap_or(":all"));
            call::json(200, &fields::pick(&state.metadata, &call.user, object, &fields))
        }
        None => call::not_found(&format!("{kind} with id {id}")),
    }
}

/// `/api/metadata`: whole types, those asked for by `type=true`, or all.
pub(super) fn whole(state: &State, call: &Call) -> Response {
    let asked: Vec<&str> =
        call.query.iter().filter(|(_, value)| value == "true").map(|(name, _)| name.as_str()).collect();
    let fields = Field::parse(call.parameter("fields").unwrap_or(":owner"));
    let mut body = Map::new();
    for kind in state.metadata.kinds().filter(|kind| asked.is_empty() || asked.contains(&kind.as_str())) {
        let objects =
            state.metadata.objects(kind).map(|object| fields::pick(&state.metadata, &call.user, object, &fields));
        body.insert(kind.clone(), objects.collect());
    }
    call::json(200, &Json::Object(body))
}

/// The objects of a type that pass every filter, in order. `rootJunction=OR` has no effect `[O]` (W29).
fn select<'a>(state: &'a State, call: &Call, kind: &str) -> Result<Vec<&'a Json>, Box<Response>> {
    if !state.metadata.kinds().any(|known| known == kind) && !KINDS.contains(&kind) {
        return Err(Box::new(call::not_found(&call.path)));
    }
    let mut filters = Vec::new();
    for (_, text) in call.query.iter().filter(|(name, _)| name == "filter") {
        let filter = filter::Filter::parse(text, state.config.version);
        filters.push(filter.map_err(|problem| Box::new(call::bad_request(&problem)))?);
    }
    let passes = |object: &&Json| filters.iter().all(|filter| filter.takes(&state.metadata, object));
    let mut found: Vec<&Json> = state.metadata.objects(kind).filter(passes).collect();
    let order = call.parameter("order").unwrap_or("name:asc");
    let (property, direction) = order.split_once(':').unwrap_or((order, "asc"));
    found.sort_by_key(|object| text(object, property).unwrap_or_default());
    if direction.starts_with("desc") {
        found.reverse();
    }
    Ok(found)
}

/// Types of which a server may hold nothing.
const KINDS: [&str; 11] = [
    "dataElements",
    "dataSets",
    "organisationUnits",
    "organisationUnitGroups",
    "optionSets",
    "indicators",
    "indicatorTypes",
    "visualizations",
    "dashboards",
    "dataApprovalWorkflows",
    "legendSets",
];

/// The pager of a page, and what is on it.
pub(super) fn page<T>(call: &Call, found: Vec<T>) -> (Json, Vec<T>) {
    let number =
        |name: &str, default: usize| call.parameter(name).and_then(|text| text.parse().ok()).unwrap_or(default).max(1);
    let (page, size) = (number("page", 1), number("pageSize", DEFAULT_PAGE_SIZE));
    let (total, pages) = (found.len(), found.len().div_ceil(size).max(1));
    let mut about = json!({"page": page, "pageSize": size, "total": total, "pageCount": pages});
    if page < pages
        && let Some(fields) = about.as_object_mut()
    {
        let kept = call.query.iter().filter(|(name, _)| name != "page" && name != "pageSize");
        let mut next = format!("{}{}?page={}&pageSize={size}", call.base_url, call.path, page + 1);
        kept.for_each(|(name, value)| next.extend(["&", name, "=", &encoded(value)]));
        fields.insert("nextPage".into(), next.into());
    }
    (about, found.into_iter().skip((page - 1).saturating_mul(size)).take(size).collect())
}

fn encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b':' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}
