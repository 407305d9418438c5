//! Numbers of one period type as numbers of another, by stated rules (`indicators.md` section 5).

mod rules;
mod schedule;
mod series;

pub use rules::{BadFlows, Due, Flows, Profile, Rules, Timeliness};
pub use schedule::{FromDay, Named, Schedule};
pub use series::{Aligned, Alignment, Counts, OVERLAPPING, Report, TOO_MANY_DAYS, align};

use mlatho_model::{Factor, Kind, Measure, MissingReason, Period, PeriodType, Value};

use crate::{Merge, split};

/// How a flow of a period that crosses the border between two longer ones is assigned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Crossing {
    /// The whole number belongs to the period in which the shorter one ends.
    #[default]
    ByEnd,
    /// The number is divided by the days in each.
    ByDays,
}

/// What parts that are not known do to the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gaps {
    /// The whole is missing.
    #[default]
    Missing,
    /// The known parts make the whole, to be shown as partial ([`Joined::is_partial`]).
    Partial,
}

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

/// The periods of another type that a period is made of. Empty, where they do not fit into it.
fn parts(period: Period, of: PeriodType) -> Vec<Period> {
    let parts: Vec<Period> = shares(period, of).into_iter().map(|(part, _)| part).collect();
    if parts.iter().all(|part| period.contains(*part)) { parts } else { Vec::new() }
}

/// What became of shorter periods joined to a longer one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    pub value: Value,
    /// How many of the parts are known.
    pub known: usize,
    /// How many parts the long period has, those left out to which the measure is not applicable.
    pub expected: usize,
}

impl Joined {
    /// Whether the number stands for less than the whole period, and has to be shown so.
    #[must_use]
    pub const fn is_partial(&self) -> bool {
        matches!(self.value, Value::Reported(_)) && self.known < self.expected
    }
}

/// Numbers of shorter periods as the number of the longer one: flows and days are summed, an opening balance is that
/// of the first part, a closing balance or an estimate that of the last, and ratios are not applicable.
///
/// By [`Gaps::Missing`] an absent or missing part makes the whole missing. By [`Gaps::Partial`] sums leave it out, but
/// no balance stands in for the first or the last one. `values` may come in any order, others among them. `None`, where
/// the long period is not made of whole shorter ones: weeks become months by [`assign`] and [`Merge::over_time`].
#[must_use]
pub fn join(
    period: Period,
    values: &[(Period, Value)],
    measure: &Measure,
    from: PeriodType,
    gaps: Gaps,
) -> Option<Joined> {
    let parts = parts(period, from);
    if parts.is_empty() {
        return None;
    }
    let (mut known, mut expected, mut gap) = (0, 0, None);
    let mut merge = Merge::over_time(measure);
    for part in parts {
        let found = values.iter().find(|(period, _)| *period == part).map(|(_, value)| value);
        let value = found.unwrap_or(&Value::Missing(MissingReason::NoReport));
        known += usize::from(matches!(value, Value::Reported(_)));
        expected += usize::from(*value != Value::NotApplicable);
        if let Value::Missing(reason) = value {
            gap.get_or_insert(*reason);
        }
        merge.push(value);
    }
    let value = match (gaps, gap) {
        (Gaps::Missing, Some(reason)) => Value::Missing(reason),
        (Gaps::Missing, None) => merge.value(),
        (Gaps::Partial, _) => merge.partial().0,
    };
    Some(Joined { value, known, expected })
}

/// One number of a period that may cross the border of a longer type, such as a week in two months.
///
/// Flows follow the rule. Days, such as those of a stock-out, are always divided by days, so that no period gets more of
/// them than it has. Anything else belongs to the period in which the shorter one ends. Whole numbers stay whole, and
/// their sum is kept. `None`, where a number grows too large.
#[must_use]
pub fn assign(
    period: Period,
    value: &Value,
    measure: &Measure,
    to: PeriodType,
    rule: Crossing,
) -> Option<Vec<(Period, Value)>> {
    let targets = shares(period, to);
    let ending = targets.last().map(|(target, _)| *target);
    match (rule, measure.kind(), value) {
        (Crossing::ByDays, Kind::Flow, Value::Reported(total)) | (_, Kind::Duration, Value::Reported(total)) => {
            let (periods, factors): (Vec<Period>, Vec<Factor>) = targets.into_iter().unzip();
            let parts = split(*total, &factors)?;
            Some(periods.into_iter().zip(parts.into_iter().map(Value::Reported)).collect())
        }
        _ => Some(ending.map(|target| (target, value.clone())).into_iter().collect()),
    }
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

    fn reported(number: i64) -> Value {
        Value::Reported(number.into())
    }

    fn missing() -> Value {
        Value::Missing(MissingReason::NoReport)
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
    fn months_join_only_when_all_are_there() {
        let month = |text: &str, number| (period(text), reported(number));
        let all = [month("202603", 3), month("202601", 1), month("202602", 2)];
        let joined = |values: &[(Period, Value)], measure| {
            join(period("2026Q1"), values, measure, PeriodType::Monthly, Gaps::Missing).unwrap()
        };
        assert_eq!(joined(&all, &Measure::Consumed), Joined { value: reported(6), known: 3, expected: 3 });
        assert_eq!(joined(&all, &Measure::OpeningBalance).value, reported(1));
        assert_eq!(joined(&all, &Measure::ClosingBalance).value, reported(3));
        assert_eq!(joined(&all, &Measure::StockoutDays).value, reported(6));
        assert_eq!(joined(&all, &Measure::MosReported).value, Value::NotApplicable);
        assert_eq!(joined(&all[..2], &Measure::Consumed), Joined { value: missing(), known: 2, expected: 3 });
        assert_eq!(joined(&all[..2], &Measure::ClosingBalance).value, missing());
    }

    #[test]
    fn a_partial_quarter_says_so() {
        let blank = Value::Missing(MissingReason::Blank);
        let values = [(period("202601"), reported(1)), (period("202602"), reported(2)), (period("202603"), blank)];
        let joined =
            |values, measure| join(period("2026Q1"), values, measure, PeriodType::Monthly, Gaps::Partial).unwrap();
        let consumed = joined(&values, &Measure::Consumed);
        assert_eq!(consumed, Joined { value: reported(3), known: 2, expected: 3 });
        assert!(consumed.is_partial());
        assert_eq!(joined(&values, &Measure::OpeningBalance).value, reported(1));
        // February's balance is not the one at the end of March.
        assert_eq!(joined(&values, &Measure::ClosingBalance).value, Value::Missing(MissingReason::Blank));
        assert_eq!(joined(&[], &Measure::Consumed), Joined { value: missing(), known: 0, expected: 3 });
    }

    #[test]
    fn months_without_the_product_are_left_out() {
        let values = [
            (period("202601"), Value::NotApplicable),
            (period("202602"), reported(2)),
            (period("202603"), reported(3)),
        ];
        let joined = join(period("2026Q1"), &values, &Measure::Consumed, PeriodType::Monthly, Gaps::Missing);
        assert_eq!(joined, Some(Joined { value: reported(5), known: 2, expected: 2 }));
    }

    #[test]
    fn weeks_do_not_make_a_month() {
        let weeks = [(period("2026W6"), reported(7))];
        assert_eq!(join(period("202602"), &weeks, &Measure::Consumed, PeriodType::Weekly, Gaps::Partial), None);
        // 2027 starts on a Friday: February is exactly its weeks 5 to 8.
        let weeks = ["2027W5", "2027W6", "2027W7", "2027W8"].map(|week| (period(week), reported(7)));
        let joined = join(period("202702"), &weeks, &Measure::Consumed, PeriodType::Weekly, Gaps::Missing);
        assert_eq!(joined, Some(Joined { value: reported(28), known: 4, expected: 4 }));
    }

    #[test]
    fn a_week_in_two_months() {
        // 2026W5 runs from 26 January to 1 February.
        let week = |measure: &Measure, number, rule| {
            let parts = assign(period("2026W5"), &reported(number), measure, PeriodType::Monthly, rule).unwrap();
            parts.into_iter().map(|(month, value)| (month.to_string(), value)).collect::<Vec<_>>()
        };
        let february = |number| vec![("202602".to_owned(), reported(number))];
        let both = |january, number| [vec![("202601".to_owned(), reported(january))], february(number)].concat();
        assert_eq!(week(&Measure::Consumed, 14, Crossing::ByEnd), february(14));
        assert_eq!(week(&Measure::Consumed, 14, Crossing::ByDays), both(12, 2));
        assert_eq!(week(&Measure::ClosingBalance, 14, Crossing::ByDays), february(14));
        assert_eq!(week(&Measure::StockoutDays, 7, Crossing::ByEnd), both(6, 1));
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
        fn flows_are_conserved_between_any_two_types(period in any_period(), to in prop::sample::select(PeriodType::ALL.to_vec()), total in 0i64..1_000_000) {
            for rule in [Crossing::ByEnd, Crossing::ByDays] {
                let parts = assign(period, &reported(total), &Measure::Consumed, to, rule).unwrap();
                prop_assert_eq!(parts.iter().filter_map(|(_, value)| value.reported()).sum::<Decimal>(), total.into());
            }
        }

        #[test]
        fn no_period_is_out_of_stock_for_longer_than_it_lasts(period in any_period(), to in prop::sample::select(PeriodType::ALL.to_vec()), days in 0u32..400) {
            let days = days.min(period.days());
            let parts = assign(period, &Value::Reported(days.into()), &Measure::StockoutDays, to, Crossing::ByEnd).unwrap();
            prop_assert_eq!(parts.iter().filter_map(|(_, value)| value.reported()).sum::<Decimal>(), days.into());
            for (part, value) in parts {
                prop_assert!(value.reported().unwrap() <= part.days().into());
            }
        }

        #[test]
        fn shares_sum_to_one(period in any_period(), to in prop::sample::select(PeriodType::ALL.to_vec())) {
            let found = shares(period, to);
            let days: Decimal = found.iter().filter_map(|(_, share)| share.apply(period.days().into())).sum();
            prop_assert_eq!(days.round_dp(20), Decimal::from(period.days()));
            prop_assert!(found.iter().all(|(target, _)| target.overlaps(period)));
        }
    }
}
