//! One series in the periods of a rule, by stated rules (`indicators.md` section 5).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use mlatho_harmonize::Merge;
use mlatho_harmonize::align::{Crossing, Gaps, assign, join, shares};
use mlatho_model::{Measure, MissingReason, Period, PeriodType, Value};

/// Numbers of one shorter period type by the period that they end in.
type Parts = BTreeMap<(Reverse<PeriodType>, Option<Period>), Vec<(Period, Value)>>;

/// The series in periods of type `to`.
///
/// Numbers of that type stay as they are. Shorter ones are joined, and a period that lacks a part is missing; weeks
/// count where they end. A period that has its own number is not made up of shorter ones as well. What leads to no
/// period of the type (longer ones, or others that do not fit into it) is given back as it is.
pub(super) fn align(series: &[(Period, Value)], measure: &Measure, to: PeriodType) -> Vec<(Period, Value)> {
    let mut aligned: BTreeMap<Period, Value> = BTreeMap::new();
    let mut left_out = Vec::new();
    let mut others = Parts::new();
    for (period, value) in series {
        if period.period_type() == to {
            aligned.insert(*period, value.clone());
        } else {
            let target = Period::containing(to, period.end());
            let part = (*period, value.clone());
            others.entry((Reverse(period.period_type()), target)).or_default().push(part);
        }
    }
    for ((Reverse(from), target), parts) in others {
        let whole = target.and_then(|target| {
            let joined = join(target, &parts, measure, from, Gaps::Missing).map(|joined| joined.value);
            let value = joined.or_else(|| from_weeks(target, series, measure, from))?;
            Some((target, value))
        });
        match whole {
            Some((target, value)) => {
                aligned.entry(target).or_insert(value);
            }
            None => left_out.extend(parts),
        }
    }
    aligned.into_iter().chain(left_out).collect()
}

/// What the weeks that end in a period make together; missing, where one of them has no number. Nothing, where these
/// are no weeks or the period is not longer than any.
fn from_weeks(target: Period, series: &[(Period, Value)], measure: &Measure, from: PeriodType) -> Option<Value> {
    let weeks = PeriodType::Weekly..=PeriodType::BiWeekly;
    if !weeks.contains(&from) || target.period_type() < PeriodType::Monthly {
        return None;
    }
    let known: HashMap<Period, &Value> = series.iter().map(|(period, value)| (*period, value)).collect();
    let absent = Value::Missing(MissingReason::NoReport);
    let mut merge = Merge::over_time(measure);
    let touched: BTreeSet<Period> = shares(target, from).into_iter().map(|(week, _)| week).collect();
    for week in touched {
        let value = known.get(&week).copied().unwrap_or(&absent);
        let Some(parts) = assign(week, value, measure, target.period_type(), Crossing::ByEnd) else {
            return Some(Value::Missing(MissingReason::NotANumber));
        };
        parts.iter().filter(|(period, _)| *period == target).for_each(|(_, part)| merge.push(part));
    }
    Some(merge.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aligned(series: &[(&str, i64)], measure: &Measure, to: PeriodType) -> Vec<(String, Option<i64>)> {
        let series: Vec<_> = series
            .iter()
            .map(|(period, number)| (period.parse().unwrap(), Value::Reported((*number).into())))
            .collect();
        let number = |value: Value| value.reported().map(|number| i64::try_from(number).unwrap());
        align(&series, measure, to).into_iter().map(|(period, value)| (period.to_string(), number(value))).collect()
    }

    fn expected(numbers: &[(&str, Option<i64>)]) -> Vec<(String, Option<i64>)> {
        numbers.iter().map(|(period, number)| ((*period).to_owned(), *number)).collect()
    }

    #[test]
    fn months_make_a_quarter_only_together() {
        let months = [("202601", 1), ("202602", 2), ("202603", 3), ("202604", 4), ("202606", 6)];
        let found = aligned(&months, &Measure::Consumed, PeriodType::Quarterly);
        assert_eq!(found, expected(&[("2026Q1", Some(6)), ("2026Q2", None)]));
    }

    #[test]
    fn a_period_is_not_counted_twice() {
        let both = [("202601", 1), ("202602", 2), ("202603", 3), ("2026Q1", 7)];
        assert_eq!(aligned(&both, &Measure::Consumed, PeriodType::Quarterly), expected(&[("2026Q1", Some(7))]));
    }

    #[test]
    fn weeks_count_where_they_end_and_are_all_needed() {
        // 2026W5 ends on 1 February, 2026W9 on 1 March: February has the weeks 5 to 8.
        let weeks = [("2026W5", 10), ("2026W6", 20), ("2026W7", 30), ("2026W8", 40), ("2026W9", 50)];
        let found = aligned(&weeks, &Measure::Consumed, PeriodType::Monthly);
        assert_eq!(found, expected(&[("202602", Some(100)), ("202603", None)]));
        // Days of stockout are divided by days: one of week 5, all of 6 to 8, six of week 9.
        let weeks = [("2026W5", 7), ("2026W6", 0), ("2026W7", 0), ("2026W8", 0), ("2026W9", 7)];
        let found = aligned(&weeks, &Measure::StockoutDays, PeriodType::Monthly);
        assert_eq!(found, expected(&[("202602", Some(1 + 6)), ("202603", None)]));
    }

    #[test]
    fn longer_periods_are_not_divided() {
        let found = aligned(&[("202601", 5), ("2026Q1", 30)], &Measure::Consumed, PeriodType::Monthly);
        assert_eq!(found, expected(&[("202601", Some(5)), ("2026Q1", Some(30))]));
        let found = aligned(&[("2026WedW1", 5)], &Measure::Consumed, PeriodType::Weekly);
        assert_eq!(found, expected(&[("2026WedW1", Some(5))]));
        let found = aligned(&[("202602B", 5)], &Measure::Consumed, PeriodType::Quarterly);
        assert_eq!(found, expected(&[("202602B", Some(5))]));
    }
}
