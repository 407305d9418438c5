//! Reads a folder of tables in the form of OpenLMIS's demonstration data, for tests on real data.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::data::{Card, Data, Movement, Requisition};

type Row = HashMap<String, String>;

impl Data {
    /// Reads `referencedata/`, `requisition/`, `stockmanagement/` and `fulfillment/` below `folder`. The tables are
    /// those of the services' databases, joined by id without regard to case.
    ///
    /// # Errors
    /// A table is missing or cannot be read.
    pub fn from_folder(folder: &Path) -> io::Result<Self> {
        let mut data = Self::new();
        reference(&mut data, &Tables(folder.join("referencedata")))?;
        requisitions(&mut data, &Tables(folder.join("requisition")))?;
        cards(&mut data, &Tables(folder.join("stockmanagement")))?;
        orders(&mut data, &Tables(folder.join("fulfillment")))?;
        Ok(data)
    }
}

struct Tables(std::path::PathBuf);

impl Tables {
    fn rows(&self, name: &str) -> io::Result<Vec<Row>> {
        let path = self.0.join(format!("{name}.csv"));
        let text =
            std::fs::read_to_string(&path).map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))?;
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let rows = reader.deserialize().collect::<Result<Vec<Row>, csv::Error>>();
        rows.map_err(|error| io::Error::other(format!("{name}: {error}")))
    }

    /// The rows by the text of a column.
    fn grouped(&self, name: &str, column: &str) -> io::Result<HashMap<String, Vec<Row>>> {
        let mut groups: HashMap<String, Vec<Row>> = HashMap::new();
        for row in self.rows(name)? {
            groups.entry(cell(&row, column).to_lowercase()).or_default().push(row);
        }
        Ok(groups)
    }
}

fn cell<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name).map_or("", String::as_str)
}

/// Text, or null where the cell is empty.
fn text(row: &Row, name: &str) -> Json {
    match cell(row, name) {
        "" => Json::Null,
        text => text.into(),
    }
}

fn number(row: &Row, name: &str) -> Json {
    serde_json::from_str(cell(row, name)).unwrap_or_default()
}

fn truth(row: &Row, name: &str) -> bool {
    matches!(cell(row, name), "t" | "true" | "True")
}

fn point(row: &Row, name: &str) -> Json {
    match cell(row, name) {
        "" => Json::Null,
        id => json!({"id": id}),
    }
}

/// A moment in the form of the services, from either form of the tables.
fn moment(row: &Row, name: &str) -> Json {
    let text = cell(row, name).replace(' ', "T").replace("+00", "Z");
    let zoned = if text.ends_with('Z') { text } else { format!("{text}Z") };
    zoned.parse::<Timestamp>().map_or(Json::Null, |moment| moment.to_string().into())
}

fn by_id(rows: &[Row]) -> HashMap<String, &Row> {
    rows.iter().map(|row| (cell(row, "id").to_lowercase(), row)).collect()
}

fn named(row: Option<&&Row>) -> Json {
    row.map_or(Json::Null, |row| json!({"id": cell(row, "id"), "code": text(row, "code"), "name": text(row, "name")}))
}

fn reference(data: &mut Data, tables: &Tables) -> io::Result<()> {
    let levels = tables.rows("geographic_levels")?;
    for level in &levels {
        let number = number(level, "levelnumber");
        data.add(
            "geographicLevels",
            json!({"id": cell(level, "id"), "code": text(level, "code"), "levelNumber": number}),
        );
    }
    let zones = tables.rows("geographic_zones")?;
    let (levels, zones_by_id) = (by_id(&levels), by_id(&zones));
    for zone in &zones {
        let level = levels.get(&cell(zone, "levelid").to_lowercase());
        let level = level.map(|level| json!({"id": cell(level, "id"), "levelNumber": number(level, "levelnumber")}));
        data.add(
            "geographicZones",
            json!({
                "id": cell(zone, "id"), "code": text(zone, "code"), "name": text(zone, "name"), "level": level,
                "parent": named(zones_by_id.get(&cell(zone, "parentid").to_lowercase())),
                "catchmentPopulation": number(zone, "catchmentpopulation"),
            }),
        );
    }
    for row in tables.rows("programs")? {
        let program = json!({
            "id": cell(&row, "id"), "code": text(&row, "code"), "name": text(&row, "name"), "active": truth(&row, "active"),
            "periodsSkippable": truth(&row, "periodsskippable"), "skipAuthorization": truth(&row, "skipauthorization"),
        });
        data.add("programs", program);
    }
    let types = tables.rows("facility_types")?;
    let types = by_id(&types);
    let supported = tables.grouped("supported_programs", "facilityid")?;
    for row in tables.rows("facilities")? {
        let programs = supported.get(&cell(&row, "id").to_lowercase()).map_or(&[][..], Vec::as_slice);
        let program = |row: &Row| json!({"id": cell(row, "programid"), "supportActive": truth(row, "active")});
        data.add(
            "facilities",
            json!({
                "id": cell(&row, "id"), "code": text(&row, "code"), "name": text(&row, "name"),
                "active": truth(&row, "active"), "enabled": truth(&row, "enabled"),
                "openLmisAccessible": truth(&row, "openlmisaccessible"),
                "geographicZone": named(zones_by_id.get(&cell(&row, "geographiczoneid").to_lowercase())),
                "type": named(types.get(&cell(&row, "typeid").to_lowercase())), "location": location(&row),
                "supportedPrograms": programs.iter().map(program).collect::<Vec<_>>(), "extraData": {},
            }),
        );
    }
    products(data, tables)?;
    let schedules = tables.rows("processing_schedules")?;
    for row in &schedules {
        data.add("processingSchedules", named(Some(&row)));
    }
    let schedules = by_id(&schedules);
    for row in tables.rows("processing_periods")? {
        let extra: Json = serde_json::from_str(cell(&row, "extradata")).unwrap_or_else(|_| json!({}));
        data.add(
            "processingPeriods",
            json!({
                "id": cell(&row, "id"), "name": text(&row, "name"), "startDate": text(&row, "startdate"),
                "endDate": text(&row, "enddate"), "extraData": extra,
                "processingSchedule": named(schedules.get(&cell(&row, "processingscheduleid").to_lowercase())),
            }),
        );
    }
    let members = tables.grouped("requisition_group_members", "requisitiongroupid")?;
    for row in tables.rows("requisition_groups")? {
        let own = members.get(&cell(&row, "id").to_lowercase()).map_or(&[][..], Vec::as_slice);
        let own: Vec<Json> = own.iter().map(|member| point(member, "facilityid")).collect();
        let group = json!({"id": cell(&row, "id"), "code": text(&row, "code"), "memberFacilities": own});
        data.add("requisitionGroups", group);
    }
    for row in tables.rows("lots")? {
        let lot = json!({
            "id": cell(&row, "id"), "lotCode": text(&row, "lotcode"), "expirationDate": text(&row, "expirationdate"),
            "tradeItemId": text(&row, "tradeitemid"), "active": truth(&row, "active"),
        });
        data.add("lots", lot);
    }
    Ok(())
}

/// `POINT(longitude latitude)` as the services give it.
fn location(row: &Row) -> Json {
    let text = cell(row, "location").trim_start_matches("POINT(").trim_end_matches(')');
    let numbers: Vec<f64> = text.split(' ').filter_map(|part| part.parse().ok()).collect();
    if numbers.len() == 2 { json!({"type": "Point", "coordinates": numbers}) } else { Json::Null }
}

fn products(data: &mut Data, tables: &Tables) -> io::Result<()> {
    for row in tables.rows("orderables")? {
        data.add(
            "orderables",
            json!({
                "id": cell(&row, "id"), "productCode": text(&row, "code"), "fullProductName": text(&row, "fullproductname"),
                "netContent": number(&row, "netcontent"), "packRoundingThreshold": number(&row, "packroundingthreshold"),
                "roundToZero": truth(&row, "roundtozero"), "children": [], "identifiers": {},
                "meta": {"versionNumber": number(&row, "versionnumber"), "lastUpdated": "2018-01-01T00:00:00Z"},
            }),
        );
    }
    for row in tables.rows("facility_type_approved_products")? {
        data.add(
            "facilityTypeApprovedProducts",
            json!({
                "id": cell(&row, "id"), "facilityType": point(&row, "facilitytypeid"), "program": point(&row, "programid"),
                "orderable": point(&row, "orderableid"), "maxPeriodsOfStock": number(&row, "maxperiodsofstock"),
                "minPeriodsOfStock": number(&row, "minperiodsofstock"),
                "emergencyOrderPoint": number(&row, "emergencyorderpoint"),
                "meta": {"versionNumber": number(&row, "versionNumber")},
            }),
        );
    }
    Ok(())
}

/// Columns of a line that are no fields of the API.
const JOINS: [&str; 6] = [
    "orderableId",
    "orderableVersionNumber",
    "facilityTypeApprovedProductId",
    "facilityTypeApprovedProductVersionNumber",
    "requisitionId",
    "nonFullSupply",
];

fn requisitions(data: &mut Data, tables: &Tables) -> io::Result<()> {
    let mut templates: HashMap<String, Json> = HashMap::new();
    let columns = tables.grouped("columns_maps", "requisitionTemplateId")?;
    for row in tables.rows("requisition_templates")? {
        let column = |row: &Row| {
            let shown = json!({"isDisplayed": truth(row, "isDisplayed"), "source": number(row, "source"), "tag": text(row, "tag")});
            (cell(row, "name").to_owned(), shown)
        };
        let own = columns.get(&cell(&row, "id").to_lowercase()).map_or(&[][..], Vec::as_slice);
        let map: Map<String, Json> = own.iter().map(column).collect();
        let template = json!({"id": cell(&row, "id"), "name": text(&row, "name"), "columnsMap": map});
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

fn cards(data: &mut Data, tables: &Tables) -> io::Result<()> {
    let levels = tables.grouped("calculated_stocks_on_hand", "stockcardid")?;
    let lines = tables.grouped("stock_card_line_items", "stockCardId")?;
    let reasons = tables.rows("stock_card_line_item_reasons")?;
    let reasons = by_id(&reasons);
    let mut tags: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in tables.rows("stock_card_line_item_reason_tags")? {
        tags.entry(cell(&row, "reasonId").to_lowercase()).or_default().push(cell(&row, "tag").into());
    }
    for row in tables.rows("stock_cards")? {
        let id = cell(&row, "id").to_lowercase();
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

fn orders(data: &mut Data, tables: &Tables) -> io::Result<()> {
    let line = |row: &Row, fields: &[&str]| {
        let mut line = json!({
            "id": cell(row, "id"), "lot": point(row, "lotId"),
            "orderable": {"id": cell(row, "orderableId"), "versionNumber": number(row, "orderableVersionNumber")},
        });
        fields.iter().for_each(|field| line[*field] = number(row, field));
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
                "createdDate": moment(&row, "createdDate"), "facility": point(&row, "facilityId"),
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
