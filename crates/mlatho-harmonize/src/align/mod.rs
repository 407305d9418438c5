//! Numbers of one period type as numbers of another, by stated rules (`indicators.md` section 5).

mod rules;
mod schedule;
mod series;

pub use rules::{BadFlows, Due, Flows, Gaps, Profile, Rules, Timeliness};
pub use schedule::{FromDay, Named, Schedule};
pub use series::{Aligned, Alignment, Counts, OVERLAPPING, Report, TOO_MANY_DAYS, align};

use mlatho_model::{Factor, Period, PeriodType};

/// The periods of another type that a period touches, each with the share of the given period's days in it.
///
/// The shares sum to one. Empty, outside the years that periods have.
#[must_use]
pub fn shares(period: Period, to: PeriodType) -> Vec<(Period, Factor)> {
    let mut found = Vec::new();
    let mut next = Period::containing(to, period.start());
    while let Some(target) = next.filter(|target| target.overlaps(period)) {
        let from = target.start().max(period.start());
        let until = target.end().min(period.end());
        let days = until.since((jiff::Unit::Day, from)).map_or(0, |span| span.get_days()) + 1;
        let days = u64::try_from(days).unwrap_or(0);
        found.extend(Factor::new(days, period.days().into()).map(|share| (target, share)));
        next = target.next();
    }
    let whole = found.last().is_some_and(|(target, _)| target.end() >= period.end());
    if whole { found } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;
    use mlatho_model::Decimal;
    use proptest::prelude::*;

    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn a_quarter_covers_its_months_by_days() {
        let found: Vec<(String, String)> = shares(period("2026Q1"), PeriodType::Monthly)
            .into_iter()
            .map(|(p, s)| (p.to_string(), s.to_string()))
            .collect();
        let expected = [("202601", "31/90"), ("202602", "14/45"), ("202603", "31/90")];
        assert_eq!(found, expected.map(|(p, s)| (p.to_owned(), s.to_owned())));
        assert_eq!(shares(period("202602"), PeriodType::Quarterly), vec![(period("2026Q1"), Factor::ONE)]);
    }

    #[test]
    fn nothing_is_shared_out_at_the_end_of_time() {
        let last = Period::containing(PeriodType::Weekly, date(9998, 12, 31)).unwrap();
        assert_eq!(shares(last, PeriodType::Daily), vec![]);
    }

    fn any_period() -> impl Strategy<Value = Period> {
        (0i64..25_000, prop::sample::select(PeriodType::ALL.to_vec())).prop_map(|(day, kind)| {
            Period::containing(kind, date(1990, 1, 1).checked_add(day.days()).unwrap()).unwrap()
        })
    }

    proptest! {
        #[test]
        fn shares_sum_to_one(period in any_period(), to in prop::sample::select(PeriodType::ALL.to_vec())) {
            let found = shares(period, to);
            let days: Decimal = found.iter().filter_map(|(_, share)| share.apply(period.days().into())).sum();
            prop_assert_eq!(days.round_dp(20), Decimal::from(period.days()));
            prop_assert!(found.iter().all(|(target, _)| target.overlaps(period)));
        }
    }
}
