//! Draft requisitions at a server, and what should stand in them.

use std::collections::BTreeSet;
use std::ops::Deref;

use jiff::civil::date;
use mlatho_connect::openlmis::Client;
use mlatho_connect::openlmis::write::{Cell, Column, Draft, Drafts, Plan, Sent, Wanted, plan};
use mlatho_model::Decimal;
use mlatho_testkit::openlmis::{Data, Server, uuid};
use serde_json::{Value as Json, json};

use crate::world::server_config;

/// The facilities `F1` to `F9`, each with a requisition of two products for January in the program `HIV`, by this status.
pub(crate) const STATUSES: [&str; 9] = [
    "INITIATED",
    "REJECTED",
    "SUBMITTED",
    "AUTHORIZED",
    "IN_APPROVAL",
    "APPROVED",
    "RELEASED",
    "RELEASED_WITHOUT_ORDER",
    "SKIPPED",
];

/// C 100, X 15 of 30 days, E 40, three periods of stock, N before 100 and 150: the order is 410 (see the formats' test).
pub(crate) fn numbers() -> Json {
    json!({
        "beginningBalance": 140, "totalReceivedQuantity": 0, "totalConsumedQuantity": 100, "stockOnHand": 40,
        "totalStockoutDays": 15, "maxPeriodsOfStock": 3, "previousAdjustedConsumptions": [100, 150],
        "adjustedConsumption": 200, "averageConsumption": 150, "maximumStockQuantity": 450,
        "calculatedOrderQuantity": 410, "additionalQuantityRequired": null, "pricePerPack": 4.10,
    })
}

pub(crate) fn data() -> Data {
    let mut data = Data::new();
    let program = data.program(1, "HIV", "HIV");
    let period = data.period(1, "Jan2026", date(2026, 1, 1), date(2026, 1, 31));
    data.orderable(1, 1, "ABC", 60);
    let first = data.orderable(1, 2, "ABC", 90);
    let second = data.orderable(2, 1, "LPV", 120);
    let computed = ["adjustedConsumption", "averageConsumption", "maximumStockQuantity", "calculatedOrderQuantity"];
    let mut columns: Vec<(&str, u8)> = computed.map(|name| (name, 1)).into();
    columns.extend(Column::OPENLMIS.map(|column| (column.name(), 0)));
    let form = data.form(1, &columns);
    for (number, status) in (1..).zip(STATUSES) {
        let facility = data.facility(number, &format!("F{number}"), &format!("Facility {number}"), &[&program]);
        let lines = [(first.as_str(), 2, numbers()), (second.as_str(), 1, numbers())];
        data.requisition(number, &facility, &program, &period, status, "2026-02-01T10:00:00Z", &lines);
        let body = &mut data.requisitions[number - 1].body;
        body["template"] = json!({"id": form});
        body["numberOfMonthsInPeriod"] = json!(1);
    }
    data
}

pub(crate) fn server() -> Server {
    Server::start(server_config(), data()).unwrap()
}

pub(crate) fn want(facility: &str, product: &str, column: Column, value: &str) -> Wanted {
    let (facility, product) = (facility.into(), product.into());
    let cell = Cell { program: "HIV".into(), period: "202601".parse().unwrap(), facility, product, column };
    Wanted { cell, value: value.parse().unwrap() }
}

pub(crate) fn patients(facility: &str, product: &str, value: &str) -> Wanted {
    want(facility, product, Column::NewPatients, value)
}

/// A plan, with the drafts that it is about.
pub(crate) struct Made {
    pub(crate) drafts: Drafts<Draft>,
    plan: Plan,
}

impl Deref for Made {
    type Target = Plan;

    fn deref(&self) -> &Plan {
        &self.plan
    }
}

pub(crate) async fn planned(client: &Client, wanted: &[Wanted], sent: &Sent) -> Made {
    let cells: BTreeSet<Cell> = wanted.iter().map(|wanted| wanted.cell.clone()).collect();
    let drafts = client.drafts(&cells).await.unwrap();
    Made { plan: plan(&drafts, wanted, sent), drafts }
}

/// A field of a line at the server: requisition and line counted from 1 and 0.
pub(crate) fn field(server: &Server, requisition: usize, line: usize, name: &str) -> Json {
    server.look(|data| data.requisitions[requisition - 1].body["requisitionLineItems"][line][name].clone())
}

/// Sets a field of a line as a person does.
pub(crate) fn person(server: &Server, requisition: usize, line: usize, name: &str, value: Json) {
    server.change(|data| {
        let requisition = &mut data.requisitions[requisition - 1];
        requisition.body["requisitionLineItems"][line][name] = value;
        requisition.version += 1;
    });
}

/// Sets a field of a requisition.
pub(crate) fn set(server: &Server, requisition: usize, name: &str, value: Json) {
    server.change(|data| data.requisitions[requisition - 1].body[name] = value);
}

/// How many writes arrived.
pub(crate) fn writes(server: &Server) -> usize {
    server.requests().iter().filter(|request| request.method != "GET").count()
}

pub(crate) fn number(value: i64) -> Decimal {
    value.into()
}

pub(crate) fn first_id() -> String {
    uuid("requisition", 1)
}
