//! Scenario files: what is quantified, from what, and how it is supplied.

mod method;
mod number;
mod supply;

use mlatho_model::{Period, PeriodType};
use serde::Deserialize;

pub(super) use method::*;
pub(super) use number::{Amount, Monthly, Share};
pub(super) use supply::{PriceTable, SupplyTable};

/// A scenario (TOML). Quantities are base units, months the months of the scenario.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What a person calls it.
    pub name: String,
    /// First month, as `202701`.
    pub start: Period,
    /// How many months, 1 to 120.
    pub months: u32,
    pub(super) currency: Option<String>,
    /// Last month of the data behind it.
    pub(super) data_until: Option<Period>,
    /// Money for all orders; without it all are paid for.
    pub(super) budget: Option<Amount>,
    #[serde(default, rename = "cohort")]
    pub(super) cohorts: Vec<CohortTable>,
    #[serde(rename = "product")]
    pub(super) products: Vec<Product>,
}

/// A product with the methods that say what is needed of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Product {
    pub(super) id: String,
    /// Share lost between store and patient, added to what is computed from people; what is consumed carries it.
    #[serde(default = "number::nothing")]
    pub(super) wastage: Share,
    pub(super) consumption: Option<ConsumptionTable>,
    pub(super) forecast: Option<ForecastTable>,
    pub(super) morbidity: Option<MorbidityTable>,
    pub(super) services: Option<ServicesTable>,
    pub(super) demographic: Option<DemographicTable>,
    pub(super) contraceptive: Option<ContraceptiveTable>,
    pub(super) target: Option<TargetTable>,
    pub(super) cohort: Option<CohortUse>,
    pub(super) newcomer: Option<NewcomerTable>,
    pub(super) triangulation: Option<TriangulationTable>,
    #[serde(default, rename = "campaign")]
    pub(super) campaigns: Vec<CampaignTable>,
    pub(super) redistribution: Option<RedistributionTable>,
    pub(super) supply: Option<SupplyTable>,
    pub(super) price: Option<PriceTable>,
}

/// Why a text is no scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct BadScenario {
    /// From 1; 0 where the fault is not on one line.
    pub line: usize,
    pub reason: String,
}

impl Scenario {
    /// Reads a scenario file.
    ///
    /// # Errors
    /// It is no TOML, has a key that is not known or a number that cannot be, names a product twice or none, a product
    /// without a method, a cohort or band that does not exist, or shares that add up to more than 1.
    pub fn parse(text: &str) -> Result<Self, BadScenario> {
        let scenario: Self = toml::from_str(text).map_err(|error| BadScenario {
            line: error.span().map_or(0, |span| 1 + text.bytes().take(span.start).filter(|b| *b == b'\n').count()),
            reason: error.message().into(),
        })?;
        scenario.check().map_err(|reason| BadScenario { line: 0, reason })?;
        Ok(scenario)
    }

    /// The ledgers that it reads: file and product, each once.
    #[must_use]
    pub fn ledgers(&self) -> Vec<(&str, &str)> {
        let tables = self.products.iter().filter_map(|product| product.consumption.as_ref());
        let mut ledgers: Vec<_> = tables.map(|table| (table.ledger.as_str(), table.product.as_str())).collect();
        ledgers.sort_unstable();
        ledgers.dedup();
        ledgers
    }

    /// The predictions that it reads, each once.
    #[must_use]
    pub fn prediction_files(&self) -> Vec<&str> {
        let tables = self.products.iter().filter_map(|product| product.forecast.as_ref());
        let mut files: Vec<&str> = tables.map(|table| table.predictions.as_str()).collect();
        files.sort_unstable();
        files.dedup();
        files
    }

    /// The lists of districts that it reads, each once.
    #[must_use]
    pub fn district_files(&self) -> Vec<&str> {
        let tables = self.products.iter().filter_map(|product| product.redistribution.as_ref());
        let mut files: Vec<&str> = tables.map(|table| table.districts.as_str()).collect();
        files.sort_unstable();
        files.dedup();
        files
    }

    /// Months from the start of the scenario to a month; negative before it.
    pub(super) fn month_of(&self, period: Period) -> i32 {
        number_of(period) - number_of(self.start)
    }

    /// Months of the scenario.
    pub(super) fn horizon(&self) -> usize {
        self.months as usize
    }

    fn check(&self) -> Result<(), String> {
        if !(1..=120).contains(&self.months) {
            return Err("months is between 1 and 120".into());
        }
        let mut periods = vec![("start", self.start)];
        periods.extend(self.data_until.map(|period| ("data_until", period)));
        if self.products.is_empty() {
            return Err("a scenario needs at least one [[product]]".into());
        }
        for (at, cohort) in self.cohorts.iter().enumerate() {
            if self.cohorts.iter().take(at).any(|other| other.name == cohort.name) {
                return Err(format!("cohort `{}` stands twice", cohort.name));
            }
            cohort.check().map_err(|reason| format!("cohort `{}`: {reason}", cohort.name))?;
            periods.extend(cohort.switch.as_ref().map(|switch| ("switch start", switch.start)));
        }
        for (at, product) in self.products.iter().enumerate() {
            if self.products.iter().take(at).any(|other| other.id == product.id) {
                return Err(format!("product `{}` stands twice", product.id));
            }
            product.check(&self.cohorts).map_err(|reason| format!("product `{}`: {reason}", product.id))?;
            for campaign in &product.campaigns {
                periods.push(("campaign", campaign.period));
                if !(0..self.months.cast_signed()).contains(&self.month_of(campaign.period)) {
                    return Err(format!(
                        "product `{}`: campaign {} lies outside the scenario",
                        product.id, campaign.period
                    ));
                }
            }
            periods.extend(product.supply.iter().flat_map(SupplyTable::periods).map(|period| ("supply", period)));
        }
        match periods.iter().find(|(_, period)| period.period_type() != PeriodType::Monthly) {
            Some((name, period)) => Err(format!("{name}: {period} is not a month")),
            None => Ok(()),
        }
    }
}

impl Product {
    fn check(&self, cohorts: &[CohortTable]) -> Result<(), String> {
        let methods = [
            self.consumption.is_some(),
            self.forecast.is_some(),
            self.morbidity.is_some(),
            self.services.is_some(),
            self.demographic.is_some(),
            self.contraceptive.is_some(),
            self.target.is_some(),
            self.cohort.is_some(),
            self.newcomer.is_some(),
            self.triangulation.is_some(),
        ];
        if !methods.contains(&true) && self.campaigns.is_empty() {
            return Err("it needs a method, such as [product.consumption] or [product.morbidity]".into());
        }
        if self.price.is_some() && self.supply.is_none() {
            return Err("[product.price] needs [product.supply], which says what is ordered".into());
        }
        if self.redistribution.is_some() && self.consumption.is_none() {
            return Err("[product.redistribution] needs the ledger of [product.consumption]".into());
        }
        self.morbidity.as_ref().map_or(Ok(()), MorbidityTable::check)?;
        self.services.as_ref().map_or(Ok(()), ServicesTable::check)?;
        self.newcomer.as_ref().map_or(Ok(()), NewcomerTable::check)?;
        self.triangulation.as_ref().map_or(Ok(()), TriangulationTable::check)?;
        self.cohort.as_ref().map_or(Ok(()), |cohort| cohort.check(cohorts))?;
        self.supply.as_ref().map_or(Ok(()), SupplyTable::check)
    }
}

/// Months since the year 0.
pub(super) fn number_of(period: Period) -> i32 {
    let start = period.start();
    i32::from(start.year()) * 12 + i32::from(start.month()) - 1
}
