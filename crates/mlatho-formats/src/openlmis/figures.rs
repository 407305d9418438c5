//! The numbers of a line of OpenLMIS v3: as reported, and as computed from them.

use mlatho_model::{Decimal, Measure, MissingReason, Value as Number};
use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

use super::calculate;
use super::fields::{Field, In, field, own};
use crate::json::{at, number, truth};

/// The numeric fields of a line (`lmis.md` 1.4).
pub(super) const FIELDS: [Field; 25] = [
    field("beginningBalance", Measure::OpeningBalance, In::DispensingUnits, false),
    field("totalReceivedQuantity", Measure::Received, In::DispensingUnits, false),
    field("totalConsumedQuantity", Measure::Consumed, In::DispensingUnits, false),
    field("totalLossesAndAdjustments", Measure::Adjustments, In::DispensingUnits, false),
    field("stockOnHand", Measure::ClosingBalance, In::DispensingUnits, false),
    field("totalStockoutDays", Measure::StockoutDays, In::Other, false),
    field("numberOfNewPatientsAdded", Measure::NewPatients, In::Other, false),
    field("adjustedConsumption", Measure::AdjustedConsumptionReported, In::DispensingUnits, false),
    field("averageConsumption", Measure::AmcReported, In::DispensingUnits, false),
    field("requestedQuantity", Measure::Ordered, In::DispensingUnits, true),
    field("approvedQuantity", Measure::Approved, In::DispensingUnits, true),
    own("maximumStockQuantity", In::DispensingUnits, false),
    own("calculatedOrderQuantity", In::DispensingUnits, true),
    own("calculatedOrderQuantityIsa", In::DispensingUnits, true),
    own("idealStockAmount", In::DispensingUnits, false),
    own("additionalQuantityRequired", In::DispensingUnits, false),
    own("numberOfPatientsOnTreatmentNextMonth", In::Other, false),
    own("total", In::DispensingUnits, false),
    own("totalRequirement", In::DispensingUnits, false),
    own("totalQuantityNeededByHf", In::DispensingUnits, false),
    own("quantityToIssue", In::DispensingUnits, true),
    own("convertedQuantityToIssue", In::DispensingUnits, true),
    own("packsToShip", In::Packs, true),
    own("pricePerPack", In::Other, true),
    own("totalCost", In::Other, true),
];

/// A figure computed from the line, beside the one that the vendor stored.
pub(super) struct Figure {
    /// Name of the element that holds it.
    pub(super) name: &'static str,
    /// The vendor's field.
    pub(super) beside: &'static str,
    pub(super) value: Number,
    pub(super) unit: In,
    /// The vendor stored a number that its own rule does not give.
    pub(super) differs: bool,
}

/// What a line is computed from.
pub(super) struct Line<'v> {
    pub(super) fields: &'v Value,
    pub(super) orderable: &'v Value,
    pub(super) approved_product: &'v Value,
    /// Months of the period as the requisition stores them.
    pub(super) months: u64,
}

impl Line<'_> {
    fn whole(&self, name: &str) -> Option<u64> {
        self.reported(name)?.to_u64().filter(|_| self.reported(name).is_some_and(|number| number.is_integer()))
    }

    fn reported(&self, name: &str) -> Option<Decimal> {
        number(at(self.fields, name)).ok().flatten()
    }

    /// Stockout days beyond the days of the period, of which there are 30 to the month.
    pub(super) fn too_many_stockout_days(&self) -> bool {
        self.whole("totalStockoutDays").is_some_and(|days| days > self.months.saturating_mul(30))
    }

    /// N by one of the two rules; nothing where the consumption is not known.
    fn adjusted(&self, rule: fn(u64, u64, u64, i64) -> Option<u64>) -> Option<u64> {
        let days = self.whole("totalStockoutDays").unwrap_or(0);
        let additional = self.reported("additionalQuantityRequired").and_then(|number| number.to_i64()).unwrap_or(0);
        rule(self.whole("totalConsumedQuantity")?, days, self.months, additional)
    }

    /// N as OpenLMIS stores it.
    pub(super) fn adjusted_of_openlmis(&self) -> Option<u64> {
        self.adjusted(calculate::adjusted_consumption_of_openlmis)
    }

    /// N, P, H, I and the packs, each missing where an input is.
    pub(super) fn figures(&self) -> Vec<Figure> {
        let adjusted = self.adjusted(calculate::adjusted_consumption);
        let stored_adjusted = self.whole("adjustedConsumption");

        let previous = match at(self.fields, "previousAdjustedConsumptions") {
            Value::Array(list) => list.iter().map(Value::as_u64).collect::<Option<Vec<u64>>>(),
            _ => None,
        };
        let current = stored_adjusted.or(adjusted);
        let average = current.zip(previous).and_then(|(n, previous)| calculate::average_consumption(n, &previous));

        let periods = [at(self.fields, "maxPeriodsOfStock"), at(self.approved_product, "maxPeriodsOfStock")];
        let periods = periods.iter().find_map(|field| number(field).ok().flatten());
        let maximum = self.whole("averageConsumption").or(average).zip(periods).and_then(|(average, periods)| {
            let product = Decimal::from(average).checked_mul(periods)?;
            Some(product.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero))
        });
        let order =
            maximum.zip(self.closing()).and_then(|(most, stock)| Some(most.checked_sub(stock)?.max(Decimal::ZERO)));

        let ordered = ["approvedQuantity", "requestedQuantity", "calculatedOrderQuantity"];
        let ordered = ordered.iter().find_map(|name| self.reported(name)).and_then(|number| number.to_u64());
        let content = |name| number(at(self.orderable, name)).ok().flatten().and_then(|number| number.to_u64());
        let packs = ordered.zip(content("netContent")).map(|(ordered, net)| {
            let threshold = content("packRoundingThreshold").unwrap_or(0);
            calculate::packs(ordered, net, threshold, truth(at(self.orderable, "roundToZero")))
        });

        let whole = |number: Option<u64>| number.map(Decimal::from);
        vec![
            self.figure("adjustedConsumption", whole(adjusted), whole(self.adjusted_of_openlmis())),
            self.figure("averageConsumption", whole(average), whole(average)),
            self.figure("maximumStockQuantity", maximum, maximum),
            self.figure("calculatedOrderQuantity", order, order),
            Figure { unit: In::Packs, ..self.figure("packsToShip", whole(packs), whole(packs)) },
        ]
    }

    /// Closing stock E, else what the other balances give, where all are known.
    fn closing(&self) -> Option<Decimal> {
        self.reported("stockOnHand").or_else(|| {
            let [opening, received, consumed, adjusted] =
                ["beginningBalance", "totalReceivedQuantity", "totalConsumedQuantity", "totalLossesAndAdjustments"]
                    .map(|name| self.reported(name));
            opening?.checked_add(received?)?.checked_add(adjusted?)?.checked_sub(consumed?)
        })
    }

    /// `value` is ours; `vendors` is what the vendor's own arithmetic gives.
    fn figure(&self, beside: &'static str, value: Option<Decimal>, vendors: Option<Decimal>) -> Figure {
        let name = match beside {
            "adjustedConsumption" => "adjustedConsumption recomputed",
            "averageConsumption" => "averageConsumption recomputed",
            "maximumStockQuantity" => "maximumStockQuantity recomputed",
            "calculatedOrderQuantity" => "calculatedOrderQuantity recomputed",
            _ => "packsToShip recomputed",
        };
        let stored = self.reported(beside);
        let differs = vendors.zip(stored).is_some_and(|(ours, theirs)| ours != theirs);
        let value = value.map_or(Number::Missing(MissingReason::Blank), Number::Reported);
        Figure { name, beside, value, unit: In::DispensingUnits, differs }
    }
}
