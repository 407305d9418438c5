//! Numbers that look as if they were counted in another unit.

use mlatho_model::{Decimal, Factor, Finding, Rational};

/// How far a ratio may be from a factor: a fifth above, or as far below.
pub const TOLERANCE: Factor = match Factor::new(6, 5) {
    Some(tolerance) => tolerance,
    None => Factor::ONE,
};

/// How many numbers it takes to say what is usual.
const ENOUGH: usize = 3;

/// A number that is about a known factor away from what is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suspicion {
    pub reported: Decimal,
    pub expected: Decimal,
    /// Reported ÷ expected is about this: 30 where units were written for packs, 1/30 where packs were for units.
    pub factor: Factor,
}

impl Suspicion {
    /// What would have been reported in the right unit. Nothing, where the number is too large.
    #[must_use]
    pub fn corrected(&self) -> Option<Decimal> {
        self.factor.inverse().apply(self.reported).map(|number| number.normalize())
    }

    /// The finding `unit-factor`: a question to a person, never a correction.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let finding = Finding::warning("unit-factor").with("reported", self.reported).with("expected", self.expected);
        let finding = finding.with("factor", self.factor.to_string());
        match self.corrected() {
            Some(corrected) => finding.with("corrected", corrected.round_dp(6).normalize()),
            None => finding.with("corrected", "…"),
        }
    }
}

/// Whether a number is near a known factor times, or part of, what is expected of it. Of several factors the nearest is
/// told. Nothing, where one of the numbers is not above zero.
///
/// `expected` is what the number would be in the right unit: the closing balance before, for an opening one, or what is
/// usual. Factors so small that a number could be within the tolerance of both are left out.
#[must_use]
pub fn suspect(reported: Decimal, expected: Decimal, known: &[Factor], tolerance: Factor) -> Option<Suspicion> {
    if reported <= Decimal::ZERO || expected <= Decimal::ZERO {
        return None;
    }
    let ratio = Rational::from(reported).checked_div(expected.into())?;
    let clear = tolerance.times(tolerance)?;
    let both_ways =
        known.iter().map(|factor| [*factor, factor.inverse()]).filter(|ways| ways.iter().any(|way| *way > clear));
    let away = |factor: Factor| Some((distance(ratio.checked_div(factor.into())?)?, factor));
    let (near, factor) = both_ways.flatten().filter_map(away).min_by_key(|(away, _)| *away)?;
    (near <= tolerance.into()).then_some(Suspicion { reported, expected, factor })
}

/// The numbers of a series that are about a known factor away from its other numbers, each with its place.
///
/// What is usual is the median of the others above zero, of which it takes three. A number is suspected only where it is
/// more than three times as far from that, on the scale of ratios, as half of the others are: a series that swings by half
/// of it anyway says nothing about a factor of two.
#[must_use]
pub fn suspects(series: &[Option<Decimal>], known: &[Factor], tolerance: Factor) -> Vec<(usize, Suspicion)> {
    let at = |index: usize| {
        let number = series.get(index).copied().flatten()?;
        let others = series.iter().enumerate().filter(|(other, _)| *other != index).filter_map(|(_, number)| *number);
        let mut others: Vec<Decimal> = others.filter(|number| *number > Decimal::ZERO).collect();
        if others.len() < ENOUGH {
            return None;
        }
        let usual = median(&mut others)?;
        let away = |number: Decimal| distance(Rational::from(number).checked_div(usual.into())?);
        let mut swings: Vec<Rational> = others.into_iter().filter_map(away).collect();
        let swing = median(&mut swings)?;
        let found = suspect(number, usual, known, tolerance)?;
        (away(number)? > swing.checked_mul(swing)?.checked_mul(swing)?).then_some((index, found))
    };
    (0..series.len()).filter_map(at).collect()
}

/// The lower of the two in the middle, where there are two. Nothing, where there are no numbers.
fn median<T: Ord + Copy>(numbers: &mut [T]) -> Option<T> {
    numbers.sort_unstable();
    numbers.get((numbers.len().checked_sub(1)?) / 2).copied()
}

/// How far a ratio is from one, whichever way: 1/2 is as far as 2. Nothing, for zero.
fn distance(ratio: Rational) -> Option<Rational> {
    let other_way = Rational::from(1).checked_div(ratio)?;
    Some(ratio.max(other_way))
}
