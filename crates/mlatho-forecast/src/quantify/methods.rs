//! Methods that compute need from counts of people, cases or visits.

use mlatho_model::Decimal;

use super::Need;
use super::need::{growth, product};

/// A group of cases by age or weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseBand {
    /// Share of cases in it.
    pub share: Decimal,
    /// Base units for one course of treatment.
    pub units: Decimal,
}

/// `need = cases × share treated here × share confirmed × share on the regimen × units per course × (1 + wastage)`.
/// It tends to be high.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Morbidity {
    /// Cases of each month.
    pub cases: Vec<Decimal>,
    pub treated: Decimal,
    pub confirmed: Decimal,
    pub regimen: Decimal,
    pub bands: Vec<CaseBand>,
    pub wastage: Decimal,
}

impl Morbidity {
    #[must_use]
    pub fn need(&self) -> Option<Need> {
        let course = self
            .bands
            .iter()
            .try_fold(Decimal::ZERO, |sum, band| sum.checked_add(band.share.checked_mul(band.units)?))?;
        let all = self.cases.iter().map(|cases| cases.checked_mul(course)).collect::<Option<_>>()?;
        Need::of("all-cases", all)?
            .times("treated-here", self.treated)?
            .times("confirmed", self.confirmed)?
            .times("on-regimen", self.regimen)?
            .times("wastage", Decimal::ONE + self.wastage)
    }
}

/// `need = visits or procedures × items per visit ÷ share of reports received × (1 + wastage)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Services {
    /// Visits reported in each month.
    pub visits: Vec<Decimal>,
    pub items_per_visit: Decimal,
    /// Share of reports received, above 0.
    pub reported: Decimal,
    pub wastage: Decimal,
}

impl Services {
    #[must_use]
    pub fn need(&self) -> Option<Need> {
        let all = self.visits.iter().map(|visits| visits.checked_mul(self.items_per_visit)).collect::<Option<_>>()?;
        Need::of("visits", all)?
            .times("missing-reports", Decimal::ONE.checked_div(self.reported)?)?
            .times("wastage", Decimal::ONE + self.wastage)
    }
}

/// `need = population × coverage × product share × units per person and year × public share × (1 + wastage)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demographic {
    pub population: Decimal,
    /// Yearly growth of the population: 0.03 for 3 %.
    pub growth: Decimal,
    pub coverage: Decimal,
    pub product_share: Decimal,
    pub units_per_year: Decimal,
    pub public_share: Decimal,
    pub wastage: Decimal,
}

impl Demographic {
    #[must_use]
    pub fn need(&self, months: usize) -> Option<Need> {
        let everyone = product(&[self.population, self.units_per_year])?.checked_div(12.into())?;
        Need::of("whole-population", vec![everyone; months])?
            .times_each("growth", &growth(self.growth, months))?
            .times("coverage", self.coverage)?
            .times("product-share", self.product_share)?
            .times("public-share", self.public_share)?
            .times("wastage", Decimal::ONE + self.wastage)
    }
}

/// `need = women × prevalence × method share × units per couple-year of protection × source share`, so that
/// couple-years = need ÷ units per couple-year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contraceptive {
    /// Women of 15 to 49.
    pub women: Decimal,
    pub growth: Decimal,
    /// Contraceptive prevalence.
    pub prevalence: Decimal,
    pub method_share: Decimal,
    /// Units for one couple and year: 15 cycles of pills, 4 three-month injections.
    pub units_per_cyp: Decimal,
    pub source_share: Decimal,
    pub wastage: Decimal,
}

impl Contraceptive {
    #[must_use]
    pub fn need(&self, months: usize) -> Option<Need> {
        let everyone = product(&[self.women, self.units_per_cyp])?.checked_div(12.into())?;
        Need::of("all-women", vec![everyone; months])?
            .times_each("growth", &growth(self.growth, months))?
            .times("prevalence", self.prevalence)?
            .times("method-share", self.method_share)?
            .times("source-share", self.source_share)?
            .times("wastage", Decimal::ONE + self.wastage)
    }
}
