//! What people would have taken had there been stock and a report: demand recovered from what was issued.
//!
//! Model: demand of a month is negative binomial around a level that moves slowly, the level varies over the series of
//! a group (a product in a region, say) like a gamma variable, and a group moves together from month to month.
//!
//! - Days without stock known: the month is seen for the share of days with stock. The likelihood of `y` issued in the
//!   share `τ` is that of a negative binomial of mean `τ × level`, however the stock-out came about, and
//!   `E[D] = y + level × (1 - τ) × (shape + y) / (shape + τ × level)`.
//! - Days unknown and all stock gone: `P(D >= y)`, and `E[D | D >= y]` is the estimate.
//! - No report: the level times the movement of the group's reporters; after the last report it halves with each year
//!   of silence.
//!
//! Level and shape are found by expectation–maximization with priors from the group (empirical Bayes).
//! Source: `forecasting.md` 3; pooled exposure is its special case of a large shape.

mod group;
mod level;
mod month;
mod negative_binomial;

pub use month::LedgerMonth;
pub use negative_binomial::NegativeBinomial;

/// A ledger of one facility and product.
#[derive(Clone, Debug, PartialEq)]
pub struct Series<'a> {
    /// Number of the first month on a time axis that the group shares.
    pub first: i32,
    /// Month after month without a gap; a month without a report has no numbers.
    pub months: &'a [LedgerMonth],
}

/// How the demand of a month is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Label {
    /// It was issued.
    Observed,
    /// Issues were blank and follow exactly from the balance.
    Replayed,
    /// There was no stock for some of the time.
    CensoredEstimated,
    /// There was no report.
    MissingEstimated,
}

impl Label {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Replayed => "balance-replayed",
            Self::CensoredEstimated => "censored-estimated",
            Self::MissingEstimated => "missing-estimated",
        }
    }
}

/// Unconstrained demand of a month, in base units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demand {
    pub mean: f64,
    /// 0 where it was observed.
    pub variance: f64,
    pub label: Label,
}

/// The demand of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovered {
    /// One for each month given. Nothing before the first report: the series began with it; nothing at all where
    /// no month reports.
    pub months: Vec<Option<Demand>>,
    /// What a month brings at the end of the series: mean and spread from month to month. Nothing without a report.
    pub level: Option<NegativeBinomial>,
}

impl Recovered {
    /// Mean demand of a month over the months that have one.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let known: Vec<f64> = self.months.iter().flatten().map(|month| month.mean).collect();
        #[expect(clippy::cast_precision_loss, reason = "a number of months")]
        let count = known.len() as f64;
        (count > 0.0).then(|| known.iter().sum::<f64>() / count)
    }
}

/// Recovers the demand of the series of one group, such as a product in a region. Groups are independent of each
/// other, so they can be worked off one by one or side by side. One series alone is a group too.
#[must_use]
pub fn recover(group: &[Series<'_>]) -> Vec<Recovered> {
    group::recover(group)
}
