//! Numbers of one period type as numbers of another, by stated rules (`indicators.md` section 5).

use mlatho_model::{Decimal, Factor, Kind, Measure, MissingReason, Period, PeriodType, Value};

use crate::{Merge, split};

/// How a number of a period that crosses the border between two longer ones is assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crossing {
    /// The whole number belongs to the period in which the shorter one ends.
    ByEnd,
    /// Flows are divided by days; levels belong to the period in which the shorter one ends.
    ByDays,
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
    found
}

/// One number of a long period as numbers of the shorter ones in it.
///
/// A flow is divided into equal parts with the remainder in the last, so that the sum is exact (100 → 33, 33, 34). A
/// closing balance and estimates stand in the last part, an opening balance in the first; the other parts are missing.
/// Days and ratios are not divided: every part is missing. `None`, where the long period is not made of whole shorter
/// ones or a number grows too large.
#[must_use]
pub fn divide(period: Period, value: &Value, measure: &Measure, to: PeriodType) -> Option<Vec<(Period, Value)>> {
    let parts: Vec<Period> = shares(period, to).into_iter().map(|(part, _)| part).collect();
    if parts.is_empty() || !parts.iter().all(|part| period.contains(*part)) {
        return None;
    }
    let last = parts.len() - 1;
    let Value::Reported(total) = value else {
        return Some(parts.into_iter().map(|part| (part, value.clone())).collect());
    };
    let place = |at: Option<usize>| {
        let here = |index| if Some(index) == at { value.clone() } else { Value::Missing(MissingReason::NoReport) };
        parts.iter().enumerate().map(|(index, part)| (*part, here(index))).collect()
    };
    match measure.kind() {
        Kind::Flow => {
            let count = Decimal::from(parts.len());
            let each = total.checked_div(count)?.trunc_with_scale(total.scale());
            let rest = total.checked_sub(each.checked_mul(Decimal::from(last))?)?;
            let part = |index| Value::Reported(if index == last { rest } else { each });
            Some(parts.iter().enumerate().map(|(index, period)| (*period, part(index))).collect())
        }
        Kind::Stock if *measure == Measure::OpeningBalance => Some(place(Some(0))),
        Kind::Stock | Kind::Estimate => Some(place(Some(last))),
        Kind::Duration | Kind::Ratio => Some(place(None)),
    }
}

/// What became of shorter periods joined to a longer one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    pub value: Value,
    /// How many of the parts are known.
    pub known: usize,
    /// How many parts the long period has.
    pub expected: usize,
}

/// Numbers of shorter periods as the number of the longer one: flows and days are summed, an opening balance is that
/// of the first part, a closing balance that of the last.
///
/// Every part must be there: an absent or missing part makes the whole missing. `parts` may come in any order; parts
/// that do not lie in the long period are left out. A ratio is never joined: it is not applicable.
#[must_use]
pub fn join(period: Period, parts: &[(Period, Value)], measure: &Measure, from: PeriodType) -> Joined {
    let expected = shares(period, from).into_iter().filter(|(part, _)| period.contains(*part)).count();
    let mut inside: Vec<&(Period, Value)> =
        parts.iter().filter(|(part, _)| part.period_type() == from && period.contains(*part)).collect();
    inside.sort_by_key(|(part, _)| *part);
    inside.dedup_by_key(|(part, _)| *part);
    let known = inside.iter().filter(|(_, value)| value.reported().is_some()).count();
    if measure.kind() == Kind::Ratio {
        return Joined { value: Value::NotApplicable, known, expected };
    }
    let mut merge = Merge::over_time(measure);
    inside.iter().for_each(|(_, value)| merge.push(value));
    if inside.len() < expected {
        merge.push_missing(MissingReason::NoReport);
    }
    Joined { value: merge.value(), known, expected }
}

/// One number of a period that may cross the border of a longer type, such as a week in two months.
///
/// `None`, where a number grows too large.
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
        (Crossing::ByDays, Kind::Flow, Value::Reported(total)) => {
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
    fn a_quarter_divides_exactly() {
        let months = ["202601", "202602", "202603"].map(period);
        let quarter = |value, measure: &Measure| {
            let parts = divide(period("2026Q1"), &value, measure, PeriodType::Monthly).unwrap();
            assert_eq!(parts.iter().map(|(month, _)| *month).collect::<Vec<_>>(), months);
            parts.into_iter().map(|(_, value)| value).collect::<Vec<_>>()
        };
        assert_eq!(quarter(reported(100), &Measure::Consumed), [reported(33), reported(33), reported(34)]);
        assert_eq!(quarter(reported(7), &Measure::ClosingBalance), [missing(), missing(), reported(7)]);
        assert_eq!(quarter(reported(7), &Measure::OpeningBalance), [reported(7), missing(), missing()]);
        assert_eq!(quarter(reported(7), &Measure::StockoutDays), [missing(), missing(), missing()]);
        assert_eq!(divide(period("2026Q1"), &reported(1), &Measure::Consumed, PeriodType::Weekly), None);
    }

    #[test]
    fn months_join_only_when_all_are_there() {
        let month = |text: &str, number| (period(text), reported(number));
        let all = [month("202603", 3), month("202601", 1), month("202602", 2)];
        let joined = |parts: &[(Period, Value)], measure| join(period("2026Q1"), parts, measure, PeriodType::Monthly);
        assert_eq!(joined(&all, &Measure::Consumed), Joined { value: reported(6), known: 3, expected: 3 });
        assert_eq!(joined(&all, &Measure::OpeningBalance).value, reported(1));
        assert_eq!(joined(&all, &Measure::ClosingBalance).value, reported(3));
        assert_eq!(joined(&all, &Measure::StockoutDays).value, reported(6));
        assert_eq!(joined(&all, &Measure::MosReported).value, Value::NotApplicable);
        assert_eq!(joined(&all[..2], &Measure::Consumed), Joined { value: missing(), known: 2, expected: 3 });
    }

    #[test]
    fn a_week_in_two_months() {
        // 2026W5 runs from 26 January to 1 February.
        let week =
            |rule| assign(period("2026W5"), &reported(14), &Measure::Consumed, PeriodType::Monthly, rule).unwrap();
        assert_eq!(week(Crossing::ByEnd), [(period("202602"), reported(14))]);
        assert_eq!(week(Crossing::ByDays), [(period("202601"), reported(12)), (period("202602"), reported(2))]);
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
            if let Some(parts) = divide(period, &reported(total), &Measure::Consumed, to) {
                let back = join(period, &parts, &Measure::Consumed, to);
                prop_assert_eq!(back.value, reported(total));
            }
        }
    }
}
