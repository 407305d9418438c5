//! Comparisons summed up over org units.

use std::collections::BTreeMap;

use mlatho_model::{Decimal, Period};

use super::{Comparison, Rule, Verdict};
use crate::{Rational, Rounding};

/// Sums over the org units that have both sides, and how many those are. Ratios are never averaged
/// (`indicators.md` section 1, rule 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// In treatments; nothing where no org unit has both sides.
    pub consumption: Option<Decimal>,
    /// Service events of the same org units.
    pub services: Option<Decimal>,
    /// Treatments that the services are expected to take.
    pub expected: Option<Decimal>,
    /// Σ consumption ÷ Σ expected; nothing where undefined.
    pub ratio: Option<Decimal>,
    pub verdict: Verdict,
    /// Org units with both sides.
    pub used: usize,
    /// Org units with either side: `used ÷ pairs` is the coverage to show beside the ratio.
    pub pairs: usize,
}

/// Sums rows up.
pub fn total<'a>(rule: &Rule, rows: impl IntoIterator<Item = &'a Comparison>) -> Total {
    let (mut sums, mut services) = (None, Decimal::ZERO);
    let (mut used, mut pairs) = (0, 0);
    for row in rows {
        pairs += 1;
        let (Some(consumption), Some(expected)) = (row.consumption, row.expected) else { continue };
        let (c, e) = sums.unwrap_or((Decimal::ZERO, Decimal::ZERO));
        sums = Some((c.saturating_add(consumption), e.saturating_add(expected)));
        services = services.saturating_add(row.services.unwrap_or_default());
        used += 1;
    }
    let exact = sums.and_then(|(c, e)| Rational::from(c).checked_div(e.into()));
    let ratio = exact.filter(|_| services >= rule.minimum_services);
    let ratio = ratio.and_then(|exact| exact.rounded(6, Rounding::HalfEven));
    let verdict = match ratio {
        None => Verdict::Undefined,
        Some(ratio) if ratio < rule.band.low => Verdict::Below,
        Some(ratio) if ratio > rule.band.high => Verdict::Above,
        Some(_) => Verdict::Within,
    };
    Total {
        consumption: sums.map(|(c, _)| c),
        services: sums.map(|_| services),
        expected: sums.map(|(_, e)| e),
        ratio,
        verdict,
        used,
        pairs,
    }
}

/// One total for each period, in order.
#[must_use]
pub fn totals_by_period(rule: &Rule, rows: &[Comparison]) -> BTreeMap<Period, Total> {
    let mut periods: BTreeMap<Period, Vec<&Comparison>> = BTreeMap::new();
    for row in rows {
        periods.entry(row.period).or_default().push(row);
    }
    periods.into_iter().map(|(period, rows)| (period, total(rule, rows))).collect()
}
