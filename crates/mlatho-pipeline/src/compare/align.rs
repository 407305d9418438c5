//! One series in the periods of a rule, by stated rules (`indicators.md` section 5).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use mlatho_harmonize::align::{self, Report, Rules, Schedule};
use mlatho_model::{Days, Measure, Period, PeriodType, Value};

/// The series in periods of type `to`.
///
/// Numbers of that type stay as they are. Shorter ones are joined, and a period that lacks a part is missing; weeks
/// count where they end. A period that has its own number is not made up of shorter ones as well. What leads to no
/// period of the type (longer ones, or others that do not fit into it) is given back as it is.
pub(super) fn align(series: &[(Period, Value)], measure: &Measure, to: PeriodType) -> Vec<(Period, Value)> {
    let mut aligned: BTreeMap<Period, Value> = BTreeMap::new();
    let mut left_out = Vec::new();
    let mut shorter: BTreeMap<Reverse<PeriodType>, Vec<Report>> = BTreeMap::new();
    for (period, value) in series {
        let kind = period.period_type();
        if kind == to {
            aligned.insert(*period, value.clone());
        } else if leads_to(*period, to) {
            let report = Report { days: (*period).into(), value: value.clone(), made: None };
            shorter.entry(Reverse(kind)).or_default().push(report);
        } else {
            left_out.push((*period, value.clone()));
        }
    }
    for (Reverse(from), reports) in shorter {
        let ending: BTreeSet<Option<Period>> =
            reports.iter().map(|report| Period::containing(to, report.days.last())).collect();
        let whole = align::align(&reports, Schedule::Plain(from), measure, Schedule::Plain(to), Rules::default());
        for found in whole.periods {
            let period = Period::containing(to, found.days.last());
            if let Some(period) = period.filter(|_| ending.contains(&period)) {
                aligned.entry(period).or_insert(found.value);
            }
        }
    }
    aligned.into_iter().chain(left_out).collect()
}

/// Whether a number of this period counts in the period of the other type in which it ends: where that is made of whole
/// periods of its type, and of weeks in any month or longer.
fn leads_to(period: Period, to: PeriodType) -> bool {
    let from = period.period_type();
    if (PeriodType::Weekly..=PeriodType::BiWeekly).contains(&from) && to >= PeriodType::Monthly {
        return true;
    }
    let target = Period::containing(to, period.end()).map(Days::from);
    target.is_some_and(|target| {
        let parts = Schedule::Plain(from).periods_in(target);
        parts.iter().all(|part| target.contains(*part)) && !parts.is_empty()
    })
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
