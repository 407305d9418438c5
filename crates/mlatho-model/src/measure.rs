//! What was measured, and how such numbers may be added up (`lmis.md` 0.2).

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// What a number counts: one of the logistics measures, or the source's own element (service data).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    OpeningBalance,
    Received,
    Consumed,
    Issued,
    Adjustments,
    Losses,
    ClosingBalance,
    StockoutDays,
    Ordered,
    Approved,
    Shipped,
    Accepted,
    NewPatients,
    AmcReported,
    MosReported,
    AdjustedConsumptionReported,
    /// A service count, named by the element that the source reports it under.
    Element(Arc<str>),
}

/// The nature of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A level at one moment.
    Stock,
    /// A quantity that passed during the period.
    Flow,
    /// A number of days.
    Duration,
    /// A figure that somebody computed.
    Estimate,
    /// A quotient: recomputed, never added up.
    Ratio,
}

/// How values of consecutive periods make the value of a longer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OverTime {
    First,
    Last,
    Sum,
    Never,
}

/// How values of several org units make the value of the unit above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OverOrgUnits {
    Sum,
    Mean,
    Never,
}

/// How values of several source products make the value of the one product they are merged into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OverItems {
    Sum,
    Max,
    Never,
}

impl Measure {
    /// The sixteen logistics measures, in the order of the command line contract.
    pub const LOGISTICS: [Self; 16] = [
        Self::OpeningBalance,
        Self::Received,
        Self::Consumed,
        Self::Issued,
        Self::Adjustments,
        Self::Losses,
        Self::ClosingBalance,
        Self::StockoutDays,
        Self::Ordered,
        Self::Approved,
        Self::Shipped,
        Self::Accepted,
        Self::NewPatients,
        Self::AmcReported,
        Self::MosReported,
        Self::AdjustedConsumptionReported,
    ];

    /// The stable name used in files and on the command line.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::OpeningBalance => "opening_balance",
            Self::Received => "received",
            Self::Consumed => "consumed",
            Self::Issued => "issued",
            Self::Adjustments => "adjustments",
            Self::Losses => "losses",
            Self::ClosingBalance => "closing_balance",
            Self::StockoutDays => "stockout_days",
            Self::Ordered => "ordered",
            Self::Approved => "approved",
            Self::Shipped => "shipped",
            Self::Accepted => "accepted",
            Self::NewPatients => "new_patients",
            Self::AmcReported => "amc_reported",
            Self::MosReported => "mos_reported",
            Self::AdjustedConsumptionReported => "adjusted_consumption_reported",
            Self::Element(name) => name,
        }
    }

    /// The logistics measure of that name, or the source's own element where there is none.
    ///
    /// # Errors
    /// The name is empty.
    pub fn named(name: &str) -> Result<Self, BadMeasure> {
        if name.trim().is_empty() {
            return Err(BadMeasure { found: name.into() });
        }
        Ok(name.parse().unwrap_or_else(|BadMeasure { .. }| Self::Element(name.trim().into())))
    }

    /// The nature of the measure. A service element is a flow.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::OpeningBalance | Self::ClosingBalance => Kind::Stock,
            Self::StockoutDays => Kind::Duration,
            Self::AmcReported | Self::AdjustedConsumptionReported => Kind::Estimate,
            Self::MosReported => Kind::Ratio,
            _ => Kind::Flow,
        }
    }

    /// Whether the number is in the unit of the product, so that a pack factor applies to it.
    #[must_use]
    pub const fn is_quantity(&self) -> bool {
        !matches!(self, Self::StockoutDays | Self::MosReported | Self::NewPatients | Self::Element(_))
    }

    #[must_use]
    pub const fn over_time(&self) -> OverTime {
        match self {
            Self::OpeningBalance => OverTime::First,
            Self::ClosingBalance | Self::AmcReported | Self::AdjustedConsumptionReported => OverTime::Last,
            Self::MosReported => OverTime::Never,
            _ => OverTime::Sum,
        }
    }

    #[must_use]
    pub const fn over_org_units(&self) -> OverOrgUnits {
        match self {
            Self::StockoutDays => OverOrgUnits::Mean,
            Self::MosReported => OverOrgUnits::Never,
            _ => OverOrgUnits::Sum,
        }
    }

    #[must_use]
    pub const fn over_items(&self) -> OverItems {
        match self {
            Self::StockoutDays | Self::NewPatients => OverItems::Max,
            Self::MosReported => OverItems::Never,
            _ => OverItems::Sum,
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is no logistics measure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a measure (opening_balance, received, consumed, …)")]
pub struct BadMeasure {
    pub found: String,
}

impl FromStr for Measure {
    type Err = BadMeasure;

    /// Reads a logistics measure only; see [`Measure::named`] for any other.
    fn from_str(text: &str) -> Result<Self, BadMeasure> {
        let known = Self::LOGISTICS.iter().find(|measure| measure.name() == text);
        known.cloned().ok_or_else(|| BadMeasure { found: text.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_others_are_elements() {
        for measure in Measure::LOGISTICS {
            assert_eq!(measure.name().parse(), Ok(measure));
        }
        assert_eq!(Measure::named("fbfJHSPpUQD"), Ok(Measure::Element("fbfJHSPpUQD".into())));
        assert!(Measure::named(" ").is_err());
    }

    #[test]
    fn aggregation_follows_the_table() {
        assert_eq!(Measure::OpeningBalance.over_time(), OverTime::First);
        assert_eq!(Measure::ClosingBalance.over_time(), OverTime::Last);
        assert_eq!(Measure::Consumed.over_time(), OverTime::Sum);
        assert_eq!(Measure::StockoutDays.over_items(), OverItems::Max);
        assert!(!Measure::StockoutDays.is_quantity());
        assert_eq!(Measure::MosReported.over_time(), OverTime::Never);
    }
}
