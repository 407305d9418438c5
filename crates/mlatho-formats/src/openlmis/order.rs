//! What OpenLMIS v3 will order for a line when its numbers change.

use mlatho_model::Decimal;
use serde_json::Value;

use super::figures::Line;
use crate::json::{at, number};

/// Figures that the server computes anew whenever a requisition is saved, and so are never taken from it here.
const COMPUTED: [&str; 4] =
    ["adjustedConsumption", "averageConsumption", "maximumStockQuantity", "calculatedOrderQuantity"];

/// The order of a line in dispensing units, as it follows from the line's own numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// Adjusted consumption N, by the vendor's rounding.
    pub adjusted_consumption: Option<Decimal>,
    /// Average consumption P over the current and the previous periods.
    pub average_consumption: Option<Decimal>,
    /// The order quantity I = max(0, H − E), H being P × the periods of stock; nothing where one of them is not known.
    pub calculated: Option<Decimal>,
    /// What a person asks for in place of it.
    pub requested: Option<Decimal>,
}

impl Order {
    /// What is ordered before anybody approves: what a person asks for, else what is calculated.
    #[must_use]
    pub fn quantity(&self) -> Option<Decimal> {
        self.requested.or(self.calculated)
    }
}

/// The order that follows from a line's numbers: N, P, H and I are computed from them, not taken from the line.
///
/// `approved_product` gives the periods of stock where the line does not; `months` are those of the requisition. With
/// `from_target`, for forms that order up to a target (ideal stock amount), the vendor's own figure stands: no number of
/// patients moves it.
#[must_use]
pub fn order(line: &Value, approved_product: &Value, months: u64, from_target: bool) -> Order {
    let reported = |name: &str| number(at(line, name)).ok().flatten();
    let mut fields = line.clone();
    if let Value::Object(fields) = &mut fields {
        COMPUTED.iter().for_each(|name| drop(fields.remove(*name)));
    }
    let adjusted = Line { fields: &fields, orderable: &Value::Null, approved_product, months }.adjusted_of_openlmis();
    if let (Value::Object(fields), Some(adjusted)) = (&mut fields, adjusted) {
        fields.insert("adjustedConsumption".into(), adjusted.into());
    }
    let computed = Line { fields: &fields, orderable: &Value::Null, approved_product, months }.figures();
    let figure = |name: &str| computed.iter().find(|figure| figure.beside == name)?.value.reported();
    Order {
        adjusted_consumption: adjusted.map(Decimal::from),
        average_consumption: figure("averageConsumption"),
        calculated: if from_target {
            reported("calculatedOrderQuantityIsa")
        } else {
            figure("calculatedOrderQuantity")
        },
        requested: reported("requestedQuantity"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line() -> Value {
        json!({
            "totalConsumedQuantity": 100, "totalStockoutDays": 15, "stockOnHand": 40, "maxPeriodsOfStock": 3,
            "previousAdjustedConsumptions": [100, 150], "additionalQuantityRequired": null,
            // What the server stored before, which is not looked at:
            "adjustedConsumption": 1, "averageConsumption": 1, "calculatedOrderQuantity": 1, "requestedQuantity": null,
        })
    }

    #[test]
    fn the_order_before_and_after_by_hand() {
        let before = order(&line(), &Value::Null, 1, false);
        // N = 100 × 30 / 15 = 200; P = ⌈(200 + 100 + 150) / 3⌉ = 150; H = 450; I = 450 − 40.
        assert_eq!(before.adjusted_consumption, Some(200.into()));
        assert_eq!((before.average_consumption, before.calculated), (Some(150.into()), Some(410.into())));
        let mut more = line();
        more["additionalQuantityRequired"] = json!(90);
        // N = 290; P = ⌈540 / 3⌉ = 180; H = 540; I = 500.
        let after = order(&more, &Value::Null, 1, false);
        assert_eq!((after.calculated, after.quantity()), (Some(500.into()), Some(500.into())));
        more["numberOfNewPatientsAdded"] = json!(30); // does not move it in version 3
        assert_eq!(order(&more, &Value::Null, 1, false), after);
        more["requestedQuantity"] = json!(77); // a person's word goes before
        assert_eq!(order(&more, &Value::Null, 1, false).quantity(), Some(77.into()));
    }

    #[test]
    fn what_is_not_known_is_no_order() {
        let mut unknown = line();
        unknown["totalConsumedQuantity"] = Value::Null;
        assert_eq!(order(&unknown, &Value::Null, 1, false), Order::default());
        let mut without_stock = line();
        without_stock["stockOnHand"] = Value::Null;
        assert_eq!(order(&without_stock, &Value::Null, 1, false).calculated, None);
        let mut by_product = line();
        by_product["maxPeriodsOfStock"] = Value::Null;
        assert_eq!(order(&by_product, &Value::Null, 1, false).calculated, None);
        assert_eq!(order(&by_product, &json!({"maxPeriodsOfStock": 2}), 1, false).calculated, Some(260.into()));
    }

    #[test]
    fn an_order_up_to_a_target_stands() {
        let mut target = line();
        target["calculatedOrderQuantityIsa"] = json!(60);
        target["additionalQuantityRequired"] = json!(90);
        assert_eq!(order(&target, &Value::Null, 1, true).quantity(), Some(60.into()));
    }
}
