//! Periods through their public face: by hand from DHIS2's table, and as properties over 1990 to 2060.

#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use jiff::ToSpan;
use jiff::civil::{Date, date};
use mlatho_model::{Period, PeriodType};
use proptest::prelude::*;

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

#[test]
fn table_of_dhis2() {
    let table = [
        ("20260315", "Daily", "2026-03-15", "2026-03-15"),
        ("2026W5", "Weekly", "2026-01-26", "2026-02-01"),
        ("2026WedW5", "WeeklyWednesday", "2026-01-28", "2026-02-03"),
        ("2026ThuW5", "WeeklyThursday", "2026-01-29", "2026-02-04"),
        ("2026FriW5", "WeeklyFriday", "2026-01-30", "2026-02-05"),
        ("2026SatW5", "WeeklySaturday", "2026-01-31", "2026-02-06"),
        ("2026SunW5", "WeeklySunday", "2026-02-01", "2026-02-07"),
        ("2026BiW1", "BiWeekly", "2025-12-29", "2026-01-11"),
        ("202603", "Monthly", "2026-03-01", "2026-03-31"),
        ("202602B", "BiMonthly", "2026-03-01", "2026-04-30"),
        ("2026Q2", "Quarterly", "2026-04-01", "2026-06-30"),
        ("2026NovQ1", "QuarterlyNov", "2025-11-01", "2026-01-31"),
        ("2026S1", "SixMonthly", "2026-01-01", "2026-06-30"),
        ("2026AprilS2", "SixMonthlyApril", "2026-10-01", "2027-03-31"),
        ("2026NovS1", "SixMonthlyNov", "2025-11-01", "2026-04-30"),
        ("2026", "Yearly", "2026-01-01", "2026-12-31"),
        ("2026Feb", "FinancialFeb", "2026-02-01", "2027-01-31"),
        ("2026April", "FinancialApril", "2026-04-01", "2027-03-31"),
        ("2026July", "FinancialJuly", "2026-07-01", "2027-06-30"),
        ("2026Aug", "FinancialAug", "2026-08-01", "2027-07-31"),
        ("2026Sep", "FinancialSep", "2026-09-01", "2027-08-31"),
        ("2026Oct", "FinancialOct", "2026-10-01", "2027-09-30"),
        ("2026Nov", "FinancialNov", "2025-11-01", "2026-10-31"),
    ];
    assert_eq!(table.len(), PeriodType::ALL.len());
    for (text, kind, start, end) in table {
        let period = period(text);
        assert_eq!(period.period_type().name(), kind, "{text}");
        assert_eq!((period.start().to_string(), period.end().to_string()), (start.into(), end.into()), "{text}");
        assert_eq!(period.to_string(), text);
    }
}

#[test]
fn other_spellings_become_canonical() {
    for (given, canonical) in [("2026-03-15", "20260315"), ("2026-03", "202603"), ("2026W05", "2026W5")] {
        assert_eq!(period(given).to_string(), canonical);
    }
}

#[test]
fn impossible_periods_are_refused() {
    let bad = [
        "",
        "2026Q5",
        "2026Q0",
        "202613",
        "202600",
        "20260230",
        "2026W54",
        "2025W53",
        "2026W0",
        "202607B",
        "2026S3",
        "2026NovQ5",
        "2026BiW28",
        "2026July1",
        "2026TueW1",
        "2026Q01",
        "2026W005",
        "2026-3",
        "+026",
        "２０２６",
        "2026é",
        "2026-03-1",
        "202603 ",
        "abcd",
        "0999",
        "9999",
    ];
    for text in bad {
        assert!(text.parse::<Period>().is_err(), "{text}");
    }
}

#[test]
fn week_years_with_53_weeks() {
    // 1 January 2026 is a Thursday, so 2026 has 53 Monday weeks; 2020 began on a Wednesday and was a leap year.
    assert_eq!(period("2026W53").end(), date(2027, 1, 3));
    assert_eq!(period("2020W53").start(), date(2020, 12, 28));
    assert_eq!(period("2020W53").next(), Some(period("2021W1")));
    assert_eq!(period("2021W1").start(), date(2021, 1, 4));
    // The odd last week of a 53-week year is a fortnight of its own.
    assert_eq!(period("2020BiW27").days(), 7);
    assert_eq!(period("2020BiW27").next(), Some(period("2021BiW1")));
}

#[test]
fn lengths_follow_the_calendar() {
    assert_eq!(period("202402").days(), 29);
    assert_eq!(period("202302").days(), 28);
    assert_eq!(period("2024").days(), 366);
    assert_eq!(period("2026Q1").days(), 90);
}

#[test]
fn containment_and_overlap() {
    assert!(period("2026Q1").contains(period("202603")));
    assert!(!period("2026Q1").contains(period("2026W1")));
    assert!(period("2026Q1").overlaps(period("2026W1")));
    assert!(!period("202601").overlaps(period("202602")));
}

#[test]
fn refusals_say_what_is_wrong() {
    let refusal = |text: &str| text.parse::<Period>().unwrap_err().to_string();
    let table = [
        ("2012Q5", "Quarterly periods of that year run from 2012Q1 to 2012Q4"),
        ("202613", "Monthly periods of that year run from 202601 to 202612"),
        ("2025W53", "Weekly periods of that year run from 2025W1 to 2025W52"),
        ("2026BiW28", "BiWeekly periods of that year run from 2026BiW1 to 2026BiW27"),
        ("2026NovS3", "SixMonthlyNov periods of that year run from 2026NovS1 to 2026NovS2"),
        ("20260230", "there is no such day; write it like 20260315"),
        ("March 2026", "write it like 202603, 2026Q1, 2026W5, 2026 or 20260315"),
        ("0026", "years run from 1000 to 9998, as in 2026"),
    ];
    for (text, problem) in table {
        assert_eq!(refusal(text), format!("`{text}` is not a DHIS2 period: {problem}"));
    }
}

#[test]
fn weeks_belong_to_the_year_of_their_fourth_day() {
    assert_eq!(period("2026W1").start(), date(2025, 12, 29));
    // 1 January 2027 is a Friday, so week 1 starts in December or January by the weekday.
    let of = |kind, day| Period::containing(kind, day).unwrap().to_string();
    let new_year = date(2027, 1, 1);
    assert_eq!(of(PeriodType::Weekly, new_year), "2026W53"); // 28 December to 3 January: the fourth is 31 December
    assert_eq!(of(PeriodType::WeeklyWednesday, new_year), "2027WedW1"); // 30 December: the fourth is 2 January
    assert_eq!(of(PeriodType::WeeklyThursday, new_year), "2027ThuW1"); // 31 December: the fourth is 3 January
    assert_eq!(of(PeriodType::WeeklyFriday, new_year), "2027FriW1"); // 1 January itself
    assert_eq!(of(PeriodType::WeeklySaturday, new_year), "2026SatW52"); // 26 December: the fourth is 29 December
    assert_eq!(of(PeriodType::WeeklySunday, new_year), "2026SunW52"); // 27 December: the fourth is 30 December
}

#[test]
fn text_reads_back_at_both_ends_of_time() {
    for kind in PeriodType::ALL {
        for year in [1000, 9998] {
            for (month, day) in [(1, 1), (6, 30), (12, 31)] {
                if let Some(period) = Period::containing(kind, date(year, month, day)) {
                    assert_eq!(period.to_string().parse(), Ok(period));
                }
            }
        }
        assert_eq!(Period::containing(kind, Date::MAX), None, "{kind}");
    }
}

fn any_day() -> impl Strategy<Value = Date> {
    (0i64..25_932).prop_map(|days| date(1990, 1, 1).checked_add(days.days()).unwrap())
}

proptest! {
    #[test]
    fn any_text_is_a_period_or_refused(text in "[0-9]{0,4}[-A-Za-z0-9é ]{0,6}") {
        if let Ok(period) = text.parse::<Period>() {
            prop_assert_eq!(period.to_string().parse(), Ok(period));
        }
    }

    #[test]
    fn text_reads_back_exactly(day in any_day()) {
        for kind in PeriodType::ALL {
            let period = Period::containing(kind, day).unwrap();
            prop_assert_eq!(period.to_string().parse(), Ok(period));
        }
    }

    #[test]
    fn the_period_of_a_day_contains_it(day in any_day()) {
        for kind in PeriodType::ALL {
            let period = Period::containing(kind, day).unwrap();
            prop_assert!(period.contains_date(day));
            prop_assert_eq!(Period::containing(kind, period.start()), Some(period));
            prop_assert_eq!(Period::containing(kind, period.end()), Some(period));
        }
    }
}

/// Steps through every period of every type: no gap, no overlap, back and forth the same.
#[test]
fn periods_tile_time() {
    for kind in PeriodType::ALL {
        let mut period = Period::containing(kind, date(1990, 1, 1)).unwrap();
        while period.start() < date(2061, 1, 1) {
            let next = period.next().unwrap();
            assert_eq!(period.end().tomorrow().unwrap(), next.start(), "{period} {next}");
            assert_eq!(next.previous(), Some(period), "{next}");
            assert!(period < next);
            assert_eq!(period.to_string().parse(), Ok(period));
            let days = period.end().since((jiff::Unit::Day, period.start())).unwrap().get_days() + 1;
            assert_eq!(period.days(), u32::try_from(days).unwrap());
            period = next;
        }
    }
}
