//! Patients, regimens and their switch.

use mlatho_model::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::TOO_LARGE;
use crate::quantify::scenario::{CohortTable, CohortUse, Monthly, SwitchTable};
use crate::quantify::{Band, Cohort, Curve, Need, Row, Scenario, Transfer};

/// What all uses of a cohort take, their parts added by name.
pub(super) fn need(
    scenario: &Scenario,
    table: &CohortTable,
    uses: &CohortUse,
    wastage: Decimal,
) -> Result<Option<Need>, String> {
    let months = scenario.horizon();
    let new = match (&table.new, &table.incidence) {
        (Some(new), _) => new.months(months),
        (None, Some(it)) => {
            let yearly = it.people.0.checked_mul(it.per_thousand.0).and_then(|all| all.checked_mul(it.linked.0));
            vec![yearly.ok_or(TOO_LARGE)? / Decimal::from(12_000); months]
        }
        (None, None) => Monthly::Each(Vec::new()).months(months),
    };
    let bands = table.bands.iter().map(|band| Band { name: band.name.clone(), share: band.share.0 }).collect();
    let cohort =
        Cohort { patients: table.patients.0, loss: table.loss.0, new, bands, refill_months: table.refill_months };
    let transfer = Transfer {
        rows: table
            .regimens
            .iter()
            .map(|row| Row {
                regimen: row.name.clone(),
                share: row.share.0,
                to: row.to.iter().map(|(to, share)| (to.clone(), share.0)).collect(),
            })
            .collect(),
    };
    let switched =
        switched(scenario, table.switch.as_ref()).map_err(|reason| format!("cohort `{}`: {reason}", table.name))?;
    let mut sum: Option<Need> = None;
    for one in &uses.uses {
        let daily: Vec<Decimal> =
            cohort.bands.iter().map(|band| one.daily.get(&band.name).map_or(Decimal::ZERO, |units| units.0)).collect();
        let shares: Vec<Decimal> = match &one.regimen {
            None => vec![Decimal::ONE; months],
            Some(name) => switched.iter().map(|done| transfer.share(name, *done)).collect(),
        };
        let Some(need) = cohort.need(&daily, &shares, uses.seen_to_computed.0, wastage) else { return Ok(None) };
        sum = match sum {
            None => Some(need),
            Some(sum) => match joined(sum, need) {
                None => return Ok(None),
                sum => sum,
            },
        };
    }
    Ok(sum.or_else(|| Need::of("all-patients", vec![Decimal::ZERO; months])))
}

/// The share of the switch that is done in each month of the scenario.
fn switched(scenario: &Scenario, switch: Option<&SwitchTable>) -> Result<Vec<Decimal>, String> {
    let Some(switch) = switch else { return Ok(vec![Decimal::ZERO; scenario.horizon()]) };
    let number = |share: Decimal| share.to_f64().unwrap_or_default();
    let curve = match (&switch.seen, switch.half_after) {
        (Some(seen), _) => {
            let shares: Vec<f64> = seen.iter().map(|share| number(share.0)).collect();
            Curve::fitted(&shares).map_err(|error| error.to_string())?
        }
        (None, half) => Curve::half_after(number(half.unwrap_or_default().0)),
    };
    let start = scenario.month_of(switch.start);
    Ok((0..).take(scenario.horizon()).map(|month: i32| curve.share(month - start)).collect())
}

fn joined(mut sum: Need, other: Need) -> Option<Need> {
    for (month, more) in sum.monthly.iter_mut().zip(&other.monthly) {
        *month = month.checked_add(*more)?;
    }
    for part in other.parts {
        match sum.parts.iter_mut().find(|known| known.name == part.name) {
            Some(known) => known.units = known.units.checked_add(part.units)?,
            None => sum.parts.push(part),
        }
    }
    Some(sum)
}
