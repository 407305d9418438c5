//! Stock: summaries in two forms, and what happened between two days.

use std::collections::BTreeMap;

use axum::response::Response;
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::data::{Card, Data};
use super::page::page;
use super::routes::{Call, bad_ids, forbidden, not_found, problem};
use crate::http::json as answer;

/// `GET /api/public/stockCardSummaries`: codes, no ids. One facility, and only products that have a card.
pub(super) fn public_summaries(data: &Data, call: &Call) -> Response {
    let codes: Vec<&str> = call.parameters("facility").collect();
    let [code] = codes.as_slice() else {
        return problem(400, "stockmanagement.error.facilityCode", "Exactly one facility code is needed");
    };
    let Some(facility) = data.list("facilities").iter().find(|facility| facility["code"] == **code) else {
        return problem(400, "stockmanagement.error.facilityNotFound", &format!("There is no facility {code}"));
    };
    let known = |program: &&str| data.list("programs").iter().any(|own| own["code"] == **program);
    if let Some(bad) = call.parameters("program").find(|program| !known(program)) {
        return problem(400, "stockmanagement.error.programNotFound", &format!("There is no program {bad}"));
    }
    let facility = facility["id"].as_str().unwrap_or_default();
    if !call.account.sees(facility) {
        return forbidden("STOCK_CARDS_VIEW");
    }
    let mut found = Vec::new();
    for (program, orderable) in products(data, facility) {
        let code_of = |list: &str, id: &str, field: &str| data.object(list, id).map(|object| object[field].clone());
        let (program_code, product_code) =
            (code_of("programs", program, "code"), code_of("orderables", orderable, "productCode"));
        let text = |code: &Option<Json>| code.as_ref().and_then(Json::as_str).map(str::to_owned);
        if !call.wants("program", text(&program_code).as_deref()) || !call.wants("code", text(&product_code).as_deref())
        {
            continue;
        }
        let cards: Vec<Json> = fulfilling(data, facility, program, orderable)
            .filter_map(|card| {
                let (day, level) = card.levels.last_key_value()?;
                let lot = card.lot.as_deref().and_then(|lot| data.object("lots", lot));
                Some(json!({
                    "orderable": code_of("orderables", &card.orderable, "productCode"),
                    "lot": lot.map(|lot| lot["lotCode"].clone()),
                    "expirationDate": lot.map(|lot| lot["expirationDate"].clone()),
                    "stockOnHand": level,
                    "occurredDate": day,
                }))
            })
            .collect();
        let total: i64 = cards.iter().filter_map(|card| card["stockOnHand"].as_i64()).sum();
        found.push(json!({
            "program": program_code, "orderable": product_code, "totalStockOnHand": total, "stockCards": cards,
        }));
    }
    page(call, found)
}

/// Program and product of every card of a facility, and the generic products that such a product can stand for.
fn products<'a>(data: &'a Data, facility: &str) -> Vec<(&'a str, &'a str)> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    for card in data.cards.iter().filter(|card| card.facility == facility) {
        found.push((&card.program, &card.orderable));
        let generic = data.list("orderableFulfills").iter().filter(|own| lists(own, &card.orderable));
        found.extend(generic.filter_map(|own| Some((card.program.as_str(), own["id"].as_str()?))));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether a product that can be fulfilled by others can be so by this one.
fn lists(fulfilled: &Json, orderable: &str) -> bool {
    fulfilled["canFulfillForMe"].as_array().is_some_and(|own| own.iter().any(|id| id == orderable))
}

/// The cards of a product and of those that can stand for it.
fn fulfilling<'a>(data: &'a Data, facility: &str, program: &str, orderable: &str) -> impl Iterator<Item = &'a Card> {
    let stands = data.object("orderableFulfills", orderable);
    data.cards.iter().filter(move |card| {
        card.facility == facility
            && card.program == program
            && (card.orderable == orderable || stands.is_some_and(|own| lists(own, &card.orderable)))
    })
}

/// The facility and program that a search by ids needs, or the refusal.
fn place<'a>(data: &Data, call: &'a Call) -> Result<(&'a str, &'a str), Box<Response>> {
    if let Some(reply) = bad_ids(call, &["facilityId", "programId", "orderableId"]) {
        return Err(Box::new(reply));
    }
    let (Some(facility), Some(program)) = (call.parameter("facilityId"), call.parameter("programId")) else {
        return Err(Box::new(problem(400, "stockmanagement.error.parameters", "facilityId and programId are needed")));
    };
    if data.object("facilities", facility).is_none() || data.object("programs", program).is_none() {
        return Err(Box::new(not_found("facility or program")));
    }
    if call.account.sees(facility) { Ok((facility, program)) } else { Err(Box::new(forbidden("STOCK_CARDS_VIEW"))) }
}

/// `GET /api/v2/stockCardSummaries`: ids, and the past by `asOfDate`.
pub(super) fn summaries(data: &Data, call: &Call) -> Response {
    let (facility, program) = match place(data, call) {
        Ok(place) => place,
        Err(reply) => return *reply,
    };
    let Ok(as_of) = call.parameter("asOfDate").map(str::parse::<Date>).transpose() else {
        return problem(400, "stockmanagement.error.date", "asOfDate is a day: YYYY-MM-DD");
    };
    let mut found = Vec::new();
    for (_, orderable) in products(data, facility).into_iter().filter(|(own, _)| *own == program) {
        if !call.wants("orderableId", Some(orderable)) {
            continue;
        }
        let level = |card: &Card| {
            card.levels
                .iter()
                .rev()
                .find(|(day, _)| as_of.is_none_or(|end| **day <= end))
                .map(|(day, level)| (*day, *level))
        };
        let cards: Vec<Json> = fulfilling(data, facility, program, orderable)
            .filter_map(|card| {
                let (day, level) = level(card)?;
                Some(json!({
                    "orderable": {"id": card.orderable},
                    "lot": card.lot.as_ref().map(|lot| json!({"id": lot})),
                    "stockCard": {"id": card.id},
                    "stockOnHand": level,
                    "occurredDate": day,
                }))
            })
            .collect();
        let total: i64 = cards.iter().filter_map(|card| card["stockOnHand"].as_i64()).sum();
        if !cards.is_empty() && (total != 0 || call.parameter("nonEmptyOnly") != Some("true")) {
            found.push(json!({"orderable": {"id": orderable}, "stockOnHand": total, "canFulfillForMe": cards}));
        }
    }
    page(call, found)
}

/// `GET /api/stockCards/{id}`, with its lines.
pub(super) fn card(data: &Data, call: &Call, id: &str) -> Response {
    let Some(card) = data.object("stockCards", id) else { return not_found(id) };
    let seen = call.account.sees(card["facility"]["id"].as_str().unwrap_or_default());
    if seen { answer(200, card) } else { forbidden("STOCK_CARDS_VIEW") }
}

/// `GET /api/stockEvents`, without lines.
pub(super) fn events(data: &Data, call: &Call) -> Response {
    let seen = |event: &&Json| call.account.sees(event["facilityId"].as_str().unwrap_or_default());
    let head = |event: &Json| {
        let mut head = event.clone();
        head.as_object_mut().map(|fields| fields.remove("lineItems"));
        head
    };
    page(call, data.list("stockEvents").iter().filter(seen).map(head).collect())
}

/// `GET /api/stockEvents/{id}/lineItems`.
pub(super) fn event_lines(data: &Data, call: &Call, id: &str) -> Response {
    let Some(event) = data.object("stockEvents", id) else { return not_found(id) };
    let seen = call.account.sees(event["facilityId"].as_str().unwrap_or_default());
    if seen { answer(200, &event["lineItems"]) } else { forbidden("STOCK_CARDS_VIEW") }
}

/// `GET /api/stockCardRangeSummaries`: flows by tag, debits negative, and stock-out days.
pub(super) fn ranges(data: &Data, call: &Call) -> Response {
    let (facility, program) = match place(data, call) {
        Ok(place) => place,
        Err(reply) => return *reply,
    };
    let day = |name: &str| call.parameter(name).and_then(|text| text.parse::<Date>().ok());
    let (Some(start), Some(end)) = (day("startDate"), day("endDate")) else {
        return problem(400, "stockmanagement.error.date", "startDate and endDate are needed: YYYY-MM-DD");
    };
    let Ok(after) = end.tomorrow() else { return not_found("a day after endDate") };
    let mut found = Vec::new();
    let mut own: Vec<&str> = data
        .cards
        .iter()
        .filter(|card| card.facility == facility && card.program == program)
        .map(|card| &*card.orderable)
        .collect();
    own.sort_unstable();
    own.dedup();
    for orderable in own.into_iter().filter(|orderable| call.wants("orderableId", Some(orderable))) {
        let cards = data
            .cards
            .iter()
            .filter(|card| card.facility == facility && card.program == program && card.orderable == orderable);
        let mut tags: BTreeMap<&str, i64> = BTreeMap::new();
        let mut levels: BTreeMap<Date, i64> = BTreeMap::new();
        for card in cards {
            // Lots are added up only where both have an entry on one day, as the service does.
            card.levels.iter().for_each(|(day, level)| *levels.entry(*day).or_default() += level);
            for movement in card.movements.iter().filter(|movement| (start..after).contains(&movement.date)) {
                for tag in movement.tags.iter().filter(|tag| call.wants("tag", Some(tag))) {
                    *tags.entry(tag).or_default() += movement.quantity;
                }
            }
        }
        let days = stock_out_days(&levels, start, after);
        found.push(json!({"orderable": {"id": orderable}, "stockOutDays": days, "tags": tags}));
    }
    page(call, found)
}

/// Days from `start` to the day before `after` without stock, 30 to the month. What was before the first entry in the
/// range is known from the last one before it; without one it counts as out.
pub(super) fn stock_out_days(levels: &BTreeMap<Date, i64>, start: Date, after: Date) -> i64 {
    let mut out = levels.range(..start).next_back().is_none_or(|(_, level)| *level <= 0);
    let (mut since, mut days) = (start, 0);
    for (day, level) in levels.range(start..after) {
        if out {
            days += days_of_360(since, *day);
        }
        (out, since) = (*level <= 0, *day);
    }
    if out { days + days_of_360(since, after) } else { days }
}

/// Days between two dates in a year of twelve months of 30 days, the American way.
fn days_of_360(from: Date, to: Date) -> i64 {
    let last_of_february = |day: Date| day.month() == 2 && day.day() == day.days_in_month();
    let first = if last_of_february(from) { 30 } else { from.day().min(30) };
    let last = match to.day() {
        31 if first == 30 => 30,
        _ if last_of_february(from) && last_of_february(to) => 30,
        day => day,
    };
    let months = i64::from(to.year() - from.year()) * 12 + i64::from(to.month() - from.month());
    months * 30 + i64::from(last) - i64::from(first)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn stock_out_days_by_hand() {
        let none = BTreeMap::new();
        let whole = |year, month| {
            let start = date(year, month, 1);
            stock_out_days(&none, start, start.last_of_month().tomorrow().unwrap())
        };
        assert_eq!((whole(2026, 1), whole(2026, 2), whole(2026, 4)), (30, 30, 30));
        for month in [3, 4] {
            let levels = BTreeMap::from([(date(2026, month, 13), 40), (date(2026, month, 19), 0)]);
            let start = date(2026, month, 1);
            assert_eq!(stock_out_days(&levels, start, start.last_of_month().tomorrow().unwrap()), 24);
        }
        let earlier = BTreeMap::from([(date(2025, 12, 5), 7)]);
        assert_eq!(stock_out_days(&earlier, date(2026, 1, 1), date(2026, 2, 1)), 0);
    }
}
