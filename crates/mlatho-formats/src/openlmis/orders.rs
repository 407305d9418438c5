//! Orders of OpenLMIS v3, each with its shipments and proofs of delivery: what was ordered, shipped and accepted of a product.
//!
//! Quantities of orders, shipments and proofs are packs (since fulfillment 7.0, OLMIS-3958); the service makes dispensing
//! units of them by the pack size of the product's version (`StockEventBuilder`), and so do we.

use std::collections::HashMap;
use std::ops::ControlFlow;

use mlatho_model::{
    Decimal, Finding, Measure, MissingReason, ORDERS, RawRecord, RawValue, RecordSink, Unit, Value as Number,
};
use serde_json::Value;

use super::reference::{Reference, facility, id, period, product_code, seconds};
use crate::json::{at, number, text, value};
use crate::table::not_a_number;

/// The quantities of a product, by the field that holds them, in the order of a record.
const FIELDS: [&str; 4] = ["orderedQuantity", "quantityShipped", "quantityAccepted", "quantityRejected"];

/// Statuses of what somebody is still writing, and of what is wanted no more.
const NO_ORDER: [&str; 2] = ["CREATING", "CANCELLED"];

/// What is said of one product, with all its lots together.
#[derive(Default)]
struct Product {
    item: String,
    name: String,
    /// By field: packs, and dispensing units.
    sums: [Option<(Number, Number)>; FIELDS.len()],
    /// Rejected dispensing units by the name of the reason.
    reasons: Vec<(String, Number)>,
}

/// Reads one order. Positions count its products; the requesting facility is the org unit of all of them.
pub(super) fn read(
    file: &str,
    reference: &Reference,
    position: &mut u64,
    whole: &Value,
    sink: &mut dyn RecordSink,
) -> ControlFlow<()> {
    let order = text(whole, &["id"]);
    let fail = |finding: Finding, column: &str| finding.in_file(file).at(*position + 1, column);
    let Value::Array(lines) = at(whole, "orderLineItems") else {
        // The list of orders answers without lines.
        sink.finding(fail(Finding::warning("order-without-lines").with("id", order), "orderLineItems"));
        return ControlFlow::Continue(());
    };
    let (org_unit, org_unit_name) = facility(reference, at(whole, "requestingFacility"));
    if org_unit.is_empty() {
        sink.finding(fail(Finding::error("missing-org-unit"), "requestingFacility"));
        return ControlFlow::Continue(());
    }
    let period = match period(reference, at(whole, "processingPeriod")) {
        Ok(period) => period,
        Err(shown) => {
            let finding = Finding::error("unknown-processing-period").with("text", shown).with("id", order);
            sink.finding(fail(finding, "processingPeriod"));
            return ControlFlow::Continue(());
        }
    };
    let status = text(whole, &["status"]).to_uppercase();
    let mut reading =
        Reading { file, reference, position: *position + 1, products: Vec::new(), places: HashMap::new() };
    // Goods on their way are no delivery.
    let counts = !NO_ORDER.contains(&status.as_str());
    lines.iter().for_each(|line| reading.line(line, 0, counts, sink));
    for line in lines_of(whole, "shipments", |_| true) {
        reading.line(line, 1, true, sink);
    }
    let confirmed = |proof: &Value| at(proof, "status") == "CONFIRMED";
    let any = lines_of(whole, "proofsOfDelivery", confirmed).next().is_some();
    for line in lines_of(whole, "proofsOfDelivery", |proof| !any || confirmed(proof)) {
        reading.line(line, 2, any, sink);
        reading.line(line, 3, any, sink);
    }
    let version = seconds(&text(whole, &["lastUpdatedDate", "createdDate"]));
    for product in reading.products {
        *position += 1;
        let told = product.told();
        let values: Vec<RawValue<'_>> = told
            .iter()
            .map(|(measure, value, unit, column)| RawValue {
                measure,
                value: value.clone(),
                unit: unit.as_ref(),
                column: column.as_str(),
            })
            .collect();
        sink.record(&RawRecord {
            position: *position,
            org_unit: &org_unit,
            org_unit_name: &org_unit_name,
            item: &product.item,
            item_name: &product.name,
            disaggregation: ORDERS,
            status: &status,
            report: &order,
            line: &product.item,
            version,
            ..RawRecord::new(period, &values)
        })?;
    }
    ControlFlow::Continue(())
}

/// The lines of those shipments or proofs of an order that count.
fn lines_of<'v>(order: &'v Value, list: &str, counts: impl Fn(&Value) -> bool) -> impl Iterator<Item = &'v Value> {
    let parts = at(order, list).as_array().into_iter().flatten();
    let counting = parts.filter(move |part| counts(part));
    counting.filter_map(|part| at(part, "lineItems").as_array()).flatten()
}

struct Reading<'a> {
    file: &'a str,
    reference: &'a Reference,
    /// Where the order begins.
    position: u64,
    products: Vec<Product>,
    places: HashMap<String, usize>,
}

impl Reading<'_> {
    /// Adds the number of a line to its product. A number that does not count yet is withheld.
    fn line(&mut self, line: &Value, field: usize, counts: bool, sink: &mut dyn RecordSink) {
        let Some((name, found)) = FIELDS.get(field).and_then(|name| Some((*name, line.get(*name)?))) else { return };
        let orderable = self.reference.find("orderables", at(line, "orderable"));
        let item = product_code(orderable);
        if item.is_empty() {
            sink.finding(Finding::error("missing-item").in_file(self.file).at(self.position, "orderable"));
            return;
        }
        let packs = match value(found) {
            Ok(Number::Reported(_)) if !counts => Number::Suppressed("status".into()),
            Ok(packs) => packs,
            Err(text) => {
                sink.finding(not_a_number(self.file, self.position, name, &text));
                Number::Missing(MissingReason::NotANumber)
            }
        };
        let units = self.units(&packs, line, orderable, &item, sink);
        let at_product = *self.places.entry(item.to_lowercase()).or_insert_with(|| {
            let name = text(orderable, &["fullProductName"]);
            self.products.push(Product { item, name, ..Product::default() });
            self.products.len() - 1
        });
        let reason = (field == 3).then(|| self.reason(line)).flatten();
        let Some(product) = self.products.get_mut(at_product) else { return };
        if let Some(reason) = reason {
            match product.reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, sum)) => *sum = added(sum, &units),
                None => product.reasons.push((reason, units.clone())),
            }
        }
        if let Some(place) = product.sums.get_mut(field) {
            *place = Some(match place.take() {
                None => (packs, units),
                Some((all_packs, all_units)) => (added(&all_packs, &packs), added(&all_units, &units)),
            });
        }
    }

    /// Packs as dispensing units, by the version of the line.
    fn units(&self, packs: &Number, line: &Value, orderable: &Value, item: &str, sink: &mut dyn RecordSink) -> Number {
        let Number::Reported(packs) = packs else { return packs.clone() };
        if packs.is_zero() {
            return Number::Reported(Decimal::ZERO);
        }
        // Later releases let a line count in a unit of its own.
        let own_unit = ["unitOfOrderable", "unitOfOrderableId"].iter().any(|name| !at(line, name).is_null());
        let content = number(at(orderable, "netContent")).ok().flatten().filter(|content| *content > Decimal::ZERO);
        let Some(content) = content.filter(|_| !own_unit) else {
            let finding = Finding::warning("order-pack-size").with("item", item);
            sink.finding(finding.in_file(self.file).at(self.position, "netContent"));
            return Number::Suppressed("unit".into());
        };
        packs.checked_mul(content).map_or(Number::Missing(MissingReason::NotANumber), Number::Reported)
    }

    /// The name of the reason for a rejection, else its id.
    fn reason(&self, line: &Value) -> Option<String> {
        let field = at(line, "rejectionReasonId");
        let reason = self.reference.find("stockCardLineItemReasons", field);
        let name = text(reason, &["name"]);
        Some(if name.is_empty() { id(field) } else { name }).filter(|name| !name.is_empty())
    }
}

/// Two parts of a number: what is missing or withheld in one is so in the sum.
fn added(one: &Number, other: &Number) -> Number {
    match (one, other) {
        (Number::Reported(one), Number::Reported(other)) => {
            one.checked_add(*other).map_or(Number::Missing(MissingReason::NotANumber), Number::Reported)
        }
        (Number::Reported(_), other) => other.clone(),
        (one, _) => one.clone(),
    }
}

/// A number of a record: measure, value, unit, column.
type Told = (Measure, Number, Option<Unit>, String);

impl Product {
    /// Measures in dispensing units, then the packs as they were counted.
    fn told(&self) -> Vec<Told> {
        let measures = [Measure::Ordered, Measure::Shipped, Measure::Accepted, Measure::Element("rejected".into())];
        let mut told: Vec<Told> = Vec::new();
        for ((sum, name), measure) in self.sums.iter().zip(FIELDS).zip(measures) {
            let units = sum.as_ref().map(|(_, units)| units.clone());
            told.extend(units.map(|units| (measure, units, Some(Unit::dispensing()), name.to_owned())));
        }
        for (reason, sum) in &self.reasons {
            let measure = Measure::Element(format!("rejected: {reason}").into());
            told.push((measure, sum.clone(), Some(Unit::dispensing()), "rejectionReasonId".to_owned()));
        }
        for (sum, name) in self.sums.iter().zip(FIELDS) {
            let packs = sum.as_ref().map(|(packs, _)| packs.clone());
            told.extend(
                packs.map(|packs| (Measure::Element(name.into()), packs, Unit::named("pack"), name.to_owned())),
            );
        }
        told
    }
}
