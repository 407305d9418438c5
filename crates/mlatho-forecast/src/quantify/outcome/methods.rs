//! From the tables of a scenario to the methods.

use std::collections::BTreeMap;

use mlatho_model::Decimal;

use super::{Moved, TOO_LARGE, cohort};
use crate::quantify::need::growth;
use crate::quantify::scenario::{Amount, Product, number_of, past};
use crate::quantify::{
    CaseBand, Contraceptive, Demographic, Inputs, Morbidity, Need, Newcomer, Past, Scenario, Services, Triangulation,
    Uses,
};
use crate::supply::{Holding, redistribute};

pub(super) type Computed = (&'static str, Option<Need>, Vec<Past>);

/// The methods that compute from people, cases or visits.
pub(super) fn computed(scenario: &Scenario, product: &Product) -> Result<Vec<Computed>, String> {
    let months = scenario.horizon();
    let wastage = product.wastage.0;
    let mut found: Vec<Computed> = Vec::new();
    if let Some(it) = &product.morbidity {
        let bands = it.bands.iter().map(|band| CaseBand { share: band.share.0, units: band.units.0 }).collect();
        let (treated, confirmed, regimen) = (it.treated.0, it.confirmed.0, it.regimen.0);
        let method = Morbidity { cases: it.cases.months(months), treated, confirmed, regimen, bands, wastage };
        found.push(("morbidity", method.need(), past(&it.past)));
    }
    if let Some(it) = &product.services {
        let (items_per_visit, reported) = (it.items_per_visit.0, it.reported.0);
        let method = Services { visits: it.visits.months(months), items_per_visit, reported, wastage };
        found.push(("services", method.need(), past(&it.past)));
    }
    if let Some(it) = &product.demographic {
        let method = Demographic {
            population: it.population.0,
            growth: it.growth.0,
            coverage: it.coverage.0,
            product_share: it.product_share.0,
            units_per_year: it.units_per_year.0,
            public_share: it.public_share.0,
            wastage,
        };
        found.push(("demographic", method.need(months), past(&it.past)));
    }
    if let Some(it) = &product.contraceptive {
        let method = Contraceptive {
            women: it.women.0,
            growth: it.growth.0,
            prevalence: it.prevalence.0,
            method_share: it.method_share.0,
            units_per_cyp: it.units_per_cyp.0,
            source_share: it.source_share.0,
            wastage,
        };
        found.push(("contraceptive", method.need(months), past(&it.past)));
    }
    if let Some(it) = &product.target {
        let people = it.people.months(months).into_iter().map(|people| people.checked_mul(it.units_per_person.0));
        let need = people.collect::<Option<_>>().and_then(|all| Need::of("targets", all));
        found.push(("target", need.and_then(|need| need.times("wastage", Decimal::ONE + wastage)), past(&it.past)));
    }
    if let Some(it) = &product.cohort {
        let cohort = scenario.cohorts.iter().find(|cohort| cohort.name == it.name);
        let need = cohort.map(|cohort| cohort::need(scenario, cohort, it, wastage)).transpose()?;
        found.push(("cohort", need.flatten(), past(&it.past)));
    }
    if let Some(it) = &product.newcomer {
        let method = Newcomer {
            computed: it.computed.0,
            ratio: it.seen_to_computed.0,
            usual_error: it.usual_error.0,
            units_per_issue: it.units_per_issue.0,
            issued: it.issued.iter().map(|(units, exposure)| (units.0, exposure.0)).collect(),
        };
        found.push(("newcomer", method.need(months), past(&it.past)));
    }
    Ok(found)
}

pub(super) type Triangulated = (Triangulation, Need, Vec<Past>);

pub(super) fn triangulated(product: &Product, months: usize) -> Result<Option<Triangulated>, String> {
    let Some(it) = &product.triangulation else { return Ok(None) };
    let number = |amount: Option<Amount>| amount.map(|amount| amount.0);
    let uses = Uses {
        done: number(it.done),
        done_reported: it.done_reported.map(|share| share.0),
        removed: number(it.removed),
        consumed: number(it.consumed),
        consumed_reported: it.consumed_reported.map(|share| share.0),
        losses: number(it.losses),
        opening: number(it.opening),
        received: number(it.received),
        closing: number(it.closing),
    };
    let found = uses.triangulate();
    let best = found.best.ok_or("its records give no estimate of use")?;
    let month = best.checked_div(it.over_months.into()).ok_or(TOO_LARGE)?;
    let need = Need::of("best-estimate", vec![month; months])
        .and_then(|need| need.times_each("growth", &growth(it.growth.0, months)));
    Ok(Some((found, need.ok_or(TOO_LARGE)?, past(&it.past))))
}

pub(super) fn campaigns(scenario: &Scenario, product: &Product) -> Option<Vec<Decimal>> {
    let mut monthly = vec![Decimal::ZERO; scenario.horizon()];
    for campaign in &product.campaigns {
        let month = usize::try_from(scenario.month_of(campaign.period)).ok();
        let Some(month) = month.and_then(|month| monthly.get_mut(month)) else { continue };
        let people = campaign.people.0.checked_mul(campaign.coverage.0)?;
        *month = month.checked_add(people.checked_mul(campaign.units_per_person.0)?)?;
    }
    Some(monthly)
}

/// Demand as it was forecast; months that the forecast does not reach are like the mean of its last year.
pub(super) fn forecast(scenario: &Scenario, product: &Product, inputs: &Inputs) -> Result<Option<Computed>, String> {
    let Some(table) = &product.forecast else { return Ok(None) };
    let found = inputs.predictions.get(&table.predictions).filter(|months| !months.is_empty());
    let found = found.ok_or_else(|| format!("`{}` predicts no demand of any month", table.predictions))?;
    let last: Vec<Decimal> = found.values().rev().take(12).copied().collect();
    let sum = last.iter().try_fold(Decimal::ZERO, |sum, month| sum.checked_add(*month)).ok_or(TOO_LARGE)?;
    let usual = sum.checked_div(last.len().into()).ok_or(TOO_LARGE)?.round_dp(6);
    let start = number_of(scenario.start);
    let months = (start..).take(scenario.horizon()).map(|month| found.get(&month).copied().unwrap_or(usual));
    Ok(Some(("forecast", Need::of("forecast", months.collect()), past(&table.past))))
}

/// What the facilities of each district could give each other. A facility without a district is left out.
pub(super) fn transfers(product: &Product, inputs: &Inputs) -> Vec<Moved> {
    let (Some(table), Some(consumption)) = (&product.redistribution, &product.consumption) else { return Vec::new() };
    let history = inputs.ledgers.get(&(consumption.ledger.clone(), consumption.product.clone()));
    let (Some(history), Some(districts)) = (history, inputs.districts.get(&table.districts)) else { return Vec::new() };
    let mut by_district: BTreeMap<&str, Vec<(&str, Holding)>> = BTreeMap::new();
    for (facility, holding) in history.holdings(table.min_months.0) {
        if let Some(district) = districts.get(facility) {
            by_district.entry(district).or_default().push((facility, holding));
        }
    }
    let moved = by_district.into_iter().flat_map(|(district, facilities)| {
        let holdings: Vec<Holding> = facilities.iter().map(|(_, holding)| *holding).collect();
        redistribute(&holdings).into_iter().map(move |transfer| Moved {
            district: district.to_owned(),
            from: facilities[transfer.from].0.to_owned(),
            to: facilities[transfer.to].0.to_owned(),
            units: transfer.quantity,
        })
    });
    moved.collect()
}
