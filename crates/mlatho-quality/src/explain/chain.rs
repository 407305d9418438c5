//! Lines of a series joined end to end: each opens with what the one before closed with.

use mlatho_model::{Decimal, Measure, MissingReason, Value};

use super::slip::grain;
use crate::LedgerLine;

/// The terms of the balance with their signs.
pub(super) const TERMS: [(Measure, i8); 6] = [
    (Measure::OpeningBalance, 1),
    (Measure::Received, 1),
    (Measure::Consumed, -1),
    (Measure::Adjustments, 1),
    (Measure::Losses, -1),
    (Measure::ClosingBalance, -1),
];
pub(super) const OPENING: usize = 0;
pub(super) const RECEIVED: usize = 1;
pub(super) const CONSUMED: usize = 2;
pub(super) const ADJUSTMENTS: usize = 3;
pub(super) const CLOSING: usize = 5;

/// The terms of a line as far as they are known.
pub(super) type Numbers = [Option<Decimal>; 6];

/// A line and what the lines directly before and after it say about its ends.
#[derive(Clone, Debug)]
pub(super) struct Joint {
    /// Place of the line among all lines.
    pub(super) line: usize,
    pub(super) numbers: Numbers,
    /// Closing of the period directly before.
    pub(super) before: Option<Decimal>,
    /// Opening of the period directly after.
    pub(super) after: Option<Decimal>,
    /// Whether the joints beside it in the chain are of the periods directly before and after.
    pub(super) joined: (bool, bool),
    /// What the terms give beyond the closing balance; nothing where one of them is unknown.
    pub(super) excess: Option<Decimal>,
}

impl Joint {
    pub(super) fn opening(&self) -> Option<Decimal> {
        self.numbers[OPENING]
    }

    pub(super) fn closing(&self) -> Option<Decimal> {
        self.numbers[CLOSING]
    }

    /// Opening is known and differs from the closing before.
    pub(super) fn breaks_before(&self) -> bool {
        self.opening().zip(self.before).is_some_and(|(opening, before)| opening != before)
    }

    /// Closing is known and differs from the opening after.
    pub(super) fn breaks_after(&self) -> bool {
        self.closing().zip(self.after).is_some_and(|(closing, after)| closing != after)
    }

    /// The step in which its numbers come.
    pub(super) fn grain(&self) -> Decimal {
        grain(self.numbers.into_iter().flatten().chain(self.before).chain(self.after))
    }

    pub(super) fn is_balanced(&self) -> bool {
        self.excess.is_none_or(|excess| excess.is_zero())
    }

    /// Joined on both sides without a break, and balanced: as well vouched for as a line can be.
    pub(super) fn is_sound(&self) -> bool {
        let known = self.before.is_some() && self.after.is_some() && self.excess.is_some();
        known && self.is_balanced() && !self.breaks_before() && !self.breaks_after()
    }
}

/// Joins the lines of one series, given by their places in the order of time, one for each period.
pub(super) fn chain(lines: &[LedgerLine], places: &[usize]) -> Vec<Joint> {
    let mut joints: Vec<Joint> = places
        .iter()
        .map(|place| {
            let numbers = numbers(&lines[*place]);
            let excess = excess(&lines[*place], &numbers);
            Joint { line: *place, numbers, before: None, after: None, joined: (false, false), excess }
        })
        .collect();
    for at in 1..joints.len() {
        if lines[places[at - 1]].period.next() == Some(lines[places[at]].period) {
            joints[at].before = joints[at - 1].closing();
            joints[at - 1].after = joints[at].opening();
            joints[at].joined.0 = true;
            joints[at - 1].joined.1 = true;
        }
    }
    joints
}

fn numbers(line: &LedgerLine) -> Numbers {
    [&line.opening_balance, &line.received, &line.consumed, &line.adjustments, &line.losses, &line.closing_balance]
        .map(Value::reported)
}

/// Opening + received − consumed + adjustments − losses − closing; adjustments and losses count as zero where the source
/// has none of them.
fn excess(line: &LedgerLine, numbers: &Numbers) -> Option<Decimal> {
    let optional = [(3, &line.adjustments), (4, &line.losses)];
    let absent = |at: usize| {
        let of = optional.iter().find(|(place, _)| *place == at);
        of.is_some_and(|(_, value)| matches!(value, Value::Missing(MissingReason::NoColumn) | Value::NotApplicable))
    };
    let mut sum = Decimal::ZERO;
    for (at, (_, sign)) in TERMS.iter().enumerate() {
        match numbers[at] {
            Some(number) if *sign > 0 => sum = sum.saturating_add(number),
            Some(number) => sum = sum.saturating_sub(number),
            None if absent(at) => {}
            None => return None,
        }
    }
    Some(sum)
}
