//! A harmonized number with everything that led to it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::{ItemId, Measure, OrgUnitId, Period, ReceiptId, RunId, SourceName, Unit, Value};

/// A further split of a number (age, sex, category option combo), as text; empty for the total.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Disaggregation(Option<Arc<str>>);

impl Disaggregation {
    /// A blank name means no split.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let name = name.trim();
        Self((!name.is_empty()).then(|| name.into()))
    }

    /// The name; empty for the total.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}

/// What the gate decided about an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Passed the checks; counts in comparisons and may be published.
    Accepted,
    /// Doubtful: kept, shown, not published until a person decides.
    Held,
    /// Its org unit or item has no mapping yet: kept under the source's own codes, not published.
    Unmapped,
    /// Refused by a rule or a person; kept in the log.
    Rejected,
}

impl Status {
    pub const ALL: [Self; 4] = [Self::Accepted, Self::Held, Self::Unmapped, Self::Rejected];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Held => "held",
            Self::Unmapped => "unmapped",
            Self::Rejected => "rejected",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Status {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|status| status.name() == text).ok_or_else(|| text.into())
    }
}

/// Where a number comes from and which rules it passed through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lineage {
    pub source: SourceName,
    /// The bytes that arrived.
    pub receipt: ReceiptId,
    /// The record within those bytes; see [`crate::RawRecord::position`].
    pub position: u64,
    /// The column within the record.
    pub column: Arc<str>,
    /// Names the mappings that were in force: a hash over their content.
    pub crosswalk: Arc<str>,
    /// The unit factor that was applied, such as `30` or `1/3`; `1` where source and target count alike.
    pub unit_rule: Arc<str>,
    /// The period rule that was applied; empty where the source's period was taken as it is.
    pub period_rule: Arc<str>,
    pub run: RunId,
}

/// One number about one org unit, item, measure, disaggregation and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    pub org_unit: OrgUnitId,
    pub item: ItemId,
    pub measure: Measure,
    pub disaggregation: Disaggregation,
    pub period: Period,
    pub value: Value,
    pub unit: Option<Unit>,
    pub status: Status,
    pub lineage: Lineage,
}
