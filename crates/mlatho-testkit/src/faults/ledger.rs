//! How each fault is made.

use std::ops::Range;

use mlatho_model::Decimal;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rust_decimal::prelude::ToPrimitive;

use super::lines::{Column, Line};
use super::plant::{Carried, Fault};

/// Sizes of packs.
const PACKS: [i64; 8] = [10, 12, 24, 25, 30, 50, 100, 1000];

/// Which lines, by place, belong together in the order of time.
pub(super) struct Series(Vec<Range<usize>>);

impl Series {
    /// Of lines that are ordered by facility, item and period.
    pub(super) fn of(lines: &[Line]) -> Self {
        let mut of_line = Vec::with_capacity(lines.len());
        for series in lines.chunk_by(|a, b| (&a.facility, &a.item) == (&b.facility, &b.item)) {
            let from = of_line.len();
            of_line.resize(from + series.len(), from..from + series.len());
        }
        Self(of_line)
    }

    pub(super) fn range(&self, at: usize) -> Range<usize> {
        self.0[at].clone()
    }

    /// The line of the period directly after.
    fn next(&self, lines: &[Line], at: usize) -> Option<usize> {
        (at + 1 < self.0[at].end && lines[at].period.next() == Some(lines[at + 1].period)).then_some(at + 1)
    }

    fn previous(&self, lines: &[Line], at: usize) -> Option<usize> {
        (at > self.0[at].start && lines[at].period.previous() == Some(lines[at - 1].period)).then_some(at - 1)
    }

    /// The middle one of the counts in a series.
    fn median(&self, lines: &[Line], at: usize) -> Decimal {
        let mut counts: Vec<Decimal> =
            lines[self.range(at)].iter().filter_map(|line| line.get(Column::Consumed)).collect();
        counts.sort_unstable();
        counts.get(counts.len() / 2).copied().unwrap_or_default()
    }
}

/// A wrong line, its wrong column, and what was right there.
pub(super) type Label = (usize, Option<Column>, Option<Decimal>);

/// Makes a fault at a line; `other` is a line of the same item and period. Nothing is changed where nothing comes back.
pub(super) fn apply(
    fault: Fault,
    lines: &mut [Line],
    series: &Series,
    (at, other): (usize, usize),
    carried: Carried,
    dice: &mut ChaCha8Rng,
    added: &mut Vec<Line>,
) -> Option<Vec<Label>> {
    let consumed = lines[at].get(Column::Consumed)?;
    let some = consumed > Decimal::from(2);
    let change = |lines: &mut [Line], number: Decimal| {
        let right = lines[at].get(Column::Consumed)?;
        (number != right).then_some(())?;
        set(lines, series, at, number, carried);
        Some(vec![(at, Some(Column::Consumed), Some(right))])
    };
    match fault {
        Fault::UnitFactor => {
            let factor = Decimal::from(PACKS[dice.random_range(0..PACKS.len())]);
            let up = dice.random_range(0..4) > 0 || consumed % factor != Decimal::ZERO;
            let wrong = if up { consumed * factor } else { consumed / factor };
            some.then(|| change(lines, wrong.normalize()))?
        }
        Fault::DigitSwap => {
            let digits = consumed.to_i64().filter(|number| *number >= 12)?.to_string().into_bytes();
            let first = dice.random_range(0..digits.len() - 1);
            let mut wrong = digits;
            wrong.swap(first, first + 1);
            let wrong = String::from_utf8(wrong).ok()?.parse::<i64>().ok()?;
            change(lines, wrong.into())
        }
        Fault::Sign => some.then(|| change(lines, -consumed))?,
        Fault::ZeroedPeriod => {
            let steady = lines[series.range(at)].iter().filter_map(|line| line.get(Column::Consumed));
            let zeros = steady.filter(Decimal::is_zero).count();
            (zeros * 10 <= series.range(at).len()
                && series.range(at).len() >= 12
                && consumed * Decimal::TWO > series.median(lines, at))
            .then_some(())?;
            if carried == Carried::NextOpening {
                let right = lines[at].get(Column::Consumed);
                lines[at].numbers.iter_mut().flatten().for_each(|number| *number = Decimal::ZERO);
                return Some(vec![(at, Some(Column::Consumed), right)]);
            }
            change(lines, Decimal::ZERO)
        }
        Fault::Inflation => {
            let factor = Decimal::new(dice.random_range(20..50), 1);
            (consumed >= series.median(lines, at) && some).then(|| change(lines, (consumed * factor).round()))?
        }
        Fault::Balance => {
            let right = lines[at].get(Column::Closing)?;
            let size = (right.to_i64()? / 3).max(5);
            let off = Decimal::from(dice.random_range(1..=size) * if dice.random_bool(0.5) { 1 } else { -1 });
            (right + off >= Decimal::ZERO).then_some(())?;
            lines[at].set(Column::Closing, right + off);
            if carried == Carried::NextOpening
                && let Some(next) = series.next(lines, at)
            {
                lines[next].set(Column::Opening, right + off);
            }
            Some(vec![(at, Some(Column::Closing), Some(right))])
        }
        Fault::Duplicate => {
            let mut twin = lines[at].clone();
            if carried == Carried::Line {
                twin.add(Column::Consumed, Decimal::from(dice.random_range(1..9)));
            }
            added.push(twin);
            Some(vec![(at, None, None)])
        }
        Fault::CopiedReport => {
            let from = series.previous(lines, at)?;
            let telling = lines[from].get(Column::Consumed)? > Decimal::ZERO;
            (telling && lines[from].numbers != lines[at].numbers).then_some(())?;
            lines[at].numbers = lines[from].numbers;
            Some(vec![(at, None, None)])
        }
        Fault::ShiftedPeriod => {
            let next = series.next(lines, at)?;
            let (one, two) = (lines[at].numbers, lines[next].numbers);
            let (a, b) = (lines[at].get(Column::Consumed)?, lines[next].get(Column::Consumed)?);
            (a != b && a + b > Decimal::from(4)).then_some(())?;
            lines[at].numbers = two;
            lines[next].numbers = one;
            Some(vec![(at, None, None), (next, None, None)])
        }
        Fault::OrgUnitSwap => {
            let (a, b) = (consumed, lines[other].get(Column::Consumed)?);
            (other != at && a != b && a + b > Decimal::from(4)).then_some(())?;
            let (one, two) = (lines[at].numbers, lines[other].numbers);
            lines[at].numbers = two;
            lines[other].numbers = one;
            Some(vec![(at, None, None), (other, None, None)])
        }
        Fault::Leakage => slowly(lines, series, at, dice.random_range(110..133)),
        Fault::UnderReporting => slowly(lines, series, at, dice.random_range(34..67)),
    }
}

/// From a line on, six months at a share of what was consumed, in hundredths; four of them at least have to differ.
fn slowly(lines: &mut [Line], series: &Series, at: usize, share: i64) -> Option<Vec<Label>> {
    let last = (at + 6).min(series.range(at).end);
    let wrong = |right: Decimal| (right * Decimal::new(share, 2)).round();
    let right = |place: usize| lines[place].get(Column::Consumed).filter(|right| wrong(*right) != *right);
    let labels: Vec<Label> =
        (at..last).filter_map(|place| Some((place, Some(Column::Consumed), Some(right(place)?)))).collect();
    (labels.len() >= 4).then_some(())?;
    for (place, _, right) in &labels {
        set(lines, series, *place, wrong(right.unwrap_or_default()), Carried::Line);
    }
    Some(labels)
}

/// Sets what was consumed, and carries the difference on.
fn set(lines: &mut [Line], series: &Series, at: usize, number: Decimal, carried: Carried) {
    let Some(right) = lines[at].get(Column::Consumed) else { return };
    lines[at].set(Column::Consumed, number);
    if carried == Carried::Nowhere {
        return;
    }
    lines[at].add(Column::Closing, right - number);
    if carried == Carried::NextOpening
        && let Some(next) = series.next(lines, at)
    {
        lines[next].add(Column::Opening, right - number);
    }
}
