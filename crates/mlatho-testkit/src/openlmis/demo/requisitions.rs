//! Requisitions and their forms.

use std::collections::HashMap;
use std::io;

use serde_json::{Map, Value as Json, json};

use super::super::data::{Data, Requisition};
use super::{Row, Tables, cell, each, moment, number, point, text, truth};

/// Columns of a line that are no fields of the API.
const JOINS: [&str; 6] = [
    "orderableId",
    "orderableVersionNumber",
    "facilityTypeApprovedProductId",
    "facilityTypeApprovedProductVersionNumber",
    "requisitionId",
    "nonFullSupply",
];

pub(super) fn read(data: &mut Data, tables: &Tables) -> io::Result<()> {
    let mut templates: HashMap<String, Json> = HashMap::new();
    let columns = tables.grouped("columns_maps", "requisitionTemplateId")?;
    let assignments = tables.grouped("requisition_template_assignments", "templateId")?;
    for row in tables.rows("requisition_templates")? {
        let column = |row: &Row| {
            let shown = json!({"isDisplayed": truth(row, "isDisplayed"), "source": number(row, "source"), "tag": text(row, "tag")});
            (cell(row, "name").to_owned(), shown)
        };
        let own = columns.get(&cell(&row, "id").to_lowercase()).map_or(&[][..], Vec::as_slice);
        let map: Map<String, Json> = own.iter().map(column).collect();
        let program = assignments.get(&cell(&row, "id").to_lowercase()).and_then(|rows| rows.first());
        let types = each(&assignments, cell(&row, "id"), |row| point(row, "facilityTypeId"));
        let template = json!({
            "id": cell(&row, "id"), "name": text(&row, "name"), "columnsMap": map,
            "program": program.map(|row| point(row, "programId")), "facilityTypes": types,
        });
        data.add("requisitionTemplates", template.clone());
        templates.insert(cell(&row, "id").to_lowercase(), template);
    }
    let lines = tables.grouped("requisition_line_items", "requisitionId")?;
    let adjustments = tables.grouped("stock_adjustments", "requisitionLineItemId")?;
    let previous = tables.grouped("previous_adjusted_consumptions", "requisitionlineitemid")?;
    let changes = tables.grouped("status_changes", "requisitionId")?;
    let reasons = tables.grouped("stock_adjustment_reasons", "requisitionId")?;
    let of = |groups: &HashMap<String, Vec<Row>>, id: &str| groups.get(&id.to_lowercase()).cloned().unwrap_or_default();
    for row in tables.rows("requisitions")? {
        let id = cell(&row, "id");
        let line = |row: &Row| {
            let id = cell(row, "id");
            let mut fields = Map::new();
            for (name, value) in row.iter().filter(|(name, _)| !JOINS.contains(&name.as_str())) {
                let json = match (name.as_str(), value.as_str()) {
                    ("skipped", flag) => (flag == "t").into(),
                    (_, "") => Json::Null,
                    ("id" | "remarks" | "requestedQuantityExplanation", text) => text.into(),
                    (_, number) => serde_json::from_str(number).unwrap_or_else(|_| number.into()),
                };
                fields.insert(name.clone(), json);
            }
            let versioned =
                |id: &str, version: &str| json!({"id": cell(row, id), "versionNumber": number(row, version)});
            fields.insert("orderable".into(), versioned("orderableId", "orderableVersionNumber"));
            let approved = versioned("facilityTypeApprovedProductId", "facilityTypeApprovedProductVersionNumber");
            fields.insert("approvedProduct".into(), approved);
            let adjustment =
                |row: Row| json!({"reasonId": cell(&row, "reasonId"), "quantity": number(&row, "quantity")});
            fields.insert("stockAdjustments".into(), of(&adjustments, id).into_iter().map(adjustment).collect());
            let before = of(&previous, id).into_iter().map(|row| number(&row, "previousadjustedconsumption"));
            fields.insert("previousAdjustedConsumptions".into(), before.collect());
            Json::Object(fields)
        };
        let change = |row: Row| json!({"status": text(&row, "status"), "createdDate": moment(&row, "createdDate")});
        let reason = |row: Row| {
            json!({"id": cell(&row, "reasonId"), "reasonId": cell(&row, "reasonId"), "name": text(&row, "name"),
                   "reasonType": text(&row, "reasonType"), "reasonCategory": text(&row, "reasonCategory")})
        };
        let body = json!({
            "id": id, "createdDate": moment(&row, "createdDate"), "modifiedDate": moment(&row, "modifiedDate"),
            "facility": point(&row, "facilityId"), "program": point(&row, "programId"),
            "processingPeriod": point(&row, "processingPeriodId"), "status": text(&row, "status"),
            "emergency": truth(&row, "emergency"), "reportOnly": false,
            "numberOfMonthsInPeriod": number(&row, "numberOfMonthsInPeriod"),
            "supplyingFacility": text(&row, "supplyingFacilityId"), "supervisoryNode": text(&row, "supervisoryNodeId"),
            "draftStatusMessage": cell(&row, "draftStatusMessage"),
            "template": templates.get(&cell(&row, "templateId").to_lowercase()),
            "requisitionLineItems": of(&lines, id).iter().map(line).collect::<Vec<_>>(),
            "statusHistory": of(&changes, id).into_iter().map(change).collect::<Vec<_>>(),
            "stockAdjustmentReasons": of(&reasons, id).into_iter().map(reason).collect::<Vec<_>>(),
            "availableProducts": [], "extraData": {}, "patientsData": null,
        });
        let version = cell(&row, "version").parse().unwrap_or(0);
        data.requisitions.push(Requisition { body, version });
    }
    Ok(())
}
