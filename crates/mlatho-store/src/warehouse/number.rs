//! Decimals as 64-bit floats, where nothing is lost by it.

use rust_decimal::Decimal;

/// Up to this magnitude every integer has a float of its own.
const EXACT: i128 = 1 << 53;
/// Powers of ten that a float holds exactly go further (to 22); more digits than these do not fit below 2⁵³ anyway.
const SCALES: [f64; 16] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// The float nearest to a decimal, and whether [`decimal`] gives the same decimal back.
pub(crate) fn float(number: Decimal) -> (f64, bool) {
    if number.scale() == 0 && number.mantissa().abs() <= EXACT {
        #[expect(clippy::cast_precision_loss, reason = "at most 2⁵³")]
        return (number.mantissa() as f64, true);
    }
    let number = number.normalize();
    match SCALES.get(number.scale() as usize) {
        Some(power) if number.mantissa().abs() <= EXACT => {
            #[expect(clippy::cast_precision_loss, reason = "at most 2⁵³")]
            let float = number.mantissa() as f64 / power;
            (float, decimal(float) == Some(number))
        }
        _ => (number.to_string().parse().unwrap_or(f64::NAN), false),
    }
}

/// The shortest decimal of up to 15 places whose nearest float this is.
///
/// A float is `m / 10ˢ`, correctly rounded, for the decimal `m × 10⁻ˢ` with `|m| ≤ 2⁵³`; the smallest such `s` wins.
pub(crate) fn decimal(float: f64) -> Option<Decimal> {
    for (scale, power) in (0u32..).zip(SCALES) {
        let scaled = (float * power).round();
        #[expect(clippy::cast_precision_loss, reason = "2⁵³ is exact")]
        if !scaled.is_finite() || scaled.abs() > EXACT as f64 {
            return None;
        }
        #[expect(clippy::float_cmp, reason = "the very same float is asked for")]
        if scaled / power == float {
            #[expect(clippy::cast_possible_truncation, reason = "an integer of at most 2⁵³")]
            return Some(Decimal::new(scaled as i64, scale));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(float("12.50".parse().unwrap()), (12.5, true));
        assert_eq!(float("-0.1".parse().unwrap()), (-0.1, true));
        assert_eq!(decimal(0.1), Some(Decimal::new(1, 1)));
        assert_eq!(decimal(3.0), Some(Decimal::from(3)));
        assert_eq!(decimal(f64::NAN), None);
        // 28 digits do not fit into a float.
        assert!(!float("0.3333333333333333333333333333".parse().unwrap()).1);
        assert!(!float(Decimal::MAX).1);
        assert!(!float(Decimal::from(9_007_199_254_740_993i64)).1); // 2⁵³ + 1
    }

    proptest! {
        #[test]
        fn what_is_called_exact_reads_back(mantissa in -(1i64 << 53)..(1i64 << 53), scale in 0u32..20) {
            let number = Decimal::new(mantissa, scale);
            let (close, exact) = float(number);
            if exact {
                prop_assert_eq!(decimal(close), Some(number));
            }
        }

        #[test]
        fn stock_figures_are_exact(mantissa in -99_999_999_999i64..99_999_999_999, scale in 0u32..6) {
            prop_assert!(float(Decimal::new(mantissa, scale)).1);
        }
    }
}
