//! What the double serves: reference data as JSON, requisitions, stock cards.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value as Json, json};

/// A made-up id: the same for the same kind and number, in OpenLMIS's form.
#[must_use]
pub fn uuid(kind: &str, number: usize) -> String {
    let hash = kind.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{hash:08x}-0000-4000-8000-{number:012x}")
}

/// A requisition: its v2 body, and the row version that its `ETag` shows.
#[derive(Clone, Debug)]
pub struct Requisition {
    pub body: Json,
    pub version: u32,
}

/// One stock card: a product, perhaps one lot of it, at a facility in a program.
#[derive(Clone, Debug)]
pub struct Card {
    pub id: String,
    pub facility: String,
    pub program: String,
    pub orderable: String,
    pub lot: Option<String>,
    /// Stock on hand at the end of a day on which something happened.
    pub levels: BTreeMap<Date, i64>,
    pub movements: Vec<Movement>,
}

/// One line of a stock card.
#[derive(Clone, Debug)]
pub struct Movement {
    pub date: Date,
    /// Debits are negative. Of a physical count, the counted level.
    pub quantity: i64,
    /// Tags of its reason. A line without reason, source and destination is a physical count and has none.
    pub tags: Vec<String>,
}

/// Everything at the server. Lists are named as their paths: `facilities`, `geographicZones`, `orderables` (every
/// version), `processingPeriods`, `facilityTypeApprovedProducts`, `requisitionTemplates`, `requisitionGroups`, `orders`,
/// `shipments`, `proofsOfDelivery` …
#[derive(Clone, Debug, Default)]
pub struct Data {
    pub(super) lists: BTreeMap<String, Vec<Json>>,
    pub requisitions: Vec<Requisition>,
    pub cards: Vec<Card>,
    /// Requisitions that were written without `If-Match` or without `modifiedDate`, which the server takes.
    pub unguarded_writes: usize,
}

impl Data {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an object to a list.
    pub fn add(&mut self, list: &str, object: Json) {
        self.lists.entry(list.into()).or_default().push(object);
    }

    /// Changes the object of a list with that id.
    pub fn alter(&mut self, list: &str, id: &str, change: impl FnOnce(&mut Json)) {
        let own = self.lists.get_mut(list).into_iter().flatten().find(|object| object["id"] == id);
        if let Some(object) = own {
            change(object);
        }
    }

    /// The objects of a list.
    #[must_use]
    pub fn list(&self, name: &str) -> &[Json] {
        self.lists.get(name).map_or(&[], Vec::as_slice)
    }

    /// The first object of a list with that id, without regard to case.
    pub(super) fn object(&self, list: &str, id: &str) -> Option<&Json> {
        self.list(list).iter().find(|object| object["id"].as_str().is_some_and(|own| own.eq_ignore_ascii_case(id)))
    }

    /// The product of that version; without one, the newest.
    pub(super) fn versioned(&self, list: &str, id: &str, version: Option<u64>) -> Option<&Json> {
        let own = |object: &Json| object["meta"]["versionNumber"].as_u64().unwrap_or(1);
        let of_id = self.list(list).iter().filter(|object| object["id"].as_str() == Some(id));
        of_id.filter(|object| version.is_none_or(|version| own(object) == version)).max_by_key(|object| own(object))
    }

    /// Adds an active facility that supports these programs (ids), and gives its id.
    pub fn facility(&mut self, number: usize, code: &str, name: &str, programs: &[&str]) -> String {
        let id = uuid("facility", number);
        let supported: Vec<Json> = programs
            .iter()
            .map(|program| json!({"id": program, "supportActive": true, "supportLocallyFulfilled": false}))
            .collect();
        self.add(
            "facilities",
            json!({
                "id": id, "code": code, "name": name, "active": true, "enabled": true, "openLmisAccessible": true,
                "goLiveDate": null, "goDownDate": null, "location": null, "extraData": {},
                "geographicZone": null, "operator": null,
                "type": {"id": uuid("type", 1), "code": "health_center", "name": "Health Center"},
                "supportedPrograms": supported,
            }),
        );
        id
    }

    /// Adds a program and gives its id.
    pub fn program(&mut self, number: usize, code: &str, name: &str) -> String {
        let id = uuid("program", number);
        let program = json!({
            "id": id, "code": code, "name": name, "active": true, "periodsSkippable": true,
            "skipAuthorization": false, "enableDatePhysicalStockCountCompleted": false,
        });
        self.add("programs", program);
        id
    }

    /// Adds a period of the schedule `SCH001` and gives its id.
    pub fn period(&mut self, number: usize, name: &str, start: Date, end: Date) -> String {
        let id = uuid("period", number);
        let schedule = json!({"id": uuid("schedule", 1), "code": "SCH001", "name": "Monthly"});
        if self.list("processingSchedules").is_empty() {
            self.add("processingSchedules", schedule.clone());
        }
        let months = i64::from(end.year() - start.year()) * 12 + i64::from(end.month() - start.month()) + 1;
        let period = json!({
            "id": id, "name": name, "description": null, "startDate": start, "endDate": end,
            "durationInMonths": months, "processingSchedule": schedule, "extraData": {},
        });
        self.add("processingPeriods", period);
        id
    }

    /// Adds a version of a product and gives its id.
    pub fn orderable(&mut self, number: usize, version: u64, code: &str, net_content: u64) -> String {
        let id = uuid("orderable", number);
        let orderable = json!({
            "id": id, "productCode": code, "fullProductName": format!("Product {code}"), "netContent": net_content,
            "packRoundingThreshold": 0, "roundToZero": false, "dispensable": {"dispensingUnit": "each"},
            "identifiers": {}, "children": [], "programs": [],
            "meta": {"versionNumber": version, "lastUpdated": "2026-07-01T08:00:00Z"},
        });
        self.add("orderables", orderable);
        id
    }

    /// Adds a form of these columns, each shown and with its source (0: typed by persons, 1: calculated …), and gives its
    /// id. A requisition has the form that its `template` names.
    pub fn form(&mut self, number: usize, columns: &[(&str, u8)]) -> String {
        let id = uuid("template", number);
        let column = |(name, source): &(&str, u8)| ((*name).to_owned(), json!({"isDisplayed": true, "source": source}));
        let columns: serde_json::Map<String, Json> = columns.iter().map(column).collect();
        let form = json!({"id": id, "populateStockOnHandFromStockCards": false, "columnsMap": columns});
        self.add("requisitionTemplates", form);
        id
    }

    /// Adds a requisition of one line for each product, with these numbers in the line, and gives its id.
    #[expect(clippy::too_many_arguments, reason = "what a requisition is about")]
    pub fn requisition(
        &mut self,
        number: usize,
        facility: &str,
        program: &str,
        period: &str,
        status: &str,
        modified: &str,
        lines: &[(&str, u64, Json)],
    ) -> String {
        let id = uuid("requisition", number);
        let lines: Vec<Json> = lines
            .iter()
            .enumerate()
            .map(|(at, (orderable, version, numbers))| {
                let mut line = json!({
                    "id": uuid("line", number * 1000 + at),
                    "orderable": {"id": orderable, "versionNumber": version, "href": format!("/api/orderables/{orderable}")},
                    "approvedProduct": {"id": uuid("approved", 1), "versionNumber": 1},
                    "beginningBalance": null, "totalReceivedQuantity": null, "totalConsumedQuantity": null,
                    "totalLossesAndAdjustments": null, "stockOnHand": null, "totalStockoutDays": null,
                    "requestedQuantity": null, "approvedQuantity": null, "numberOfNewPatientsAdded": null,
                    "remarks": null,
                    "stockAdjustments": [], "previousAdjustedConsumptions": [], "skipped": false,
                    "fieldOfALaterRelease": "unknown",
                });
                if let (Some(line), Some(numbers)) = (line.as_object_mut(), numbers.as_object()) {
                    line.extend(numbers.clone());
                }
                line
            })
            .collect();
        let body = json!({
            "id": id, "createdDate": "2026-01-01T08:00:00Z", "modifiedDate": modified,
            "facility": {"id": facility, "href": format!("/api/facilities/{facility}")},
            "program": {"id": program, "href": format!("/api/programs/{program}")},
            "processingPeriod": {"id": period, "href": format!("/api/processingPeriods/{period}")},
            "supplyingFacility": null, "status": status, "emergency": false, "reportOnly": false,
            "supervisoryNode": null, "draftStatusMessage": "", "datePhysicalStockCountCompleted": null,
            "stockAdjustmentReasons": [], "availableProducts": [], "requisitionLineItems": lines,
            "statusHistory": [
                {"status": "SUBMITTED", "createdDate": modified}, {"status": status, "createdDate": modified}
            ], "extraData": {}, "patientsData": null,
        });
        self.requisitions.push(Requisition { body, version: 1 });
        id
    }
}
