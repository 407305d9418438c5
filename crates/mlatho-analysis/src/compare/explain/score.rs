//! Causes, evidence, and how evidence adds up to a strength.

use mlatho_model::Decimal;
use rust_decimal::prelude::FromPrimitive;

/// A cause that the numbers can speak for or against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// Cases were treated and not reported.
    UnderReportedCases,
    /// Cases were reported that were not treated.
    OverReportedCases,
    /// Treatment was given without the test that should come before.
    PresumptiveTreatment,
    /// Without stock, nothing could be consumed.
    StockOut,
    /// Stock left without reaching a patient.
    Leakage,
    /// Packs were counted as units, or units as packs.
    UnitError,
    /// Numbers of another product stand under this one's name.
    WrongMapping,
    /// The product served for something that the services do not count.
    OtherUse,
    /// The report came late, or the one before has not come and this one carries both.
    LateReport,
    /// The same report counts twice.
    DuplicateReport,
    /// A number was written down wrongly.
    DataEntry,
    /// The numbers leave it open.
    CannotTell,
}

impl Cause {
    /// The stable name; the text a person reads is the catalogue entry `cause-<name>`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnderReportedCases => "under-reported-cases",
            Self::OverReportedCases => "over-reported-cases",
            Self::PresumptiveTreatment => "presumptive-treatment",
            Self::StockOut => "stock-out",
            Self::Leakage => "leakage",
            Self::UnitError => "unit-error",
            Self::WrongMapping => "wrong-mapping",
            Self::OtherUse => "other-use",
            Self::LateReport => "late-report",
            Self::DuplicateReport => "duplicate-report",
            Self::DataEntry => "data-entry",
            Self::CannotTell => "cannot-tell",
        }
    }
}

/// A fact that speaks for or against a cause; the text a person reads is the catalogue entry `evidence-<name>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub name: &'static str,
    pub value: Option<Decimal>,
    /// What the fact is about, where that is no number: another item, or what would be needed.
    pub about: Option<String>,
}

impl Evidence {
    pub(super) fn plain(name: &'static str) -> Self {
        Self { name, value: None, about: None }
    }

    pub(super) fn number(name: &'static str, value: Option<Decimal>) -> Self {
        Self { name, value, about: None }
    }
}

/// A cause with what speaks for and against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub cause: Cause,
    pub support: Vec<Evidence>,
    pub against: Vec<Evidence>,
    /// How probable the cause is among all that were looked at, by the stated weights, 0 to 1. The strengths of a point
    /// add up to one before rounding, those below 0.01 among them, which are left out.
    pub strength: Decimal,
}

/// A cause while its evidence is gathered. Weights are natural logarithms of likelihood ratios.
pub(super) struct Score {
    pub(super) cause: Cause,
    weight: f64,
    support: Vec<Evidence>,
    against: Vec<Evidence>,
}

impl Score {
    /// `prior` is how often the cause is met, of one.
    pub(super) fn new(cause: Cause, prior: f64) -> Self {
        Self { cause, weight: prior.ln(), support: Vec::new(), against: Vec::new() }
    }

    /// Adds a fact that makes the cause e^weight times as likely as before; of no weight, it is left out.
    pub(super) fn add(&mut self, weight: f64, fact: Evidence) {
        self.weight += weight;
        if weight > 0.0 {
            self.support.push(fact);
        } else if weight < 0.0 {
            self.against.push(fact);
        }
    }

    /// Adds a fact to the support that has no weight.
    pub(super) fn note(&mut self, fact: Evidence) {
        self.support.push(fact);
    }

    /// Bayes' rule over causes that exclude each other: strengths are shares of prior × likelihood. Strongest first.
    pub(super) fn explanations(scores: Vec<Self>) -> Vec<Explanation> {
        let highest = scores.iter().map(|score| score.weight).fold(f64::NEG_INFINITY, f64::max);
        let whole: f64 = scores.iter().map(|score| (score.weight - highest).exp()).sum();
        let mut explanations: Vec<Explanation> = scores
            .into_iter()
            .filter_map(|score| {
                let Self { cause, weight, support, against } = score;
                let strength = Decimal::from_f64((weight - highest).exp() / whole)?.round_dp(2).normalize();
                (strength > Decimal::ZERO).then_some(Explanation { cause, support, against, strength })
            })
            .collect();
        explanations.sort_by(|one, other| other.strength.cmp(&one.strength).then(one.cause.cmp(&other.cause)));
        explanations
    }
}
