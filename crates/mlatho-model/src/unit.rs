//! Units of quantity and the factors between them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use rust_decimal::Decimal;

/// What one of a quantity is: `dispensing-unit` (tablet, vial, test), `pack`, `dose`, `treatment`, `patient-month`,
/// `day`, `case`,
/// or any other name that the source uses.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit(Arc<str>);

impl Unit {
    /// The canonical unit of stock: the smallest unit that the source counts in.
    #[must_use]
    pub fn dispensing() -> Self {
        Self("dispensing-unit".into())
    }

    /// What a patient takes at a time, or one injection of a vaccine.
    #[must_use]
    pub fn dose() -> Self {
        Self("dose".into())
    }

    /// A course from the first dose to the last.
    #[must_use]
    pub fn treatment() -> Self {
        Self("treatment".into())
    }

    /// One patient's need for a month.
    #[must_use]
    pub fn patient_month() -> Self {
        Self("patient-month".into())
    }

    /// A unit by its name; nothing, where the name is blank.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        (!name.is_empty()).then(|| Self(name.into()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A number of units.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quantity {
    pub number: Decimal,
    pub unit: Unit,
}

/// How many target units make one source unit: an exact positive fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Factor {
    numerator: u64,
    denominator: u64,
}

/// Why a factor is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a unit factor (a positive number such as 30, 0.5 or 1/3)")]
pub struct BadFactor {
    pub found: String,
}

impl Factor {
    /// Source and target count in the same unit.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// A fraction in lowest terms; nothing, where either part is zero.
    #[must_use]
    pub const fn new(numerator: u64, denominator: u64) -> Option<Self> {
        if numerator == 0 || denominator == 0 {
            return None;
        }
        let (mut a, mut b) = (numerator, denominator);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Some(Self { numerator: numerator / a, denominator: denominator / a })
    }

    #[must_use]
    pub const fn numerator(self) -> u64 {
        self.numerator
    }

    #[must_use]
    pub const fn denominator(self) -> u64 {
        self.denominator
    }

    /// How many source units make one target unit.
    #[must_use]
    pub const fn inverse(self) -> Self {
        Self { numerator: self.denominator, denominator: self.numerator }
    }

    /// One factor after the other. Nothing, where the parts grow too large to write down.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        // Divided crosswise first, so that only what has to be large is.
        let one = Self::new(self.numerator, other.denominator)?;
        let two = Self::new(other.numerator, self.denominator)?;
        Self::new(one.numerator.checked_mul(two.numerator)?, one.denominator.checked_mul(two.denominator)?)
    }

    /// `number × factor`, multiplied before it is divided. Nothing, where the result is too large for a decimal.
    #[must_use]
    pub fn apply(self, number: Decimal) -> Option<Decimal> {
        if self.denominator == 1 {
            return number.checked_mul(self.numerator.into());
        }
        number.checked_mul(self.numerator.into())?.checked_div(self.denominator.into())
    }
}

impl PartialOrd for Factor {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Factor {
    /// By size.
    fn cmp(&self, other: &Self) -> Ordering {
        let crosswise = |one: Self, other: Self| u128::from(one.numerator) * u128::from(other.denominator);
        crosswise(*self, *other).cmp(&crosswise(*other, *self))
    }
}

impl FromStr for Factor {
    type Err = BadFactor;

    /// Reads `30`, `0.5` or `1/3`.
    fn from_str(text: &str) -> Result<Self, BadFactor> {
        let bad = || BadFactor { found: text.into() };
        if let Some((top, bottom)) = text.split_once('/') {
            let part = |text: &str| text.trim().parse::<u64>().map_err(|_| bad());
            return Self::new(part(top)?, part(bottom)?).ok_or_else(bad);
        }
        let number: Decimal = text.trim().parse().map_err(|_| bad())?;
        let numerator = u64::try_from(number.mantissa()).map_err(|_| bad())?;
        let denominator = 10u64.checked_pow(number.scale()).ok_or_else(bad)?;
        Self::new(numerator, denominator).ok_or_else(bad)
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.denominator {
            1 => write!(f, "{}", self.numerator),
            denominator => write!(f, "{}/{denominator}", self.numerator),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn factors_by_hand() {
        let third: Factor = "1/3".parse().unwrap();
        assert_eq!(third.apply(Decimal::from(300)), Some(Decimal::from(100)));
        assert_eq!("0.50".parse(), Ok(Factor { numerator: 1, denominator: 2 }));
        assert_eq!("2/4".parse::<Factor>().unwrap().to_string(), "1/2");
        for bad in ["0", "-1", "1/0", "", "x"] {
            assert!(bad.parse::<Factor>().is_err(), "{bad}");
        }
    }

    #[test]
    fn factors_go_one_after_the_other_and_back() {
        let factor = |text: &str| text.parse::<Factor>().unwrap();
        assert_eq!(factor("30").times(factor("1/6")), Some(factor("5")));
        assert_eq!(factor("2/3").inverse(), factor("3/2"));
        // Large parts that cancel out do not stand in the way.
        let large = Factor::new(u64::MAX, 2).unwrap();
        assert_eq!(large.times(large.inverse()), Some(Factor::ONE));
        assert_eq!(large.times(large), None);
        assert!(factor("1/3") < factor("0.34") && factor("1/3") > factor("0.33"));
    }

    #[test]
    fn too_large_is_nothing_not_a_panic() {
        assert_eq!(Factor::new(u64::MAX, 1).unwrap().apply(Decimal::MAX), None);
    }

    proptest! {
        #[test]
        fn there_and_back_is_identity(number in -1_000_000_000i64..1_000_000_000, n in 1u64..10_000) {
            let there = Factor::new(n, 1).unwrap();
            let back = Factor::new(1, n).unwrap();
            let number = Decimal::from(number);
            prop_assert_eq!(there.apply(number).and_then(|number| back.apply(number)), Some(number));
        }

        #[test]
        fn text_reads_back(n in 1u64..1_000_000, d in 1u64..1_000_000) {
            let factor = Factor::new(n, d).unwrap();
            prop_assert_eq!(factor.to_string().parse(), Ok(factor));
        }
    }
}
