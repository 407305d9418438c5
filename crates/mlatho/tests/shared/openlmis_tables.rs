//! Every table of OpenLMIS's demonstration data: where its rows come through the API, and how many of them.

use std::collections::{BTreeMap, BTreeSet};

use mlatho_connect::openlmis::Client;
use mlatho_testkit::openlmis::Server;
use serde_json::Value as Json;

use crate::openlmis_api::{client, server};

/// What the API gave, by path; objects that are asked for one by one stand under `PATH/{id}`.
type Served = BTreeMap<&'static str, Vec<Json>>;

struct Table {
    file: &'static str,
    rows: usize,
    /// Where its rows come, and how they are counted there. A table without an endpoint has none.
    path: &'static str,
    count: fn(&Served) -> usize,
    through: usize,
    /// Why rows do not come through.
    why: &'static str,
}

const fn whole(file: &'static str, rows: usize, path: &'static str, count: fn(&Served) -> usize) -> Table {
    Table { file, rows, path, count, through: rows, why: "" }
}

macro_rules! list {
    ($file:literal, $rows:literal, $path:literal) => {
        whole($file, $rows, $path, |served| served[$path].len())
    };
}

/// Rows that stand within the objects of another table.
macro_rules! within {
    ($file:literal, $rows:literal, $path:literal, $field:literal) => {
        whole($file, $rows, $path, |served| served[$path].iter().map(|object| count(&object[$field])).sum())
    };
}

fn count(value: &Json) -> usize {
    value.as_array().map_or_else(|| value.as_object().map_or(0, serde_json::Map::len), Vec::len)
}

fn nested(served: &Served, path: &str, outer: &str, inner: &str) -> usize {
    let lines = served[path].iter().filter_map(|object| object[outer].as_array()).flatten();
    lines.map(|line| count(&line[inner])).sum()
}

/// Different values of a field that several objects share.
fn distinct(served: &Served, path: &str, field: &str) -> BTreeSet<String> {
    served[path].iter().map(|object| object[field].to_string()).filter(|text| text != "{}" && text != "null").collect()
}

fn reference_data() -> Vec<Table> {
    vec![
        list!("referencedata/commodity_types", 10, "commodityTypes"),
        Table {
            file: "referencedata/dispensables",
            rows: 61,
            path: "orderables",
            count: |served| distinct(served, "orderables", "dispensable").len(),
            through: 11,
            why: "a product has the attributes of its dispensable and not its id; those with equal attributes are one",
        },
        Table {
            file: "referencedata/dispensable_attributes",
            rows: 81,
            path: "orderables",
            count: |served| {
                let texts = distinct(served, "orderables", "dispensable");
                texts.iter().map(|text| count(&serde_json::from_str(text).unwrap())).sum()
            },
            through: 17,
            why: "as of dispensables",
        },
        list!("referencedata/facilities", 2734, "facilities"),
        list!("referencedata/facility_operators", 2, "facilityOperators"),
        list!("referencedata/facility_type_approved_products", 20293, "facilityTypeApprovedProducts"),
        list!("referencedata/facility_types", 4, "facilityTypes"),
        list!("referencedata/geographic_levels", 4, "geographicLevels"),
        list!("referencedata/geographic_zones", 205, "geographicZones"),
        list!("referencedata/ideal_stock_amounts", 7080, "idealStockAmounts"),
        list!("referencedata/lots", 17, "lots"),
        list!("referencedata/orderable_display_categories", 12, "orderableDisplayCategories"),
        within!("referencedata/orderable_identifiers", 37, "orderables", "identifiers"),
        list!("referencedata/orderables", 10234, "orderables"),
        list!("referencedata/processing_periods", 434, "processingPeriods"),
        list!("referencedata/processing_schedules", 6, "processingSchedules"),
        within!("referencedata/program_orderables", 10236, "orderables", "programs"),
        list!("referencedata/programs", 8, "programs"),
        within!("referencedata/requisition_group_members", 2055, "requisitionGroups", "memberFacilities"),
        within!(
            "referencedata/requisition_group_program_schedules",
            1012,
            "requisitionGroups",
            "requisitionGroupProgramSchedules"
        ),
        list!("referencedata/requisition_groups", 510, "requisitionGroups"),
        list!("referencedata/supervisory_nodes", 511, "supervisoryNodes"),
        within!("referencedata/supported_programs", 3742, "facilities", "supportedPrograms"),
        within!("referencedata/trade_item_classifications", 14, "tradeItems", "classifications"),
        list!("referencedata/trade_items", 22, "tradeItems"),
    ]
}

fn transactions() -> Vec<Table> {
    vec![
        within!("requisition/columns_maps", 214, "requisitionTemplates", "columnsMap"),
        whole("requisition/previous_adjusted_consumptions", 22, "v2/requisitions/{id}", |served| {
            nested(served, "v2/requisitions/{id}", "requisitionLineItems", "previousAdjustedConsumptions")
        }),
        within!("requisition/requisition_line_items", 167, "v2/requisitions/{id}", "requisitionLineItems"),
        within!("requisition/requisition_template_assignments", 14, "requisitionTemplates", "facilityTypes"),
        list!("requisition/requisition_templates", 7, "requisitionTemplates"),
        list!("requisition/requisitions", 26, "v2/requisitions/{id}"),
        within!("requisition/status_changes", 99, "v2/requisitions/{id}", "statusHistory"),
        within!("requisition/stock_adjustment_reasons", 104, "v2/requisitions/{id}", "stockAdjustmentReasons"),
        whole("requisition/stock_adjustments", 14, "v2/requisitions/{id}", |served| {
            nested(served, "v2/requisitions/{id}", "requisitionLineItems", "stockAdjustments")
        }),
        list!("stockmanagement/calculated_stocks_on_hand", 2811, "v2/stockCardSummaries?asOfDate={day}"),
        Table {
            file: "stockmanagement/nodes",
            rows: 66,
            path: "",
            count: |_| 0,
            through: 0,
            why: "no endpoint: a stock card names the facility or organization that stands behind a node",
        },
        list!("stockmanagement/organizations", 2, "organizations"),
        Table {
            file: "stockmanagement/physical_inventory_line_item_adjustments",
            rows: 72,
            path: "stockCards/{id}",
            count: |served| {
                let of = |path, lines| nested(served, path, lines, "stockAdjustments");
                of("stockCards/{id}", "lineItems") + of("stockEvents/{id}/lineItems", "lines")
            },
            through: 48,
            why: "24 belong to lines of physical inventories, a table that is not among the files",
        },
        Table {
            file: "stockmanagement/stock_card_line_item_reason_tags",
            rows: 20,
            path: "stockCardLineItemReasons",
            count: |served| served["stockCardLineItemReasons"].iter().map(|reason| count(&reason["tags"])).sum(),
            through: 16,
            why: "4 belong to reasons that the service makes itself, which are not among the files",
        },
        list!("stockmanagement/stock_card_line_item_reasons", 8, "stockCardLineItemReasons"),
        within!("stockmanagement/stock_card_line_items", 4760, "stockCards/{id}", "lineItems"),
        list!("stockmanagement/stock_cards", 116, "stockCards/{id}"),
        within!("stockmanagement/stock_event_line_items", 130, "stockEvents/{id}/lineItems", "lines"),
        list!("stockmanagement/stock_events", 12, "stockEvents"),
        within!("fulfillment/order_line_items", 12, "orders/{id}", "orderLineItems"),
        list!("fulfillment/orders", 6, "orders"),
        within!("fulfillment/proof_of_delivery_line_items", 12, "proofsOfDelivery", "lineItems"),
        list!("fulfillment/proofs_of_delivery", 6, "proofsOfDelivery"),
        within!("fulfillment/shipment_line_items", 11, "shipments", "lineItems"),
        list!("fulfillment/shipments", 6, "shipments"),
    ]
}

const LISTS: [&str; 25] = [
    "commodityTypes",
    "facilities",
    "facilityOperators",
    "facilityTypeApprovedProducts",
    "facilityTypes",
    "geographicLevels",
    "geographicZones",
    "idealStockAmounts",
    "lots",
    "orderableDisplayCategories",
    "orderables",
    "orders",
    "organizations",
    "processingPeriods",
    "processingSchedules",
    "programs",
    "proofsOfDelivery",
    "requisitionGroups",
    "requisitionTemplates",
    "requisitions/search",
    "shipments",
    "stockCardLineItemReasons",
    "stockEvents",
    "supervisoryNodes",
    "tradeItems",
];

async fn list(client: &Client, path: &str, query: &[(&str, &str)]) -> Vec<Json> {
    let objects = client.documents(&format!("api/{path}"), query).await.unwrap();
    objects.iter().map(|object| serde_json::from_str(object.get()).unwrap()).collect()
}

async fn each(client: &Client, list: &str, objects: &[Json]) -> Vec<Json> {
    let mut found = Vec::new();
    for object in objects {
        let path = format!("api/{list}/{}", object["id"].as_str().unwrap());
        found.push(serde_json::from_str(client.document(&path).await.unwrap().get()).unwrap());
    }
    found
}

async fn ask_for_all(server: &Server) -> Served {
    let client = client(server).await;
    let mut all = Served::new();
    for path in LISTS {
        all.insert(path, list(&client, path, &[]).await);
    }
    // Of a product with several versions the list has the newest.
    let newer = |product: &&Json| product["meta"]["versionNumber"].as_u64() > Some(1);
    let ids: Vec<String> =
        all["orderables"].iter().filter(newer).map(|own| own["id"].as_str().unwrap().to_owned()).collect();
    for id in ids {
        let older = client.document(&format!("api/orderables/{id}?versionNumber=1")).await.unwrap();
        all.get_mut("orderables").unwrap().push(serde_json::from_str(older.get()).unwrap());
    }
    all.insert("v2/requisitions/{id}", each(&client, "v2/requisitions", &all["requisitions/search"]).await);
    all.insert("orders/{id}", each(&client, "orders", &all["orders"]).await);
    let mut lines = Vec::new();
    for event in &all["stockEvents"] {
        let own = list(&client, &format!("stockEvents/{}/lineItems", event["id"].as_str().unwrap()), &[]).await;
        lines.push(serde_json::json!({ "lines": own }));
    }
    all.insert("stockEvents/{id}/lineItems", lines);
    stock(server, &client, &mut all).await;
    all
}

/// Cards, and the level of each day on which something happened, by what the summaries of that day say.
async fn stock(server: &Server, client: &Client, all: &mut Served) {
    let cards: Vec<Json> =
        server.look(|data| data.list("stockCards").iter().map(|card| serde_json::json!({"id": card["id"]})).collect());
    all.insert("stockCards/{id}", each(client, "stockCards", &cards).await);
    let days: BTreeSet<(String, String, String)> = server.look(|data| {
        let of = |card: &mlatho_testkit::openlmis::Card| {
            let place = (card.facility.clone(), card.program.clone());
            card.levels.keys().map(move |day| (place.0.clone(), place.1.clone(), day.to_string())).collect::<Vec<_>>()
        };
        data.cards.iter().flat_map(of).collect()
    });
    let mut levels: BTreeSet<(String, String)> = BTreeSet::new();
    for (facility, program, day) in &days {
        let query = [("facilityId", facility.as_str()), ("programId", program), ("asOfDate", day)];
        for summary in list(client, "v2/stockCardSummaries", &query).await {
            let cards = summary["canFulfillForMe"].as_array().into_iter().flatten();
            let own = cards.filter(|card| card["occurredDate"] == day.as_str());
            levels.extend(own.map(|card| (card["stockCard"]["id"].as_str().unwrap().to_owned(), day.clone())));
        }
    }
    let levels = levels.into_iter().map(|level| serde_json::json!(level)).collect();
    all.insert("v2/stockCardSummaries?asOfDate={day}", levels);
}

#[tokio::test]
async fn every_table() {
    let (Some(server), Some(folder)) = (server(), crate::data_set("openlmis")) else { return };
    let all = ask_for_all(&server).await;
    let mut files = BTreeSet::new();
    for table in reference_data().into_iter().chain(transactions()) {
        let mut reader = csv::Reader::from_path(folder.join(format!("{}.csv", table.file))).unwrap();
        assert_eq!(reader.records().count(), table.rows, "{}", table.file);
        let through = (table.count)(&all);
        assert_eq!(through, table.through, "{} through {}", table.file, table.path);
        assert_eq!(table.through == table.rows, table.why.is_empty(), "{}: say why", table.file);
        files.insert(table.file.to_owned());
    }
    let mut there = BTreeSet::new();
    for part in ["referencedata", "requisition", "stockmanagement", "fulfillment"] {
        for entry in std::fs::read_dir(folder.join(part)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            there.extend(name.strip_suffix(".csv").map(|name| format!("{part}/{name}")));
        }
    }
    assert_eq!((files.len(), &files), (50, &there));
}
