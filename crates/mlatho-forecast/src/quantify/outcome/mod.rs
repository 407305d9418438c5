//! A scenario, worked out.

mod cohort;
mod methods;
mod pay;

use mlatho_model::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::combine::mean;
use super::scenario::{Product, SupplyTable};
use super::{BadScenario, Combination, Inputs, Need, Past, Scenario, Triangulation, Voice, combine};
use crate::supply::{Cost, Outlook, Plan, Supply, Warning};

/// More in a month is taken as a fault of the scenario.
const MOST_UNITS: i64 = 1_000_000_000_000_000;

/// What one method says of a product.
#[derive(Clone, Debug, PartialEq)]
pub struct MethodOutcome {
    /// Stable name; the text a person reads is the catalogue entry `method-<name>`.
    pub method: &'static str,
    pub need: Need,
    pub weight: f64,
    /// Root mean squared error of its backtest, in units a month.
    pub error: Option<f64>,
}

/// What is needed of a product, ordered and paid for.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductOutcome {
    pub id: String,
    pub methods: Vec<MethodOutcome>,
    pub combination: Combination,
    pub triangulation: Option<Triangulation>,
    /// Transfers that would help within districts, from the last stock known.
    pub transfers: Vec<Moved>,
    /// All methods together and the campaigns: what is planned for.
    pub need: Need,
    pub supply: Option<Supplied>,
}

/// Stock that could be moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub district: String,
    pub from: String,
    pub to: String,
    pub units: Decimal,
}

/// Orders of a product and what comes of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Supplied {
    pub supply: Supply,
    /// With the orders that are paid for.
    pub plan: Plan,
    pub warnings: Vec<Warning>,
    /// Every order that is wanted: packs wanted, packs paid for, and what the wanted ones cost.
    pub orders: Vec<Asked>,
    pub funder: String,
    pub priority: u32,
}

/// An order and the money for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub placed: u32,
    pub arrives: u32,
    pub packs: u64,
    pub funded: u64,
    /// Nothing without a price.
    pub cost: Option<Cost>,
    /// Cost of what is paid for.
    pub funded_cost: Option<Cost>,
}

/// A scenario, worked out.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub products: Vec<ProductOutcome>,
}

/// Works a scenario out with the files that it names.
///
/// # Errors
/// A ledger without a report, a switch that fixes no curve, records that give no estimate, or numbers that become too
/// large.
pub fn quantify(scenario: &Scenario, inputs: &Inputs) -> Result<Outcome, BadScenario> {
    let products = scenario.products.iter().map(|product| {
        quantify_product(scenario, product, inputs)
            .map_err(|reason| BadScenario { line: 0, reason: format!("product `{}`: {reason}", product.id) })
    });
    let mut outcome = Outcome { products: products.collect::<Result<_, _>>()? };
    pay::pay(scenario, &mut outcome);
    Ok(outcome)
}

const TOO_LARGE: &str = "a number becomes too large";

fn quantify_product(scenario: &Scenario, product: &Product, inputs: &Inputs) -> Result<ProductOutcome, String> {
    let months = scenario.horizon();
    let mut methods: Vec<(&'static str, Need, Vec<Past>)> = Vec::new();
    let mut spread = None;
    let mut triangulation = None;
    if let Some(table) = &product.consumption {
        let lead = product.supply.as_ref().map_or(1, SupplyTable::lead_months);
        let history = inputs.ledgers.get(&(table.ledger.clone(), table.product.clone()));
        let found = history.and_then(|history| history.consumption(months, table.window, table.growth.0, lead));
        let found = found.ok_or_else(|| format!("`{}` has no report of `{}`", table.ledger, table.product))?;
        spread = Some(found.spread);
        methods.push(("consumption", found.need, found.past));
    }
    if let Some((found, need, backtest)) = methods::triangulated(product, months)? {
        triangulation = Some(found);
        methods.push(("triangulation", need, backtest));
    }
    let foreseen = methods::forecast(scenario, product, inputs)?;
    for (name, need, backtest) in foreseen.into_iter().chain(methods::computed(scenario, product)?) {
        methods.push((name, need.ok_or(TOO_LARGE)?, backtest));
    }
    let voices: Vec<Voice> =
        methods.iter().map(|(_, need, past)| Voice { need: need.clone(), past: past.clone() }).collect();
    let campaigns = methods::campaigns(scenario, product).ok_or(TOO_LARGE)?;
    let combination = if voices.is_empty() {
        combine(&[Voice { need: Need { monthly: vec![Decimal::ZERO; months], parts: Vec::new() }, past: Vec::new() }])
    } else {
        combine(&voices)
    };
    let combination = combination.ok_or(TOO_LARGE)?;
    let mut need = Need::of("all-methods", combination.monthly.clone()).ok_or(TOO_LARGE)?;
    if !product.campaigns.is_empty() {
        need = need.plus("campaigns", &campaigns).ok_or(TOO_LARGE)?;
    }
    if need.monthly.iter().any(|month| *month > Decimal::from(MOST_UNITS)) {
        return Err(TOO_LARGE.into());
    }
    let supply = product.supply.as_ref().map(|table| supplied(scenario, product, table, &need, &combination, spread));
    let weighed = methods.into_iter().zip(combination.weights.iter().zip(&combination.errors));
    let weighed_methods = weighed
        .map(|((method, need, _), (weight, error))| MethodOutcome { method, need, weight: *weight, error: *error })
        .collect();
    let transfers = methods::transfers(product, inputs);
    Ok(ProductOutcome {
        id: product.id.clone(),
        methods: weighed_methods,
        combination,
        triangulation,
        transfers,
        need,
        supply,
    })
}

/// The orders that the need asks for, all of them paid.
fn supplied(
    scenario: &Scenario,
    product: &Product,
    table: &SupplyTable,
    need: &Need,
    combination: &Combination,
    spread: Option<f64>,
) -> Supplied {
    let average = mean(&combination.monthly).to_f64().unwrap_or_default();
    let doubt = combination.error.filter(|_| average > 0.0).map_or(0.0, |error| error / average);
    let given = table.spread.and_then(|spread| spread.0.to_f64());
    let outlook = Outlook { monthly: need.monthly.clone(), spread: given.or(spread).unwrap_or_default(), doubt };
    let supply = table.supply(scenario, outlook);
    let plan = supply.plan(scenario.months);
    let price = product.price.as_ref();
    let orders = plan.orders.iter().map(|order| {
        let cost = price.map(|price| price.prices().cost(order.packs));
        let (packs, placed, arrives) = (order.packs, order.placed, order.arrives);
        Asked { placed, arrives, packs, funded: packs, cost, funded_cost: cost }
    });
    let orders = orders.collect();
    let funder = price.map(|price| price.funder.clone()).unwrap_or_default();
    let priority = price.map_or(1, |price| price.priority);
    Supplied { supply, plan, warnings: Vec::new(), orders, funder, priority }
}
