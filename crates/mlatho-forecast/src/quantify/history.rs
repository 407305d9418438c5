//! Consumption of the past, repaired, as a base for the future.

use std::collections::BTreeMap;

use mlatho_model::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::need::growth;
use super::{Need, Past};
use crate::demand::{Demand, Label, LedgerMonth, Series, recover};
use crate::supply::Holding;

/// What the files say that a scenario names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inputs {
    /// By file and product.
    pub ledgers: BTreeMap<(String, String), History>,
    /// By file: demand that is foreseen for each month (months since the year 0), of all series.
    pub predictions: BTreeMap<String, BTreeMap<i32, Decimal>>,
    /// By file: the district of each facility.
    pub districts: BTreeMap<String, BTreeMap<String, String>>,
}

/// The ledger of a product at one facility.
#[derive(Clone, Debug, PartialEq)]
pub struct Facility {
    pub name: String,
    /// Number of the first month: months since the year 0.
    pub first: i32,
    /// Month after month without a gap.
    pub months: Vec<LedgerMonth>,
}

/// Origins of the backtest, and the fewest months known at each.
const ORIGINS: usize = 6;
const FEWEST_MONTHS: usize = 6;

/// The ledgers of a product at all its facilities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    pub facilities: Vec<Facility>,
}

/// What a history says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Consumption {
    pub(super) need: Need,
    pub(super) past: Vec<Past>,
    /// Standard deviation of a month of all facilities over its mean, seasons included.
    pub(super) spread: f64,
}

/// A month of all facilities.
#[derive(Clone, Copy, Debug, Default)]
struct Month {
    issued: f64,
    /// Added for stock-outs.
    hidden: f64,
    /// Estimated for missing reports.
    silent: f64,
}

impl Month {
    fn demand(self) -> f64 {
        self.issued + self.hidden + self.silent
    }
}

impl History {
    /// Mean demand of the last `window` months, continued with `yearly` growth. Issues, what stock-outs hid and what was
    /// not reported are parts of their own. Nothing without a report.
    pub(super) fn consumption(&self, months: usize, window: u32, yearly: Decimal, lead: u32) -> Option<Consumption> {
        let whole = self.months(0);
        let last = last(&whole, window);
        if last.is_empty() {
            return None;
        }
        let monthly = |of: fn(&Month) -> f64| {
            let mean = mean(last.iter().map(of));
            Some(vec![Decimal::from_f64(mean)?.round_dp(6); months])
        };
        let need = Need::of("issued", monthly(|month| month.issued)?)?
            .plus("stock-outs", &monthly(|month| month.hidden)?)?
            .plus("missing-reports", &monthly(|month| month.silent)?)?
            .times_each("growth", &growth(yearly, months))?;
        let demand = || last.iter().map(|month| month.demand());
        let average = mean(demand());
        let variance = mean(demand().map(|month| (month - average).powi(2)));
        let spread = if average > 0.0 { variance.sqrt() / average } else { 0.0 };
        Some(Consumption { need, past: self.backtest(&whole, window, lead), spread })
    }

    /// The same at earlier months, with what was known then, against the demand of a lead time later.
    fn backtest(&self, whole: &[Month], window: u32, lead: u32) -> Vec<Past> {
        let lead = lead.max(1) as usize;
        let origins = (0..ORIGINS).map(|back| lead + back).take_while(|unknown| unknown + FEWEST_MONTHS <= whole.len());
        let pairs = origins.filter_map(|unknown| {
            let known = self.months(unknown);
            let predicted = mean(last(&known, window).iter().map(|month| month.demand()));
            let actual = whole.get(whole.len() - unknown + lead - 1)?.demand();
            let decimal = |number: f64| Decimal::from_f64(number).map(|number| number.round_dp(6));
            Some(Past { predicted: decimal(predicted)?, actual: decimal(actual)? })
        });
        pairs.collect()
    }

    /// What each facility has and needs at the end of the ledgers: nothing of those whose last closing is not known.
    pub(super) fn holdings(&self, min_months: Decimal) -> Vec<(&str, Holding)> {
        let (_, _, known) = self.known(0);
        let series: Vec<Series<'_>> = known.iter().map(|it| Series { first: it.first, months: &it.months }).collect();
        let holdings = known.iter().zip(&self.facilities).zip(recover(&series)).filter_map(|((known, own), found)| {
            let on_hand = Decimal::from_f64(known.months.last()?.closing.filter(|left| *left >= 0.0)?)?.round_dp(6);
            let monthly = Decimal::from_f64(found.level?.mean)?.round_dp(6);
            let min = monthly.checked_mul(min_months)?.ceil();
            Some((own.name.as_str(), Holding { on_hand, monthly, min }))
        });
        holdings.collect()
    }

    /// All facilities by month, without the last `unknown` months.
    fn months(&self, unknown: usize) -> Vec<Month> {
        let (start, length, known) = self.known(unknown);
        let series: Vec<Series<'_>> = known.iter().map(|it| Series { first: it.first, months: &it.months }).collect();
        let mut sums = vec![Month::default(); length];
        for (one, recovered) in series.iter().zip(recover(&series)) {
            for (at, demand) in recovered.months.iter().enumerate() {
                let Some(demand) = demand else { continue };
                add(&mut sums[distance(start, one.first) + at], &one.months[at], demand);
            }
        }
        sums
    }

    /// First month, number of months, and the ledgers without the last `unknown` months: all of them up to the last month
    /// of any facility, as who is silent at the end is estimated too.
    fn known(&self, unknown: usize) -> (i32, usize, Vec<Facility>) {
        let start = self.facilities.iter().map(|it| it.first).min().unwrap_or_default();
        let ends = self.facilities.iter().map(|it| distance(start, it.first) + it.months.len());
        let length = ends.max().unwrap_or_default().saturating_sub(unknown);
        let known = self.facilities.iter().filter(|it| distance(start, it.first) < length).map(|it| {
            let mut known = it.clone();
            known.months.resize(length - distance(start, it.first), LedgerMonth { days: 30, ..LedgerMonth::default() });
            known
        });
        (start, length, known.collect())
    }
}

fn distance(start: i32, month: i32) -> usize {
    usize::try_from(i64::from(month) - i64::from(start)).unwrap_or_default()
}

fn add(sum: &mut Month, ledger: &LedgerMonth, demand: &Demand) {
    if demand.label == Label::MissingEstimated {
        sum.silent += demand.mean;
        return;
    }
    let issued = match demand.label {
        Label::Observed | Label::Replayed => demand.mean,
        _ => ledger.issued.unwrap_or(0.0).min(demand.mean),
    };
    sum.issued += issued;
    sum.hidden += demand.mean - issued;
}

fn last(months: &[Month], window: u32) -> &[Month] {
    &months[months.len().saturating_sub(window.max(1) as usize)..]
}

fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (sum, many) = numbers.fold((0.0, 0.0), |(sum, many), one| (sum + one, many + 1.0));
    sum / f64::max(many, 1.0)
}
