//! Reference data.

use std::collections::HashMap;
use std::io;

use serde_json::{Map, Value as Json, json};

use super::super::data::Data;
use super::{Row, Tables, by_id, cell, each, named, number, point, text, truth};

pub(super) fn read(data: &mut Data, tables: &Tables) -> io::Result<()> {
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
    types.iter().for_each(|row| data.add("facilityTypes", named(Some(&row))));
    let operators = tables.rows("facility_operators")?;
    operators.iter().for_each(|row| data.add("facilityOperators", named(Some(&row))));
    let (types, operators) = (by_id(&types), by_id(&operators));
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
                "operator": named(operators.get(&cell(&row, "operatedbyid").to_lowercase())),
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
    groups(data, tables)?;
    for row in tables.rows("lots")? {
        let lot = json!({
            "id": cell(&row, "id"), "lotCode": text(&row, "lotcode"), "expirationDate": text(&row, "expirationdate"),
            "tradeItemId": text(&row, "tradeitemid"), "active": truth(&row, "active"),
        });
        data.add("lots", lot);
    }
    Ok(())
}

/// Who must report, to whom, and by which schedule.
fn groups(data: &mut Data, tables: &Tables) -> io::Result<()> {
    for row in tables.rows("supervisory_nodes")? {
        let node = json!({
            "id": cell(&row, "id"), "code": text(&row, "code"), "name": text(&row, "name"),
            "facility": point(&row, "facilityid"), "parentNode": point(&row, "parentid"),
        });
        data.add("supervisoryNodes", node);
    }
    let members = tables.grouped("requisition_group_members", "requisitiongroupid")?;
    let schedules = tables.grouped("requisition_group_program_schedules", "requisitiongroupid")?;
    let schedule = |row: &Row| {
        json!({"id": cell(row, "id"), "program": point(row, "programid"),
               "processingSchedule": point(row, "processingscheduleid"), "directDelivery": truth(row, "directdelivery")})
    };
    for row in tables.rows("requisition_groups")? {
        let id = cell(&row, "id");
        let group = json!({
            "id": id, "code": text(&row, "code"), "supervisoryNode": point(&row, "supervisorynodeid"),
            "memberFacilities": each(&members, id, |member| point(member, "facilityid")),
            "requisitionGroupProgramSchedules": each(&schedules, id, schedule),
        });
        data.add("requisitionGroups", group);
    }
    Ok(())
}

/// `POINT(longitude latitude)` as the services give it.
fn location(row: &Row) -> Json {
    let text = cell(row, "location").trim_start_matches("POINT(").trim_end_matches(')');
    let numbers: Vec<f64> = text.split(' ').filter_map(|part| part.parse().ok()).collect();
    if numbers.len() == 2 { json!({"type": "Point", "coordinates": numbers}) } else { Json::Null }
}

/// The key of a version of a product.
fn version(row: &Row, id: &str, version: &str) -> String {
    format!("{} {}", cell(row, id).to_lowercase(), cell(row, version))
}

fn products(data: &mut Data, tables: &Tables) -> io::Result<()> {
    let attributes = tables.grouped("dispensable_attributes", "dispensableid")?;
    let (mut identifiers, mut programs) = (HashMap::<String, Vec<Row>>::new(), HashMap::<String, Vec<Row>>::new());
    for row in tables.rows("orderable_identifiers")? {
        identifiers.entry(version(&row, "orderableid", "orderableversionnumber")).or_default().push(row);
    }
    for row in tables.rows("program_orderables")? {
        programs.entry(version(&row, "orderableid", "orderableversionnumber")).or_default().push(row);
    }
    let by_key = |rows: Option<&Vec<Row>>| -> Map<String, Json> {
        rows.into_iter().flatten().map(|row| (cell(row, "key").to_owned(), text(row, "value"))).collect()
    };
    let program = |row: &Row| {
        json!({"programId": cell(row, "programid"), "orderableDisplayCategoryId": cell(row, "orderabledisplaycategoryid"),
               "active": truth(row, "active"), "fullSupply": truth(row, "fullsupply"),
               "dosesPerPatient": number(row, "dosesperpatient"), "pricePerPack": number(row, "priceperpack")})
    };
    for row in tables.rows("orderables")? {
        let key = version(&row, "id", "versionnumber");
        data.add(
            "orderables",
            json!({
                "id": cell(&row, "id"), "productCode": text(&row, "code"), "fullProductName": text(&row, "fullproductname"),
                "netContent": number(&row, "netcontent"), "packRoundingThreshold": number(&row, "packroundingthreshold"),
                "roundToZero": truth(&row, "roundtozero"), "children": [],
                "dispensable": by_key(attributes.get(&cell(&row, "dispensableid").to_lowercase())),
                "identifiers": by_key(identifiers.get(&key)), "programs": each(&programs, &key, program),
                "meta": {"versionNumber": number(&row, "versionnumber"), "lastUpdated": "2018-01-01T00:00:00Z"},
            }),
        );
    }
    for row in tables.rows("orderable_display_categories")? {
        data.add("orderableDisplayCategories", json!({"id": cell(&row, "id"), "code": text(&row, "code")}));
    }
    for row in tables.rows("commodity_types")? {
        let commodity = json!({
            "id": cell(&row, "id"), "name": text(&row, "name"),
            "classificationSystem": text(&row, "classificationsystem"), "classificationId": text(&row, "classificationid"),
        });
        data.add("commodityTypes", commodity);
    }
    let classifications = tables.grouped("trade_item_classifications", "tradeitemid")?;
    let classification = |row: &Row| json!({"classificationSystem": text(row, "classificationsystem"), "classificationId": text(row, "classificationid")});
    for row in tables.rows("trade_items")? {
        let id = cell(&row, "id");
        let item = json!({"id": id, "manufacturerOfTradeItem": text(&row, "manufactureroftradeitem"),
                          "classifications": each(&classifications, id, classification)});
        data.add("tradeItems", item);
    }
    for row in tables.rows("ideal_stock_amounts")? {
        let amount = json!({
            "id": cell(&row, "id"), "facility": point(&row, "facilityid"), "commodityType": point(&row, "commoditytypeid"),
            "processingPeriod": point(&row, "processingperiodid"), "amount": number(&row, "amount"),
        });
        data.add("idealStockAmounts", amount);
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
