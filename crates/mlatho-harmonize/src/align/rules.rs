//! The rules by which numbers move from one schedule to another: declared, never guessed.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use mlatho_model::Days;

/// What is declared about an alignment. What a measure's kind decides by itself is not among it: see [`super::align`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    pub flows: Flows,
    pub gaps: Gaps,
    pub due: Due,
}

/// How a flow whose period is not within one period of the other schedule is assigned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flows {
    /// The whole number belongs to the period in which its own ends. Longer periods are not divided.
    #[default]
    ByEnd,
    /// Divided by the days in each.
    ByDays,
    /// Divided into equal parts, the remainder in the last (100 → 33, 33, 34).
    Equally,
    /// Divided by stated weights of the months of the year.
    ByProfile(Profile),
}

/// What parts that are not known do to a sum. No balance stands in for another by either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gaps {
    /// The whole is missing.
    #[default]
    Missing,
    /// The known parts make the whole, and [`super::Aligned::coverage`] says how much of it they are.
    Partial,
}

/// How much of a year's flow falls into each month of the ISO calendar, January first; within a month all days weigh
/// alike. Only the proportions count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile([u16; 12]);

/// A text that is no rule for flows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{found}` is not a rule for flows (by-end, by-days, equally, or by-profile: and twelve whole numbers from 1 to 65535, \
     January first, with commas between them)"
)]
pub struct BadFlows {
    pub found: String,
}

impl Profile {
    /// Nothing, where a month weighs nothing: what was counted in such a month would have no place to go.
    #[must_use]
    pub fn new(weights: [u16; 12]) -> Option<Self> {
        (!weights.contains(&0)).then_some(Self(weights))
    }

    /// What the days weigh together, as a whole number of a unit that all profiles share.
    pub(super) fn weight(self, days: Days) -> u64 {
        // The least common multiple of 28, 29, 30 and 31: a day's weight is that of its month divided by these.
        const DAYS: u64 = 377_580;
        let mut weight = 0;
        let mut first = days.first();
        while first <= days.last() {
            let month = Days::new(first, first.last_of_month().min(days.last()));
            let of_year = usize::from(first.month().unsigned_abs()) - 1; // months count from 1
            let length = u64::from(first.days_in_month().unsigned_abs());
            weight += u64::from(self.0[of_year]) * (DAYS / length) * month.map_or(0, |month| month.count().into());
            let Ok(next) = first.last_of_month().tomorrow() else { break };
            first = next;
        }
        weight
    }
}

impl fmt::Display for Flows {
    /// The name under which the rule is declared and stands in the lineage.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByEnd => f.write_str("by-end"),
            Self::ByDays => f.write_str("by-days"),
            Self::Equally => f.write_str("equally"),
            Self::ByProfile(Profile(weights)) => {
                f.write_str("by-profile:")?;
                let weights: Vec<String> = weights.iter().map(u16::to_string).collect();
                f.write_str(&weights.join(","))
            }
        }
    }
}

impl FromStr for Flows {
    type Err = BadFlows;

    fn from_str(text: &str) -> Result<Self, BadFlows> {
        let profile = |weights: &str| {
            let weights: Option<Vec<u16>> = weights.split(',').map(|weight| weight.trim().parse().ok()).collect();
            Profile::new(weights?.try_into().ok()?).map(Self::ByProfile)
        };
        match text.split_once(':') {
            None if text == "by-end" => Some(Self::ByEnd),
            None if text == "by-days" => Some(Self::ByDays),
            None if text == "equally" => Some(Self::Equally),
            Some(("by-profile", weights)) => profile(weights),
            _ => None,
        }
        .ok_or_else(|| BadFlows { found: text.into() })
    }
}

/// How many days after its last day a report is due, the last of them included (`indicators.md` D4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due(pub u16);

impl Default for Due {
    /// Ten days.
    fn default() -> Self {
        Self(10)
    }
}

/// When a report was made, against the period that it speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeliness {
    /// Before the last day: it cannot speak of the days that were left.
    Early,
    OnTime,
    /// After the due day. It counts in its own period all the same, never in that in which it came.
    Late,
}

impl Timeliness {
    #[must_use]
    pub fn of(days: Days, made: Date, Due(due): Due) -> Self {
        let allowed = Days::new(days.last(), made).map_or(0, |until| until.count() - 1);
        match made {
            _ if made < days.last() => Self::Early,
            _ if allowed > due.into() => Self::Late,
            _ => Self::OnTime,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn rules_read_back_and_others_are_refused() {
        for text in ["by-end", "by-days", "equally", "by-profile:1,2,3,4,5,6,7,8,9,10,11,12"] {
            assert_eq!(text.parse::<Flows>().unwrap().to_string(), text);
        }
        for text in ["", "by-start", "by-days:1", "by-profile:1,2", "by-profile:0,1,1,1,1,1,1,1,1,1,1,1", "by-profile:"]
        {
            assert!(text.parse::<Flows>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_month_weighs_what_is_stated_however_long_it_is() {
        let profile = Profile::new([1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1]).unwrap();
        let weight = |first, last| profile.weight(Days::new(first, last).unwrap());
        let january = weight(date(2026, 1, 1), date(2026, 1, 31));
        assert_eq!(weight(date(2026, 2, 1), date(2026, 2, 28)), january);
        assert_eq!(weight(date(2026, 3, 1), date(2026, 3, 31)), 2 * january);
        assert_eq!(weight(date(2026, 1, 1), date(2026, 3, 31)), 4 * january);
        assert_eq!(weight(date(2026, 1, 16), date(2026, 1, 31)) * 31, january * 16);
    }

    #[test]
    fn due_days_count_to_the_end_of_the_last() {
        let january = Days::new(date(2026, 1, 1), date(2026, 1, 31)).unwrap();
        let made = |month, day| Timeliness::of(january, date(2026, month, day), Due::default());
        assert_eq!(made(1, 30), Timeliness::Early);
        assert_eq!(made(1, 31), Timeliness::OnTime);
        assert_eq!(made(2, 10), Timeliness::OnTime);
        assert_eq!(made(2, 11), Timeliness::Late);
    }
}
