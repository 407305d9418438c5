//! How a number may have become another one.

use mlatho_model::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Sizes of packs as they are sold, and powers of ten: by what factor a quantity is wrong that was counted in another
/// unit.
pub(crate) const FACTORS: [u32; 34] = [
    2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 15, 16, 18, 20, 21, 24, 25, 28, 30, 36, 40, 42, 48, 50, 56, 60, 84, 90, 100, 120,
    144, 200, 500, 1000,
];

/// What was done to the right number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slip {
    Sign,
    /// Multiplied by a factor.
    Times(u32),
    /// Divided by a factor, and rounded perhaps.
    Over(u32),
    /// Two digits beside each other changed places.
    Digits,
    Zero,
}

impl Slip {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Times(_) | Self::Over(_) => "unit-factor",
            Self::Digits => "digit-swap",
            Self::Zero => "zeroed-period",
        }
    }

    /// The factor as it is read: 12, or 1/12.
    pub(crate) fn factor_text(self) -> String {
        match self {
            Self::Times(factor) => factor.to_string(),
            Self::Over(factor) => format!("1/{factor}"),
            _ => String::new(),
        }
    }

    /// The factor, where it is one.
    pub(crate) const fn factor(self) -> Option<u32> {
        match self {
            Self::Times(factor) | Self::Over(factor) => Some(factor),
            _ => None,
        }
    }
}

/// What leads from one number to the other, and how much that speaks against chance: the logarithm of how many numbers of
/// that size there are for each that would have looked like a slip too. Numbers come in steps of `grain`.
pub(crate) fn slip(wrong: Decimal, right: Decimal, grain: Decimal) -> Option<(Slip, f64)> {
    if wrong == right || right.is_zero() {
        return None;
    }
    if wrong.is_zero() {
        return Some((Slip::Zero, 0.0));
    }
    let steps = right.abs().max(wrong.abs()).checked_div(grain).and_then(|steps| steps.to_f64());
    let size = steps.unwrap_or(f64::MAX).max(1.0);
    if wrong == -right {
        return Some((Slip::Sign, size.ln() + 1.0));
    }
    let (small, large) = (wrong.abs().min(right.abs()), wrong.abs().max(right.abs()));
    let whole = |factor: u32| small.saturating_mul(factor.into());
    if wrong.is_sign_negative() == right.is_sign_negative() {
        if let Some(factor) = FACTORS.into_iter().find(|factor| whole(*factor) == large) {
            // Of the numbers up to `large`, those that a factor of the list makes out of `small`.
            let alternatives = if factor < 6 { 12.0 } else { 5.0 };
            let slip = if wrong.abs() == large { Slip::Times(factor) } else { Slip::Over(factor) };
            return Some((slip, (size / alternatives).ln().max(0.0)));
        }
        if swapped(wrong).any(|(number, _)| number == right) {
            return Some((Slip::Digits, (size / size.log10().max(1.0)).ln().max(0.0)));
        }
        // Divided and rounded: 25 tablets become 2 packs of 12.
        let few = Decimal::from(3) * grain;
        let rounded = |factor: u32| (large / Decimal::from(factor) / grain).round() * grain == small && small >= few;
        let factor = FACTORS.into_iter().filter(|factor| *factor >= 6).find(|factor| rounded(*factor));
        if let Some(factor) = factor.filter(|_| wrong.abs() == small) {
            return Some((Slip::Over(factor), (size / f64::from(factor) / 3.0).ln().max(0.0)));
        }
    }
    None
}

/// The largest step that all of the numbers are multiples of; 1 where all are zero.
pub(crate) fn grain(numbers: impl IntoIterator<Item = Decimal>) -> Decimal {
    let mut step = Decimal::ZERO;
    for number in numbers {
        let (mut large, mut small) = (step.max(number.abs()), step.min(number.abs()));
        while !small.is_zero() {
            (large, small) = (small, large.checked_rem(small).unwrap_or(Decimal::ZERO));
        }
        step = large;
    }
    if step.is_zero() { Decimal::ONE } else { step }
}

/// A whole number with two digits beside each other exchanged, for each such pair, with how many pairs there are.
pub(crate) fn swapped(number: Decimal) -> impl Iterator<Item = (Decimal, u32)> {
    let whole = number.fract().is_zero().then(|| number.to_i64()).flatten().unwrap_or(0);
    let digits = whole.unsigned_abs().checked_ilog10().unwrap_or(0);
    (0..digits).filter_map(move |at| {
        let place = 10i64.checked_pow(at)?;
        let (low, high) = (whole / place % 10, whole / place / 10 % 10);
        let other = whole + (low - high) * 9 * place;
        (low != high).then(|| (Decimal::from(other), digits.max(1)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(wrong: i64, right: i64) -> Option<Slip> {
        slip(wrong.into(), right.into(), Decimal::ONE).map(|(slip, _)| slip)
    }

    #[test]
    fn grains_by_hand() {
        let of = |numbers: &[i64]| grain(numbers.iter().map(|number| Decimal::from(*number)));
        assert_eq!((of(&[120, 0, -90]), of(&[7, 12]), of(&[0]), of(&[])), (30.into(), 1.into(), 1.into(), 1.into()));
        assert_eq!(grain([Decimal::new(15, 1), Decimal::from(2)]), Decimal::new(5, 1));
    }

    #[test]
    fn slips_by_hand() {
        assert_eq!(of(-40, 40), Some(Slip::Sign));
        assert_eq!(of(300, 25), Some(Slip::Times(12)));
        assert_eq!(of(25, 300), Some(Slip::Over(12)));
        assert_eq!(of(6, 77), Some(Slip::Over(12)), "77 / 12 = 6.4");
        assert_eq!(of(132, 123), Some(Slip::Digits));
        assert_eq!(of(321, 123), None, "the digits are no neighbours");
        assert_eq!(of(0, 12), Some(Slip::Zero));
        assert_eq!(of(11, 10), None);
        assert_eq!(of(-21, -12), Some(Slip::Digits), "adjustments are signed");
        assert_eq!((of(5, 0), of(5, 5)), (None, None));
    }
}
