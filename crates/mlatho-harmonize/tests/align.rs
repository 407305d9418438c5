//! Series on other schedules: by hand, and as properties of every pair of schedules and every rule.

#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use jiff::ToSpan;
use jiff::civil::{Date, date};
use mlatho_harmonize::align::{
    Aligned, Alignment, Counts, Flows, FromDay, Gaps, Named, OVERLAPPING, Report, Rules, Schedule, TOO_MANY_DAYS, align,
};
use mlatho_model::{Calendar, Days, Decimal, Measure, MissingReason, Pagumen, Period, PeriodType, Rational, Value};
use proptest::prelude::*;

const MONTHS: Schedule = Schedule::Plain(PeriodType::Monthly);
const WEEKS: Schedule = Schedule::Plain(PeriodType::Weekly);
const QUARTERS: Schedule = Schedule::Plain(PeriodType::Quarterly);

fn mid_month() -> Schedule {
    Schedule::FromDay(FromDay::new(PeriodType::Monthly, 16, Named::ByEnd).unwrap())
}

fn ethiopian(kind: PeriodType, pagumen: Pagumen) -> Schedule {
    Schedule::Local { calendar: Calendar::Ethiopian, kind, pagumen }
}

/// Reports under the names that the source gives its periods.
fn reports(schedule: Schedule, numbers: &[(&str, i64)]) -> Vec<Report> {
    let named = |text: &str| schedule.days_named(text.parse::<Period>().unwrap()).unwrap();
    numbers.iter().map(|(text, number)| Report { days: named(text), value: reported(*number), made: None }).collect()
}

fn reported(number: i64) -> Value {
    Value::Reported(number.into())
}

fn missing() -> Value {
    Value::Missing(MissingReason::NoReport)
}

fn partial(flows: Flows) -> Rules {
    Rules { flows, gaps: Gaps::Partial, ..Rules::default() }
}

fn values(alignment: &Alignment) -> Vec<Value> {
    alignment.periods.iter().map(|period| period.value.clone()).collect()
}

fn part(numerator: i128, denominator: i128) -> Rational {
    Rational::new(numerator, denominator).unwrap()
}

fn one_day(text: &str) -> Option<Days> {
    let day = text.parse().unwrap();
    Days::new(day, day)
}

#[test]
fn from_the_16th_to_the_15th_in_months() {
    // 16 December to 15 January: 16 and 15 days. 16 January to 15 February the same.
    let given = reports(mid_month(), &[("202601", 310), ("202602", 620)]);
    let to_months = |measure, rules| align(&given, mid_month(), measure, MONTHS, rules);
    let consumed = to_months(&Measure::Consumed, partial(Flows::ByDays));
    assert_eq!(values(&consumed), [reported(160), reported(150 + 320), reported(300)]);
    let coverage: Vec<Rational> = consumed.periods.iter().map(|period| period.coverage).collect();
    assert_eq!(coverage, [part(16, 31), part(1, 1), part(15, 28)]);
    assert_eq!(consumed.periods[0].stands_for.unwrap().to_string(), "2025-12-16/2025-12-31");
    // Where gaps count as missing, only January is known.
    let whole = to_months(&Measure::Consumed, Rules { flows: Flows::ByDays, ..Rules::default() });
    assert_eq!(values(&whole), [missing(), reported(470), missing()]);
    let by_end = to_months(&Measure::Consumed, Rules::default());
    assert_eq!(values(&by_end), [missing(), reported(310), reported(620)]);
    assert_eq!(by_end.periods[1].stands_for.unwrap().to_string(), "2025-12-16/2026-01-15");
}

#[test]
fn balances_say_how_far_from_the_border_they_were_counted() {
    let given = reports(mid_month(), &[("202601", 5), ("202602", 7)]);
    let january = |measure| align(&given, mid_month(), measure, MONTHS, Rules::default()).periods[1].clone();
    let closing = january(&Measure::ClosingBalance);
    assert_eq!((closing.value, closing.coverage), (reported(5), part(15, 31)));
    assert_eq!(closing.stands_for, one_day("2026-01-15"));
    let opening = january(&Measure::OpeningBalance);
    assert_eq!((opening.value, opening.coverage), (reported(7), part(16, 31)));
    assert_eq!(opening.stands_for, one_day("2026-01-16"));
}

#[test]
fn a_quarter_in_months_by_each_rule() {
    let given = reports(QUARTERS, &[("2026Q1", 100)]);
    let months =
        |measure: &Measure, rule: &str| align(&given, QUARTERS, measure, MONTHS, partial(rule.parse().unwrap()));
    let flows = |rule| values(&months(&Measure::Consumed, rule));
    assert_eq!(flows("equally"), [33, 33, 34].map(reported));
    // 34.44, 31.11 and 34.44: the whole that is left goes to the first of the largest remainders.
    assert_eq!(flows("by-days"), [35, 31, 34].map(reported));
    assert_eq!(flows("by-profile:1,1,2,1,1,1,1,1,1,1,1,1"), [25, 25, 50].map(reported));
    let undivided = months(&Measure::Consumed, "by-end");
    assert_eq!(values(&undivided), [missing(), missing(), missing()]);
    assert_eq!(undivided.undivided, given);
    assert!(undivided.periods.iter().all(|month| month.coverage == Rational::ZERO));
    assert_eq!(values(&months(&Measure::ClosingBalance, "equally")), [missing(), missing(), reported(100)]);
    assert_eq!(values(&months(&Measure::OpeningBalance, "equally")), [reported(100), missing(), missing()]);
    assert_eq!(values(&months(&Measure::AmcReported, "equally")), [missing(), missing(), reported(100)]);
    assert_eq!(values(&months(&Measure::MosReported, "equally")), [(); 3].map(|()| Value::NotApplicable));
}

#[test]
fn days_of_stock_out_are_not_divided_among_whole_periods() {
    let given = reports(QUARTERS, &[("2026Q1", 45)]);
    let months = align(&given, QUARTERS, &Measure::StockoutDays, MONTHS, partial(Flows::ByDays));
    assert_eq!(values(&months), [missing(), missing(), missing()]);
    assert_eq!(months.undivided, given);
}

#[test]
fn impossible_days_of_stock_out_are_withheld() {
    let given = reports(MONTHS, &[("202601", 31), ("202602", 29)]);
    let months = align(&given, MONTHS, &Measure::StockoutDays, MONTHS, Rules::default());
    assert_eq!(values(&months), [reported(31), Value::Suppressed(TOO_MANY_DAYS.into())]);
}

#[test]
fn weeks_in_months() {
    // 2026W5 ends on 1 February, W9 on 1 March.
    let given = reports(WEEKS, &[("2026W5", 14), ("2026W6", 7), ("2026W7", 7), ("2026W8", 7), ("2026W9", 21)]);
    let february = |measure, flows| {
        let rules = Rules { flows, ..Rules::default() };
        let months = align(&given, WEEKS, measure, MONTHS, rules);
        assert_eq!(months.periods.len(), 3);
        months.periods[1].value.clone()
    };
    assert_eq!(february(&Measure::Consumed, Flows::ByEnd), reported(14 + 7 + 7 + 7));
    assert_eq!(february(&Measure::Consumed, Flows::ByDays), reported(2 + 7 + 7 + 7 + 18));
    assert_eq!(february(&Measure::ClosingBalance, Flows::ByEnd), reported(7));
    assert_eq!(february(&Measure::OpeningBalance, Flows::ByEnd), reported(7));
}

#[test]
fn late_early_and_missing_reports_are_counted() {
    let mut given = reports(MONTHS, &[("202601", 10), ("202603", 30)]);
    given[0].made = Some(date(2026, 2, 11));
    given[1].made = Some(date(2026, 3, 26));
    let quarter = |measure, gaps| {
        let rules = Rules { gaps, ..Rules::default() };
        align(&given, MONTHS, measure, QUARTERS, rules).periods.pop().unwrap()
    };
    let found = quarter(&Measure::Consumed, Gaps::Partial);
    let counts = Counts { expected: 3, known: 2, early: 1, late: 1 };
    assert_eq!((found.value, found.reports), (reported(40), counts));
    assert_eq!(found.coverage, part(31 + 26, 90));
    let whole = quarter(&Measure::Consumed, Gaps::Missing);
    assert_eq!((whole.value, whole.coverage), (missing(), part(57, 90)));
    // The balance was counted when the report was made, five days before the end.
    let closing = quarter(&Measure::ClosingBalance, Gaps::Missing);
    assert_eq!((closing.value, closing.coverage), (reported(30), part(85, 90)));
    assert_eq!(closing.stands_for, one_day("2026-03-26"));
}

#[test]
fn no_balance_stands_in_for_one_that_is_missing() {
    let given = reports(MONTHS, &[("202601", 10), ("202602", 20), ("202606", 60)]);
    let quarters = align(&given, MONTHS, &Measure::ClosingBalance, QUARTERS, partial(Flows::ByEnd));
    assert_eq!(values(&quarters), [missing(), reported(60)]);
    assert_eq!((quarters.periods[0].coverage, quarters.periods[0].stands_for), (Rational::ZERO, None));
}

#[test]
fn reports_about_the_same_days_are_withheld() {
    // A site that changed from calendar months to the 16th reports the second half of January twice.
    let mut given = reports(MONTHS, &[("202512", 5), ("202601", 10)]);
    given.extend(reports(mid_month(), &[("202602", 20), ("202603", 30)]));
    let found = align(&given, MONTHS, &Measure::Consumed, MONTHS, partial(Flows::ByDays));
    let withheld = Value::Suppressed(OVERLAPPING.into());
    // 16 February to 15 March: 13 and 15 days of 28, 13.93 and 16.07.
    assert_eq!(values(&found), [reported(5), withheld, reported(14), reported(16)]);
    assert_eq!(found.periods[2].coverage, part(13, 28));
    assert_eq!(found.periods[3].coverage, part(15, 31));
}

#[test]
fn what_is_not_managed_is_not_expected() {
    let mut given = reports(MONTHS, &[("202601", 1), ("202602", 2), ("202603", 3)]);
    given[0].value = Value::NotApplicable;
    let found = align(&given, MONTHS, &Measure::Consumed, QUARTERS, Rules::default()).periods.pop().unwrap();
    assert_eq!((found.value, found.coverage), (reported(5), part(1, 1)));
    assert_eq!(found.reports, Counts { expected: 2, known: 2, ..Counts::default() });
}

#[test]
fn pagumen_is_folded_into_nehase() {
    // Nehase 2015, the six days of Pagumen, and Meskerem 2016.
    let days = |first: [i16; 3], last: [i16; 3]| {
        let date = |[year, month, day]: [i16; 3]| date(year, i8::try_from(month).unwrap(), i8::try_from(day).unwrap());
        Days::new(date(first), date(last)).unwrap()
    };
    let report = |days, number| Report { days, value: reported(number), made: None };
    let given = [
        report(days([2023, 8, 7], [2023, 9, 5]), 30),
        report(days([2023, 9, 6], [2023, 9, 11]), 6),
        report(days([2023, 9, 12], [2023, 10, 11]), 25),
    ];
    let months = |measure, fold| {
        let source = ethiopian(PeriodType::Monthly, Pagumen::Alone);
        let target = ethiopian(PeriodType::Monthly, fold);
        values(&align(&given, source, measure, target, Rules::default()))
    };
    let nehase = Pagumen::WithNehase;
    assert_eq!(months(&Measure::Received, nehase), [36, 25].map(reported));
    assert_eq!(months(&Measure::StockoutDays, nehase), [36, 25].map(reported));
    assert_eq!(months(&Measure::ClosingBalance, nehase), [6, 25].map(reported));
    assert_eq!(months(&Measure::OpeningBalance, nehase), [30, 25].map(reported));
    let meskerem = Pagumen::WithMeskerem;
    assert_eq!(months(&Measure::Received, meskerem), [30, 31].map(reported));
    assert_eq!(months(&Measure::ClosingBalance, meskerem), [30, 25].map(reported));
    assert_eq!(months(&Measure::OpeningBalance, meskerem), [30, 6].map(reported));
}

#[test]
fn months_of_nepal_in_months_of_iso() {
    // Shrawan 2082: 17 July to 16 August 2025, 15 and 16 days.
    let nepal = Schedule::Local { calendar: Calendar::Nepali, kind: PeriodType::Monthly, pagumen: Pagumen::default() };
    let days = nepal.period_of(date(2025, 8, 1)).unwrap();
    let given = [Report { days, value: reported(310), made: None }];
    let found = align(&given, nepal, &Measure::Consumed, MONTHS, partial(Flows::ByDays));
    assert_eq!(values(&found), [reported(150), reported(160)]);
    assert_eq!(found.periods.iter().map(|month| month.coverage).collect::<Vec<_>>(), [part(15, 31), part(16, 31)]);
}

#[test]
fn outside_the_table_reports_come_back() {
    let nepal = Schedule::Local { calendar: Calendar::Nepali, kind: PeriodType::Monthly, pagumen: Pagumen::default() };
    let given = reports(MONTHS, &[("203512", 5)]);
    let found = align(&given, MONTHS, &Measure::Consumed, nepal, partial(Flows::ByDays));
    assert_eq!((found.periods, found.undivided), (vec![], given));
    assert_eq!(align(&[], MONTHS, &Measure::Consumed, QUARTERS, Rules::default()), Alignment::default());
}

fn any_schedule() -> impl Strategy<Value = Schedule> {
    let kinds = || prop::sample::select(PeriodType::ALL.to_vec());
    let folds = prop::sample::select(vec![Pagumen::WithNehase, Pagumen::WithMeskerem, Pagumen::Alone]);
    let from_day = (prop::sample::select(PeriodType::ALL[8..].to_vec()), 1i8..=28);
    prop_oneof![
        kinds().prop_map(Schedule::Plain),
        from_day.prop_map(|(kind, day)| Schedule::FromDay(FromDay::new(kind, day, Named::ByStart).unwrap())),
        (kinds(), folds).prop_map(|(kind, fold)| ethiopian(kind, fold)),
        kinds().prop_map(|kind| Schedule::Local { calendar: Calendar::Nepali, kind, pagumen: Pagumen::default() }),
    ]
}

fn any_rule() -> impl Strategy<Value = Flows> {
    let profile = prop::array::uniform12(1u16..500).prop_map(|weights| {
        format!("by-profile:{}", weights.map(|weight| weight.to_string()).join(",")).parse().unwrap()
    });
    prop_oneof![Just(Flows::ByEnd), Just(Flows::ByDays), Just(Flows::Equally), profile]
}

/// Reports one after the other, of which some may be blank.
fn series(schedule: Schedule, day: Date, numbers: &[Option<i64>]) -> Vec<Report> {
    let mut next = schedule.period_of(day);
    let mut found = Vec::new();
    for number in numbers {
        let days = next.unwrap();
        let value = number.map_or(Value::Missing(MissingReason::Blank), reported);
        found.push(Report { days, value, made: None });
        next = schedule.period_of(days.last().tomorrow().unwrap());
    }
    found
}

fn sum<'a>(values: impl Iterator<Item = &'a Value>) -> Decimal {
    values.filter_map(Value::reported).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn flows_are_conserved_between_all_schedules(
        from in any_schedule(), to in any_schedule(), rule in any_rule(), day in 0i64..6000,
        numbers in prop::collection::vec(prop::option::weighted(0.8, -10_000i64..1_000_000), 1..5),
    ) {
        let given = series(from, date(2005, 1, 1).checked_add(day.days()).unwrap(), &numbers);
        let found = align(&given, from, &Measure::Consumed, to, partial(rule));
        let placed = sum(found.periods.iter().map(|period| &period.value));
        let left = sum(found.undivided.iter().map(|report| &report.value));
        prop_assert_eq!(placed + left, sum(given.iter().map(|report| &report.value)));
        prop_assert!(rule == Flows::ByEnd || found.undivided.is_empty());
        for period in &found.periods {
            prop_assert!(period.coverage >= Rational::ZERO && period.coverage <= Rational::from(1));
            prop_assert_eq!(period.stands_for.is_some(), matches!(period.value, Value::Reported(_)));
        }
    }

    #[test]
    fn a_whole_is_known_only_where_all_of_it_is(
        from in any_schedule(), to in any_schedule(), rule in any_rule(), day in 0i64..6000,
        numbers in prop::collection::vec(prop::option::weighted(0.8, 0i64..1000), 1..8),
    ) {
        let given = series(from, date(2005, 1, 1).checked_add(day.days()).unwrap(), &numbers);
        let rules = Rules { flows: rule, ..Rules::default() };
        for period in align(&given, from, &Measure::Consumed, to, rules).periods {
            prop_assert_eq!(period.coverage == Rational::from(1), matches!(period.value, Value::Reported(_)));
        }
    }

    #[test]
    fn no_period_is_out_of_stock_for_longer_than_it_lasts(
        from in any_schedule(), to in any_schedule(), rule in any_rule(), day in 0i64..6000,
        shares in prop::collection::vec(0u32..=100, 1..5),
    ) {
        let numbers = vec![Some(0); shares.len()];
        let mut given = series(from, date(2005, 1, 1).checked_add(day.days()).unwrap(), &numbers);
        for (report, share) in given.iter_mut().zip(shares) {
            report.value = Value::Reported((report.days.count() * share / 100).into());
        }
        let found = align(&given, from, &Measure::StockoutDays, to, partial(rule));
        for period in &found.periods {
            prop_assert!(period.value.reported().unwrap_or_default() <= period.days.count().into());
        }
        let placed = sum(found.periods.iter().map(|period| &period.value));
        let left = sum(found.undivided.iter().map(|report| &report.value));
        prop_assert_eq!(placed + left, sum(given.iter().map(|report| &report.value)));
    }

    #[test]
    fn a_series_on_its_own_schedule_stays_as_it_is(
        schedule in any_schedule(), rule in any_rule(), day in 0i64..6000,
        measure in prop::sample::select(Measure::LOGISTICS.to_vec()),
        numbers in prop::collection::vec(prop::option::weighted(0.8, 0i64..2), 1..5),
    ) {
        let given = series(schedule, date(2005, 1, 1).checked_add(day.days()).unwrap(), &numbers);
        let found = align(&given, schedule, &measure, schedule, Rules { flows: rule, ..Rules::default() });
        let kept = |period: &Aligned| Report { days: period.days, value: period.value.clone(), made: None };
        prop_assert_eq!(found.periods.iter().map(kept).collect::<Vec<_>>(), given);
    }

    #[test]
    fn reports_may_come_in_any_order(
        from in any_schedule(), to in any_schedule(), rule in any_rule(), day in 0i64..6000,
        numbers in prop::collection::vec(0i64..1000, 2..5),
    ) {
        let numbers: Vec<Option<i64>> = numbers.into_iter().map(Some).collect();
        let mut given = series(from, date(2005, 1, 1).checked_add(day.days()).unwrap(), &numbers);
        let forward = align(&given, from, &Measure::Consumed, to, partial(rule));
        given.reverse();
        prop_assert_eq!(align(&given, from, &Measure::Consumed, to, partial(rule)), forward);
    }
}
