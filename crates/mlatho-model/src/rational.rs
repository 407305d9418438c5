//! Exact fractions: indicators and units are computed in these and rounded once, at the end.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::Factor;

/// An exact fraction in lowest terms with a positive denominator.
///
/// Arithmetic answers nothing where a part outgrows 127 bits, instead of losing digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rational {
    numerator: i128,
    denominator: i128,
}

/// Which way a number exactly in the middle goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Away from zero: for what people see.
    HalfUp,
    /// To the even neighbour: for what is stored.
    HalfEven,
}

const fn greatest_common_divisor(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Rational {
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// A fraction. Nothing, where the denominator is zero.
    #[must_use]
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let divisor = greatest_common_divisor(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).ok()? * denominator.signum();
        Some(Self { numerator: numerator.checked_div(divisor)?, denominator: denominator.checked_div(divisor)? })
    }

    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let divisor = greatest_common_divisor(self.denominator.unsigned_abs(), other.denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).ok()?;
        let left = self.numerator.checked_mul(other.denominator / divisor)?;
        let right = other.numerator.checked_mul(self.denominator / divisor)?;
        Self::new(left.checked_add(right)?, self.denominator.checked_mul(other.denominator / divisor)?)
    }

    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(Self::new(other.numerator.checked_neg()?, other.denominator)?)
    }

    #[must_use]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let left = Self::new(self.numerator, other.denominator)?;
        let right = Self::new(other.numerator, self.denominator)?;
        Self::new(left.numerator.checked_mul(right.numerator)?, left.denominator.checked_mul(right.denominator)?)
    }

    /// Nothing, where the other is zero: division by zero is undefined, never zero.
    #[must_use]
    pub fn checked_div(self, other: Self) -> Option<Self> {
        self.checked_mul(Self::new(other.denominator, other.numerator)?)
    }

    /// The number as a decimal that says the same. Nothing, where no decimal does, as for a third.
    #[must_use]
    pub fn exact(self) -> Option<Decimal> {
        let decimals = (0..=28).find(|places| 10i128.pow(*places) % self.denominator == 0)?; // 10^28 fits 127 bits
        self.rounded(decimals, Rounding::HalfEven)
    }

    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// The number with so many decimals, trailing zeros left out. Nothing, where a decimal cannot hold it.
    #[must_use]
    pub fn rounded(self, decimals: u32, rounding: Rounding) -> Option<Decimal> {
        let scaled = self.numerator.unsigned_abs().checked_mul(10u128.checked_pow(decimals)?)?;
        let denominator = self.denominator.unsigned_abs();
        let (whole, rest) = (scaled / denominator, scaled % denominator);
        let up = match rest.cmp(&(denominator - rest)) {
            Ordering::Less => false,
            Ordering::Greater => true,
            Ordering::Equal => rounding == Rounding::HalfUp || whole % 2 == 1,
        };
        let magnitude = i128::try_from(whole + u128::from(up)).ok()?;
        Decimal::try_from_i128_with_scale(self.numerator.signum() * magnitude, decimals).ok().map(|n| n.normalize())
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    /// Exact for numbers of any size: whole parts first, then the fractions that are left, turned upside down.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = (*self, *other);
        let mut reversed = false;
        loop {
            let whole = |n: Self| (n.numerator.div_euclid(n.denominator), n.numerator.rem_euclid(n.denominator));
            let ((a_whole, a_rest), (b_whole, b_rest)) = (whole(a), whole(b));
            let order = a_whole.cmp(&b_whole).then_with(|| match (a_rest, b_rest) {
                (0, rest) => 0.cmp(&rest),
                (_, 0) => Ordering::Greater,
                _ => Ordering::Equal,
            });
            if order != Ordering::Equal || a_rest == 0 {
                return if reversed { order.reverse() } else { order };
            }
            a = Self { numerator: a.denominator, denominator: a_rest };
            b = Self { numerator: b.denominator, denominator: b_rest };
            reversed = !reversed;
        }
    }
}

impl From<Decimal> for Rational {
    fn from(number: Decimal) -> Self {
        let number = number.normalize();
        let scale = 10i128.pow(number.scale()); // a decimal has at most 28 places
        Self::new(number.mantissa(), scale).unwrap_or(Self::ZERO) // a power of ten is not zero
    }
}

impl From<u32> for Rational {
    fn from(number: u32) -> Self {
        Self { numerator: number.into(), denominator: 1 }
    }
}

impl From<Factor> for Rational {
    fn from(factor: Factor) -> Self {
        // A factor is in lowest terms, and its denominator is positive.
        Self { numerator: factor.numerator().into(), denominator: factor.denominator().into() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fraction(numerator: i128, denominator: i128) -> Rational {
        Rational::new(numerator, denominator).unwrap()
    }

    #[test]
    fn rounding_by_hand() {
        let half = |numerator, rounding| fraction(numerator, 2).rounded(0, rounding).unwrap();
        assert_eq!([1, 3, 5, -1, -3].map(|n| half(n, Rounding::HalfUp)), [1, 2, 3, -1, -2].map(Decimal::from));
        assert_eq!([1, 3, 5, -1, -3].map(|n| half(n, Rounding::HalfEven)), [0, 2, 2, 0, -2].map(Decimal::from));
        assert_eq!(fraction(2, 3).rounded(6, Rounding::HalfEven), Some(Decimal::new(666_667, 6)));
    }

    #[test]
    fn only_what_a_decimal_can_say_is_exact() {
        assert_eq!(fraction(7, 40).exact(), Some(Decimal::new(175, 3)));
        assert_eq!(fraction(-30, 1).exact(), Some(Decimal::from(-30)));
        assert_eq!(fraction(1, 3).exact(), None);
    }

    #[test]
    fn too_large_or_divided_by_zero_is_nothing() {
        let large = fraction(i128::MAX, 1);
        assert_eq!(large.checked_add(large), None);
        assert_eq!(large.checked_mul(large), None);
        assert_eq!(large.rounded(0, Rounding::HalfUp), None);
        assert_eq!(fraction(1, 1).checked_div(Rational::ZERO), None);
        assert_eq!(Rational::new(1, 0), None);
        assert_eq!(Rational::new(i128::MIN, -1), None);
    }

    proptest! {
        #[test]
        fn decimals_read_back(mantissa in any::<i64>(), scale in 0u32..9) {
            let number = Decimal::new(mantissa, scale);
            prop_assert_eq!(Rational::from(number).rounded(9, Rounding::HalfEven), Some(number.normalize()));
        }

        #[test]
        fn addition_undoes_itself(a in -1_000_000i128..1_000_000, b in 1i128..1000, c in -1_000_000i128..1_000_000, d in 1i128..1000) {
            let (x, y) = (fraction(a, b), fraction(c, d));
            let back = x.checked_add(y).and_then(|sum| sum.checked_add(fraction(-c, d)));
            prop_assert_eq!(back, Some(x));
        }

        #[test]
        fn order_is_that_of_the_cross_products(a in -1_000_000i128..1_000_000, b in 1i128..1000, c in -1_000_000i128..1_000_000, d in 1i128..1000) {
            prop_assert_eq!(fraction(a, b).cmp(&fraction(c, d)), (a * d).cmp(&(c * b)));
        }

        #[test]
        fn division_undoes_multiplication(a in -1_000_000i128..1_000_000, b in 1i128..1000, c in 1i128..1_000_000, d in 1i128..1000) {
            let (x, y) = (fraction(a, b), fraction(c, d));
            prop_assert_eq!(x.checked_mul(y).and_then(|product| product.checked_div(y)), Some(x));
        }
    }
}
