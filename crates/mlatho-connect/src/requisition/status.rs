//! How far a requisition has come.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// A status, in the order of the work. `REJECTED` is back where `INITIATED` is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    Initiated,
    Rejected,
    Submitted,
    /// From here on requisitions count, unless the project says otherwise.
    #[default]
    Authorized,
    InApproval,
    Approved,
    Released,
    ReleasedWithoutOrder,
    /// The period was waived.
    Skipped,
}

impl Status {
    const ALL: [(Self, &'static str); 9] = [
        (Self::Initiated, "INITIATED"),
        (Self::Rejected, "REJECTED"),
        (Self::Submitted, "SUBMITTED"),
        (Self::Authorized, "AUTHORIZED"),
        (Self::InApproval, "IN_APPROVAL"),
        (Self::Approved, "APPROVED"),
        (Self::Released, "RELEASED"),
        (Self::ReleasedWithoutOrder, "RELEASED_WITHOUT_ORDER"),
        (Self::Skipped, "SKIPPED"),
    ];

    /// Rank as OpenLMIS counts it: 1 while it is written, 6 when all is done, −1 for a skipped one.
    #[must_use]
    pub const fn rank(self) -> i8 {
        match self {
            Self::Initiated | Self::Rejected => 1,
            Self::Submitted => 2,
            Self::Authorized | Self::InApproval => 3,
            Self::Approved => 4,
            Self::Released => 5,
            Self::ReleasedWithoutOrder => 6,
            Self::Skipped => -1,
        }
    }

    /// Whether a requisition is read when those from `threshold` on count.
    ///
    /// One that has never been further than a draft is left out. Others are read below the threshold too: a rejected
    /// one, or one that is submitted again, takes the place of numbers that counted before; a skipped one says that no
    /// report is due.
    #[must_use]
    pub fn is_read(self, threshold: Self) -> bool {
        self != Self::Initiated || threshold.rank() <= 1
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.iter().find(|(status, _)| status == self).map_or("", |(_, name)| name);
        f.pad(name)
    }
}

impl FromStr for Status {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(_, name)| *name == text);
        found.map(|(status, _)| *status).ok_or_else(|| text.into())
    }
}
