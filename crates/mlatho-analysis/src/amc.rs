//! Average monthly consumption, by the default rule and by the rule of Côte d'Ivoire's LMIS.

use mlatho_model::{Decimal, Period};

use crate::{Rational, Rounding};

/// Days that a 30/360 source gives to every month.
const DAYS_IN_THIRTY_DAY_MONTH: u32 = 30;

/// Consumption corrected for days without stock, N.
///
/// Formula: `N = C × D / (D − X)`; `C` consumed in the period, `D` days in the period, `X` stockout days; exact, in the
/// unit of `C` per period. Nothing where `X ≥ D`: a period wholly out of stock says nothing about demand.
///
/// Source: `indicators.md` L1 and D3, default.
#[must_use]
pub fn adjusted_consumption(consumed: Decimal, days: u32, stockout_days: u32) -> Option<Rational> {
    let stocked_days = days.checked_sub(stockout_days).filter(|left| *left > 0)?;
    Rational::from(consumed).checked_mul(Rational::new(days.into(), stocked_days.into())?)
}

/// What is known of one period. Days and months are those of the source's way of counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consumption {
    /// Consumed in the period; nothing where it is missing. A reported zero counts.
    pub consumed: Option<Decimal>,
    /// Nothing where the source does not know: the consumption then counts as it is.
    pub stockout_days: Option<u32>,
    /// Days of the period.
    pub days: u32,
    /// Months of the period: 1 for a month, 3 for a quarter.
    pub months: u32,
}

impl Consumption {
    /// A month with the days of the calendar. `period` is a month; others give their days and count as one month.
    #[must_use]
    pub fn of_month(period: Period, consumed: Option<Decimal>, stockout_days: Option<u32>) -> Self {
        Self { consumed, stockout_days, days: period.days(), months: 1 }
    }

    fn adjusted(&self) -> Option<Rational> {
        adjusted_consumption(self.consumed?, self.days, self.stockout_days.unwrap_or(0))
    }
}

/// An average and how much it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Average {
    /// Units per month, exact.
    pub per_month: Rational,
    /// How many periods were known and used.
    pub periods: usize,
}

/// Average monthly consumption: Σ N ÷ Σ months over the last three months' worth of known periods of the last six
/// months. A reported zero counts; a period that is missing or wholly out of stock is skipped.
///
/// `history` ends with the current period and has one entry for each period, missing ones included. Nothing where no
/// period is known.
///
/// Source: `indicators.md` L2 and D3, default.
#[must_use]
pub fn average_monthly_consumption(history: &[Consumption]) -> Option<Average> {
    let (mut sum, mut months, mut looked_at, mut periods) = (Rational::ZERO, 0u32, 0u32, 0);
    for period in history.iter().rev() {
        looked_at = looked_at.saturating_add(period.months);
        if months >= 3 || looked_at > 6 {
            break;
        }
        let Some(adjusted) = period.adjusted() else { continue };
        sum = sum.checked_add(adjusted)?;
        months = months.saturating_add(period.months);
        periods += 1;
    }
    Some(Average { per_month: sum.checked_div(months.into())?, periods })
}

/// Average monthly consumption as Côte d'Ivoire's LMIS reports it, in whole units.
///
/// Rule, found by recomputing (98.2 % of 35,753 reported values are equal): normalised consumption is
/// `consumed × 30 / (30 − stockout days)`; the average is the mean of the last three values that are available, the
/// current month included, however old they are, and of fewer where there are fewer; rounded once, halves away from
/// zero. The rest are mostly first months, whose history lies before the published rows.
///
/// With 30 or more stockout days a month has no normalised value and counts as not available. (The published rows have
/// no stockout day at all, so that this part rests on the dictionary's text and on `indicators.md` D3.)
///
/// `history` ends with the current month: consumed and stockout days of each reported month; months without a report
/// are left out. Nothing where no value is available.
#[must_use]
pub fn dictionary_average(history: &[(Decimal, u32)]) -> Option<Decimal> {
    let normalised = history.iter().rev().filter_map(|(consumed, stockout_days)| {
        adjusted_consumption(*consumed, DAYS_IN_THIRTY_DAY_MONTH, *stockout_days)
    });
    let (mut sum, mut count) = (Rational::ZERO, 0u32);
    for value in normalised.take(3) {
        sum = sum.checked_add(value)?;
        count += 1;
    }
    sum.checked_div(count.into())?.rounded(0, Rounding::HalfUp)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(number: i128) -> Option<Rational> {
        Rational::new(number, 1)
    }

    #[test]
    fn adjusted_consumption_by_hand() {
        // indicators.md 3.1, column "exact" before its ceiling
        assert_eq!(adjusted_consumption(100.into(), 30, 15), whole(200));
        assert_eq!(adjusted_consumption(10.into(), 30, 1), Rational::new(300, 29));
        assert_eq!(adjusted_consumption(100.into(), 90, 30), whole(150));
        assert_eq!(adjusted_consumption(31.into(), 60, 20), Rational::new(93, 2));
        assert_eq!(adjusted_consumption(7.into(), 30, 9), whole(10));
        assert_eq!(adjusted_consumption(23.into(), 30, 7), whole(30));
        assert_eq!(adjusted_consumption(12.into(), 30, 30), None);
        assert_eq!(adjusted_consumption(12.into(), 30, 40), None);
        assert_eq!(adjusted_consumption(0.into(), 31, 31), None);
    }

    fn month(consumed: Option<i64>, stockout_days: u32) -> Consumption {
        Consumption { consumed: consumed.map(Decimal::from), stockout_days: Some(stockout_days), days: 30, months: 1 }
    }

    #[test]
    fn default_average_by_hand() {
        let average = |history: &[Consumption]| {
            average_monthly_consumption(history).map(|average| (average.per_month, average.periods))
        };
        // (10 + 20 + 2 × 15) ÷ 3; the oldest is out of reach
        let full = [month(Some(900), 0), month(Some(10), 0), month(Some(20), 0), month(Some(15), 15)];
        assert_eq!(average(&full), Some((Rational::new(20, 1).unwrap(), 3)));
        // a missing month is skipped, a zero counts, a month wholly without stock is skipped
        let gaps = [month(Some(10), 0), month(None, 0), month(Some(0), 0), month(Some(0), 30), month(Some(20), 0)];
        assert_eq!(average(&gaps), Some((Rational::new(10, 1).unwrap(), 3)));
        // only six months are looked at
        let old = [
            month(Some(60), 0),
            month(None, 0),
            month(None, 0),
            month(None, 0),
            month(None, 0),
            month(None, 0),
            month(Some(6), 0),
        ];
        assert_eq!(average(&old), Some((Rational::new(6, 1).unwrap(), 1)));
        assert_eq!(average(&[month(None, 0)]), None);
        assert_eq!(average(&[]), None);
    }

    #[test]
    fn a_quarter_is_three_months() {
        let quarter = Consumption { consumed: Some(90.into()), stockout_days: None, days: 90, months: 3 };
        let average = average_monthly_consumption(&[quarter, quarter]).unwrap();
        assert_eq!((average.per_month, average.periods), (Rational::new(30, 1).unwrap(), 1));
    }

    #[test]
    fn dictionary_rule_by_hand() {
        let history = |values: &[i64]| values.iter().map(|value| (Decimal::from(*value), 0)).collect::<Vec<_>>();
        assert_eq!(dictionary_average(&history(&[99, 0, 15, 10])), Some(8.into())); // 25 ÷ 3 = 8.33
        assert_eq!(dictionary_average(&history(&[15, 10])), Some(13.into())); // 12.5, half up
        assert_eq!(dictionary_average(&history(&[])), None);
        // 15 stockout days double the consumption; 30 leave none: (30 + 10) ÷ 2
        assert_eq!(dictionary_average(&[(10.into(), 0), (15.into(), 15), (3.into(), 30)]), Some(20.into()));
        assert_eq!(dictionary_average(&[(3.into(), 30)]), None);
    }

    proptest! {
        #[test]
        fn adjusting_never_lowers(consumed in 0i64..100_000, days in 1u32..92, stockout_days in 0u32..92) {
            let adjusted = adjusted_consumption(consumed.into(), days, stockout_days);
            prop_assert_eq!(adjusted.is_some(), stockout_days < days);
            let shown = adjusted.map(|exact| exact.rounded(6, Rounding::HalfEven).unwrap());
            prop_assert!(shown.is_none_or(|shown| shown >= consumed.into()));
        }
    }
}
