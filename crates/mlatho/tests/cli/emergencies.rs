//! An emergency requisition beside the regular one of a month: it orders, and counts no stock.

use serde_json::{Value, json};

use crate::world::World;

const PROJECT: &str = r#"
version = 1
name = "Test"
[mappings]
elements = []
[[sources]]
name = "lmis"
side = "lmis"
format = "openlmis-requisitions"
files = ["inbox/*.json"]
"#;

/// A requisition of a month of 2026 with one line.
fn requisition(id: &str, month: u8, emergency: bool, line: &Value) -> Value {
    let (start, end) =
        (format!("2026-{month:02}-01"), if month == 2 { "2026-02-28".into() } else { format!("2026-{month:02}-31") });
    let mut line = line.clone();
    line["id"] = json!(format!("line-{id}"));
    line["orderable"] = json!({"id": "o", "productCode": "C100", "netContent": 1, "meta": {"versionNumber": 1}});
    json!({
        "id": id, "status": "APPROVED", "emergency": emergency, "facility": {"id": "f", "code": "HC01"},
        "processingPeriod": {"id": format!("p{month}"), "startDate": start, "endDate": end, "durationInMonths": 1},
        "requisitionLineItems": [line],
    })
}

#[test]
fn an_emergency_is_no_second_report_of_the_month() {
    let world = World::new();
    world.write("p/mlatho.toml", PROJECT);
    world.write("p/mappings/org_units.csv", "source,source_id,org_unit\nlmis,HC01,OU1\n");
    world.write("p/mappings/items.csv", "source,source_id,item\nlmis,C100,ACT\n");
    let stock = |opening: i64, consumed: i64, closing: i64| {
        json!({"beginningBalance": opening, "totalReceivedQuantity": 0, "totalConsumedQuantity": consumed,
               "totalLossesAndAdjustments": 0, "stockOnHand": closing, "approvedQuantity": 50})
    };
    let documents = json!([
        requisition("r1", 1, false, &stock(100, 30, 70)),
        requisition("e1", 1, true, &stock(70, 0, 4)),
        requisition("r2", 2, false, &stock(90, 20, 70)),
    ]);
    world.write("p/inbox/all.json", documents.to_string());
    let ran = world.run(["run", "--project", "p", "--format", "json", "--quiet", "--findings", "found.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    let found = world.read("found.csv");
    assert!(!found.contains("duplicate-report") && !found.contains("stock-balance"), "{found}");
    // The regular February is held against the regular January: 90 is not 70.
    assert_eq!(found.matches("opening-not-previous-closing").count(), 1, "{found}");
    let sql = "SELECT measure, sum(value) AS sum FROM observations WHERE status = 'accepted' AND period = '202601' AND \
               measure IN ('approved', 'closing_balance') GROUP BY measure ORDER BY measure";
    let told = world.run(["sql", sql, "--project", "p", "--format", "csv"]).well();
    assert_eq!(told, "measure,sum\napproved,100.0\nclosing_balance,70.0\n");
}
