//! Stock cards and events.

use std::collections::{BTreeMap, HashMap};
use std::io;

use serde_json::{Value as Json, json};

use super::super::data::{Card, Data, Movement};
use super::{Row, Tables, by_id, cell, each, moment, number, point, text, truth};

pub(super) fn read(data: &mut Data, tables: &Tables) -> io::Result<()> {
    let levels = tables.grouped("calculated_stocks_on_hand", "stockcardid")?;
    let lines = tables.grouped("stock_card_line_items", "stockCardId")?;
    let own_reasons = tables.rows("stock_card_line_item_reasons")?;
    let reasons = by_id(&own_reasons);
    let mut tags: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in tables.rows("stock_card_line_item_reason_tags")? {
        tags.entry(cell(&row, "reasonId").to_lowercase()).or_default().push(cell(&row, "tag").into());
    }
    let adjustments = tables.rows("physical_inventory_line_item_adjustments")?;
    let of_cards = by(&adjustments, "stockCardLineItemId");
    let of_events = by(&adjustments, "stockEventLineItemId");
    for row in &own_reasons {
        let id = cell(row, "id");
        let reason = json!({
            "id": id, "name": text(row, "name"), "reasonType": text(row, "reasontype"),
            "reasonCategory": text(row, "reasoncategory"), "isFreeTextAllowed": truth(row, "isfreetextallowed"),
            "tags": tags.get(&id.to_lowercase()).cloned().unwrap_or_default(),
        });
        data.add("stockCardLineItemReasons", reason);
    }
    for row in tables.rows("organizations")? {
        data.add("organizations", json!({"id": cell(&row, "id"), "name": text(&row, "name")}));
    }
    events(data, tables, &of_events)?;
    for row in tables.rows("stock_cards")? {
        let id = cell(&row, "id").to_lowercase();
        let line = |line: &Row| {
            json!({"id": cell(line, "id"), "occurredDate": text(line, "occurredDate"), "quantity": number(line, "quantity"),
                   "reason": point(line, "reasonId"), "source": point(line, "sourceId"),
                   "destination": point(line, "destinationId"),
                   "stockAdjustments": each(&of_cards, cell(line, "id"), adjustment)})
        };
        let card = json!({
            "id": id, "facility": point(&row, "facilityId"), "program": point(&row, "programId"),
            "orderable": point(&row, "orderableId"), "lot": point(&row, "lotId"), "lineItems": each(&lines, &id, line),
        });
        data.add("stockCards", card);
        let level = |row: &Row| Some((cell(row, "occurreddate").parse().ok()?, cell(row, "stockonhand").parse().ok()?));
        let movement = |row: &Row| {
            let reason = cell(row, "reasonId").to_lowercase();
            let debit = reasons.get(&reason).is_some_and(|reason| cell(reason, "reasontype") == "DEBIT");
            let quantity: i64 = cell(row, "quantity").parse().ok()?;
            Some(Movement {
                date: cell(row, "occurredDate").parse().ok()?,
                quantity: if debit || !cell(row, "destinationId").is_empty() { -quantity } else { quantity },
                tags: tags.get(&reason).cloned().unwrap_or_default(),
            })
        };
        data.cards.push(Card {
            facility: cell(&row, "facilityId").into(),
            program: cell(&row, "programId").into(),
            orderable: cell(&row, "orderableId").into(),
            lot: Some(cell(&row, "lotId").to_owned()).filter(|lot| !lot.is_empty()),
            levels: levels.get(&id).into_iter().flatten().filter_map(level).collect(),
            movements: lines.get(&id).into_iter().flatten().filter_map(movement).collect(),
            id,
        });
    }
    Ok(())
}

fn adjustment(row: &Row) -> Json {
    json!({"reason": point(row, "reasonId"), "quantity": number(row, "quantity")})
}

/// The rows by the text of a column, where it has one.
fn by(rows: &[Row], column: &str) -> HashMap<String, Vec<Row>> {
    let mut groups: HashMap<String, Vec<Row>> = HashMap::new();
    for row in rows.iter().filter(|row| !cell(row, column).is_empty()) {
        groups.entry(cell(row, column).to_lowercase()).or_default().push(row.clone());
    }
    groups
}

fn events(data: &mut Data, tables: &Tables, adjustments: &HashMap<String, Vec<Row>>) -> io::Result<()> {
    let lines = tables.grouped("stock_event_line_items", "stockEventId")?;
    let line = |line: &Row| {
        json!({"id": cell(line, "id"), "orderableId": text(line, "orderableId"), "lotId": text(line, "lotId"),
               "quantity": number(line, "quantity"), "occurredDate": text(line, "occurredDate"),
               "reasonId": text(line, "reasonId"), "stockAdjustments": each(adjustments, cell(line, "id"), adjustment)})
    };
    for row in tables.rows("stock_events")? {
        let id = cell(&row, "id");
        let event = json!({
            "id": id, "facilityId": text(&row, "facilityId"), "programId": text(&row, "programId"),
            "documentNumber": text(&row, "documentNumber"), "processedDate": moment(&row, "processedDate"),
            "lineItems": each(&lines, id, line),
        });
        data.add("stockEvents", event);
    }
    Ok(())
}
