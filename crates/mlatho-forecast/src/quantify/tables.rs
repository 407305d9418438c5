//! What is written of a scenario: the same tables as CSV and as sheets.

use mlatho_model::{Decimal, Period};

use super::{Outcome, ProductOutcome, Scenario};
use crate::supply::Cost;

/// A table; a number that is missing or undefined is left blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its file or sheet.
    pub name: &'static str,
    pub columns: &'static [&'static str],
    pub rows: Vec<Vec<String>>,
}

/// The columns that hold words; all others hold numbers.
pub const WORDS: [&str; 15] = [
    "scenario",
    "product",
    "period",
    "arrives",
    "method",
    "part",
    "warnings",
    "funder",
    "currency",
    "ask",
    "estimate",
    "agreement",
    "district",
    "from",
    "to",
];

/// One line for each product of a scenario, to set beside others.
pub const SUMMARY: [&str; 10] =
    ["scenario", "product", "need", "lowest", "highest", "packs", "cost", "currency", "months_out", "ask"];

/// - `need`: units of each month by method, then of campaigns, then the need that is planned for.
/// - `methods`: total, weight and backtested error of each method, and which ones are too far apart.
/// - `parts`: the steps of each method, which add up to its total.
/// - `plan`: the shelf month by month, with the orders that are paid for, and what to look at.
/// - `budget`: every order, what it costs and how much of it is paid for.
/// - `triangulation`: the estimates of use, services over consumption, and how they agree.
/// - `transfers`: what facilities of a district could give each other now.
#[must_use]
pub fn tables(scenarios: &[(Scenario, Outcome)]) -> Vec<Table> {
    let rows = |make: fn(&Scenario, &ProductOutcome) -> Vec<Vec<String>>| {
        let products = scenarios
            .iter()
            .flat_map(|(scenario, outcome)| outcome.products.iter().map(move |product| (scenario, product)));
        products
            .flat_map(|(scenario, product)| {
                make(scenario, product)
                    .into_iter()
                    .map(|row| [vec![scenario.name.clone(), product.id.clone()], row].concat())
                    .collect::<Vec<_>>()
            })
            .collect()
    };
    vec![
        Table { name: "need", columns: &["scenario", "product", "period", "method", "units"], rows: rows(need) },
        Table {
            name: "methods",
            columns: &["scenario", "product", "method", "units", "weight", "error", "ask"],
            rows: rows(methods),
        },
        Table { name: "parts", columns: &["scenario", "product", "method", "part", "units"], rows: rows(parts) },
        Table {
            name: "plan",
            columns: &[
                "scenario",
                "product",
                "period",
                "opening",
                "received",
                "demand",
                "issued",
                "unmet",
                "expired",
                "closing",
                "months_of_stock",
                "min",
                "max",
                "ordered_packs",
                "ordered_units",
                "warnings",
            ],
            rows: rows(plan),
        },
        Table {
            name: "budget",
            columns: &[
                "scenario",
                "product",
                "funder",
                "priority",
                "period",
                "arrives",
                "packs",
                "goods",
                "freight",
                "clearing",
                "cost",
                "paid_packs",
                "paid_cost",
                "currency",
            ],
            rows: rows(budget),
        },
        Table {
            name: "triangulation",
            columns: &["scenario", "product", "estimate", "units", "ratio", "agreement"],
            rows: rows(triangulation),
        },
        Table {
            name: "transfers",
            columns: &["scenario", "product", "district", "from", "to", "units"],
            rows: rows(transfers),
        },
    ]
}

/// The rows of [`SUMMARY`].
#[must_use]
pub fn summary(scenarios: &[(Scenario, Outcome)]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (scenario, outcome) in scenarios {
        for product in &outcome.products {
            let months = Decimal::from(scenario.months);
            let (lowest, highest) = product.combination.range;
            let supplied = product.supply.as_ref();
            let orders = || supplied.iter().flat_map(|supplied| &supplied.orders);
            let packs: u64 = orders().fold(0, |sum, order| sum.saturating_add(order.packs));
            let cost = orders().filter_map(|order| order.cost).map(|cost| cost.total()).reduce(Decimal::saturating_add);
            let out = supplied.map(|it| it.plan.months.iter().filter(|month| month.unmet > Decimal::ZERO).count());
            rows.push(vec![
                scenario.name.clone(),
                product.id.clone(),
                number(product.need.total(), 0),
                number(lowest.saturating_mul(months), 0),
                number(highest.saturating_mul(months), 0),
                supplied.map(|_| packs.to_string()).unwrap_or_default(),
                cost.map(|cost| number(cost, 2)).unwrap_or_default(),
                scenario.currency.clone().unwrap_or_default(),
                out.map(|months| months.to_string()).unwrap_or_default(),
                apart(product),
            ]);
        }
    }
    rows
}

fn need(scenario: &Scenario, product: &ProductOutcome) -> Vec<Vec<String>> {
    let methods = product.methods.iter().map(|method| (method.method, &method.need.monthly));
    let campaigns: Vec<Decimal> =
        product.need.monthly.iter().zip(&product.combination.monthly).map(|(all, methods)| *all - *methods).collect();
    let campaigns = campaigns.iter().any(|month| !month.is_zero()).then_some(("campaigns", &campaigns));
    let all = methods.chain(campaigns).chain([("need", &product.need.monthly)]);
    let rows = all.flat_map(|(name, monthly)| {
        let months = monthly.iter().zip(periods(scenario));
        months.map(|(units, period)| vec![period.to_string(), name.to_owned(), number(*units, 6)]).collect::<Vec<_>>()
    });
    rows.collect()
}

fn methods(_: &Scenario, product: &ProductOutcome) -> Vec<Vec<String>> {
    let row = |method: &super::MethodOutcome| {
        let decimals = |number: f64, decimals: usize| format!("{number:.decimals$}");
        vec![
            method.method.to_owned(),
            number(method.need.total(), 6),
            decimals(method.weight, 4),
            method.error.map(|error| decimals(error, 2)).unwrap_or_default(),
            apart(product),
        ]
    };
    product.methods.iter().map(row).collect()
}

fn parts(_: &Scenario, product: &ProductOutcome) -> Vec<Vec<String>> {
    let methods = product.methods.iter().map(|method| (method.method, &method.need));
    let rows = methods.chain([("need", &product.need)]).flat_map(|(name, need)| {
        need.parts.iter().map(move |part| vec![name.to_owned(), part.name.to_owned(), number(part.units, 6)])
    });
    rows.collect()
}

fn plan(scenario: &Scenario, product: &ProductOutcome) -> Vec<Vec<String>> {
    let Some(supplied) = &product.supply else { return Vec::new() };
    let months = supplied.plan.months.iter().zip(&supplied.plan.bounds).zip(periods(scenario)).zip(0_u32..);
    let rows = months.map(|(((month, bounds), period), at)| {
        let orders = supplied.plan.orders.iter().filter(|order| order.placed == at);
        let packs: u64 = orders.map(|order| order.packs).sum();
        let found = supplied.warnings.iter().filter(|warning| warning.month == at);
        let found: Vec<&str> = found.map(|warning| warning.kind.name()).collect();
        // Of the months that follow, as a shelf is for what comes.
        let ahead = supplied.supply.outlook.sum(at as usize + 1, 3) / Decimal::from(3);
        let mut row = vec![period.to_string()];
        let units =
            [month.opening, month.received, month.demand, month.issued, month.unmet, month.expired, month.closing];
        row.extend(units.map(|units| number(units, 6)));
        row.push(month.closing.checked_div(ahead).map(|months| number(months, 1)).unwrap_or_default());
        row.extend([bounds.min, bounds.max].map(|units| number(units, 6)));
        row.extend([packs.to_string(), number(supplied.supply.packing.units(packs), 6), found.join("|")]);
        row
    });
    rows.collect()
}

fn budget(scenario: &Scenario, product: &ProductOutcome) -> Vec<Vec<String>> {
    let Some(supplied) = &product.supply else { return Vec::new() };
    let money = |amount: Option<Decimal>| amount.map(|amount| number(amount, 2)).unwrap_or_default();
    let rows = supplied.orders.iter().map(|order| {
        let cost = |of: fn(&Cost) -> Decimal| money(order.cost.as_ref().map(of));
        vec![
            supplied.funder.clone(),
            supplied.priority.to_string(),
            period_at(scenario, order.placed),
            period_at(scenario, order.arrives),
            order.packs.to_string(),
            cost(|cost| cost.goods),
            cost(|cost| cost.freight),
            cost(|cost| cost.clearing),
            cost(Cost::total),
            order.funded.to_string(),
            money(order.funded_cost.as_ref().map(Cost::total)),
            scenario.currency.clone().unwrap_or_default(),
        ]
    });
    rows.collect()
}

fn triangulation(_: &Scenario, product: &ProductOutcome) -> Vec<Vec<String>> {
    let Some(found) = &product.triangulation else { return Vec::new() };
    let ratio = found.ratio.map(|ratio| number(ratio, 6)).unwrap_or_default();
    let row = |name: &str, units: Decimal| {
        vec![name.to_owned(), number(units, 6), ratio.clone(), found.agreement.name().to_owned()]
    };
    let estimates = found.estimates.iter().map(|(name, units)| row(name.name(), *units));
    estimates.chain(found.best.map(|best| row("best", best))).collect()
}

fn transfers(_: &Scenario, product: &ProductOutcome) -> Vec<Vec<String>> {
    let row = |moved: &super::Moved| {
        vec![moved.district.clone(), moved.from.clone(), moved.to.clone(), number(moved.units, 0)]
    };
    product.transfers.iter().map(row).collect()
}

/// Two methods that need a person, as `low|high`; empty where none do.
fn apart(product: &ProductOutcome) -> String {
    let name = |at: usize| product.methods.get(at).map_or("", |method| method.method);
    product.combination.ask.map(|ask| format!("{}|{}", name(ask.low), name(ask.high))).unwrap_or_default()
}

fn periods(scenario: &Scenario) -> impl Iterator<Item = Period> {
    std::iter::successors(Some(scenario.start), |period| period.next())
}

fn period_at(scenario: &Scenario, month: u32) -> String {
    periods(scenario).nth(month as usize).map(|period| period.to_string()).unwrap_or_default()
}

fn number(number: Decimal, decimals: u32) -> String {
    use rust_decimal::RoundingStrategy::MidpointAwayFromZero;
    number.round_dp_with_strategy(decimals, MidpointAwayFromZero).normalize().to_string()
}
