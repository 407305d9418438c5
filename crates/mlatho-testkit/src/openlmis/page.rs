//! Lists: filters, order and pages.

use std::cmp::Ordering;

use axum::response::Response;
use serde_json::{Value as Json, json};

use super::routes::{Call, problem};
use crate::http::json as answer;

/// One page of a list, or all of it: `size` absent, 0 or negative is everything, and pages count from 0. A list that the
/// configuration names comes as a bare array, whatever page is asked for.
pub(super) fn page(call: &Call, mut found: Vec<Json>) -> Response {
    if call.bare {
        return answer(200, &Json::Array(found));
    }
    for order in call.parameters("sort").collect::<Vec<_>>().into_iter().rev() {
        let (property, direction) = order.split_once(',').unwrap_or((order, "asc"));
        if found.iter().any(|object| object.get(property).is_none()) {
            return problem(400, "error.sort.property", &format!("No property {property} found"));
        }
        found.sort_by(|one, other| compare(&one[property], &other[property]));
        match direction {
            "asc" => {}
            "desc" => found.reverse(),
            _ => return problem(400, "error.sort.direction", "Invalid value for orders: asc or desc"),
        }
    }
    let number = |name: &str| call.parameter(name).map(str::parse::<i64>);
    let (Ok(page), Ok(size)) = (number("page").unwrap_or(Ok(0)), number("size").unwrap_or(Ok(0))) else {
        return problem(400, "error.pagination", "page and size are numbers");
    };
    let total = found.len();
    let size = usize::try_from(size).ok().filter(|size| *size > 0);
    let page = if size.is_some() { usize::try_from(page).unwrap_or(0) } else { 0 };
    let length = size.unwrap_or(total);
    let content: Vec<Json> = found.into_iter().skip(page.saturating_mul(length)).take(length).collect();
    let pages = size.map_or(1, |size| total.div_ceil(size));
    let body = json!({
        "last": page + 1 >= pages,
        "totalElements": total,
        "totalPages": pages,
        "first": page == 0,
        "sort": null,
        "numberOfElements": content.len(),
        "number": page,
        "size": length,
        "content": content,
    });
    answer(200, &body)
}

/// Order of two properties; nulls first.
fn compare(one: &Json, other: &Json) -> Ordering {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one.total_cmp(&other),
        _ => one.as_str().cmp(&other.as_str()),
    }
}
