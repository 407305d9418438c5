//! Axes: ticks at round numbers, and numbers to places.

use mlatho_model::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// A vertical axis from zero.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Axis {
    /// Round numbers from zero on; the last is the end of the axis.
    pub(crate) ticks: Vec<Decimal>,
    top: f64,
    bottom: f64,
    end: f64,
}

impl Axis {
    /// An axis that reaches at least to `largest`, drawn between two heights, in four to six steps of 1, 2, 2.5 or 5
    /// times a power of ten.
    pub(crate) fn new(largest: Decimal, top: f64, bottom: f64) -> Self {
        let largest = if largest > Decimal::ZERO { largest } else { Decimal::ONE };
        let step = step(largest);
        let mut ticks = vec![Decimal::ZERO];
        let mut last = Decimal::ZERO;
        while last < largest {
            last = last.saturating_add(step);
            ticks.push(last.normalize());
        }
        Self { ticks, top, bottom, end: place(last) }
    }

    /// Where a number stands; what is beyond an end stands at it.
    pub(crate) fn at(&self, number: Decimal) -> f64 {
        let share = (place(number) / self.end).clamp(0.0, 1.0);
        self.bottom - share * (self.bottom - self.top)
    }

    pub(crate) const fn bottom(&self) -> f64 {
        self.bottom
    }

    pub(crate) const fn top(&self) -> f64 {
        self.top
    }
}

/// A number as a length; drawing needs no exactness.
fn place(number: Decimal) -> f64 {
    number.to_f64().unwrap_or(0.0)
}

/// The smallest round step of which at most five reach `largest`.
fn step(largest: Decimal) -> Decimal {
    let fifth = largest / Decimal::from(5);
    let mut power = Decimal::new(1, 6);
    loop {
        for factor in [10i64, 20, 25, 50] {
            let step = power.saturating_mul(Decimal::new(factor, 1));
            if step >= fifth {
                return step;
            }
        }
        power = power.saturating_mul(Decimal::TEN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(largest: Decimal) -> Vec<String> {
        Axis::new(largest, 0.0, 100.0).ticks.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn ticks_are_round_and_start_at_zero() {
        assert_eq!(ticks(Decimal::from(93)), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(ticks(Decimal::new(162, 2)), ["0", "0.5", "1", "1.5", "2"]);
        assert_eq!(ticks(Decimal::from(12_000)), ["0", "2500", "5000", "7500", "10000", "12500"]);
        assert_eq!(ticks(Decimal::ZERO).first().map(String::as_str), Some("0"));
        assert!(ticks(Decimal::MAX).len() < 8);
    }

    #[test]
    fn numbers_beyond_the_axis_stand_at_its_end() {
        let axis = Axis::new(Decimal::from(100), 10.0, 110.0);
        assert!((axis.at(Decimal::from(50)) - 60.0).abs() < 1e-9);
        assert!((axis.at(Decimal::from(1000)) - 10.0).abs() < 1e-9);
        assert!((axis.at(Decimal::from(-5)) - 110.0).abs() < 1e-9);
    }
}
