//! Orders, shipments and proofs of delivery.

use std::collections::HashMap;
use std::io;

use serde_json::{Value as Json, json};

use super::super::data::Data;
use super::{Row, Tables, cell, moment, number, point, text, truth};

pub(super) fn read(data: &mut Data, tables: &Tables) -> io::Result<()> {
    let line = |row: &Row, fields: &[&str]| {
        let mut line = json!({
            "id": cell(row, "id"), "lot": point(row, "lotId"),
            "orderable": {"id": cell(row, "orderableId"), "versionNumber": number(row, "orderableVersionNumber")},
        });
        fields.iter().for_each(|field| line[*field] = number(row, field));
        if row.contains_key("rejectionReasonId") {
            line["rejectionReasonId"] = text(row, "rejectionReasonId");
        }
        line
    };
    let lines = |table: &str, column: &str, fields: &[&str]| -> io::Result<HashMap<String, Vec<Json>>> {
        let groups = tables.grouped(table, column)?.into_iter();
        Ok(groups.map(|(id, rows)| (id, rows.iter().map(|row| line(row, fields)).collect())).collect())
    };
    let own = lines("order_line_items", "orderId", &["orderedQuantity"])?;
    for row in tables.rows("orders")? {
        data.add(
            "orders",
            json!({
                "id": cell(&row, "id"), "externalId": text(&row, "externalId"), "orderCode": text(&row, "orderCode"),
                "emergency": truth(&row, "emergency"), "status": text(&row, "status"),
                "createdDate": moment(&row, "createdDate"), "lastUpdatedDate": moment(&row, "lastUpdatedDate"),
                "createdBy": {"username": "a name of a person"}, "facility": point(&row, "facilityId"),
                "receivingFacility": point(&row, "receivingFacilityId"),
                "program": point(&row, "programId"), "processingPeriod": point(&row, "processingPeriodId"),
                "requestingFacility": point(&row, "requestingFacilityId"),
                "supplyingFacility": point(&row, "supplyingFacilityId"),
                "orderLineItems": own.get(&cell(&row, "id").to_lowercase()),
            }),
        );
    }
    let own = lines("shipment_line_items", "shipmentId", &["quantityShipped"])?;
    for row in tables.rows("shipments")? {
        let shipment = json!({
            "id": cell(&row, "id"), "order": point(&row, "orderId"), "shippedDate": moment(&row, "shippedDate"),
            "lineItems": own.get(&cell(&row, "id").to_lowercase()),
        });
        data.add("shipments", shipment);
    }
    let own = lines("proof_of_delivery_line_items", "proofOfDeliveryId", &["quantityAccepted", "quantityRejected"])?;
    for row in tables.rows("proofs_of_delivery")? {
        let proof = json!({
            "id": cell(&row, "id"), "shipment": point(&row, "shipmentId"), "status": text(&row, "status"),
            "receivedDate": text(&row, "receivedDate"), "receivedBy": text(&row, "receivedBy"),
            "deliveredBy": text(&row, "deliveredBy"), "lineItems": own.get(&cell(&row, "id").to_lowercase()),
        });
        data.add("proofsOfDelivery", proof);
    }
    Ok(())
}
