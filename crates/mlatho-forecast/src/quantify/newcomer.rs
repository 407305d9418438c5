//! A product without history: what is like it first, then what arrives.

use mlatho_model::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::Need;

/// A new product: a gamma prior from what was computed, updated by what is issued (gamma–Poisson).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// Base units a month that were computed, from the patients who are to switch, their share and dose.
    pub computed: Decimal,
    /// What the old regimen was seen to take over what was computed for it: wastage, refills, undercounting.
    pub ratio: Decimal,
    /// Usual relative error of such a first number: 0.77 for 77 %.
    pub usual_error: Decimal,
    /// Base units in one issue: what a patient gets at once. Chance counts issues, not tablets.
    pub units_per_issue: Decimal,
    /// What was issued since, with the share of the full programme that it stands for: months × share of facilities.
    pub issued: Vec<(Decimal, Decimal)>,
}

impl Newcomer {
    /// Base units a month in the full programme: `(a + Σy) / (b + Σe)` with `a = 1 / error²`, `b = a / prior`, `y` in
    /// issues. The more was issued, the less the prior counts.
    #[must_use]
    pub fn monthly(&self) -> Option<Decimal> {
        let number = |value: Decimal| value.to_f64();
        let prior = number(self.computed.checked_mul(self.ratio)?)?;
        let unit = number(self.units_per_issue)?;
        let error = number(self.usual_error)?;
        if prior <= 0.0 || unit <= 0.0 || error <= 0.0 {
            return None;
        }
        let a = 1.0 / (error * error);
        let (mut counted, mut exposed) = (a, a / (prior / unit));
        for (units, exposure) in &self.issued {
            counted += number(*units)? / unit;
            exposed += number(*exposure)?;
        }
        Decimal::from_f64(counted / exposed * unit).map(|units| units.round_dp(6))
    }

    #[must_use]
    pub fn need(&self, months: usize) -> Option<Need> {
        let after = self.monthly()?;
        let prior = self.computed.checked_mul(self.ratio)?;
        Need::of("computed", vec![self.computed; months])?
            .times("seen-to-computed", self.ratio)?
            .plus("issued-since", &vec![after.checked_sub(prior)?; months])
    }
}
