//! Calendars and their periods through the public face.

#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use jiff::ToSpan;
use jiff::civil::{Date, date};
use mlatho_model::{Calendar, CalendarDate, CalendarPeriod, Days, Pagumen, Period, PeriodType};
use proptest::prelude::*;

const FOLDS: [Pagumen; 3] = [Pagumen::WithNehase, Pagumen::WithMeskerem, Pagumen::Alone];

fn read(calendar: Calendar, text: &str) -> (PeriodType, String) {
    let period = CalendarPeriod::parse(calendar, text).unwrap();
    assert_eq!(period.to_string(), text);
    (period.period_type(), format!("{}/{}", period.start(), period.end()))
}

/// Days as almanacs of both countries have them.
#[test]
fn days_by_hand() {
    let table = [
        (Calendar::Ethiopian, (2000, 1, 1), date(2007, 9, 12)), // the Ethiopian millennium
        (Calendar::Ethiopian, (2018, 4, 29), date(2026, 1, 7)), // Genna, Christmas
        (Calendar::Ethiopian, (2015, 13, 6), date(2023, 9, 11)),
        (Calendar::Ethiopian, (2016, 1, 1), date(2023, 9, 12)),
        (Calendar::Ethiopian, (2018, 13, 5), date(2026, 9, 10)),
        (Calendar::Ethiopian, (2019, 1, 1), date(2026, 9, 11)),
        (Calendar::Nepali, (2000, 1, 1), date(1943, 4, 14)),
        (Calendar::Nepali, (2080, 1, 1), date(2023, 4, 14)),
        (Calendar::Nepali, (2080, 4, 1), date(2023, 7, 17)), // the fiscal year 2080/81 begins
        (Calendar::Nepali, (2081, 1, 1), date(2024, 4, 13)),
        (Calendar::Nepali, (2082, 4, 1), date(2025, 7, 17)),
        (Calendar::Nepali, (2083, 1, 1), date(2026, 4, 14)),
        (Calendar::Iso8601, (2024, 2, 29), date(2024, 2, 29)),
    ];
    for (calendar, (year, month, day), expected) in table {
        let named = CalendarDate { year, month, day };
        assert_eq!(calendar.day(named), Some(expected), "{calendar} {named:?}");
        assert_eq!(calendar.date_of(expected), Some(named), "{calendar} {expected}");
    }
}

#[test]
fn there_is_no_such_day() {
    let none = |calendar: Calendar, year, month, day| {
        assert_eq!(calendar.day(CalendarDate { year, month, day }), None, "{calendar} {year} {month} {day}");
    };
    none(Calendar::Ethiopian, 2018, 13, 6);
    none(Calendar::Ethiopian, 2018, 1, 31);
    none(Calendar::Ethiopian, 2018, 14, 1);
    none(Calendar::Ethiopian, 2018, 0, 1);
    none(Calendar::Nepali, 2082, 1, 32);
    none(Calendar::Nepali, 1999, 1, 1);
    none(Calendar::Nepali, 2087, 1, 1);
    none(Calendar::Iso8601, 2026, 2, 29);
    assert_eq!(Calendar::Nepali.date_of(date(1943, 4, 13)), None);
    assert_eq!(Calendar::Nepali.date_of(date(2030, 4, 14)), None);
}

#[test]
fn ethiopian_periods() {
    use PeriodType::{FinancialJuly, Monthly, Quarterly, WeeklySunday, Yearly};
    let read = |text| read(Calendar::Ethiopian, text);
    assert_eq!(read("201801"), (Monthly, "2025-09-11/2025-10-10".into()));
    assert_eq!(read("201812"), (Monthly, "2026-08-07/2026-09-05".into()));
    assert_eq!(read("2018Q1"), (Quarterly, "2025-09-11/2025-12-09".into()));
    assert_eq!(read("2018Q4"), (Quarterly, "2026-06-08/2026-09-10".into()));
    assert_eq!(read("2018"), (Yearly, "2025-09-11/2026-09-10".into()));
    assert_eq!(read("2017July"), (FinancialJuly, "2025-03-10/2026-03-09".into()));
    // 1 Meskerem 2026 is Sunday, 11 September 2033.
    assert_eq!(read("2026SunW5"), (WeeklySunday, "2033-10-09/2033-10-15".into()));
    assert_eq!(read("20180115"), (PeriodType::Daily, "2025-09-25/2025-09-25".into()));
}

#[test]
fn nepali_periods() {
    let read = |text| read(Calendar::Nepali, text).1;
    assert_eq!(read("208204"), "2025-07-17/2025-08-16");
    assert_eq!(read("208212"), "2026-03-15/2026-04-13");
    assert_eq!(read("2082Q1"), "2025-04-14/2025-07-16");
    assert_eq!(read("2082"), "2025-04-14/2026-04-13");
    assert_eq!(read("2086"), "2029-04-14/2030-04-13");
    // 1 Baisakh 2082 is a Monday.
    assert_eq!(read("2082W1"), "2025-04-14/2025-04-20");
}

#[test]
fn refusals_say_what_is_wrong() {
    let refusal = |calendar, text| CalendarPeriod::parse(calendar, text).unwrap_err().problem.to_string();
    assert!(refusal(Calendar::Ethiopian, "201813").contains("month 12"), "Pagumen");
    assert!(refusal(Calendar::Ethiopian, "20181303").contains("month 12"), "a day of Pagumen");
    assert!(refusal(Calendar::Ethiopian, "20181306").contains("no such day"));
    assert!(refusal(Calendar::Ethiopian, "201814").contains("from 201801 to 201812"));
    assert!(refusal(Calendar::Ethiopian, "2018Q5").contains("from 2018Q1 to 2018Q4"));
    assert!(refusal(Calendar::Nepali, "208701").contains("from 2000 to 2086"));
    assert!(refusal(Calendar::Nepali, "198001").contains("from 2000 to 2086"));
    assert!(refusal(Calendar::Nepali, "March").contains("write it like"));
}

#[test]
fn pagumen_goes_where_the_rule_says() {
    let covered = |text, fold| CalendarPeriod::parse(Calendar::Ethiopian, text).unwrap().covered(fold).to_string();
    assert_eq!(covered("201512", Pagumen::WithNehase), "2023-08-07/2023-09-11");
    assert_eq!(covered("201601", Pagumen::WithNehase), "2023-09-12/2023-10-11");
    assert_eq!(covered("201512", Pagumen::WithMeskerem), "2023-08-07/2023-09-05");
    assert_eq!(covered("201601", Pagumen::WithMeskerem), "2023-09-06/2023-10-11");
    assert_eq!(covered("201512", Pagumen::Alone), "2023-08-07/2023-09-05");
    assert_eq!(covered("2015", Pagumen::WithMeskerem), "2022-09-06/2023-09-05");
    assert_eq!(covered("2015Q4", Pagumen::WithNehase), "2023-06-08/2023-09-11");
    let day = date(2023, 9, 8);
    let stretch = |fold| Calendar::Ethiopian.stretch(PeriodType::Monthly, day, fold).unwrap().to_string();
    assert_eq!(FOLDS.map(stretch), ["2023-08-07/2023-09-11", "2023-09-06/2023-10-11", "2023-09-06/2023-09-11"]);
    assert_eq!(CalendarPeriod::containing(Calendar::Ethiopian, PeriodType::Monthly, day), None);
}

/// Steps through every stretch of every type: no gap, no overlap.
#[test]
fn stretches_tile_time() {
    for calendar in Calendar::ALL {
        for kind in PeriodType::ALL {
            let folds = if calendar == Calendar::Ethiopian { &FOLDS[..] } else { &FOLDS[..1] };
            for fold in folds.iter().copied() {
                let mut stretch = calendar.stretch(kind, date(2014, 1, 1), fold).unwrap();
                while stretch.last() < date(2029, 1, 1) {
                    let next = calendar.stretch(kind, stretch.last().tomorrow().unwrap(), fold).unwrap();
                    assert_eq!(stretch.last().tomorrow().unwrap(), next.first(), "{calendar} {kind} {fold:?} {next}");
                    assert_eq!(calendar.stretch(kind, next.last(), fold), Some(next));
                    stretch = next;
                }
            }
        }
    }
}

fn any_day() -> impl Strategy<Value = Date> {
    (0i64..14_000).prop_map(|days| date(1990, 1, 1).checked_add(days.days()).unwrap())
}

proptest! {
    #[test]
    fn any_text_is_a_period_or_refused(text in "[0-9]{0,4}[-A-Za-z0-9é ]{0,6}") {
        for calendar in Calendar::ALL {
            if let Ok(period) = CalendarPeriod::parse(calendar, &text) {
                prop_assert_eq!(CalendarPeriod::parse(calendar, &period.to_string()), Ok(period));
            }
        }
    }

    #[test]
    fn a_day_reads_back(day in any_day()) {
        for calendar in Calendar::ALL {
            prop_assert_eq!(calendar.date_of(day).and_then(|named| calendar.day(named)), Some(day));
        }
    }

    #[test]
    fn the_period_of_a_day_contains_it_and_reads_back(day in any_day()) {
        for calendar in Calendar::ALL {
            for kind in PeriodType::ALL {
                let Some(period) = CalendarPeriod::containing(calendar, kind, day) else {
                    prop_assert_eq!(calendar.date_of(day).map(|date| date.month), Some(13));
                    continue;
                };
                prop_assert!(period.start() <= day && day <= period.end());
                prop_assert_eq!(CalendarPeriod::parse(calendar, &period.to_string()), Ok(period));
            }
        }
    }

    #[test]
    fn the_iso_calendar_is_that_of_plain_periods(day in any_day()) {
        for kind in PeriodType::ALL {
            let (plain, local) = (Period::containing(kind, day), CalendarPeriod::containing(Calendar::Iso8601, kind, day));
            prop_assert_eq!(plain.map(|period| period.to_string()), local.map(|period| period.to_string()));
            prop_assert_eq!(plain.map(Days::from), local.map(|period| period.covered(Pagumen::default())));
        }
    }
}
