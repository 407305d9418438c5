//! Patients on treatment, by weight band, and what they take.

use mlatho_model::Decimal;

use super::Need;
use super::need::product;

/// Days that a month of treatment counts: 30.4.
pub const DAYS_IN_MONTH: Decimal = Decimal::from_parts(304, 0, 0, false, 1);

/// Patients of a weight band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    pub name: String,
    /// Share of the patients in it.
    pub share: Decimal,
}

/// Patients of a programme: `P[t] = P[t-1] × (1 - loss) + new[t]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// Patients before month 0.
    pub patients: Decimal,
    /// Share lost to care, death or adulthood in a month.
    pub loss: Decimal,
    /// Patients who begin in each month.
    pub new: Vec<Decimal>,
    pub bands: Vec<Band>,
    /// Months of treatment that a patient gets at a visit, at least 1.
    pub refill_months: u32,
}

impl Cohort {
    /// Patient-months that are dispensed in each month. With refills for one month these are the patients; with more,
    /// whoever comes takes all months at once, and those on treatment before month 0 come spread evenly.
    #[must_use]
    pub fn dispensed(&self) -> Option<Vec<Decimal>> {
        let refill = self.refill_months.max(1) as usize;
        let stay = Decimal::ONE - self.loss;
        let mut alive = self.patients.checked_div(Decimal::from(self.refill_months.max(1)))?;
        let mut due: Vec<Decimal> = Vec::with_capacity(self.new.len());
        for (month, new) in self.new.iter().enumerate() {
            alive = alive.checked_mul(stay)?.round_dp(12);
            let again = match month.checked_sub(refill) {
                None => alive,
                Some(last) => product(&vec![stay; refill])?.checked_mul(due[last])?,
            };
            due.push(again.round_dp(12).checked_add(*new)?);
        }
        due.into_iter().map(|due| due.checked_mul(Decimal::from(self.refill_months.max(1)))).collect()
    }

    /// `Σ over bands of patients × share on the regimen × daily units × 30.4 × (1 + wastage)`; `daily` has the units a
    /// day of each band, `on_regimen` the share of each month, and `ratio` what the regimen that is replaced was seen to
    /// take over what was computed for it.
    #[must_use]
    pub fn need(&self, daily: &[Decimal], on_regimen: &[Decimal], ratio: Decimal, wastage: Decimal) -> Option<Need> {
        let day = self
            .bands
            .iter()
            .zip(daily)
            .try_fold(Decimal::ZERO, |sum, (band, units)| sum.checked_add(band.share.checked_mul(*units)?))?;
        let month = day.checked_mul(DAYS_IN_MONTH)?;
        let all = self.dispensed()?.iter().map(|patients| patients.checked_mul(month)).collect::<Option<_>>()?;
        Need::of("all-patients", all)?
            .times_each("on-regimen", on_regimen)?
            .times("seen-to-computed", ratio)?
            .times("wastage", Decimal::ONE + wastage)
    }
}
