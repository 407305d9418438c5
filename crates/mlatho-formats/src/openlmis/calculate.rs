//! The figures of a requisition line, computed as OpenLMIS v3 does (`LineItemFieldsCalculator`), without its rounding
//! before the end. Quantities are whole dispensing units.

/// Adjusted consumption N: what would have been consumed without stock-out.
///
/// `N = ⌈C × 30M ÷ (30M − X)⌉ + Z`; C consumed, X stock-out days, M months of the period, Z additional quantity that
/// is required, where positive. 0 for C = 0, also with Z. `None` where X ≥ 30M: a period without any stock tells
/// nothing of demand.
pub(crate) fn adjusted_consumption(consumed: u64, stockout_days: u64, months: u64, additional: i64) -> Option<u64> {
    if consumed == 0 {
        return Some(0);
    }
    let days = months.checked_mul(30)?;
    let stocked = days.checked_sub(stockout_days).filter(|days| *days > 0)?;
    let scaled = (u128::from(consumed) * u128::from(days)).div_ceil(u128::from(stocked));
    u64::try_from(scaled).ok()?.checked_add(u64::try_from(additional).unwrap_or(0))
}

/// The same as OpenLMIS v3 stores it. It differs in two ways: it answers C where X = 30M, and it rounds the quotient
/// `30M ÷ (30M − X)` half up to 1,000 decimals first, so that some exact results come out one higher. `None` where
/// X > 30M, for which OpenLMIS stores a negative number.
pub(crate) fn adjusted_consumption_of_openlmis(
    consumed: u64,
    stockout_days: u64,
    months: u64,
    additional: i64,
) -> Option<u64> {
    let days = months.checked_mul(30)?;
    if stockout_days == days {
        return Some(consumed);
    }
    let exact = adjusted_consumption(consumed, stockout_days, months, additional)?;
    let stocked = u128::from(days.checked_sub(stockout_days)?);
    // What is left of the quotient after 1,000 decimals, in parts of the divisor.
    let left = (0..1000).fold(u128::from(days) % stocked, |left, _| left * 10 % stocked);
    let whole = (u128::from(consumed) * u128::from(days)).is_multiple_of(stocked);
    exact.checked_add(u64::from(consumed > 0 && whole && left * 2 >= stocked && left > 0))
}

/// Average consumption P for each period: `⌈ΣN ÷ count⌉` over the current and the previous periods.
pub(crate) fn average_consumption(current: u64, previous: &[u64]) -> Option<u64> {
    let sum = previous.iter().try_fold(current, |sum, n| sum.checked_add(*n))?;
    Some(sum.div_ceil(previous.len() as u64 + 1))
}

/// Packs of an order: whole packs, one more where the remainder exceeds the threshold, at least one unless rounding to
/// zero is allowed; 0 for an order or a pack of nothing.
pub(crate) fn packs(order: u64, net_content: u64, threshold: u64, round_to_zero: bool) -> u64 {
    if order == 0 || net_content == 0 {
        return 0;
    }
    let packs = order / net_content + u64::from(order % net_content > threshold);
    if packs == 0 && !round_to_zero { 1 } else { packs }
}

/// Adjusted consumption N of eLMIS and OpenLMIS v1 and v2, for each 30 days.
///
/// `N = C × 30 ÷ (reportingDays − X) + Z`, rounded half up; `C + Z` where the reporting days are not known or not more
/// than the stock-out days X. Z is the quantity for new patients.
pub(crate) fn normalized_consumption(consumed: u64, stockout_days: u64, days: Option<u64>, extra: u64) -> Option<u64> {
    let stocked = days.and_then(|days| days.checked_sub(stockout_days)).filter(|days| *days > 0);
    let scaled = match stocked {
        None => consumed,
        Some(days) => {
            let (top, days) = (u128::from(consumed) * 30, u128::from(days));
            u64::try_from((top * 2 + days) / (days * 2)).ok()?
        }
    };
    scaled.checked_add(extra)
}

/// Dispensing units for each new patient, where the form counts them: doses a month by doses in a unit, half up.
pub(crate) fn doses_per_new_patient(a_month: u64, in_a_unit: u64) -> u64 {
    let (top, bottom) = (u128::from(a_month), u128::from(in_a_unit.max(1)));
    u64::try_from((top * 2 + bottom) / (bottom * 2)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjusted_consumption_by_hand() {
        assert_eq!(adjusted_consumption(100, 15, 1, 0), Some(200));
        assert_eq!(adjusted_consumption(10, 1, 1, 0), Some(11)); // 10.34 rounds up
        assert_eq!(adjusted_consumption(40, 0, 1, 5), Some(45));
        assert_eq!(adjusted_consumption(40, 0, 1, -5), Some(40));
        assert_eq!(adjusted_consumption(0, 0, 1, 25), Some(0));
        assert_eq!(adjusted_consumption(12, 30, 1, 0), None);
        assert_eq!(adjusted_consumption(u64::MAX, 29, 1, 0), None);
    }

    #[test]
    fn openlmis_rounds_some_exact_results_up() {
        for (consumed, days, exact, stored) in [(7, 9, 10, 11), (14, 9, 20, 21), (23, 7, 30, 31), (9, 3, 10, 10)] {
            assert_eq!(adjusted_consumption(consumed, days, 1, 0), Some(exact));
            assert_eq!(adjusted_consumption_of_openlmis(consumed, days, 1, 0), Some(stored));
        }
        assert_eq!(adjusted_consumption_of_openlmis(12, 30, 1, 5), Some(12));
        // For one month and C below 200 this happens 163 times, for these stocked days only (`indicators.md` 3.1).
        let mut pairs = Vec::new();
        for (consumed, days) in (1..200).flat_map(|consumed| (0..30).map(move |days| (consumed, days))) {
            let exact = adjusted_consumption(consumed, days, 1, 0).unwrap();
            match adjusted_consumption_of_openlmis(consumed, days, 1, 0).unwrap() - exact {
                0 => {}
                more => pairs.push((days, more)),
            }
        }
        assert_eq!(pairs.len(), 163);
        assert!(pairs.iter().all(|(days, more)| *more == 1 && [7, 9, 12, 16, 17, 19].contains(days)));
    }

    #[test]
    fn averages_and_packs_by_hand() {
        assert_eq!(average_consumption(12, &[10]), Some(11));
        assert_eq!(average_consumption(5, &[10]), Some(8));
        assert_eq!(average_consumption(9, &[]), Some(9));
        assert_eq!(average_consumption(u64::MAX, &[1]), None);
        for (order, threshold_of_ten, round_to_zero, expected) in [
            (100, 7, false, 10),
            (108, 7, false, 11),
            (107, 7, false, 10),
            (3, 7, false, 1),
            (3, 7, true, 0),
            (0, 7, false, 0),
        ] {
            assert_eq!(packs(order, 10, threshold_of_ten, round_to_zero), expected);
        }
        assert_eq!(packs(5, 0, 0, false), 0);
    }

    #[test]
    fn normalized_consumption_by_hand() {
        // Consumed, days out, new patients, doses a month, doses in a unit, reporting days: by doses, and plain.
        for ([c, x, new, month, unit, days], by_doses, plain) in [
            ([100, 15, 0, 1, 1, 30], 200, 200),
            ([10, 1, 0, 1, 1, 30], 10, 10),
            ([100, 0, 5, 30, 1, 30], 250, 105),
            ([100, 0, 5, 30, 10, 30], 115, 105),
            ([100, 30, 5, 30, 10, 30], 115, 105),
            ([100, 10, 3, 45, 30, 60], 66, 63),
            ([90, 30, 0, 1, 1, 90], 45, 45),
            ([7, 9, 0, 1, 1, 30], 10, 10),
        ] {
            let normalized = |factor| normalized_consumption(c, x, Some(days), new * factor);
            assert_eq!(normalized(1), Some(plain));
            assert_eq!(normalized(doses_per_new_patient(month, unit)), Some(by_doses));
        }
        assert_eq!(normalized_consumption(100, 0, None, 0), Some(100));
    }
}
