//! What eLMIS and OpenLMIS v1 and v2 order for a line when its numbers change.

use mlatho_model::Decimal;
use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

use super::calculate;
use super::order::Order;
use crate::json::{at, number};

/// Adjusted consumption N of a line by the vendor's two rules: a new patient is one unit, or the units that a form counts by
/// doses. Each is nothing where consumption is not known.
pub(super) fn normalized(line: &Value) -> [Option<Decimal>; 2] {
    let count = |name: &str| number(at(line, name)).ok().flatten().and_then(|number| number.to_u64());
    let doses = [count("dosesPerMonth"), count("dosesPerDispensingUnit")].map(|doses| doses.unwrap_or(0));
    [1, calculate::doses_per_new_patient(doses[0], doses[1])].map(|factor| {
        let patients = count("newPatientCount").unwrap_or(0).checked_mul(factor)?;
        let (consumed, days) = (count("quantityDispensed")?, count("reportingDays"));
        let stockout_days = count("stockOutDays").unwrap_or(0);
        calculate::normalized_consumption(consumed, stockout_days, days, patients).map(Decimal::from)
    })
}

/// Half up, to a whole number.
pub(super) fn rounded(number: Decimal) -> Decimal {
    number.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
}

/// The order that follows from a line's numbers in a period of so many months, by the default rules of these versions.
///
/// `P = (N + ΣN of the periods before) ÷ (count × months)`, half up; `H = P × maxMonthsOfStock`; `I = max(0, H − E)`. Where a
/// line has doses, by which a form may count new patients, N is known only if both rules give one number. Source:
/// `indicators.md` 3.2.
#[must_use]
pub fn elmis_order(line: &Value, months: u64) -> Order {
    let whole = |name: &str| number(at(line, name)).ok().flatten();
    let [plain, by_doses] = normalized(line);
    let counts_doses = !at(line, "dosesPerMonth").is_null();
    let adjusted = plain.filter(|_| !counts_doses || plain == by_doses);
    let before = match at(line, "previousNormalizedConsumptions") {
        Value::Array(list) => list.iter().map(|n| number(n).ok().flatten()).collect::<Option<Vec<Decimal>>>(),
        _ => None,
    };
    let average = adjusted.zip(before).and_then(|(adjusted, before)| {
        let sum = before.iter().try_fold(adjusted, |sum, n| sum.checked_add(*n))?;
        let count = Decimal::from(before.len() as u64 + 1).checked_mul(Decimal::from(months))?;
        Some(rounded(sum.checked_div(count)?))
    });
    let most = average
        .zip(whole("maxMonthsOfStock"))
        .and_then(|(average, months)| Some(rounded(average.checked_mul(months)?)));
    let order = most.zip(whole("stockInHand")).and_then(|(most, stock)| most.checked_sub(stock));
    Order {
        adjusted_consumption: adjusted,
        average_consumption: average,
        calculated: order.map(|order| order.max(Decimal::ZERO)),
        requested: whole("quantityRequested"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_before_and_after_by_hand() {
        let mut line = json!({
            "quantityDispensed": 100, "stockOutDays": 15, "reportingDays": 30, "newPatientCount": null,
            "stockInHand": 40, "maxMonthsOfStock": 3, "previousNormalizedConsumptions": [100, 150],
            "dosesPerMonth": 30, "dosesPerDispensingUnit": 30,
        });
        // N = 100 × 30 / 15 = 200; P = 450 / 3 = 150; H = 450; I = 410.
        let before = elmis_order(&line, 1);
        let numbers = |order: &Order| [order.adjusted_consumption, order.average_consumption, order.calculated];
        assert_eq!(numbers(&before), [Some(200.into()), Some(150.into()), Some(410.into())]);
        line["newPatientCount"] = json!(30); // N = 230; P = 480 / 3 = 160; H = 480; I = 440
        assert_eq!(numbers(&elmis_order(&line, 1)), [Some(230.into()), Some(160.into()), Some(440.into())]);
        line["quantityRequested"] = json!(7);
        assert_eq!(elmis_order(&line, 1).quantity(), Some(7.into()));
        // Three months: P = 480 / 9 = 53.3, H = 159, I = 119.
        assert_eq!(elmis_order(&line, 3).calculated, Some(119.into()));
        line["dosesPerDispensingUnit"] = json!(10); // one rule says 230, the other 290: which is the form's to say
        assert_eq!(numbers(&elmis_order(&line, 1)), [None, None, None]);
        line["dosesPerMonth"] = Value::Null; // there are none to count
        assert_eq!(elmis_order(&line, 1).calculated, Some(440.into()));
        assert_eq!(elmis_order(&line, 0).calculated, None);
    }
}
