//! The tables of methods.

use std::collections::BTreeMap;

use mlatho_model::{Decimal, Period};
use serde::Deserialize;

use super::number::{Amount, Change, Monthly, Share, nothing, one, whole};
use crate::quantify::Past;

/// Backtest of a method: `[predicted, actual]` in units a month, for this product and lead time.
pub(in crate::quantify) type Backtest = Vec<(Amount, Amount)>;

pub(in crate::quantify) fn past(backtest: &Backtest) -> Vec<Past> {
    backtest.iter().map(|(predicted, actual)| Past { predicted: predicted.0, actual: actual.0 }).collect()
}

/// Issues of a ledger, repaired.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct ConsumptionTable {
    /// A CSV file, beside the scenario: `facility,product,period` and the measures of a ledger.
    pub(in crate::quantify) ledger: String,
    /// Its product.
    pub(in crate::quantify) product: String,
    /// The last so many months are taken: a year, so that no season is left out.
    #[serde(default = "a_year")]
    pub(in crate::quantify) window: u32,
    #[serde(default)]
    pub(in crate::quantify) growth: Change,
}

/// What `mlatho forecast` foresees.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct ForecastTable {
    /// A CSV file, beside the scenario: the predictions for all series of this product.
    pub(in crate::quantify) predictions: String,
    #[serde(default)]
    pub(in crate::quantify) past: Backtest,
}

/// What facilities of a district could give each other, from the ledger of the consumption.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct RedistributionTable {
    /// A CSV file, beside the scenario: `facility,district`.
    pub(in crate::quantify) districts: String,
    /// Months of stock below which a facility receives and above which it may give.
    pub(in crate::quantify) min_months: Amount,
}

const fn a_year() -> u32 {
    12
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct MorbidityTable {
    pub(in crate::quantify) cases: Monthly,
    #[serde(default = "whole")]
    pub(in crate::quantify) treated: Share,
    #[serde(default = "whole")]
    pub(in crate::quantify) confirmed: Share,
    #[serde(default = "whole")]
    pub(in crate::quantify) regimen: Share,
    #[serde(rename = "band")]
    pub(in crate::quantify) bands: Vec<CaseBandTable>,
    #[serde(default)]
    pub(in crate::quantify) past: Backtest,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct CaseBandTable {
    /// For people.
    name: Option<String>,
    pub(in crate::quantify) share: Share,
    pub(in crate::quantify) units: Amount,
}

impl MorbidityTable {
    pub(super) fn check(&self) -> Result<(), String> {
        shares_fit(self.bands.iter().map(|band| band.share), "bands of [product.morbidity]")
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct ServicesTable {
    pub(in crate::quantify) visits: Monthly,
    pub(in crate::quantify) items_per_visit: Amount,
    #[serde(default = "whole")]
    pub(in crate::quantify) reported: Share,
    #[serde(default)]
    pub(in crate::quantify) past: Backtest,
}

impl ServicesTable {
    pub(super) fn check(&self) -> Result<(), String> {
        above_zero(self.reported.0, "reported of [product.services]")
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct DemographicTable {
    pub(in crate::quantify) population: Amount,
    #[serde(default)]
    pub(in crate::quantify) growth: Change,
    pub(in crate::quantify) coverage: Share,
    #[serde(default = "whole")]
    pub(in crate::quantify) product_share: Share,
    pub(in crate::quantify) units_per_year: Amount,
    #[serde(default = "whole")]
    pub(in crate::quantify) public_share: Share,
    #[serde(default)]
    pub(in crate::quantify) past: Backtest,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct ContraceptiveTable {
    pub(in crate::quantify) women: Amount,
    #[serde(default)]
    pub(in crate::quantify) growth: Change,
    pub(in crate::quantify) prevalence: Share,
    pub(in crate::quantify) method_share: Share,
    pub(in crate::quantify) units_per_cyp: Amount,
    #[serde(default = "whole")]
    pub(in crate::quantify) source_share: Share,
    #[serde(default)]
    pub(in crate::quantify) past: Backtest,
}

/// People to be reached by a plan.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct TargetTable {
    /// People in each month.
    pub(in crate::quantify) people: Monthly,
    pub(in crate::quantify) units_per_person: Amount,
    #[serde(default)]
    pub(in crate::quantify) past: Backtest,
}

/// Patients on treatment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct CohortTable {
    pub(in crate::quantify) name: String,
    pub(in crate::quantify) patients: Amount,
    #[serde(default = "nothing")]
    pub(in crate::quantify) loss: Share,
    /// New patients in each month; or `incidence`.
    pub(in crate::quantify) new: Option<Monthly>,
    pub(in crate::quantify) incidence: Option<Incidence>,
    #[serde(default = "a_month")]
    pub(in crate::quantify) refill_months: u32,
    #[serde(rename = "band")]
    pub(in crate::quantify) bands: Vec<BandTable>,
    #[serde(default, rename = "regimen")]
    pub(in crate::quantify) regimens: Vec<RegimenTable>,
    pub(in crate::quantify) switch: Option<SwitchTable>,
}

const fn a_month() -> u32 {
    1
}

/// New patients from what is known of new infections: `people × per thousand a year ÷ 12,000 × linked to care`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct Incidence {
    pub(in crate::quantify) people: Amount,
    pub(in crate::quantify) per_thousand: Amount,
    pub(in crate::quantify) linked: Share,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct BandTable {
    pub(in crate::quantify) name: String,
    pub(in crate::quantify) share: Share,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct RegimenTable {
    pub(in crate::quantify) name: String,
    /// Share of the patients before the switch.
    pub(in crate::quantify) share: Share,
    /// Where they go; what is missing to 1 stays.
    #[serde(default)]
    pub(in crate::quantify) to: BTreeMap<String, Share>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct SwitchTable {
    pub(in crate::quantify) start: Period,
    /// Months until half have switched, as planned.
    pub(in crate::quantify) half_after: Option<Amount>,
    /// Shares that were seen in the first months; they outrank the plan.
    pub(in crate::quantify) seen: Option<Vec<Share>>,
}

impl CohortTable {
    pub(super) fn check(&self) -> Result<(), String> {
        if self.new.is_some() == self.incidence.is_some() {
            return Err("new patients come from either `new` or `incidence`".into());
        }
        if !(1..=12).contains(&self.refill_months) {
            return Err("refill_months is between 1 and 12".into());
        }
        shares_fit(self.bands.iter().map(|band| band.share), "bands")?;
        if !self.regimens.is_empty() {
            shares_fit(self.regimens.iter().map(|regimen| regimen.share), "regimens")?;
        }
        for regimen in &self.regimens {
            shares_fit(regimen.to.values().copied(), &format!("those who leave `{}`", regimen.name))?;
        }
        match &self.switch {
            Some(switch) if switch.half_after.is_none() && switch.seen.is_none() => {
                Err("a switch needs `half_after` or `seen`".into())
            }
            Some(SwitchTable { half_after: Some(months), .. }) => above_zero(months.0, "half_after"),
            None if self.regimens.iter().any(|regimen| !regimen.to.is_empty()) => {
                Err("regimens that go `to` others need a [cohort.switch]".into())
            }
            _ => Ok(()),
        }
    }
}

/// What patients of a cohort take of a product.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct CohortUse {
    pub(in crate::quantify) name: String,
    #[serde(rename = "use")]
    pub(in crate::quantify) uses: Vec<RegimenUse>,
    /// Consumption of the regimen that is replaced, over what was computed for it.
    #[serde(default = "one")]
    pub(in crate::quantify) seen_to_computed: Amount,
    #[serde(default)]
    pub(in crate::quantify) past: Backtest,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct RegimenUse {
    /// Without one: all patients.
    pub(in crate::quantify) regimen: Option<String>,
    /// Units a day by band; a band that is not named takes none.
    pub(in crate::quantify) daily: BTreeMap<String, Amount>,
}

impl CohortUse {
    pub(super) fn check(&self, cohorts: &[CohortTable]) -> Result<(), String> {
        let found = cohorts.iter().find(|cohort| cohort.name == self.name);
        let cohort = found.ok_or_else(|| format!("there is no [[cohort]] named `{}`", self.name))?;
        for one in &self.uses {
            let known =
                |name: &String| cohort.regimens.iter().any(|row| row.name == *name || row.to.contains_key(name));
            if let Some(name) = one.regimen.as_ref().filter(|name| !known(name)) {
                return Err(format!("cohort `{}` has no regimen `{name}`", self.name));
            }
            if let Some(name) = one.daily.keys().find(|name| !cohort.bands.iter().any(|band| band.name == **name)) {
                return Err(format!("cohort `{}` has no band `{name}`", self.name));
            }
        }
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct NewcomerTable {
    /// Units a month that were computed.
    pub(in crate::quantify) computed: Amount,
    #[serde(default = "one")]
    pub(in crate::quantify) seen_to_computed: Amount,
    #[serde(default = "as_measured")]
    pub(in crate::quantify) usual_error: Amount,
    #[serde(default = "one")]
    pub(in crate::quantify) units_per_issue: Amount,
    /// `[units, exposure]`, exposure in months of the whole programme.
    #[serde(default)]
    pub(in crate::quantify) issued: Vec<(Amount, Amount)>,
    #[serde(default)]
    pub(in crate::quantify) past: Backtest,
}

/// The median absolute error of first forecasts of new and underused methods, 77 %.
const fn as_measured() -> Amount {
    Amount(Decimal::from_parts(77, 0, 0, false, 2))
}

impl NewcomerTable {
    pub(super) fn check(&self) -> Result<(), String> {
        above_zero(self.computed.0, "computed of [product.newcomer]")?;
        above_zero(self.seen_to_computed.0, "seen_to_computed of [product.newcomer]")?;
        above_zero(self.usual_error.0, "usual_error of [product.newcomer]")?;
        above_zero(self.units_per_issue.0, "units_per_issue of [product.newcomer]")
    }
}

/// Records of one time whose consumption is in doubt.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct TriangulationTable {
    /// Months that the records cover.
    pub(in crate::quantify) over_months: u32,
    pub(in crate::quantify) done: Option<Amount>,
    pub(in crate::quantify) done_reported: Option<Share>,
    pub(in crate::quantify) removed: Option<Amount>,
    pub(in crate::quantify) consumed: Option<Amount>,
    pub(in crate::quantify) consumed_reported: Option<Share>,
    pub(in crate::quantify) losses: Option<Amount>,
    pub(in crate::quantify) opening: Option<Amount>,
    pub(in crate::quantify) received: Option<Amount>,
    pub(in crate::quantify) closing: Option<Amount>,
    #[serde(default)]
    pub(in crate::quantify) growth: Change,
    #[serde(default)]
    pub(in crate::quantify) past: Backtest,
}

impl TriangulationTable {
    pub(super) fn check(&self) -> Result<(), String> {
        above_zero(self.over_months.into(), "over_months of [product.triangulation]")?;
        for share in [self.done_reported, self.consumed_reported].into_iter().flatten() {
            above_zero(share.0, "the share reported of [product.triangulation]")?;
        }
        let balance = self.opening.is_some() && self.received.is_some() && self.closing.is_some();
        if self.done.is_none() && self.consumed.is_none() && !(balance && self.losses.is_some()) {
            return Err("[product.triangulation] needs `done`, `consumed`, or a balance with its losses".into());
        }
        Ok(())
    }
}

/// A campaign, on top of what is needed otherwise.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct CampaignTable {
    pub(in crate::quantify) period: Period,
    pub(in crate::quantify) people: Amount,
    #[serde(default = "whole")]
    pub(in crate::quantify) coverage: Share,
    pub(in crate::quantify) units_per_person: Amount,
}

fn above_zero(number: Decimal, name: &str) -> Result<(), String> {
    if number > Decimal::ZERO { Ok(()) } else { Err(format!("{name} is above zero")) }
}

fn shares_fit(shares: impl Iterator<Item = Share>, what: &str) -> Result<(), String> {
    let sum: Decimal = shares.map(|share| share.0).sum();
    if sum > Decimal::ONE { Err(format!("the shares of {what} add up to {sum}, more than 1")) } else { Ok(()) }
}
